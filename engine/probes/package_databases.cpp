#include "engine/probes/package_databases.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/core/ascii.hpp"
#include "engine/formats/dpkg_status.hpp"
#include "engine/probes/rpm_packages.hpp"

namespace plimsoll::probes {
namespace {

using Names = std::span<const std::string_view>;
using sources::Root;

constexpr std::string_view dpkg_status_path = "/var/lib/dpkg/status";
constexpr std::string_view dpkg_updates = "/var/lib/dpkg/updates";
constexpr std::string_view dpkg_parts = "/var/lib/dpkg/status.d";
constexpr std::array<std::string_view, 2> apk_places = {"/lib/apk/db/installed", "/usr/lib/apk/db/installed"};

PackageEntry entry_of(const formats::DpkgPackage& package, std::string_view path, bool needs_status) {
  PackageEntry entry;
  entry.name = package.name;
  entry.version = package.version;
  entry.architecture = package.architecture;
  entry.status = package.status;
  entry.source = fmt::format("{}:{}", path, package.line);
  if (package.status.empty() && !needs_status) return entry;
  switch (formats::dpkg_state(package.status)) {
    case formats::DpkgState::installed:
      entry.state = PackageEntry::State::installed;
      break;
    case formats::DpkgState::not_installed:
      entry.state = PackageEntry::State::not_installed;
      break;
    case formats::DpkgState::broken:
      entry.state = PackageEntry::State::broken;
      break;
  }
  return entry;
}

void add_or_replace(std::vector<PackageEntry>& entries, PackageEntry entry) {
  const auto same = [&](const PackageEntry& other) {
    return other.name == entry.name && other.architecture == entry.architecture;
  };
  const auto found = std::find_if(entries.begin(), entries.end(), same);
  if (found == entries.end()) {
    entries.push_back(std::move(entry));
  } else {
    *found = std::move(entry);
  }
}

std::optional<Error> damaged(std::string_view path, std::string_view why) {
  if (why.empty()) return {};
  return Error{Error::Kind::malformed, fmt::format("{}: {}; dpkg refuses it", path, why)};
}

/// The journal of a dpkg that was interrupted: paragraphs that are newer than the status file, in files named by
/// number.
std::optional<Error> apply_updates(const Root& root, Names names, PackageDatabase& database) {
  const auto files = root.list(dpkg_updates);
  if (!files) return is_missing(files.error()) ? std::nullopt : std::optional(files.error());
  for (const auto& file : *files) {
    if (!is_number(file.name)) continue;
    const auto path = fmt::format("{}/{}", dpkg_updates, file.name);
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) {
      if (is_missing(text.error())) continue;  // dpkg merged it meanwhile
      return text.error();
    }
    const auto scan = formats::scan_dpkg_status(*text, names);
    if (auto error = damaged(path, scan.damage)) return error;
    for (const auto& package : scan.found) {
      add_or_replace(database.entries, entry_of(package, path, true));
    }
  }
  return {};
}

/// The status file, parsed once per run: several probes ask for packages.
struct DpkgStatus {
  bool missing = false;
  std::optional<Error> error;
  std::vector<formats::DpkgPackage> packages;      // as they stand in the file
  std::vector<const formats::DpkgPackage*> named;  // by name, then as they stand in the file
};

Result<std::vector<formats::DpkgPackage>> read_packages(sources::Parts& file) {
  formats::DpkgStatusReader reader;
  for (;;) {
    const auto part = file.next();
    if (!part) return std::unexpected(part.error());
    if (part->empty()) break;
    reader.feed(*part);
  }
  if (auto error = damaged(dpkg_status_path, reader.damage())) return std::unexpected(std::move(*error));
  return reader.end();
}

DpkgStatus read_status_file(const Root& root) {
  DpkgStatus status;
  const auto file = root.open(dpkg_status_path, sources::max_database_bytes);
  if (!file) {
    status.missing = is_missing(file.error());
    status.error = file.error();
    return status;
  }
  auto packages = read_packages(**file);
  if (!packages) {
    status.error = std::move(packages.error());
    return status;
  }
  status.packages = std::move(*packages);
  for (const auto& package : status.packages) status.named.push_back(&package);
  const auto name_of = [](const formats::DpkgPackage* package) { return std::string_view(package->name); };
  if (!std::ranges::is_sorted(status.named, {}, name_of)) std::ranges::stable_sort(status.named, {}, name_of);
  return status;
}

const DpkgStatus& dpkg_status_of(const sources::Sources& sources) {
  return sources.memo.get<DpkgStatus>([&] { return read_status_file(sources.root); });
}

std::optional<PackageDatabase> read_dpkg(const sources::Sources& sources, Names names) {
  const auto& status = dpkg_status_of(sources);
  if (status.missing) return {};
  PackageDatabase database{"dpkg", std::string(dpkg_status_path), false, {}, status.error};
  if (database.error) return database;
  database.any_package = !status.packages.empty();
  std::string_view before;
  for (const auto name : names) {
    if (name == before) continue;
    before = name;
    const auto by_name = [](const formats::DpkgPackage* package) { return std::string_view(package->name); };
    for (const auto* package : std::ranges::equal_range(status.named, name, {}, by_name)) {
      database.entries.push_back(entry_of(*package, dpkg_status_path, true));
    }
  }
  database.error = apply_updates(sources.root, names, database);
  return database;
}

/// Images without a package manager keep each package's control file, which has no Status: what lies there is
/// installed.
std::optional<PackageDatabase> read_dpkg_parts(const Root& root, Names names) {
  const auto files = root.list(dpkg_parts);
  if (!files && is_missing(files.error())) return {};
  PackageDatabase database{"dpkg", std::string(dpkg_parts), false, {}, {}};
  if (!files) {
    database.error = files.error();
    return database;
  }
  for (const auto& file : *files) {
    if (file.name.ends_with(".md5sums")) continue;
    const auto path = fmt::format("{}/{}", dpkg_parts, file.name);
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) {
      database.error = text.error();
      continue;
    }
    const auto scan = formats::scan_dpkg_status(*text, names);
    database.any_package = database.any_package || scan.any_package;
    for (const auto& package : scan.found) database.entries.push_back(entry_of(package, path, false));
  }
  return database;
}

std::optional<PackageDatabase> read_apk(const Root& root, Names names) {
  for (const auto path : apk_places) {
    const auto text = root.read(path, sources::max_database_bytes);
    if (!text && is_missing(text.error())) continue;
    PackageDatabase database{"apk", std::string(path), false, {}, {}};
    if (!text) {
      database.error = text.error();
      return database;
    }
    auto scan = formats::scan_apk_installed(*text, names);
    database.any_package = scan.any_package;
    for (auto& package : scan.found) {
      PackageEntry entry;
      entry.name = std::move(package.name);
      entry.version = std::move(package.version);
      entry.architecture = std::move(package.architecture);
      entry.source = fmt::format("{}:{}", path, package.line);
      database.entries.push_back(std::move(entry));
    }
    return database;
  }
  return {};
}

}  // namespace

Result<std::span<const formats::DpkgPackage>> dpkg_packages_of(const sources::Sources& sources) {
  const auto& status = dpkg_status_of(sources);
  if (status.error) return std::unexpected(*status.error);
  return std::span<const formats::DpkgPackage>(status.packages);
}

std::vector<PackageDatabase> read_package_databases(const sources::Sources& sources, Names names) {
  std::vector<PackageDatabase> databases;
  const auto keep = [&](std::optional<PackageDatabase> database) {
    if (database) databases.push_back(std::move(*database));
  };
  keep(read_dpkg(sources, names));
  keep(read_dpkg_parts(sources.root, names));
  keep(read_rpm_database(sources, names));
  keep(read_apk(sources.root, names));
  return databases;
}

}  // namespace plimsoll::probes
