#include "engine/probes/containerd_registries.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace plimsoll::probes {
namespace {

using formats::TomlNode;

std::string with_scheme(const std::string& url) {
  return url.starts_with("http") ? url : "https://" + url;
}

Result<ContainerdEndpoint> endpoint_of(const TomlNode& table, std::string registry, const std::string& url,
                                       const std::string& path) {
  ContainerdEndpoint endpoint;
  endpoint.registry = std::move(registry);
  endpoint.url = with_scheme(url);
  endpoint.source = fmt::format("{}:{}", path, table.line);
  if (const auto* verify = table.find("skip_verify")) {
    const auto value = verify->boolean();
    if (!value) {
      return std::unexpected(Error{Error::Kind::malformed,
                                   fmt::format("{}:{}: `skip_verify` is neither true nor false", path, verify->line)});
    }
    endpoint.skip_verify = *value;
    endpoint.source = fmt::format("{}:{}", path, verify->line);
  }
  if (const auto* capabilities = table.find("capabilities")) {
    for (const auto& item : capabilities->items) endpoint.capabilities.push_back(item.text);
  }
  return endpoint;
}

class Reader {
 public:
  explicit Reader(const sources::Root& root) : root_(root) {}

  ContainerdEndpoints take() { return std::move(found_); }

  void read_settings(const ContainerdSettings& settings) {
    const auto* registry = settings.tree.find({"plugins", containerd::images_plugin, "registry"});
    const auto* path = registry == nullptr ? nullptr : registry->find({"config_path"});
    if (path != nullptr && !path->text.empty()) return read_directories(path->text);
    const bool says_nothing = registry == nullptr || registry->entries.empty();
    if (says_nothing && settings.era >= ContainerdEra::two_two) {
      return read_directories("/etc/containerd/certs.d:/etc/docker/certs.d");
    }
    if (registry != nullptr) read_old(*registry, settings.era);
  }

 private:
  void add(Result<ContainerdEndpoint> endpoint) {
    if (!endpoint) {
      found_.errors.push_back(endpoint.error());
      return;
    }
    found_.endpoints.push_back(std::move(*endpoint));
  }

  void read_directories(std::string_view paths) {
    while (!paths.empty()) {
      const auto directory = paths.substr(0, paths.find(':'));
      paths.remove_prefix(std::min(directory.size() + 1, paths.size()));
      const auto entries = root_.list(directory);
      if (!entries) {
        if (!is_missing(entries.error())) found_.errors.push_back(entries.error());
        continue;
      }
      for (const auto& entry : *entries) {
        if (entry.type != sources::FileType::regular)
          read_hosts(fmt::format("{}/{}", directory, entry.name), entry.name);
      }
    }
  }

  void read_hosts(const std::string& directory, const std::string& registry) {
    const auto path = directory + "/hosts.toml";
    const auto file = read_toml(root_, path);
    if (!file) {
      if (!is_missing(file.error())) found_.errors.push_back(file.error());
      return;
    }
    const auto* server = file->find("server");
    const bool named = server != nullptr && server->is_text() && !server->text.empty();
    add(endpoint_of(*file, registry, named ? server->text : registry, path));
    const auto* hosts = file->find("host");
    if (hosts == nullptr) return;
    for (const auto& [url, table] : hosts->entries) {
      auto endpoint = endpoint_of(table, registry, url, path);
      if (endpoint) endpoint->mirror = true;
      add(std::move(endpoint));
    }
  }

  /// [registry.mirrors.NAME] and, in 1.x, [registry.configs.HOST.tls].
  void read_old(const Setting& registry, ContainerdEra era) {
    if (const auto* mirrors = registry.find({"mirrors"})) {
      for (const auto& [name, mirror] : mirrors->entries) {
        const auto* urls = mirror.find({"endpoint"});
        if (urls == nullptr) continue;
        for (const auto& url : urls->items) {
          add(ContainerdEndpoint{name, with_scheme(url), true, false, {}, urls->source});
        }
      }
    }
    const auto* configs = registry.find({"configs"});
    if (configs == nullptr || era != ContainerdEra::one) return;
    for (const auto& [host, config] : configs->entries) {
      const auto* skip = config.find({"tls", "insecure_skip_verify"});
      if (skip != nullptr && skip->text == "true")
        add(ContainerdEndpoint{host, with_scheme(host), false, true, {}, skip->source});
    }
  }

  const sources::Root& root_;
  ContainerdEndpoints found_;
};

}  // namespace

ContainerdEndpoints containerd_endpoints(const sources::Root& root, const ContainerdConfig& config) {
  std::optional<ContainerdEndpoints> agreed;
  bool differ = false;
  for (const auto& settings : config.settings) {
    Reader reader(root);
    reader.read_settings(settings);
    auto found = reader.take();
    if (!agreed) {
      agreed = std::move(found);
      continue;
    }
    differ = differ || agreed->endpoints != found.endpoints;
    std::erase_if(agreed->endpoints, [&](const auto& one) {
      return std::find(found.endpoints.begin(), found.endpoints.end(), one) == found.endpoints.end();
    });
    if (agreed->errors.empty()) agreed->errors = std::move(found.errors);
  }
  if (!agreed) return {};
  if (differ) {
    agreed->errors.push_back({Error::Kind::unobservable,
                              fmt::format("{}: releases of containerd take other registries from this, and no package "
                                          "tells which one is installed",
                                          config.path),
                              "set `config_path`, or install containerd as a package"});
  }
  return std::move(*agreed);
}

}  // namespace plimsoll::probes
