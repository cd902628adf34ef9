#include "engine/probes/dconf_databases.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/formats/lines.hpp"

namespace plimsoll::probes {
namespace {

using formats::DconfDatabase;
using sources::FileType;
using sources::Root;

constexpr std::array<std::string_view, 3> profile_folders = {"/etc/dconf/profile", "/usr/local/share/dconf/profile",
                                                             "/usr/share/dconf/profile"};
// Debian compiles the login screen's defaults each time that GDM starts, from a directory in which
// /etc/gdm3/greeter.dconf-defaults has its place.
constexpr std::string_view greeter_defaults = "/var/lib/gdm3/greeter-dconf-defaults";
constexpr std::string_view greeter_directory = "/usr/share/gdm/dconf";

/// The regular files of a directory, links followed, in the order of their names; none when it is not there.
Result<std::vector<std::string>> files_in(const Root& root, const std::string& directory) {
  std::vector<std::string> paths;
  const auto entries = root.list(directory);
  if (!entries && is_missing(entries.error())) return paths;
  if (!entries) return std::unexpected(entries.error());
  for (const auto& entry : *entries) {
    if (entry.name.starts_with('.')) continue;
    auto path = fmt::format("{}/{}", directory, entry.name);
    const auto status = root.status(path);
    if (!status && !is_missing(status.error())) return std::unexpected(status.error());
    if (status && status->type == FileType::regular) paths.push_back(std::move(path));
  }
  return paths;
}

Error refused(const std::string& path, const std::string& what) {
  return {Error::Kind::malformed, fmt::format("{}: {}; dconf compiles nothing of its directory then", path, what),
          "mend the file and run `dconf update`"};
}

/// What makes `dconf update` refuse a key file, beyond its being no key file: names that are no paths, values that are
/// none.
std::optional<Error> refusal(const DconfKeyFile& file) {
  for (const auto& entry : file.entries) {
    const auto& group = entry.group;
    if (group.starts_with('/') || group.ends_with('/') || group.contains("//")) {
      return refused(file.path, fmt::format("line {}: [{}] is no path of a setting", entry.line, group));
    }
    if (entry.key.contains('/')) return refused(file.path, fmt::format("line {}: a key holds a slash", entry.line));
    const auto value = formats::parse_variant_text(entry.value);
    const bool counts = formats::find_entry(file.entries, group, entry.key) == &entry;
    if (!value && counts) {
      return refused(file.path, fmt::format("line {}: {}", entry.line, value.error().what));
    }
  }
  return {};
}

std::optional<Error> read_key_files(const Root& root, DconfDatabaseFiles& files) {
  auto paths = files_in(root, files.directory);
  if (!paths) return paths.error();
  std::reverse(paths->begin(), paths->end());
  for (auto& path : *paths) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) return text.error();
    auto entries = formats::parse_key_file(*text);
    if (!entries) return refused(path, entries.error().what);
    DconfKeyFile file{std::move(path), std::move(*entries)};
    if (auto error = refusal(file)) return error;
    files.key_files.push_back(std::move(file));
  }
  return {};
}

std::optional<Error> read_locks(const Root& root, DconfDatabaseFiles& files) {
  const auto paths = files_in(root, files.directory + "/locks");
  if (!paths) return paths.error();
  for (const auto& path : *paths) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) return text.error();
    // Lines are taken as they are: a blank behind a path makes it another path.
    std::string_view rest = *text;
    for (std::uint32_t number = 1; !rest.empty(); ++number) {
      const auto line = take_line(rest);
      if (line.starts_with('/')) files.locks.push_back({std::string(line), fmt::format("{}:{}", path, number)});
    }
  }
  return {};
}

bool is_outdated(const Root& root, const DconfDatabaseFiles& files) {
  const auto compiled = root.status(files.compiled);
  if (!compiled) return true;
  const auto is_newer = [&](const std::string& path) {
    const auto status = root.status(path);
    return status && status->modified > compiled->modified;
  };
  const auto locks = files.directory + "/locks";
  if (is_newer(files.directory) || is_newer(locks)) return true;
  for (const auto& directory : {files.directory, locks}) {
    const auto paths = files_in(root, directory);
    if (paths && std::any_of(paths->begin(), paths->end(), is_newer)) return true;
  }
  return false;
}

DconfDatabaseFiles read_database(const Root& root, const DconfDatabase& database, std::string_view profile) {
  DconfDatabaseFiles files;
  files.database = database;
  files.source = fmt::format("{}:{}", profile, database.line);
  if (database.kind == DconfDatabase::Kind::user) return files;
  files.compiled = database.kind == DconfDatabase::Kind::system ? "/etc/dconf/db/" + database.name : database.name;
  auto bytes = root.read(files.compiled, sources::max_config_bytes);
  if (bytes) {
    files.bytes = std::move(*bytes);
  } else if (!is_missing(bytes.error())) {
    files.compiled_error = bytes.error();
  }
  if (database.kind == DconfDatabase::Kind::system) files.directory = files.compiled + ".d";
  if (files.compiled == greeter_defaults) files.directory = greeter_directory;
  if (files.directory.empty()) return files;
  const auto directory = root.status(files.directory);
  if (!directory && is_missing(directory.error())) {
    files.directory.clear();
  } else if (!directory) {
    files.key_files_error = directory.error();
  } else {
    files.key_files_error = read_key_files(root, files);
    if (!files.key_files_error) files.key_files_error = read_locks(root, files);
    files.outdated = is_outdated(root, files);
  }
  return files;
}

}  // namespace

Result<DconfProfile> read_dconf_profile(const Root& root, std::string_view name) {
  DconfProfile profile;
  for (const auto folder : profile_folders) {
    auto path = fmt::format("{}/{}", folder, name);
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text && is_missing(text.error())) continue;
    if (!text) return std::unexpected(text.error());
    profile.source = std::move(path);
    for (const auto& database : formats::parse_dconf_profile(*text)) {
      profile.databases.push_back(read_database(root, database, profile.source));
    }
    return profile;
  }
  profile.source = fmt::format("{}/{}", profile_folders.front(), name);
  if (name == "user") {
    profile.databases.emplace_back();
    profile.databases.back().database = {DconfDatabase::Kind::user, "user", 0};
    profile.databases.back().source = profile.source;
  }
  return profile;
}

}  // namespace plimsoll::probes
