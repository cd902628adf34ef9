#include "engine/probes/registry_server.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/formats/yaml.hpp"
#include "engine/probes/daemon_commands.hpp"
#include "engine/probes/unit_command.hpp"

namespace plimsoll::probes {
namespace {

using formats::YamlNode;

constexpr std::array<std::string_view, 3> usual_paths = {
    "/etc/docker/registry/config.yml", "/etc/docker-registry/config.yml", "/etc/distribution/config.yml"};
constexpr std::array<std::string_view, 3> units = {"docker-registry.service", "docker-distribution.service",
                                                   "registry.service"};
constexpr std::array<std::string_view, 4> read_from = {
    "the configuration that registry, docker-registry or their units name", "/etc/docker/registry/config.yml",
    "/etc/docker-registry/config.yml", "/etc/distribution/config.yml"};

enum ServerField : std::size_t {
  path,
  running,
  address,
  loopback,
  tls,
  tls_minimum,
  client_authorities,
  authentication,
  http_secret_set,
  delete_enabled,
  read_only,
  proxy_of,
  proxy_stores_password,
  debug_address,
  log_level,
  field_count
};
constexpr std::array<FieldSchema, field_count> fields = {{
    {"path", ValueType::text, "Its configuration."},
    {"running", ValueType::boolean, "Whether a process of this host runs with it now."},
    {"address", ValueType::text, "Where it listens: `:5000`; absent where the file does not say."},
    {"loopback", ValueType::boolean, "Whether it listens for this host alone."},
    {"tls", ValueType::boolean, "Whether it speaks TLS: with a certificate, or one from Let's Encrypt."},
    {"tls_minimum", ValueType::text,
     "The oldest version that it speaks; absent where the file does not say: 1.2 (1.0 before 2.7)."},
    {"client_authorities", ValueType::list,
     "The authorities that must have signed the certificates of those who connect."},
    {"authentication", ValueType::list,
     "How those who connect are known: `htpasswd`, `token`, `silly`; `silly` is for tests and checks nothing."},
    {"http_secret_set", ValueType::boolean,
     "Whether the secret that protects the state of uploads is written there; else each start makes one up."},
    {"delete_enabled", ValueType::boolean, "Whether images can be deleted."},
    {"read_only", ValueType::boolean, "Whether nothing can be pushed."},
    {"proxy_of", ValueType::text, "The registry whose images it hands on; absent where it holds its own."},
    {"proxy_stores_password", ValueType::boolean, "Whether the password for that one stands in the file."},
    {"debug_address", ValueType::text,
     "Where figures and profiles can be read without a password; absent where nowhere."},
    {"log_level", ValueType::text, "How much is logged."},
}};
constexpr ProbeSchema schema = {
    .name = "registry.server",
    .summary =
        "The configuration of a registry that runs as a process or unit of this host, not in a container. Variables "
        "REGISTRY_… of its "
        "environment, which are stronger than the file, are not seen.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

const YamlNode* find(const YamlNode& tree, std::initializer_list<std::string_view> keys) {
  const YamlNode* at = &tree;
  for (const auto key : keys) {
    at = at->find(key);
    if (at == nullptr || at->kind == YamlNode::Kind::null) return nullptr;
  }
  return at;
}

class Describer {
 public:
  Describer(Record& record, const YamlNode& tree, std::string file)
      : record_(record), tree_(tree), file_(std::move(file)) {}

  void text(ServerField field, std::initializer_list<std::string_view> keys) {
    const auto* node = find(tree_, keys);
    if (node == nullptr || node->text.empty()) {
      record_.set_absent(field);
    } else {
      record_.set(field, node->text, source_of(*node));
    }
  }

  void boolean(ServerField field, std::initializer_list<std::string_view> keys) {
    const auto* node = find(tree_, keys);
    const bool known = node == nullptr || node->text == "true" || node->text == "false";
    if (!known) {
      record_.set_unreadable(
          field, Error{Error::Kind::malformed, fmt::format("{}: neither true nor false", source_of(*node))});
    } else {
      record_.set(field, node != nullptr && node->text == "true", node != nullptr ? source_of(*node) : std::string());
    }
  }

  /// Whether something is written there that is not empty.
  void presence(ServerField field, std::initializer_list<std::string_view> keys) {
    const auto* node = find(tree_, keys);
    const bool there = node != nullptr && !(node->is_scalar() && node->text.empty());
    record_.set(field, there, there ? source_of(*node) : std::string());
  }

  void keys_of(ServerField field, std::initializer_list<std::string_view> keys) {
    TextList names;
    const auto* node = find(tree_, keys);
    if (node != nullptr) {
      for (const auto& [key, value] : node->entries) names.push_back(key.text);
    }
    record_.set(field, std::move(names), node != nullptr ? source_of(*node) : std::string());
  }

  void items_of(ServerField field, std::initializer_list<std::string_view> keys) {
    TextList items;
    const auto* node = find(tree_, keys);
    if (node != nullptr) {
      for (const auto& item : node->items) items.push_back(item.text);
    }
    record_.set(field, std::move(items), node != nullptr ? source_of(*node) : std::string());
  }

  void protection() {
    const auto* certificate = find(tree_, {"http", "tls", "certificate"});
    const auto* encrypt = find(tree_, {"http", "tls", "letsencrypt", "cachefile"});
    const auto* by = certificate != nullptr ? certificate : encrypt;
    record_.set(tls, by != nullptr && !by->text.empty(), by != nullptr ? source_of(*by) : std::string());
  }

  void place() {
    text(address, {"http", "addr"});
    const auto* node = find(tree_, {"http", "addr"});
    const std::string where = node != nullptr ? node->text : std::string();
    const auto* net = find(tree_, {"http", "net"});
    const bool local = (net != nullptr && net->text == "unix") || where.starts_with("127.") ||
                       where.starts_with("localhost:") || where.starts_with("[::1]:");
    record_.set(loopback, local, node != nullptr ? source_of(*node) : std::string());
  }

 private:
  [[nodiscard]] std::string source_of(const YamlNode& node) const { return fmt::format("{}:{}", file_, node.line); }

  Record& record_;
  const YamlNode& tree_;
  std::string file_;
};

void describe(Record& record, const YamlNode& tree, const std::string& file) {
  Describer describer(record, tree, file);
  describer.place();
  describer.protection();
  describer.text(tls_minimum, {"http", "tls", "minimumtls"});
  describer.items_of(client_authorities, {"http", "tls", "clientcas"});
  describer.keys_of(authentication, {"auth"});
  describer.presence(http_secret_set, {"http", "secret"});
  describer.boolean(delete_enabled, {"storage", "delete", "enabled"});
  describer.boolean(read_only, {"storage", "maintenance", "readonly", "enabled"});
  describer.text(proxy_of, {"proxy", "remoteurl"});
  describer.presence(proxy_stores_password, {"proxy", "password"});
  describer.text(debug_address, {"http", "debug", "addr"});
  describer.text(log_level, {"log", "level"});
}

Record read_config(const sources::Root& root, const std::string& file, bool runs) {
  Record record(fields.size());
  record.resource = fmt::format("registry ({})", file);
  record.source = file;
  const auto text = root.read(file, sources::max_config_bytes);
  auto tree = text ? formats::parse_yaml(*text) : std::unexpected(text.error());
  if (tree) {
    describe(record, *tree, file);
  } else {
    auto error = tree.error();
    if (text) error.what = fmt::format("{}:{}: {}", file, error.where.line, error.what);
    error.where = {};
    for (std::size_t i = 0; i < fields.size(); ++i) record.set_unreadable(i, error);
  }
  record.set(path, file);
  record.set(running, runs);
  return record;
}

/// `registry serve FILE`.
std::optional<std::string> file_of(std::span<const std::string> words) {
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i] == "serve") return words[i + 1];
  }
  return std::nullopt;
}

struct Found {
  std::vector<std::pair<std::string, bool>> files;  // and whether a process runs with it
  std::optional<Error> gap;

  void add(const std::string& file, bool runs) {
    const bool known = std::any_of(files.begin(), files.end(), [&](const auto& one) { return one.first == file; });
    if (!known) files.emplace_back(file, runs);
  }
};

Found find_configs(const sources::Sources& sources) {
  Found found;
  // /proc/PID/comm holds fifteen bytes, so docker-registry just fits.
  for (const std::string_view name : {"registry", "docker-registry"}) {
    auto commands = running_daemons(sources, name);
    if (commands.gap && !found.gap) found.gap = std::move(commands.gap);
    for (const auto& command : commands.running) {
      if (const auto file = file_of(command.words)) found.add(*file, true);
    }
  }
  const auto unit = read_unit_command(sources, units);
  if (!unit) {
    if (!found.gap) found.gap = unit.error();
  } else if (const auto file = file_of(unit->words)) {
    found.add(*file, false);
  }
  for (const auto file : usual_paths) {
    const auto status = sources.root.status(file);
    if (status || !is_missing(status.error())) found.add(std::string(file), false);
  }
  return found;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto found = find_configs(sources);
  std::vector<Record> records;
  records.reserve(found.files.size());
  for (const auto& [file, runs] : found.files) records.push_back(read_config(sources.root, file, runs));
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : records) sink.add(index, record);
    sink.looked_at(index, fmt::format("{} configurations of a registry", records.size()),
                   std::string(usual_paths.front()));
    if (found.gap) sink.fail(index, *found.gap);
  }
}

}  // namespace

const Probe registry_server_probe = {&schema, collect};

}  // namespace plimsoll::probes
