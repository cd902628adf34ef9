#include "engine/probes/podman.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/lines.hpp"
#include "engine/probes/container_users.hpp"
#include "engine/probes/package_databases.hpp"
#include "engine/probes/setting_fields.hpp"
#include "engine/probes/toml_settings.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view fallback_source = "default of Podman";

// Defaults: defaultConfig() of containers/common. What follows the host has none here.
constexpr std::array setting_fields = {
    SettingField{{"default_capabilities", ValueType::list, "The capabilities of containers that ask for none."},
                 {"containers", "default_capabilities"},
                 "CAP_CHOWN,CAP_DAC_OVERRIDE,CAP_FOWNER,CAP_FSETID,CAP_KILL,CAP_NET_BIND_SERVICE,CAP_SETFCAP,CAP_"
                 "SETGID,CAP_SETPCAP,CAP_SETUID,CAP_SYS_CHROOT"},
    SettingField{{"default_sysctls", ValueType::list, "Kernel settings of containers."},
                 {"containers", "default_sysctls"},
                 "[]"},
    SettingField{{"default_ulimits", ValueType::list, "Limits of processes in containers: `nofile=1024:2048`."},
                 {"containers", "default_ulimits"},
                 "[]"},
    SettingField{{"pids_limit", ValueType::integer, "How many processes a container may have; 0: as many as it likes."},
                 {"containers", "pids_limit"},
                 "2048"},
    SettingField{
        {"label", ValueType::boolean,
         "Whether containers get labels of SELinux; absent where nothing is set, so that the host's own state counts."},
        {"containers", "label"}},
    SettingField{{"seccomp_profile", ValueType::text,
                  "The file of the seccomp profile; empty: the one of the installation; `unconfined`: none."},
                 {"containers", "seccomp_profile"},
                 "\"\""},
    SettingField{{"apparmor_profile", ValueType::text,
                  "The AppArmor profile; absent where nothing is set: the built-in one; `unconfined`: none."},
                 {"containers", "apparmor_profile"}},
    SettingField{{"privileged", ValueType::boolean, "Whether every container is privileged."},
                 {"containers", "privileged"},
                 "false"},
    SettingField{{"read_only", ValueType::boolean, "Whether the file systems of containers are read-only."},
                 {"containers", "read_only"},
                 "false"},
    SettingField{{"netns", ValueType::text, "The network of containers; `host`: that of the host."},
                 {"containers", "netns"},
                 "private"},
    SettingField{{"pidns", ValueType::text, "The processes that containers see; `host`: those of the host."},
                 {"containers", "pidns"},
                 "private"},
    SettingField{{"ipcns", ValueType::text, "The shared memory that containers see; `host`: that of the host."},
                 {"containers", "ipcns"},
                 "shareable"},
    SettingField{{"utsns", ValueType::text, "The host name that containers see; `host`: that of the host."},
                 {"containers", "utsns"},
                 "private"},
    SettingField{
        {"userns", ValueType::text, "The user ids of containers: `auto`, `host`, `keep-id`, `nomap`; empty: `host`."},
        {"containers", "userns"},
        "\"\""},
    SettingField{{"env_host", ValueType::boolean, "Whether containers get the environment of who starts them."},
                 {"containers", "env_host"},
                 "false"},
    SettingField{
        {"http_proxy", ValueType::boolean, "Whether they get its proxy variables, with the passwords in them."},
        {"containers", "http_proxy"},
        "true"},
    SettingField{{"devices", ValueType::list, "Devices of the host that every container gets."},
                 {"containers", "devices"},
                 "[]"},
    SettingField{{"volumes", ValueType::list, "Directories of the host that every container gets."},
                 {"containers", "volumes"},
                 "[]"},
    SettingField{{"log_driver", ValueType::text, "Where logs of containers go; absent where nothing is set."},
                 {"containers", "log_driver"}},
    SettingField{{"log_size_max", ValueType::integer,
                  "How large the log of a container may grow; negative: as large as it likes.", "bytes"},
                 {"containers", "log_size_max"},
                 "-1"},
    SettingField{{"umask", ValueType::text, "The umask in containers."}, {"containers", "umask"}, "0022"},
    SettingField{{"hooks_dir", ValueType::list,
                  "Directories of programs that run with each container; absent where nothing is set: those of the "
                  "installation."},
                 {"engine", "hooks_dir"}},
    SettingField{{"runtime", ValueType::text, "The runtime; absent where nothing is set: the first that is installed."},
                 {"engine", "runtime"}},
    SettingField{{"events_logger", ValueType::text, "Where what happens to containers is recorded; `none`: nowhere."},
                 {"engine", "events_logger"}},
    SettingField{{"pull_policy", ValueType::text, "When images are fetched."}, {"engine", "pull_policy"}, "missing"},
};

constexpr std::array storage_fields = {
    SettingField{
        {"storage_driver", ValueType::text, "What keeps the file systems of containers; absent where nothing is set."},
        {"storage", "driver"}},
    SettingField{{"graph_root", ValueType::text, "Where images and containers are kept; absent where nothing is set."},
                 {"storage", "graphroot"}},
    SettingField{
        {"additional_image_stores", ValueType::list, "Directories of others whose images are used as they are."},
        {"storage", "options", "additionalimagestores"},
        "[]"},
    SettingField{{"mount_options", ValueType::text, "Options with which those file systems are mounted: `nodev`."},
                 {"storage", "options", "overlay", "mountopt"},
                 "\"\""},
};

enum PlainField : std::size_t { user_name, user_uid, files_read, secret_mounts, plain_count };
constexpr std::array<FieldSchema, plain_count> plain_fields = {{
    {"user", ValueType::text, "Whose configuration it is."},
    {"uid", ValueType::integer, "His number."},
    {"files", ValueType::list, "The files that were read for it, the strongest last."},
    {"mounts", ValueType::list, "What mounts.conf puts into every container: `/usr/share/rhel/secrets:/run/secrets`."},
}};
constexpr auto most_fields = joined_schemas(plain_fields, setting_fields);
constexpr auto config_fields = joined_schemas(most_fields, storage_fields);

constexpr std::array<std::string_view, 6> read_from = {"/usr/share/containers/*.conf",
                                                       "/etc/containers/*.conf and *.conf.d/*.conf",
                                                       "/etc/containers/containers.rootless.conf*",
                                                       "~/.config/containers/*.conf and *.conf.d/*.conf",
                                                       "the version of the package podman",
                                                       "/etc/passwd"};
constexpr ProbeSchema config_schema = {
    .name = "podman.config",
    .summary =
        "What Podman and Buildah start containers with, for root and each user with files of his own: containers.conf "
        "with its "
        "drop-ins, storage.conf and mounts.conf. Up to Podman 5 files of all directories add up; since 6 the nearest "
        "main file alone "
        "counts, and drop-ins of one name replace each other. Where no package tells the release and the two differ, "
        "the field is "
        "unreadable. Nothing is found where neither a file nor the package is there.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = config_fields,
    .sources = read_from,
};

struct Release {
  bool installed = false;
  std::vector<bool> nearest_only;  ///< of the releases that may be here
};

Release release_of(const sources::Sources& sources) {
  constexpr std::array<std::string_view, 1> names = {"podman"};
  Release release;
  for (const auto& database : read_package_databases(sources, names)) {
    for (const auto& entry : database.entries) {
      if (entry.state != PackageEntry::State::installed || entry.version.empty()) continue;
      release.installed = true;
      const auto version = entry.version.substr(entry.version.find(':') + 1);
      release.nearest_only = {compare_versions(version, "6~") >= 0};
    }
  }
  if (!release.installed) release.nearest_only = {false, true};
  return release;
}

/// Adds the files of a directory that end in ".conf", by name; since Podman 6 a link is passed over.
Result<void> add_drop_ins(const sources::Root& root, const std::string& directory, std::vector<std::string>& files,
                          bool links = true) {
  const auto entries = root.list(directory);
  if (!entries) {
    if (is_missing(entries.error())) return {};
    return std::unexpected(entries.error());
  }
  for (const auto& entry : *entries) {
    const bool may_count = links || entry.type != sources::FileType::symlink;
    if (entry.type == sources::FileType::directory || !entry.name.ends_with(".conf")) continue;
    if (may_count) files.push_back(fmt::format("{}/{}", directory, entry.name));
  }
  return {};
}

constexpr std::string_view usr = "/usr/share/containers/";
constexpr std::string_view etc = "/etc/containers/";

std::string below(std::string_view directory, std::string_view name) {
  return fmt::format("{}{}", directory, name);
}

/// ~/.config/containers/, of root too.
std::string own_directory(const ContainerUser& user) {
  return fmt::format("{}/.config/containers/", user.home);
}

/// Up to Podman 5: all that are there, in this order.
Result<std::vector<std::string>> layered_files(const sources::Root& root, const ContainerUser& user) {
  std::vector<std::string> files = {below(usr, "containers.conf"), below(etc, "containers.conf")};
  std::vector<std::string> directories = {below(etc, "containers.conf.d")};
  for (const auto& directory : directories) {
    if (auto added = add_drop_ins(root, directory, files); !added) return std::unexpected(added.error());
  }
  if (user.uid != 0) {
    files.push_back(below(etc, "containers.rootless.conf"));
    const auto rootless = below(etc, "containers.rootless.conf.d");
    if (auto added = add_drop_ins(root, rootless, files); !added) return std::unexpected(added.error());
    if (auto added = add_drop_ins(root, fmt::format("{}/{}", rootless, user.uid), files); !added) {
      return std::unexpected(added.error());
    }
  }
  files.push_back(own_directory(user) + "containers.conf");
  if (auto added = add_drop_ins(root, own_directory(user) + "containers.conf.d", files); !added) {
    return std::unexpected(added.error());
  }
  return files;
}

/// Since Podman 6: the nearest main file, then drop-ins by name, of equal names the nearest.
Result<std::vector<std::string>> nearest_files(const sources::Root& root, const ContainerUser& user,
                                               std::string_view name) {
  std::vector<std::string> files;
  const auto own = own_directory(user);
  for (const auto& path : {below(own, name), below(etc, name), below(usr, name)}) {
    const auto status = root.status(path);
    if (!status && is_missing(status.error())) continue;
    files.push_back(path);
    break;
  }
  const auto stem = name.substr(0, name.rfind('.'));
  std::vector<std::string> found;
  for (const auto base : {usr, etc}) {
    std::vector<std::string> directories = {fmt::format("{}{}.d", base, name)};
    if (user.uid == 0) {
      directories.push_back(fmt::format("{}{}.rootful.conf.d", base, stem));
    } else {
      directories.push_back(fmt::format("{}{}.rootless.conf.d", base, stem));
      directories.push_back(fmt::format("{}{}.rootless.conf.d/{}", base, stem, user.uid));
    }
    for (const auto& directory : directories) {
      if (auto added = add_drop_ins(root, directory, found, false); !added) return std::unexpected(added.error());
    }
  }
  if (auto added = add_drop_ins(root, fmt::format("{}{}.d", own, name), found, false); !added)
    return std::unexpected(added.error());
  std::map<std::string, std::string> by_name;
  for (auto& path : found) by_name.insert_or_assign(path.substr(path.rfind('/') + 1), path);
  for (auto& [key, path] : by_name) files.push_back(path);
  return files;
}

/// storage.conf up to Podman 5: one file alone counts.
std::vector<std::string> storage_file(const sources::Root& root, const ContainerUser& user) {
  std::vector<std::string> candidates = {below(etc, "storage.conf"), below(usr, "storage.conf")};
  if (user.uid != 0) candidates.insert(candidates.begin(), own_directory(user) + "storage.conf");
  for (const auto& path : candidates) {
    const auto status = root.status(path);
    if (status || !is_missing(status.error())) return {path};
  }
  return {};
}

/// Lists of containers.conf that hold `{append = true}` add to what was there, and so do those of later files until one
/// says `{append = false}`.
class Appending {
 public:
  void join(const Setting& before, Setting& after, const formats::TomlNode& file) {
    for (const auto& [section, table] : file.entries) {
      for (const auto& [key, node] : table.entries) {
        if (node.is_array()) join_list(before.find({section, key}), after.entries.at(section).entries.at(key), node);
      }
    }
  }

 private:
  void join_list(const Setting* earlier, Setting& setting, const formats::TomlNode& node) {
    TextList items;
    bool texts = true;
    bool& appends = appends_[&setting];
    for (const auto& item : node.items) {
      if (const auto* append = item.find("append")) {
        appends = append->boolean() == true;
      } else {
        texts = texts && item.is_text();
        items.push_back(item.text);
      }
    }
    if (appends && earlier != nullptr) items.insert(items.begin(), earlier->items.begin(), earlier->items.end());
    setting.items = std::move(items);
    setting.texts = texts;
  }

  std::map<const Setting*, bool> appends_;  // nodes of the tree stay where they are
};

/// What lists add to where a file appends to a default.
void lay_default_lists(Setting& settings) {
  for (const auto& row : setting_fields) {
    if (row.schema.type != ValueType::list || row.fallback.empty() || row.fallback == "[]") continue;
    lay_over(settings, used_keys(row.keys), std::get<TextList>(*fallback_value(row.fallback, row.schema.type)),
             std::string(fallback_source));
  }
}

Result<void> lay_files(const sources::Root& root, const std::vector<std::string>& files, Setting& settings,
                       TextList& read) {
  Appending appending;
  for (const auto& path : files) {
    const auto tree = read_toml(root, path);
    if (!tree) {
      if (is_missing(tree.error())) continue;
      return std::unexpected(tree.error());
    }
    const Setting before = settings;
    lay_over(settings, *tree, path);
    appending.join(before, settings, *tree);
    read.push_back(path);
  }
  return {};
}

struct Reading {
  Setting settings;
  Setting storage;
  TextList files;
};

Result<Reading> read_settings(const sources::Root& root, const ContainerUser& user, bool nearest_only) {
  Reading reading;
  lay_default_lists(reading.settings);
  const auto files = nearest_only ? nearest_files(root, user, "containers.conf") : layered_files(root, user);
  if (!files) return std::unexpected(files.error());
  if (auto laid = lay_files(root, *files, reading.settings, reading.files); !laid) return std::unexpected(laid.error());
  const auto storage = nearest_only ? nearest_files(root, user, "storage.conf") : storage_file(root, user);
  if (!storage) return std::unexpected(storage.error());
  if (auto laid = lay_files(root, *storage, reading.storage, reading.files); !laid)
    return std::unexpected(laid.error());
  return reading;
}

/// The first file that is there counts alone.
Field mounts_of(const sources::Root& root, const ContainerUser& user) {
  std::vector<std::string> candidates = {below(etc, "mounts.conf"), below(usr, "mounts.conf")};
  if (user.uid != 0) candidates.insert(candidates.begin(), own_directory(user) + "mounts.conf");
  for (const auto& path : candidates) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text && is_missing(text.error())) continue;
    if (!text) return Field{Unreadable{text.error()}, path, {}};
    TextList mounts;
    formats::Lines lines(*text);
    std::string_view line;
    while (lines.next(line)) {
      const auto entry = trimmed(line);
      if (!entry.empty() && !entry.starts_with('#')) mounts.emplace_back(entry);
    }
    return Field{Value{std::move(mounts)}, path, {}};
  }
  return Field{Value{TextList{}}, below(etc, "mounts.conf"), {}};
}

Record read_as(const sources::Root& root, const ContainerUser& user, bool nearest_only) {
  Record record(config_fields.size());
  record.resource = fmt::format("Podman of {}", user.name);
  record.source = below(etc, "containers.conf");
  const auto reading = read_settings(root, user, nearest_only);
  if (!reading) {
    for (std::size_t i = 0; i < config_fields.size(); ++i) record.set_unreadable(i, reading.error());
  } else {
    if (!reading->files.empty()) record.source = reading->files.back();
    set_fields(record, plain_count, setting_fields, reading->settings, fallback_source);
    set_fields(record, most_fields.size(), storage_fields, reading->storage, fallback_source);
    record.set(files_read, reading->files);
  }
  record.fields[secret_mounts] = mounts_of(root, user);
  record.set(user_name, user.name);
  record.set(user_uid, std::int64_t{user.uid});
  return record;
}

/// What both ways of reading agree on.
Record read_user(const sources::Root& root, const ContainerUser& user, const Release& release) {
  Record record = read_as(root, user, release.nearest_only.front());
  for (std::size_t i = 1; i < release.nearest_only.size(); ++i) {
    const Record other = read_as(root, user, release.nearest_only[i]);
    for (std::size_t field = 0; field < config_fields.size(); ++field) {
      if (field == files_read || record.fields[field].state == other.fields[field].state) continue;
      record.set_unreadable(
          field, Error{Error::Kind::unobservable,
                       "Podman 5 and 6 read these files differently, and no package tells which one is installed",
                       "install podman as a package"});
    }
  }
  return record;
}

void collect_config(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  constexpr std::array<std::string_view, 4> own_files = {
      ".config/containers/containers.conf", ".config/containers/containers.conf.d", ".config/containers/storage.conf",
      ".config/containers/mounts.conf"};
  const auto release = release_of(sources);
  const auto found = container_users(sources, own_files);
  std::vector<Record> records;
  for (const auto& user : found.users) {
    auto record = read_user(sources.root, user, release);
    const auto* files = record.fields[files_read].value();
    const bool nothing = files != nullptr && std::get<TextList>(*files).empty();
    if (user.uid != 0 || release.installed || !nothing) records.push_back(std::move(record));
  }
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : records) sink.add(index, record);
    sink.looked_at(index, fmt::format("{} configurations of Podman", records.size()), below(etc, "containers.conf"));
    if (found.gap) sink.fail(index, *found.gap);
  }
}

}  // namespace

const Probe podman_config_probe = {&config_schema, collect_config};

}  // namespace plimsoll::probes
