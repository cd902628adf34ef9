#include "engine/probes/rpm_packages.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "engine/formats/sqlite_wal.hpp"
#include "engine/probes/rpm_database.hpp"

namespace plimsoll::probes {
namespace {

using sources::Root;

constexpr std::array<std::string_view, 3> rpm_folders = {"/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm"};

Result<std::string> read_or_empty(const Root& root, const std::string& path) {
  auto bytes = root.read(path, sources::max_database_bytes);
  if (!bytes && is_missing(bytes.error())) return std::string();
  return bytes;
}

/// The image of a SQLite database as its readers see it now. While the log stays what it was, the pages it holds stand
/// in for whatever a checkpoint is writing to the database at the same time.
Result<std::string> read_sqlite(const Root& root, const std::string& path) {
  constexpr int attempts = 3;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto before = read_or_empty(root, path + "-wal");
    if (!before) return before;
    auto image = root.read(path, sources::max_database_bytes);
    if (!image) return image;
    const auto journal = root.status(path + "-journal");
    if (journal && journal->size > 0) {
      return std::unexpected(Error{Error::Kind::unsupported, fmt::format("{} was left in the middle of a change", path),
                                   "let the package manager run once, so that it recovers its database"});
    }
    const auto log = read_or_empty(root, path + "-wal");
    if (!log) return log;
    if (*log != *before) continue;
    const auto applied = formats::apply_sqlite_wal(*image, *log, sources::max_database_bytes);
    if (applied) return image;
    return std::unexpected(Error{applied.error().kind, fmt::format("{}: {}", path, applied.error().what)});
  }
  return std::unexpected(Error{Error::Kind::failed, fmt::format("{} changes while it is read", path),
                               "run again when the package manager has ended"});
}

/// The folder that holds the database. Distributions differ in the place, and keep links at the others' places.
Result<std::optional<std::string>> find_rpm_database(const Root& root) {
  std::optional<std::string> found;
  std::optional<sources::FileStatus> found_status;
  std::optional<std::string> old_format;
  for (const auto folder : rpm_folders) {
    auto path = fmt::format("{}/rpmdb.sqlite", folder);
    const auto status = root.status(path);
    if (!status && !is_missing(status.error())) return std::unexpected(status.error());
    if (status && !found) {
      found = std::move(path);
      found_status = *status;
    } else if (status && (status->device != found_status->device || status->inode != found_status->inode)) {
      return std::unexpected(Error{Error::Kind::unsupported,
                                   fmt::format("there are two rpm databases, {} and {}", *found, path),
                                   "remove the one that `rpm --eval %_dbpath` does not name"});
    }
    for (const auto* name : {"Packages", "Packages.db"}) {
      auto old = fmt::format("{}/{}", folder, name);
      if (!old_format && root.status(old)) old_format = std::move(old);
    }
  }
  if (!found && old_format) {
    return std::unexpected(
        Error{Error::Kind::unsupported,
              fmt::format("{} is an rpm database in a format before SQLite, which is not read", *old_format),
              "convert it with `rpm --rebuilddb` on a release of rpm that uses SQLite"});
  }
  return found;
}

/// The rpm database, opened once per run.
struct RpmState {
  std::string place;
  std::optional<Error> error;
  std::optional<RpmDatabase> database;  // neither: there is none
};

RpmState open_rpm(const Root& root) {
  RpmState state;
  const auto path = find_rpm_database(root);
  if (!path) {
    state.place = "the rpm database";
    state.error = path.error();
    return state;
  }
  if (!*path) return state;
  state.place = **path;
  auto image = read_sqlite(root, state.place);
  if (!image) {
    state.error = image.error();
    return state;
  }
  auto database = RpmDatabase::open(std::move(*image));
  if (database) {
    state.database = std::move(*database);
  } else {
    state.error = Error{database.error().kind, fmt::format("{}: {}", state.place, database.error().what)};
  }
  return state;
}

const RpmState& rpm_state_of(const sources::Sources& sources) {
  return sources.memo.get<RpmState>([&] { return open_rpm(sources.root); });
}

Result<RpmPackages> read_packages(const sources::Sources& sources) {
  const auto& state = rpm_state_of(sources);
  if (state.error) return std::unexpected(*state.error);
  if (!state.database) return std::unexpected(Error{Error::Kind::not_found, "there is no rpm database"});
  auto packages = state.database->all(sources.stop);
  if (!packages) {
    return std::unexpected(Error{packages.error().kind, fmt::format("{}: {}", state.place, packages.error().what)});
  }
  return RpmPackages{state.place, std::move(*packages)};
}

}  // namespace

Result<const RpmPackages*> rpm_packages_of(const sources::Sources& sources) {
  const auto& packages = sources.memo.get<Result<RpmPackages>>([&] { return read_packages(sources); });
  if (!packages) return std::unexpected(packages.error());
  return &*packages;
}

std::optional<PackageDatabase> read_rpm_database(const sources::Sources& sources,
                                                 std::span<const std::string_view> names) {
  const auto& state = rpm_state_of(sources);
  if (!state.error && !state.database) return {};
  PackageDatabase database{"rpm", state.place, false, {}, state.error};
  if (database.error) return database;
  auto scan = state.database->scan(names, sources.stop);
  if (!scan) {
    database.error = Error{scan.error().kind, fmt::format("{}: {}", database.place, scan.error().what)};
    return database;
  }
  database.any_package = scan->any_package;
  for (auto& package : scan->found) {
    PackageEntry entry;
    entry.version = package.full_version();
    entry.name = std::move(package.name);
    entry.architecture = std::move(package.architecture);
    entry.source = database.place;
    database.entries.push_back(std::move(entry));
  }
  return database;
}

}  // namespace plimsoll::probes
