#include "engine/probes/apt_update.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/formats/apt_conf.hpp"
#include "engine/formats/dpkg_status.hpp"
#include "engine/formats/package_paragraphs.hpp"
#include "engine/probes/package_databases.hpp"
#include "engine/probes/packed_file.hpp"

namespace plimsoll::probes {
namespace {

using sources::FileType;

constexpr std::string_view status_file = "/var/lib/dpkg/status";
constexpr std::string_view lists = "/var/lib/apt/lists";
constexpr std::array<std::string_view, 4> read_from = {"/var/lib/dpkg/status", "/var/lib/apt/lists/*_Packages*",
                                                       "/var/lib/apt/lists/*Release", "/etc/apt/preferences.d/*"};
constexpr std::array<FieldSchema, 8> fields = {{
    {"package", ValueType::text, "Its name."},
    {"architecture", ValueType::text, "The architecture it is installed for."},
    {"installed", ValueType::version, "The version that is installed."},
    {"available", ValueType::version, "The newest version that the lists on disk hold."},
    {"held", ValueType::boolean, "Whether it is on hold, so that it stays as it is (apt-mark hold)."},
    {"phased", ValueType::boolean, "Whether the newer version is given to a part of the hosts so far (Ubuntu)."},
    {"security", ValueType::boolean, "Whether a list of security updates holds a newer version."},
    {"pinned", ValueType::boolean,
     "Whether there are preferences (/etc/apt/preferences, preferences.d), which may keep apt from it; they are not "
     "worked "
     "out."},
}};
enum class UpdateField : std::uint8_t { package, architecture, installed, available, held, phased, security, pinned };
constexpr ProbeSchema schema = {
    .name = "apt.update",
    .summary =
        "The installed packages of which the lists that `apt update` left on the disk hold a newer version, one record "
        "each. "
        "Lists of releases that are never taken by themselves (NotAutomatic: backports, experimental) do not count. "
        "How old "
        "the lists are, the probe `files` tells. Lists may be packed by gzip, xz, lz4 or zstd. No lists at all are an "
        "error.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .presence = {},
    .sources = read_from,
};

/// Views are of dpkg_packages_of().
struct Installed {
  std::string_view architecture;
  std::string_view version;
  std::uint32_t line = 0;  ///< of dpkg's status file
  bool held = false;
  std::string available;  ///< newest so far, when newer than the installed one
  std::string available_source;
  bool phased = false;
  bool security = false;
};
using Packages = std::multimap<std::string_view, Installed>;
using Names = std::unordered_set<std::string_view>;  ///< of packages: nearly all names of a list are in none

Result<Packages> read_installed(const sources::Sources& sources) {
  const auto known = dpkg_packages_of(sources);
  if (!known) return std::unexpected(known.error());
  Packages packages;
  for (const auto& package : *known) {
    if (formats::dpkg_state(package.status) != formats::DpkgState::installed) continue;
    Installed installed;
    installed.architecture = package.architecture;
    installed.version = package.version;
    installed.line = package.line;
    installed.held = package.status.starts_with("hold ");
    packages.emplace(package.name, std::move(installed));
  }
  return packages;
}

/// Compares the installed packages with one list, which comes in blocks: a list of all packages unpacks to fifty
/// megabytes, of which nearly all is about others.
class ListComparison {
 public:
  ListComparison(Packages& packages, const Names& names, std::string path, bool security)
      : packages_(packages),
        path_(std::move(path)),
        security_(security),
        paragraphs_([this](const auto& paragraph) { compare(paragraph); },
                    [&names](std::string_view name) { return names.contains(name); }) {}

  void take(std::string_view block) { paragraphs_.feed(block); }
  void finish() { paragraphs_.end(); }

 private:
  void compare(const formats::PackageParagraph& paragraph) {
    const auto [first, last] = packages_.equal_range(paragraph.name);
    for (auto at = first; at != last; ++at) compare(paragraph, at->second);
  }

  void compare(const formats::PackageParagraph& paragraph, Installed& installed) const {
    // A package may become one for all architectures, or cease to be.
    const bool same = paragraph.architecture == installed.architecture || paragraph.architecture == "all" ||
                      installed.architecture == "all";
    if (!same || compare_versions(paragraph.version, installed.version) <= 0) return;
    installed.security = installed.security || security_;
    if (!installed.available.empty() && compare_versions(paragraph.version, installed.available) <= 0) return;
    installed.available = paragraph.version;
    installed.available_source = fmt::format("{}:{}", path_, paragraph.line);
    installed.phased = !paragraph.phased.empty() && paragraph.phased != "100";
  }

  Packages& packages_;
  std::string path_;
  bool security_;
  formats::PackageParagraphs paragraphs_;
};

/// The Release file that stands for a list: "host_debian_dists_stable_InRelease" for
/// "host_debian_dists_stable_main_binary-amd64_Packages".
std::optional<std::string> release_of(const std::vector<std::string>& names, std::string_view list) {
  std::optional<std::string> found;
  for (const auto& name : names) {
    const auto end = name.ends_with("_InRelease") ? name.size() - std::string_view("InRelease").size()
                     : name.ends_with("_Release") ? name.size() - std::string_view("Release").size()
                                                  : 0;
    if (end == 0 || !list.starts_with(std::string_view(name).substr(0, end))) continue;
    if (!found || name.size() > found->size()) found = name;
  }
  return found;
}

Error took_too_long() {
  return {Error::Kind::timed_out, "comparing versions took too long"};
}

class Comparison {
 public:
  Comparison(const sources::Sources& sources, Packages& packages) : sources_(sources), packages_(packages) {
    for (const auto& [name, installed] : packages) names_.insert(name);
  }

  std::optional<Error> run() {
    const auto entries = sources_.root.list(lists);
    if (!entries && entries.error().kind != Error::Kind::not_found) return entries.error();
    std::vector<std::string> names;
    if (entries) {
      for (const auto& entry : *entries) names.push_back(entry.name);
    }
    for (const auto& name : names) {
      if (sources_.stop.stop_requested()) return took_too_long();
      if (!name.ends_with("_Packages") && !name.contains("_Packages.")) continue;
      if (auto error = read_list(names, name)) return error;
    }
    if (read_ == 0) {
      return Error{Error::Kind::unobservable, fmt::format("{} holds no lists of packages", lists), "run `apt update`"};
    }
    return {};
  }

  [[nodiscard]] std::size_t lists_read() const { return read_; }

 private:
  /// Lists stay packed on the disk where Acquire::GzipIndexes says so.
  std::optional<Error> hand_on(const std::string& path, ListComparison& comparison) const {
    const auto file = sources_.root.open(path, sources::max_database_bytes);
    if (!file) return file.error();
    if (path.ends_with("_Packages")) return hand_on_plain(**file, comparison);
    const auto take = [&](std::string_view block) -> Result<void> {
      comparison.take(block);
      return {};
    };
    const auto unpacked =
        unpack_file(**file, path, {.bytes = sources::max_database_bytes, .may_be_plain = false, .stop = sources_.stop},
                    take, "set `Acquire::GzipIndexes \"false\";` and run `apt update`");
    if (!unpacked) return unpacked.error();
    comparison.finish();
    return {};
  }

  std::optional<Error> hand_on_plain(sources::Parts& file, ListComparison& comparison) const {
    for (;;) {
      if (sources_.stop.stop_requested()) return took_too_long();
      const auto part = file.next();
      if (!part) return part.error();
      if (part->empty()) break;
      comparison.take(*part);
    }
    comparison.finish();
    return {};
  }

  std::optional<Error> read_list(const std::vector<std::string>& names, const std::string& name) {
    const auto path = fmt::format("{}/{}", lists, name);
    bool security = name.contains("security");
    if (const auto release = release_of(names, name)) {
      const auto text = sources_.root.read(fmt::format("{}/{}", lists, *release), sources::max_config_bytes);
      if (!text) return text.error();
      const auto truth = formats::apt_truth(formats::release_field(*text, "NotAutomatic"));
      if (truth.value_or(false)) {
        ++read_;
        return {};
      }
      security = security || formats::release_field(*text, "Suite").contains("security") ||
                 formats::release_field(*text, "Label").contains("Security");
    }
    ListComparison comparison(packages_, names_, path, security);
    if (auto error = hand_on(path, comparison)) return error;
    ++read_;
    return {};
  }

  const sources::Sources& sources_;
  Packages& packages_;
  Names names_;
  std::size_t read_ = 0;
};

bool has_preferences(const sources::Root& root) {
  if (root.status("/etc/apt/preferences")) return true;
  const auto entries = root.list("/etc/apt/preferences.d");
  return entries && std::ranges::any_of(*entries, [](const auto& entry) { return entry.type == FileType::regular; });
}

Record record_of(std::string_view name, const Installed& installed, bool pinned) {
  Record record(fields.size());
  record.resource = fmt::format("package {}", name);
  record.source = fmt::format("{}:{}", status_file, installed.line);
  record.set(UpdateField::package, std::string(name));
  record.set(UpdateField::architecture, std::string(installed.architecture));
  record.set(UpdateField::installed, std::string(installed.version));
  record.set(UpdateField::available, installed.available, installed.available_source);
  record.set(UpdateField::held, installed.held);
  record.set(UpdateField::phased, installed.phased, installed.available_source);
  record.set(UpdateField::security, installed.security, installed.available_source);
  record.set(UpdateField::pinned, pinned, "/etc/apt/preferences.d");
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  auto packages = read_installed(sources);
  std::optional<Error> failure;
  std::size_t lists_read = 0;
  if (packages) {
    Comparison comparison(sources, *packages);
    failure = comparison.run();
    lists_read = comparison.lists_read();
  } else {
    failure = packages.error();
  }
  const bool pinned = has_preferences(sources.root);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (packages) {
      sink.looked_at(index, fmt::format("compared {} packages with {} lists", packages->size(), lists_read),
                     std::string(lists));
      for (const auto& [name, installed] : *packages) {
        if (!installed.available.empty()) sink.add(index, record_of(name, installed, pinned));
      }
    }
    if (failure) sink.fail(index, *failure);
  }
}

}  // namespace

const Probe apt_update_probe = {&schema, collect};

}  // namespace plimsoll::probes
