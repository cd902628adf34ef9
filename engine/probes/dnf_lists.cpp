#include "engine/probes/dnf_lists.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/core/value.hpp"
#include "engine/probes/packed_file.hpp"

namespace plimsoll::probes {
namespace {

using sources::Root;

constexpr std::size_t max_packed_bytes = std::size_t{128} << 20U;
constexpr std::string_view make_lists = "run `dnf makecache`";

/// "baseos-0123456789abcdef" for baseos: the digits stand for the repository's address.
bool is_cache_of(std::string_view name, std::string_view repository) {
  constexpr std::size_t digits = 16;
  return name.size() == repository.size() + 1 + digits && name.starts_with(repository) &&
         name[repository.size()] == '-' &&
         name.find_first_not_of("0123456789abcdef", repository.size() + 1) == std::string_view::npos;
}

class Finder {
 public:
  Finder(const Root& root, const DnfConfiguration& configuration) : root_(root), configuration_(configuration) {}

  DnfLists find() {
    look_into("cachedir", "/var/cache/dnf");
    look_into("system_cachedir", "/var/cache/libdnf5");
    for (const auto& repository : configuration_.repositories) {
      const auto enabled = dnf_truth_field(repository, nullptr, "enabled", true);
      if (const auto* why = enabled.unreadable()) {
        found_.errors.push_back(*why);
        continue;
      }
      if (!std::get<bool>(*enabled.value())) continue;
      auto list = list_of(repository);
      if (list) {
        found_.lists.push_back(std::move(*list));
      } else {
        found_.errors.push_back(std::move(list.error()));
      }
    }
    std::ranges::stable_sort(found_.lists, {}, &DnfList::priority);
    return std::move(found_);
  }

 private:
  void look_into(std::string_view key, std::string_view fallback) {
    const auto* setting = configuration_.main.find(key);
    const auto folder = setting == nullptr ? std::string(fallback) : setting->setting.value;
    if (folder.contains('$')) {
      found_.errors.push_back(
          {Error::Kind::unsupported, fmt::format("{} has a variable, which is not replaced: {}", key, folder)});
      return;
    }
    const auto entries = root_.list(folder);
    if (!entries) {
      if (!is_missing(entries.error())) found_.errors.push_back(entries.error());
      return;
    }
    for (const auto& entry : *entries) caches_.emplace_back(folder, entry.name);
  }

  Result<DnfList> list_of(const DnfSection& repository) {
    DnfList list{.repository = &repository, .folder = {}};
    if (repository.id.contains('$')) {
      return std::unexpected(Error{Error::Kind::unsupported, fmt::format("the name of repository {} has a variable, "
                                                                         "which is not replaced",
                                                                         repository.id)});
    }
    if (const auto* priority = repository.find("priority")) {
      const auto number = parse_integer(priority->setting.value);
      if (!number) {
        return std::unexpected(
            Error{Error::Kind::malformed, fmt::format("{}:{}: priority = \"{}\" is no number", priority->path,
                                                      priority->setting.line, priority->setting.value)});
      }
      list.priority = *number;
    }
    const auto hotfixes = dnf_truth_field(repository, nullptr, "module_hotfixes", false);
    if (const auto* why = hotfixes.unreadable()) return std::unexpected(*why);
    list.hotfixes = std::get<bool>(*hotfixes.value());
    std::optional<Error> trouble;
    for (const auto& [folder, name] : caches_) {
      if (!is_cache_of(name, repository.id)) continue;
      DnfList cache{.folder = fmt::format("{}/{}", folder, name)};
      const auto status = root_.status(cache.place());
      if (!status && is_missing(status.error())) continue;
      if (!status) return std::unexpected(status.error());
      cache.refreshed = status->modified;
      cache.refreshed_place = cache.place();
      auto why = read_files(cache);
      if (!list.folder.empty() && cache.refreshed <= list.refreshed) continue;
      list.folder = std::move(cache.folder);
      list.refreshed = cache.refreshed;
      list.refreshed_place = std::move(cache.refreshed_place);
      list.files = std::move(cache.files);
      trouble = std::move(why);
    }
    if (list.folder.empty()) {
      return std::unexpected(Error{Error::Kind::unobservable,
                                   fmt::format("there is no list of repository {} on the disk", repository.id),
                                   std::string(make_lists)});
    }
    if (trouble) return std::unexpected(*trouble);
    return list;
  }

  /// dnf writes all files of a cache when it fetches lists. When it finds them to be those of the repository still, it
  /// sets the time of primary.xml alone.
  std::optional<Error> read_files(DnfList& cache) const {
    const auto text = root_.read(cache.place(), sources::max_config_bytes);
    if (!text) return text.error();
    auto files = formats::parse_repomd(*text);
    if (!files) {
      return Error{files.error().kind, fmt::format("{}: {}", cache.place(), files.error().what),
                   std::string(make_lists)};
    }
    cache.files = std::move(*files);
    const auto primary = cache.path_of("primary");
    if (!primary) return {};
    const auto status = root_.status(*primary);
    if (status && status->modified > cache.refreshed) {
      cache.refreshed = status->modified;
      cache.refreshed_place = *primary;
    }
    return {};
  }

  const Root& root_;
  const DnfConfiguration& configuration_;
  std::vector<std::pair<std::string, std::string>> caches_;  // folder, name
  DnfLists found_;
};

}  // namespace

bool DnfList::has(std::string_view type) const {
  return std::ranges::find(files, type, &formats::RepositoryFile::type) != files.end();
}

std::string DnfList::place() const {
  return folder + "/repodata/repomd.xml";
}

Result<std::string> DnfList::path_of(std::string_view type) const {
  const auto found = std::ranges::find(files, type, &formats::RepositoryFile::type);
  if (found == files.end()) {
    return std::unexpected(Error{Error::Kind::malformed, fmt::format("{} names no list {}", place(), type)});
  }
  const auto& location = found->location;
  if (location.empty() || location.starts_with('/') || location.contains("..") || location.contains("//")) {
    return std::unexpected(Error{Error::Kind::unsupported,
                                 fmt::format("{}: {} is at \"{}\", outside the cache", place(), type, location)});
  }
  return fmt::format("{}/{}", folder, location);
}

DnfLists read_dnf_lists(const Root& root, const DnfConfiguration& configuration) {
  return Finder(root, configuration).find();
}

Result<void> unpack_dnf_list(const Root& root, const DnfList& list, std::string_view type, std::stop_token stop,
                             const formats::TakeBlock& take) {
  const auto path = list.path_of(type);
  if (!path) return std::unexpected(path.error());
  const auto file = root.open(*path, max_packed_bytes);
  if (!file && is_missing(file.error())) {
    // librepo fetches the zchunk of a list instead, where it can.
    const auto other = list.path_of(fmt::format("{}_zck", type));
    if (other && root.status(*other)) {
      return std::unexpected(
          Error{Error::Kind::unsupported, fmt::format("{} is packed by zchunk, which is not read", *other)});
    }
    return std::unexpected(
        Error{Error::Kind::unobservable, fmt::format("{} is not in the cache", *path), std::string(make_lists)});
  }
  if (!file) return std::unexpected(file.error());
  return unpack_file(**file, *path, {.stop = std::move(stop)}, take);
}

}  // namespace plimsoll::probes
