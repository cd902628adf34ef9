#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/formats/json.hpp"
#include "engine/probes/container_users.hpp"
#include "engine/probes/registries.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 1> own_files = {".config/containers/policy.json"};
constexpr std::array<std::string_view, 2> read_from = {"/etc/containers/policy.json",
                                                       "~/.config/containers/policy.json"};

enum PolicyField : std::size_t {
  user,
  transport,
  scope,
  requirements,
  accepts_anything,
  rejects,
  verifies,
  field_count
};
constexpr std::array<FieldSchema, field_count> fields = {{
    {"user", ValueType::text, "Whose images it is about."},
    {"transport", ValueType::text,
     "Where images come from: `docker` for registries; empty: the rule of all for which there is no other."},
    {"scope", ValueType::text, "What their names begin with: `docker.io/library`; empty: the rule of the transport."},
    {"requirements", ValueType::list,
     "The types of what is asked, all of which must hold: `insecureAcceptAnything`, `reject`, `signedBy`, "
     "`sigstoreSigned`."},
    {"accepts_anything", ValueType::boolean,
     "Whether nothing else than `insecureAcceptAnything` is asked, so that anybody's image runs."},
    {"rejects", ValueType::boolean, "Whether no image may be used."},
    {"verifies", ValueType::boolean, "Whether a signature is asked for."},
}};
constexpr ProbeSchema schema = {
    .name = "registry.policy",
    .summary =
        "The rules of policy.json (containers-policy.json(5)), which Podman, Buildah, Skopeo and CRI-O ask before they "
        "use an image; for "
        "root and each user with a file of his own. Of several rules the most specific one counts.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

struct Policy {
  std::string path;
  std::string user;
  std::vector<Record> records;
};

Error refused(const std::string& path, std::uint32_t line, std::string_view what) {
  return Error{Error::Kind::malformed, fmt::format("{}:{}: {}", path, line, what)};
}

Result<void> add_rule(Policy& policy, std::string_view of_transport, std::string_view of_scope,
                      const formats::JsonNode& rule) {
  if (!rule.is_array() || rule.items.empty()) {
    return std::unexpected(refused(policy.path, rule.line, "a rule must be a list of requirements"));
  }
  TextList types;
  for (const auto& item : rule.items) {
    const auto* type = item.find("type");
    if (type == nullptr || !type->is_text()) {
      return std::unexpected(refused(policy.path, item.line, "a requirement has no type"));
    }
    types.push_back(type->text);
  }
  const auto asks = [&](std::string_view type) { return std::find(types.begin(), types.end(), type) != types.end(); };
  Record record(fields.size());
  record.resource = of_transport.empty() ? fmt::format("default rule ({})", policy.user)
                                         : fmt::format("rule of {}:{} ({})", of_transport, of_scope, policy.user);
  record.source = fmt::format("{}:{}", policy.path, rule.line);
  record.set(user, policy.user);
  record.set(transport, std::string(of_transport));
  record.set(scope, std::string(of_scope));
  record.set(accepts_anything, std::all_of(types.begin(), types.end(),
                                           [](const auto& type) { return type == "insecureAcceptAnything"; }));
  record.set(rejects, asks("reject"));
  record.set(verifies, asks("signedBy") || asks("sigstoreSigned"));
  record.set(requirements, std::move(types));
  policy.records.push_back(std::move(record));
  return {};
}

Result<Policy> read_policy(const sources::Root& root, std::string path, const std::string& whose) {
  Policy policy{std::move(path), whose, {}};
  const auto text = root.read(policy.path, sources::max_config_bytes);
  if (!text) return std::unexpected(text.error());
  const auto tree = formats::parse_json(*text);
  if (!tree) return std::unexpected(refused(policy.path, tree.error().where.line, tree.error().what));
  const auto* general = tree->find("default");
  if (general == nullptr) return std::unexpected(refused(policy.path, 1, "there is no default rule"));
  if (auto added = add_rule(policy, {}, {}, *general); !added) return std::unexpected(added.error());
  const auto* transports = tree->find("transports");
  if (transports == nullptr) return policy;
  for (const auto& of_transport : transports->entries) {
    for (const auto& rule : of_transport.value.entries) {
      if (auto added = add_rule(policy, of_transport.key, rule.key, rule.value); !added) {
        return std::unexpected(added.error());
      }
    }
  }
  return policy;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto found = container_users(sources, own_files);
  std::vector<Record> records;
  std::optional<Error> error = found.gap;
  for (const auto& one : found.users) {
    auto policy = read_policy(sources.root, fmt::format("{}/{}", one.home, own_files.front()), one.name);
    if (!policy && is_missing(policy.error())) {
      policy = read_policy(sources.root, "/etc/containers/policy.json", one.name);
    }
    if (policy) {
      for (auto& record : policy->records) records.push_back(std::move(record));
    } else if (!is_missing(policy.error()) && !error) {
      error = policy.error();
    }
  }
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : records) sink.add(index, record);
    sink.looked_at(index, fmt::format("{} rules", records.size()), "/etc/containers/policy.json");
    if (error) sink.fail(index, *error);
  }
}

}  // namespace

const Probe registry_policy_probe = {&schema, collect};

}  // namespace plimsoll::probes
