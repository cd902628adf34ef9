#include "engine/probes/registries_conf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace plimsoll::probes {
namespace {

using formats::TomlNode;

Error refused(const std::string& path, const TomlNode& node, std::string_view what) {
  return Error{Error::Kind::malformed, fmt::format("{}:{}: {}", path, node.line, what)};
}

std::string source_of(const std::string& path, const TomlNode& node) {
  return fmt::format("{}:{}", path, node.line);
}

Result<std::string> text_at(const TomlNode& table, std::string_view key, const std::string& path) {
  const auto* node = table.find(key);
  if (node == nullptr) return std::string();
  if (!node->is_text()) return std::unexpected(refused(path, *node, fmt::format("`{}` is no text", key)));
  return node->text;
}

Result<bool> switch_at(const TomlNode& table, std::string_view key, const std::string& path) {
  const auto* node = table.find(key);
  if (node == nullptr) return false;
  if (const auto value = node->boolean()) return *value;
  return std::unexpected(refused(path, *node, fmt::format("`{}` is neither true nor false", key)));
}

Result<std::vector<std::string>> texts_of(const TomlNode& list, const std::string& path) {
  std::vector<std::string> texts;
  if (!list.is_array()) return std::unexpected(refused(path, list, "this is no list"));
  for (const auto& item : list.items) {
    if (!item.is_text()) return std::unexpected(refused(path, item, "this is no text"));
    texts.push_back(item.text);
  }
  return texts;
}

Result<RegistryEndpoint> endpoint_of(const TomlNode& table, const std::string& path) {
  RegistryEndpoint endpoint;
  auto location = text_at(table, "location", path);
  if (!location) return std::unexpected(location.error());
  const auto insecure = switch_at(table, "insecure", path);
  if (!insecure) return std::unexpected(insecure.error());
  endpoint.location = std::move(*location);
  while (endpoint.location.ends_with('/')) endpoint.location.pop_back();
  endpoint.insecure = *insecure;
  const auto* written = table.find("insecure");
  endpoint.source = source_of(path, written != nullptr ? *written : table);
  return endpoint;
}

Result<ConfiguredRegistry> registry_of(const TomlNode& table, const std::string& path) {
  ConfiguredRegistry registry;
  auto endpoint = endpoint_of(table, path);
  if (!endpoint) return std::unexpected(endpoint.error());
  registry.endpoint = std::move(*endpoint);
  auto prefix = text_at(table, "prefix", path);
  if (!prefix) return std::unexpected(prefix.error());
  registry.prefix = prefix->empty() ? registry.endpoint.location : *prefix;
  if (registry.prefix.empty()) {
    return std::unexpected(refused(path, table, "a registry has neither `location` nor `prefix`"));
  }
  const auto blocked = switch_at(table, "blocked", path);
  if (!blocked) return std::unexpected(blocked.error());
  registry.blocked = *blocked;
  if (const auto* mirrors = table.find("mirror")) {
    for (const auto& item : mirrors->items) {
      auto mirror = endpoint_of(item, path);
      if (!mirror) return std::unexpected(mirror.error());
      registry.mirrors.push_back(std::move(*mirror));
    }
  }
  return registry;
}

void put(RegistriesConf& conf, ConfiguredRegistry registry) {
  const auto same = std::find_if(conf.registries.begin(), conf.registries.end(),
                                 [&](const auto& one) { return one.prefix == registry.prefix; });
  if (same != conf.registries.end()) {
    *same = std::move(registry);
  } else {
    conf.registries.push_back(std::move(registry));
  }
}

/// [registries.search], [registries.insecure] and [registries.block], each with a list `registries`.
Result<void> add_version_1(RegistriesConf& conf, const TomlNode& section, const std::string& path) {
  for (const std::string_view name : {"search", "insecure", "block"}) {
    const auto* list = section.find_path({name, "registries"});
    if (list == nullptr) continue;
    auto texts = texts_of(*list, path);
    if (!texts) return std::unexpected(texts.error());
    const auto source = source_of(path, *list);
    if (name == "search") {
      conf.search = std::move(*texts);
      conf.search_source = source;
      continue;
    }
    for (const auto& text : *texts) {
      const auto same = std::find_if(conf.registries.begin(), conf.registries.end(),
                                     [&](const auto& one) { return one.prefix == text; });
      auto registry =
          same != conf.registries.end() ? *same : ConfiguredRegistry{text, false, {text, false, source}, {}};
      if (name == "block") registry.blocked = true;
      if (name == "insecure") registry.endpoint = {text, true, source};
      put(conf, std::move(registry));
    }
  }
  return {};
}

Result<void> add_version_2(RegistriesConf& conf, const TomlNode& file, const std::string& path) {
  if (const auto* search = file.find("unqualified-search-registries")) {
    auto texts = texts_of(*search, path);
    if (!texts) return std::unexpected(texts.error());
    conf.search = std::move(*texts);
    conf.search_source = source_of(path, *search);
  }
  auto mode = text_at(file, "short-name-mode", path);
  if (!mode) return std::unexpected(mode.error());
  if (!mode->empty()) {
    if (*mode != "enforcing" && *mode != "permissive" && *mode != "disabled") {
      return std::unexpected(refused(path, *file.find("short-name-mode"), "there is no such short-name-mode"));
    }
    conf.short_name_mode = *mode;
    conf.mode_source = source_of(path, *file.find("short-name-mode"));
  }
  if (const auto* registries = file.find("registry")) {
    for (const auto& item : registries->items) {
      auto registry = registry_of(item, path);
      if (!registry) return std::unexpected(registry.error());
      put(conf, std::move(*registry));
    }
  }
  return {};
}

Result<void> add_file(const sources::Root& root, RegistriesConf& conf, const std::string& path, bool drop_in) {
  const auto file = read_toml(root, path);
  if (!file) {
    if (is_missing(file.error())) return {};
    return std::unexpected(file.error());
  }
  conf.files.push_back(path);
  const auto* old = file->find("registries");
  if (old == nullptr || !old->is_table()) return add_version_2(conf, *file, path);
  if (drop_in) return std::unexpected(refused(path, *old, "a drop-in must not have the old layout"));
  if (file->find("registry") != nullptr || file->find("unqualified-search-registries") != nullptr) {
    return std::unexpected(refused(path, *old, "the old and the new layout are mixed"));
  }
  conf.version_1 = true;
  return add_version_1(conf, *old, path);
}

Result<void> add_directory(const sources::Root& root, RegistriesConf& conf, const std::string& directory) {
  const auto entries = root.list(directory);
  if (!entries) {
    if (is_missing(entries.error())) return {};
    return std::unexpected(entries.error());
  }
  for (const auto& entry : *entries) {
    if (entry.type == sources::FileType::directory || !entry.name.ends_with(".conf")) continue;
    if (auto added = add_file(root, conf, fmt::format("{}/{}", directory, entry.name), true); !added) return added;
  }
  return {};
}

}  // namespace

Result<RegistriesConf> read_registries_conf(const sources::Root& root, const ContainerUser& user) {
  RegistriesConf conf;
  const auto own = fmt::format("{}/.config/containers/registries.conf", user.home);
  const auto status = root.status(own);
  const bool has_own = status || !is_missing(status.error());
  if (auto added = add_file(root, conf, has_own ? own : "/etc/containers/registries.conf", false); !added) {
    return std::unexpected(added.error());
  }
  if (!has_own) {
    if (auto added = add_directory(root, conf, "/etc/containers/registries.conf.d"); !added) {
      return std::unexpected(added.error());
    }
  }
  if (auto added = add_directory(root, conf, own + ".d"); !added) return std::unexpected(added.error());
  return conf;
}

}  // namespace plimsoll::probes
