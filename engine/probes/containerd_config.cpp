#include "engine/probes/containerd_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <span>
#include <utility>

#include "engine/core/value.hpp"
#include "engine/probes/accounts.hpp"
#include "engine/probes/containerd_migration.hpp"
#include "engine/probes/daemon_commands.hpp"
#include "engine/probes/package_databases.hpp"
#include "engine/probes/path_glob.hpp"
#include "engine/probes/unit_command.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view default_path = "/etc/containerd/config.toml";
constexpr std::size_t max_files = 500;

ContainerdEra era_of(std::string_view version) {
  // "2.3~rc" stands before "2.3" in dpkg's order and has its ways already.
  if (compare_versions(std::string(version), "2.3~") >= 0) return ContainerdEra::two_three;
  if (compare_versions(std::string(version), "2.2~") >= 0) return ContainerdEra::two_two;
  return compare_versions(std::string(version), "2~") >= 0 ? ContainerdEra::two : ContainerdEra::one;
}

/// The eras of the releases that may run here: that of the installed package, else all that can read a file of this
/// version.
std::vector<ContainerdEra> possible_eras(const sources::Sources& sources, std::int64_t version) {
  constexpr std::array<std::string_view, 2> names = {"containerd", "containerd.io"};
  std::set<ContainerdEra> installed;
  for (const auto& database : read_package_databases(sources, names)) {
    for (const auto& entry : database.entries) {
      const bool counts = entry.state == PackageEntry::State::installed && !entry.version.empty();
      // An epoch says nothing of the release.
      if (counts) installed.insert(era_of(entry.version.substr(entry.version.find(':') + 1)));
    }
  }
  if (installed.size() == 1) return {*installed.begin()};
  std::vector<ContainerdEra> eras;
  if (version < 3) eras.push_back(ContainerdEra::one);
  if (version < 4) eras.insert(eras.end(), {ContainerdEra::two, ContainerdEra::two_two});
  eras.push_back(ContainerdEra::two_three);
  return eras;
}

struct File {
  std::string path;
  formats::TomlNode tree;
};

std::string directory_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// The files that one names under `imports`, in its order. A name without an asterisk must be there.
Result<std::vector<std::string>> imports_of(const sources::Root& root, const File& file) {
  std::vector<std::string> paths;
  const auto* imports = file.tree.find("imports");
  if (imports == nullptr) return paths;
  for (const auto& item : imports->items) {
    auto path = item.text.starts_with('/') ? item.text : fmt::format("{}/{}", directory_of(file.path), item.text);
    if (path.find('*') == std::string::npos) {
      paths.push_back(std::move(path));
      continue;
    }
    auto found = glob_paths(root, path);
    if (!found) return std::unexpected(found.error());
    for (auto& one : *found) paths.push_back(std::move(one));
  }
  return paths;
}

/// The main file and what it imports, each once, breadth first: later ones win.
Result<std::vector<File>> read_files(const sources::Root& root, const std::string& path) {
  std::vector<File> files;
  std::set<std::string> seen;
  std::deque<std::string> pending = {path};
  while (!pending.empty()) {
    auto next = std::move(pending.front());
    pending.pop_front();
    if (!seen.insert(next).second) continue;
    if (seen.size() > max_files) {
      return std::unexpected(Error{Error::Kind::too_large, fmt::format("{}: too many files are imported", path)});
    }
    auto tree = read_toml(root, next);
    if (!tree) return std::unexpected(tree.error());
    files.push_back({std::move(next), std::move(*tree)});
    auto more = imports_of(root, files.back());
    if (!more) return std::unexpected(more.error());
    pending.insert(pending.end(), more->begin(), more->end());
  }
  return files;
}

/// 1.x puts sections of plugins in place of earlier ones; those that hold settings of sockets are no plugins there.
bool replaces_plugin(std::span<const std::string> keys) {
  return keys.size() == 2 && keys[0] == "plugins" && !keys[1].starts_with("io.containerd.server.v1.");
}

/// `disabled_plugins` adds up over files.
void add_disabled(Setting& tree, const formats::TomlNode& file) {
  const auto* list = file.find("disabled_plugins");
  const auto* before = tree.find({"disabled_plugins"});
  if (list == nullptr || before == nullptr) return;
  auto& items = tree.entries.at("disabled_plugins").items;
  for (const auto& item : list->items) {
    if (std::find(items.begin(), items.end(), item.text) == items.end()) items.push_back(item.text);
  }
}

ContainerdSettings settings_of(const std::vector<File>& files, std::span<const std::string> words,
                               const std::string& words_source, ContainerdEra era) {
  ContainerdSettings settings{era, {}};
  for (const auto& file : files) {
    auto tree = migrated(file.tree, era);
    add_disabled(settings.tree, tree);
    if (settings.tree.find({"disabled_plugins"}) != nullptr) {
      std::erase_if(tree.entries, [](const auto& entry) { return entry.key == "disabled_plugins"; });
    }
    lay_over(settings.tree, tree, file.path, era == ContainerdEra::one ? ReplacesTable(replaces_plugin) : nullptr);
  }
  constexpr std::array<std::string_view, 1> root_keys = {"root"};
  constexpr std::array<std::string_view, 1> state_keys = {"state"};
  constexpr std::array<std::string_view, 2> level_keys = {"debug", "level"};
  constexpr std::array<std::string_view, 3> address_keys = {"plugins", containerd::grpc, "address"};
  const auto option = [&](std::string_view name, std::string_view letter, std::span<const std::string_view> keys) {
    const auto value = option_value(words, name, letter);
    if (value && !value->empty()) lay_over(settings.tree, keys, *value, ValueType::text, words_source);
  };
  option("root", {}, root_keys);
  option("state", {}, state_keys);
  option("log-level", "l", level_keys);
  option("address", "a", address_keys);
  return settings;
}

class Reader {
 public:
  explicit Reader(const sources::Sources& sources) : sources_(sources) {}

  ContainerdConfigs read() {
    auto commands = running_daemons(sources_, "containerd");
    configs_.gap = std::move(commands.gap);
    for (const auto& command : commands.running) {
      auto& config = config_at(path_of(command), command.words, command.source, command.uid != 0);
      config.running = true;
    }
    read_unit();
    // Without a unit (an image that is looked at, a service of another kind) the file alone tells that it is here.
    if (configs_.configs.empty() && !is_missing_file(default_path)) config_at(std::string(default_path), {}, {}, false);
    read_homes();
    return std::move(configs_);
  }

 private:
  [[nodiscard]] std::string path_of(const DaemonCommand& command) const {
    if (auto path = option_value(command.words, "config", "c")) return *path;
    if (command.uid == 0) return std::string(default_path);
    for (const auto& entry : accounts_of(sources_).passwd.entries) {
      if (!entry.compat && entry.uid == command.uid) return user_path(entry.home);
    }
    return std::string(default_path);
  }

  /// containerd-rootless.sh puts this directory in place of /etc/containerd.
  static std::string user_path(const std::string& home) { return home + "/.config/containerd/config.toml"; }

  void read_unit() {
    constexpr std::array<std::string_view, 1> units = {"containerd.service"};
    const auto command = read_unit_command(sources_, units);
    if (!command) {
      if (!configs_.gap) configs_.gap = command.error();
      return;
    }
    if (command->unit.empty()) return;
    const auto path = option_value(command->words, "config", "c").value_or(std::string(default_path));
    config_at(path, command->words, command->source, false).at_boot = true;
  }

  void read_homes() {
    const auto& accounts = accounts_of(sources_);
    if (const auto* why = accounts.passwd_error(); why != nullptr && !is_missing(*why) && !configs_.gap)
      configs_.gap = *why;
    for (const auto& entry : accounts.passwd.entries) {
      if (entry.compat || entry.uid == 0 || !entry.home.starts_with('/')) continue;
      const auto path = user_path(entry.home);
      const auto status = sources_.root.status(path);
      if (status) {
        config_at(path, {}, {}, true);
      } else if (!is_missing(status.error()) && !configs_.gap) {
        configs_.gap = status.error();
      }
    }
  }

  ContainerdConfig& config_at(const std::string& path, const std::vector<std::string>& words,
                              const std::string& words_source, bool rootless) {
    for (auto& config : configs_.configs) {
      if (config.path == path) return config;
    }
    ContainerdConfig config;
    config.path = path;
    config.rootless = rootless;
    config.source = path;
    auto files = read_files(sources_.root, path);
    if (!files && is_missing(files.error()) && is_missing_file(path)) {
      files = std::vector<File>();
      if (!words_source.empty()) config.source = words_source;
    }
    if (files) {
      config.exists = !files->empty();
      std::int64_t version = 1;
      for (const auto& file : *files) {
        config.files.push_back(file.path);
        version = std::max(version, version_of(file.tree));
      }
      for (const auto era : possible_eras(sources_, files->empty() ? 1 : version)) {
        config.settings.push_back(settings_of(*files, words, words_source, era));
      }
    } else {
      config.exists = true;
      config.error = files.error();
    }
    configs_.configs.push_back(std::move(config));
    return configs_.configs.back();
  }

  [[nodiscard]] bool is_missing_file(std::string_view path) const {
    const auto status = sources_.root.status(path);
    return !status && is_missing(status.error());
  }

  const sources::Sources& sources_;
  ContainerdConfigs configs_;
};

}  // namespace

const ContainerdConfigs& containerd_configs(const sources::Sources& sources) {
  return sources.memo.get<ContainerdConfigs>([&] { return Reader(sources).read(); });
}

}  // namespace plimsoll::probes
