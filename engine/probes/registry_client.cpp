#include <fmt/core.h>

#include <array>

#include "engine/probes/container_users.hpp"
#include "engine/probes/containerd_registries.hpp"
#include "engine/probes/registries.hpp"
#include "engine/probes/registries_conf.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 2> own_files = {".config/containers/registries.conf",
                                                       ".config/containers/registries.conf.d"};
constexpr std::array<std::string_view, 4> read_from = {
    "/etc/containers/registries.conf and registries.conf.d/*.conf",
    "~/.config/containers/registries.conf and registries.conf.d/*.conf", "what `containerd.config` reads",
    "hosts.toml files in the directories that containerd names"};

enum ClientField : std::size_t {
  runtime,
  user,
  registry,
  endpoint,
  mirror,
  insecure,
  plain_http,
  blocked,
  capabilities,
  client_count
};
constexpr std::array<std::string_view, 2> runtimes = {"containers", "containerd"};
constexpr std::array<FieldSchema, client_count> client_fields = {{
    {.name = "runtime",
     .type = ValueType::text,
     .meaning =
         "Who is told so: `containers` stands for Podman, Buildah, Skopeo and CRI-O, which share registries.conf.",
     .allowed = runtimes},
    {.name = "user", .type = ValueType::text, .meaning = "Whose images it is about."},
    {.name = "registry",
     .type = ValueType::text,
     .meaning = "What the names of images begin with: `docker.io`; `_default`: all of which nothing is said."},
    {.name = "endpoint",
     .type = ValueType::text,
     .meaning = "Where they are fetched from; empty: from where the name says."},
    {.name = "mirror", .type = ValueType::boolean, .meaning = "Whether that is a mirror."},
    {.name = "insecure",
     .type = ValueType::boolean,
     .meaning = "Whether anybody on the way can put other images in place: its certificate is not verified, or plain "
                "HTTP is spoken."},
    {.name = "plain_http", .type = ValueType::boolean, .meaning = "Whether HTTP in clear is what its address says."},
    {.name = "blocked", .type = ValueType::boolean, .meaning = "Whether images of these names are refused."},
    {.name = "capabilities",
     .type = ValueType::list,
     .meaning = "What it is trusted for: `pull`, `resolve`, `push`; absent where nothing limits it."},
}};
constexpr ProbeSchema client_schema = {
    .name = "registry.client",
    .summary =
        "The registries and mirrors that runtimes are told of: registries.conf in both layouts with its drop-ins, for "
        "root and each user "
        "with files of his own; hosts.toml or the old sections of containerd. dockerd has a configuration of its own.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = client_fields,
    .sources = read_from,
};

enum SearchField : std::size_t {
  search_user,
  search_list,
  search_count,
  short_name_mode,
  version_1,
  search_fields_count
};
constexpr std::array<std::string_view, 3> modes = {"enforcing", "permissive", "disabled"};
constexpr std::array<FieldSchema, search_fields_count> search_fields = {{
    {.name = "user", .type = ValueType::text, .meaning = "Whose images it is about."},
    {.name = "search_registries",
     .type = ValueType::list,
     .meaning = "The registries that are asked for names without one; empty: such names are refused but for aliases."},
    {.name = "search_count", .type = ValueType::integer, .meaning = "How many these are."},
    {.name = "short_name_mode",
     .type = ValueType::text,
     .meaning = "What happens where several could be meant: `enforcing` refuses without a person who chooses, "
                "`permissive` and `disabled` take the first that answers.",
     .allowed = modes},
    {.name = "old_layout",
     .type = ValueType::boolean,
     .meaning = "Whether registries.conf has the layout of version 1."},
}};
constexpr ProbeSchema search_schema = {
    .name = "registry.search",
    .summary =
        "What names of images without a registry stand for, for root and each user with a registries.conf of his own. "
        "Nothing is found where no file is there.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = search_fields,
    .sources = read_from,
};

Record client_record(std::string_view who, const std::string& whose, const std::string& name,
                     const std::string& where) {
  Record record(client_fields.size());
  record.resource = where.empty() || where == name ? fmt::format("registry {} ({}, {})", name, who, whose)
                                                   : fmt::format("registry {} at {} ({}, {})", name, where, who, whose);
  record.set(runtime, std::string(who));
  record.set(user, whose);
  record.set(registry, name);
  record.set(endpoint, where);
  return record;
}

Record record_of(const RegistryEndpoint& point, const ConfiguredRegistry& one, const std::string& whose,
                 bool is_mirror) {
  auto record = client_record("containers", whose, one.prefix, point.location);
  record.source = point.source;
  record.set(mirror, is_mirror);
  record.set(insecure, point.insecure);
  record.set(plain_http, false);
  record.set(blocked, one.blocked);
  record.set_absent(capabilities);
  return record;
}

Record record_of(const ContainerdEndpoint& point, const std::string& whose) {
  auto record = client_record("containerd", whose, point.registry, point.url);
  record.source = point.source;
  record.set(mirror, point.mirror);
  record.set(insecure, point.skip_verify || point.plain_http());
  record.set(plain_http, point.plain_http());
  record.set(blocked, false);
  if (point.capabilities.empty()) {
    record.set_absent(capabilities);
  } else {
    record.set(capabilities, point.capabilities);
  }
  return record;
}

struct Clients {
  std::vector<Record> records;
  std::vector<Error> errors;
};

Clients read_clients(const sources::Sources& sources) {
  Clients clients;
  const auto found = container_users(sources, own_files);
  if (found.gap) clients.errors.push_back(*found.gap);
  for (const auto& one : found.users) {
    const auto conf = read_registries_conf(sources.root, one);
    if (!conf) {
      clients.errors.push_back(conf.error());
      continue;
    }
    for (const auto& entry : conf->registries) {
      clients.records.push_back(record_of(entry.endpoint, entry, one.name, false));
      for (const auto& point : entry.mirrors) clients.records.push_back(record_of(point, entry, one.name, true));
    }
  }
  const auto& configs = containerd_configs(sources);
  if (configs.gap) clients.errors.push_back(*configs.gap);
  for (const auto& config : configs.configs) {
    if (config.error) clients.errors.push_back(*config.error);
    auto endpoints = containerd_endpoints(sources.root, config);
    for (const auto& point : endpoints.endpoints) {
      clients.records.push_back(record_of(point, config.rootless ? config.path : std::string("root")));
    }
    for (auto& error : endpoints.errors) clients.errors.push_back(std::move(error));
  }
  return clients;
}

void collect_clients(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto clients = read_clients(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : clients.records) sink.add(index, record);
    sink.looked_at(index, fmt::format("{} registries and mirrors", clients.records.size()),
                   "/etc/containers/registries.conf");
    if (!clients.errors.empty()) sink.fail(index, clients.errors.front());
  }
}

std::optional<Record> search_record(const sources::Root& root, const ContainerUser& one) {
  Record record(search_fields.size());
  record.resource = fmt::format("names of images without a registry ({})", one.name);
  record.source = "/etc/containers/registries.conf";
  const auto conf = read_registries_conf(root, one);
  if (!conf) {
    for (std::size_t i = 0; i < search_fields.size(); ++i) record.set_unreadable(i, conf.error());
  } else {
    if (conf->files.empty()) return std::nullopt;
    record.source = conf->files.front();
    const std::string none = "default of containers/image";
    record.set(search_list, conf->search, conf->search_source.empty() ? none : conf->search_source);
    record.set(search_count, static_cast<std::int64_t>(conf->search.size()),
               conf->search_source.empty() ? none : conf->search_source);
    record.set(short_name_mode, conf->short_name_mode.empty() ? std::string("permissive") : conf->short_name_mode,
               conf->mode_source.empty() ? none : conf->mode_source);
    record.set(version_1, conf->version_1);
  }
  record.set(search_user, one.name);
  return record;
}

void collect_search(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto found = container_users(sources, own_files);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& one : found.users) {
      if (auto record = search_record(sources.root, one)) sink.add(index, std::move(*record));
    }
    sink.looked_at(index, "registries.conf", "/etc/containers/registries.conf");
    if (found.gap) sink.fail(index, *found.gap);
  }
}

}  // namespace

const Probe registry_client_probe = {&client_schema, collect_clients};
const Probe registry_search_probe = {&search_schema, collect_search};

}  // namespace plimsoll::probes
