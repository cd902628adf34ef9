#include "tests/support/fake_root.hpp"

#include "engine/formats/iptables_save.hpp"
#include "engine/formats/nftables.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "engine/sources/system_error.hpp"

namespace plimsoll::tests {
namespace {

using sources::DirectoryEntry;
using sources::FileStatus;
using sources::FileType;
using sources::LeftOut;
using sources::system_error;
using sources::WalkEntry;
using sources::WalkOutcome;

constexpr int max_links = 40;

std::unexpected<Error> refused(int number, std::string_view doing, std::string_view path) {
  return std::unexpected(system_error(number, fmt::format("{} {}", doing, path)));
}

std::unexpected<Error> trouble(Error::Kind kind, std::string_view path, std::string_view why) {
  return std::unexpected(Error{kind, fmt::format("cannot read {}: {}", path, why)});
}

// The components still to come, first one last.
void push_components(std::vector<std::string>& rest, std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  std::move(parts.rbegin(), parts.rend(), std::back_inserter(rest));
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool is_below(std::string_view path, std::string_view top) {
  if (top == "/") return true;
  return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/');
}

bool is_magic(const std::string& path, const FakeFile& file) {
  constexpr std::string_view proc = "/proc/";
  return path.starts_with(proc) && path.size() > proc.size() && path[proc.size()] >= '0' && path[proc.size()] <= '9' &&
         (file.target.starts_with('/') || file.target.find(':') != std::string::npos);
}

std::uint32_t mode_of(const FakeFile& file) {
  if (file.mode) return *file.mode;
  if (file.type == FileType::directory) return 0755;
  return file.type == FileType::symlink ? 0777 : 0644;
}

class TextParts final : public sources::Parts {
 public:
  explicit TextParts(std::string text) : text_(std::move(text)), left_(text_) {}

  Result<std::string_view> next() override {
    const auto part = left_.substr(0, FakeRoot::part_bytes);
    left_.remove_prefix(part.size());
    return part;
  }
  [[nodiscard]] std::uint64_t size() const override { return text_.size(); }

 private:
  std::string text_;
  std::string_view left_;
};

}  // namespace

FakeRoot::FakeRoot(FakeTree tree) : tree_(std::move(tree)) {
  std::vector<std::string> paths;
  for (const auto& [path, file] : tree_.files) paths.push_back(path);
  tree_.files.try_emplace("/", FakeFile{.type = FileType::directory});
  for (auto path : paths) {
    while (path != "/") {
      path = directory_of(path);
      tree_.files.try_emplace(path, FakeFile{.type = FileType::directory});
    }
  }
  std::uint64_t inode = 1;
  for (const auto& [path, file] : tree_.files) inodes_[path] = ++inode;
}

bool FakeRoot::refuses(const FakeFile& file, std::uint32_t bits) const {
  return file.trouble == FakeFile::Trouble::denied || (!tree_.as_root && (mode_of(file) & bits) == 0);
}

Result<FakeRoot::Place> FakeRoot::find(std::string_view path, bool follow_last, std::string_view doing) const {
  std::vector<std::string> rest;
  push_components(rest, path);
  std::string here = "/";
  for (int links = 0; !rest.empty();) {
    const std::string name = std::move(rest.back());
    rest.pop_back();
    const auto directory = tree_.files.find(here);
    if (directory->second.type != FileType::directory) return refused(ENOTDIR, doing, path);
    if (refuses(directory->second, 0111)) return refused(EACCES, doing, path);
    if (name == ".") continue;
    if (name == "..") {
      here = directory_of(here);
      continue;
    }
    const std::string next = here == "/" ? "/" + name : here + "/" + name;
    const auto found = tree_.files.find(next);
    if (found == tree_.files.end() || found->second.trouble == FakeFile::Trouble::vanishes) {
      return refused(ENOENT, doing, path);
    }
    const FakeFile& file = found->second;
    if (file.type != FileType::symlink || (rest.empty() && !follow_last)) {
      here = next;
      continue;
    }
    if (is_magic(next, file)) {
      return std::unexpected(
          Error{Error::Kind::unsupported, fmt::format("{} {}: it leads through a magic link of /proc", doing, path)});
    }
    if (++links > max_links) return refused(ELOOP, doing, path);
    if (file.target.starts_with('/')) here = "/";
    push_components(rest, file.target);
  }
  return tree_.files.find(here);
}

FileStatus FakeRoot::status_of(Place place) const {
  const auto& [path, file] = *place;
  FileStatus status;
  status.type = file.type;
  status.mode = mode_of(file);
  status.uid = file.uid;
  status.gid = file.gid;
  status.size = file.size.value_or(file.type == FileType::symlink ? file.target.size() : file.content.size());
  status.modified = file.modified;
  status.device = is_below(path, "/proc") ? 2 : is_below(path, "/sys") ? 3 : 1;
  status.inode = inodes_.at(path);
  return status;
}

Result<std::string> FakeRoot::read(std::string_view path, std::size_t max_bytes) const {
  const auto found = find(path, true, "cannot read");
  if (!found) return std::unexpected(found.error());
  const FakeFile& file = (*found)->second;
  if (file.type != FileType::regular) {
    return trouble(Error::Kind::unsupported, path, fmt::format("it is a {}, not a file", name_of(file.type)));
  }
  switch (file.trouble) {
    case FakeFile::Trouble::failed:
      return refused(EIO, "cannot read", path);
    case FakeFile::Trouble::timed_out:
      return trouble(Error::Kind::timed_out, path, "the time limit passed");
    case FakeFile::Trouble::too_large:
      return trouble(Error::Kind::too_large, path, fmt::format("it holds more than {} bytes", max_bytes));
    case FakeFile::Trouble::none:
    case FakeFile::Trouble::denied:
    case FakeFile::Trouble::vanishes:
      break;
  }
  if (refuses(file, 0444)) return refused(EACCES, "cannot read", path);
  const std::uint64_t size = file.size.value_or(file.content.size());
  if (size > max_bytes || file.content.size() > max_bytes) {
    return trouble(Error::Kind::too_large, path, fmt::format("it holds more than {} bytes", max_bytes));
  }
  std::string content = file.content;
  if (content.size() < size) content.resize(static_cast<std::size_t>(size), '\0');
  return content;
}

Result<std::unique_ptr<sources::Parts>> FakeRoot::open(std::string_view path, std::size_t max_bytes) const {
  auto content = read(path, max_bytes);
  if (!content) return std::unexpected(content.error());
  return std::make_unique<TextParts>(std::move(*content));
}

Result<FileStatus> FakeRoot::status(std::string_view path) const {
  const auto found = find(path, true, "cannot look at");
  if (!found) return std::unexpected(found.error());
  return status_of(*found);
}

Result<FileStatus> FakeRoot::link_status(std::string_view path) const {
  const auto found = find(path, false, "cannot look at");
  if (!found) return std::unexpected(found.error());
  return status_of(*found);
}

Result<std::string> FakeRoot::read_link(std::string_view path) const {
  const auto found = find(path, false, "cannot read the link");
  if (!found) return std::unexpected(found.error());
  const FakeFile& file = (*found)->second;
  if (file.type != FileType::symlink) {
    return std::unexpected(
        Error{Error::Kind::unsupported, fmt::format("cannot read the link {}: it is not a link", path)});
  }
  if (file.trouble == FakeFile::Trouble::denied) return refused(EACCES, "cannot read the link", path);
  return file.target;
}

Result<std::vector<DirectoryEntry>> FakeRoot::list(std::string_view path) const {
  const auto found = find(path, true, "cannot list");
  if (!found) return std::unexpected(found.error());
  const auto& [directory, file] = **found;
  if (file.type != FileType::directory) {
    return std::unexpected(Error{Error::Kind::unsupported,
                                 fmt::format("cannot list {}: it is a {}, not a directory", path, name_of(file.type))});
  }
  if (refuses(file, 0444)) return refused(EACCES, "cannot list", path);
  if (file.trouble == FakeFile::Trouble::failed) return refused(EIO, "cannot list", path);
  if (file.trouble == FakeFile::Trouble::timed_out)
    return trouble(Error::Kind::timed_out, path, "the time limit passed");
  std::vector<DirectoryEntry> entries;
  const std::string prefix = directory == "/" ? "/" : directory + "/";
  for (auto at = tree_.files.lower_bound(prefix); at != tree_.files.end() && at->first.starts_with(prefix); ++at) {
    const auto name = std::string_view(at->first).substr(prefix.size());
    if (name.empty() || name.find('/') != std::string_view::npos) continue;
    entries.push_back({std::string(name), at->second.type});
  }
  return entries;
}

Result<std::string> FakeRoot::attribute(std::string_view path, std::string_view name) const {
  const auto found = find(path, true, "cannot look at");
  if (!found) return std::unexpected(found.error());
  const auto& attributes = (*found)->second.attributes;
  const auto value = attributes.find(std::string(name));
  if (value == attributes.end()) {
    return refused(ENODATA, fmt::format("cannot read the attribute {} of", name), path);
  }
  return value->second;
}

Result<WalkOutcome> FakeRoot::walk(const std::function<void(const WalkEntry&)>& visit, unsigned /*threads*/,
                                   std::stop_token stop) const {
  WalkOutcome outcome;
  outcome.trees = {"/ (ext4)"};
  outcome.left_out = tree_.left_out;
  for (const char* kernel : {"/proc", "/sys"}) {
    if (tree_.files.contains(kernel)) {
      outcome.left_out.push_back({kernel, "kernel interface, not a local file system", true});
    }
  }
  std::vector<std::string> hidden;
  for (const auto& left_out : outcome.left_out) hidden.push_back(left_out.path);
  for (const auto& [path, file] : tree_.files) {
    if (stop.stop_requested()) return trouble(Error::Kind::timed_out, "the file systems", "the walk was stopped");
    if (file.trouble == FakeFile::Trouble::vanishes) continue;
    const auto covers = [&met = path](const std::string& top) { return is_below(met, top); };
    if (std::any_of(hidden.begin(), hidden.end(), covers)) continue;
    const std::string directory = path == "/" || directory_of(path) == "/" ? "" : directory_of(path);
    const std::string name = path == "/" ? "" : path.substr(path.rfind('/') + 1);
    ++outcome.entries;
    visit({directory, name, file.type, mode_of(file), file.uid, file.gid});
    if (file.type == FileType::directory && (refuses(file, 0444) || refuses(file, 0111))) {
      outcome.left_out.push_back({path, "permission denied", false});
      hidden.push_back(path);  // and everything below; it was visited itself
    }
  }
  std::sort(outcome.left_out.begin(), outcome.left_out.end(),
            [](const LeftOut& left, const LeftOut& right) { return left.path < right.path; });
  return outcome;
}

void CountingRoot::count_read(std::string_view path) const {
  ++opens_;
  const std::lock_guard lock(mutex_);
  ++reads_[std::string(path)];
}

Result<std::string> CountingRoot::read(std::string_view path, std::size_t max_bytes) const {
  count_read(path);
  return inner_.read(path, max_bytes);
}

Result<std::unique_ptr<sources::Parts>> CountingRoot::open(std::string_view path, std::size_t max_bytes) const {
  count_read(path);
  return inner_.open(path, max_bytes);
}

Result<FileStatus> CountingRoot::status(std::string_view path) const {
  ++looks_;
  return inner_.status(path);
}

Result<FileStatus> CountingRoot::link_status(std::string_view path) const {
  ++looks_;
  return inner_.link_status(path);
}

Result<std::string> CountingRoot::read_link(std::string_view path) const {
  ++looks_;
  return inner_.read_link(path);
}

Result<std::vector<DirectoryEntry>> CountingRoot::list(std::string_view path) const {
  ++opens_;
  return inner_.list(path);
}

Result<std::string> CountingRoot::attribute(std::string_view path, std::string_view name) const {
  ++looks_;
  return inner_.attribute(path, name);
}

Result<WalkOutcome> CountingRoot::walk(const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                       std::stop_token stop) const {
  ++walks_;
  return inner_.walk(visit, threads, std::move(stop));
}

std::map<std::string, unsigned> CountingRoot::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

Result<formats::PacketFilter> FakeNetfilter::rules() const {
  if (denied_) {
    return std::unexpected(Error{Error::Kind::denied, "cannot ask the kernel for the rules of nf_tables: not permitted",
                                 "run as root, or grant CAP_NET_ADMIN"});
  }
  if (!text_)
    return std::unexpected(Error{Error::Kind::unobservable, "this world has no packet filter that can be asked"});
  const auto none = [](std::string_view) { return Result<std::vector<formats::NftablesFile>>(); };
  auto filter = formats::parse_nftables({"", *text_}, none);
  if (!filter) return filter;
  for (auto& chain : filter->chains) {
    chain.source.clear();
    for (auto& rule : chain.rules) rule.source.clear();
  }
  return filter;
}

Result<std::vector<formats::PacketChain>> FakeNetfilter::legacy_chains(formats::IpFamily family,
                                                                       const std::string& table) const {
  const std::vector<formats::IptablesFile> saved{{"", family == formats::IpFamily::ipv4 ? legacy_ : legacy6_}};
  formats::PacketFilter filter;
  if (const auto read = formats::parse_iptables_save(saved, family, filter); !read)
    return std::unexpected(read.error());
  if (std::ranges::none_of(filter.tables, [&](const auto& known) { return known.name == table; })) {
    return std::unexpected(Error{Error::Kind::failed, fmt::format("there is no table {} of iptables-legacy", table)});
  }
  std::erase_if(filter.chains, [&](const auto& chain) { return chain.table != table; });
  return std::move(filter.chains);
}

Result<std::vector<formats::SocketLine>> FakeSocketDiag::waiting(formats::Transport transport) const {
  if (!sockets_) return std::unexpected(Error{Error::Kind::failed, "this world has no kernel that tells its sockets"});
  std::vector<formats::SocketLine> found;
  for (const auto& socket : *sockets_) {
    if (socket.transport == transport) found.push_back(socket.line);
  }
  return found;
}

}  // namespace plimsoll::tests
