#include "engine/probes/crypto_policy.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/crypto_policy.hpp"

namespace plimsoll::probes {
namespace {

using formats::CryptoPolicyName;

constexpr std::string_view config_path = "/etc/crypto-policies/config";
constexpr std::string_view current_path = "/etc/crypto-policies/state/current";
constexpr std::string_view dump_path = "/etc/crypto-policies/state/CURRENT.pol";
constexpr std::string_view back_ends = "/etc/crypto-policies/back-ends";
constexpr std::string_view shipped = "/usr/share/crypto-policies";

enum FieldIndex : std::size_t {
  installed,
  configured,
  base,
  subpolicies,
  applied,
  applied_base,
  is_applied,
  missing_files,
  replaced_back_ends,
  local_files,
  field_count,
};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "installed",
     .type = ValueType::boolean,
     .meaning = "Whether the host has a system-wide policy: one that is configured or was applied."},
    {.name = "configured",
     .type = ValueType::text,
     .meaning = "The policy and its subpolicies in capitals, \"DEFAULT:NO-SHA1\", as `update-crypto-policies --show` "
                "prints them; absent when none is named."},
    {.name = "base",
     .type = ValueType::text,
     .meaning = "The configured policy without its subpolicies; absent when none is named."},
    {.name = "subpolicies", .type = ValueType::list, .meaning = "What modifies it, in order; empty when nothing does."},
    {.name = "applied",
     .type = ValueType::text,
     .meaning = "What update-crypto-policies applied last; programs that started since follow it. Absent when it never "
                "ran."},
    {.name = "applied_base", .type = ValueType::text, .meaning = "The same without subpolicies; absent likewise."},
    {.name = "is_applied",
     .type = ValueType::boolean,
     .meaning = "Whether what was applied is what is configured; absent when one of them is."},
    {.name = "missing_files",
     .type = ValueType::list,
     .meaning = "Policies and subpolicies that are configured and have no file, so that the next "
                "update-crypto-policies fails; empty when there are none."},
    {.name = "replaced_back_ends",
     .type = ValueType::list,
     .meaning = "Links in back-ends that lead to something else than the applied policy: \"openssl.config -> …\"; "
                "empty when there are none."},
    {.name = "local_files",
     .type = ValueType::list,
     .meaning = "Files in local.d that are appended to what the policy says; empty when there are none."},
}};

constexpr std::array<std::string_view, 6> read_from = {
    "/etc/crypto-policies/config",  "/etc/crypto-policies/state/current", "/etc/crypto-policies/back-ends",
    "/etc/crypto-policies/local.d", "/etc/crypto-policies/policies",      "/usr/share/crypto-policies"};

constexpr ProbeSchema schema = {
    .name = "crypto_policy",
    .summary =
        "The system-wide cryptographic policy (Fedora, RHEL and their relatives): which one is configured, and "
        "which one was applied.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = fields,
    .presence = "installed",
    .sources = read_from,
};

/// A name with the file it stands in. Empty: no such file. Errors: what reading fails with.
struct NamedPolicy {
  CryptoPolicyName name;
  std::string path;
};
using FoundPolicy = Result<std::optional<NamedPolicy>>;

FoundPolicy read_name(const sources::Root& root, std::string_view path) {
  const auto text = root.read(path, sources::max_config_bytes);
  if (text) return NamedPolicy{formats::parse_crypto_policy_name(*text), std::string(path)};
  if (text.error().kind == Error::Kind::not_found) return std::nullopt;
  return std::unexpected(text.error());
}

/// Without a configuration the policy is FIPS on a kernel in that mode, else what the package starts with.
FoundPolicy configured_policy(const sources::Root& root) {
  auto named = read_name(root, config_path);
  if (!named || *named) return named;
  constexpr std::string_view fips = "/proc/sys/crypto/fips_enabled";
  if (sources::kernel_visible(root)) {
    const auto flag = root.read(fips, sources::max_proc_bytes);
    if (flag && trimmed(*flag) == "1")
      return NamedPolicy{{.base = "FIPS", .subpolicies = {}, .line = 1}, std::string(fips)};
  }
  return read_name(root, fmt::format("{}/default-config", shipped));
}

std::string source_of(const NamedPolicy& named) {
  return named.name.line == 0 ? named.path : fmt::format("{}:{}", named.path, named.name.line);
}

void set_names(Record& record, const FoundPolicy& found, FieldIndex whole, FieldIndex without) {
  if (!found) {
    record.set_unreadable(whole, found.error());
    record.set_unreadable(without, found.error());
  } else if (!*found || (*found)->name.base.empty()) {
    const auto path = *found ? (*found)->path : std::string(config_path);
    record.set_absent(whole, path);
    record.set_absent(without, path);
  } else {
    record.set(whole, (*found)->name.text(), source_of(**found));
    record.set(without, (*found)->name.base, source_of(**found));
  }
}

void set_subpolicies(Record& record, const FoundPolicy& found) {
  if (!found) {
    record.set_unreadable(subpolicies, found.error());
  } else if (!*found) {
    record.set_absent(subpolicies);
  } else {
    record.set(subpolicies, (*found)->name.subpolicies, source_of(**found));
  }
}

void set_is_applied(Record& record, const FoundPolicy& wanted, const FoundPolicy& current) {
  if (!wanted || !current) {
    record.set_unreadable(is_applied, wanted ? current.error() : wanted.error());
  } else if (!*wanted || !*current) {
    record.set_absent(is_applied, std::string(current_path));
  } else {
    record.set(is_applied, (*wanted)->name == (*current)->name, source_of(**current));
  }
}

/// Policies are looked for in /etc first, then among those of the package.
void set_missing_files(Record& record, const sources::Root& root, const FoundPolicy& wanted) {
  if (!wanted) {
    record.set_unreadable(missing_files, wanted.error());
    return;
  }
  if (!*wanted) {
    record.set_absent(missing_files);
    return;
  }
  TextList missing;
  const auto look = [&](std::string_view file) -> bool {
    for (const auto folder : {std::string_view("/etc/crypto-policies"), shipped}) {
      const auto status = root.status(fmt::format("{}/policies/{}", folder, file));
      if (status) return true;
      if (status.error().kind == Error::Kind::not_found) continue;
      record.set_unreadable(missing_files, status.error());
      return false;
    }
    missing.emplace_back(file);
    return true;
  };
  const auto& name = (*wanted)->name;
  if (!name.base.empty() && !look(name.base + ".pol")) return;
  for (const auto& module : name.subpolicies) {
    if (!look("modules/" + module + ".pmod")) return;
  }
  record.set(missing_files, std::move(missing), source_of(**wanted));
}

/// A link of back-ends leads to the file that the package has for the whole policy; with subpolicies or local additions
/// the tool writes files instead of links.
void set_replaced_back_ends(Record& record, const sources::Root& root, const FoundPolicy& current) {
  if (!current) {
    record.set_unreadable(replaced_back_ends, current.error());
    return;
  }
  if (!*current) {
    record.set_absent(replaced_back_ends);
    return;
  }
  const auto entries = root.list(back_ends);
  if (!entries) {
    if (entries.error().kind == Error::Kind::not_found) {
      record.set_absent(replaced_back_ends, std::string(back_ends));
    } else {
      record.set_unreadable(replaced_back_ends, entries.error());
    }
    return;
  }
  TextList replaced;
  for (const auto& entry : *entries) {
    if (entry.type != sources::FileType::symlink || !entry.name.ends_with(".config")) continue;
    const auto target = root.read_link(fmt::format("{}/{}", back_ends, entry.name));
    if (!target) {
      record.set_unreadable(replaced_back_ends, target.error());
      return;
    }
    // nss and java links of some releases lead to a file of another name in the same directory.
    if (!target->starts_with(fmt::format("{}/{}/", shipped, (*current)->name.text())) &&
        !target->starts_with(fmt::format("{}/back-ends/{}/", shipped, (*current)->name.text()))) {
      replaced.push_back(fmt::format("{} -> {}", entry.name, *target));
    }
  }
  record.set(replaced_back_ends, std::move(replaced), std::string(back_ends));
}

void set_local_files(Record& record, const sources::Root& root) {
  constexpr std::string_view directory = "/etc/crypto-policies/local.d";
  const auto entries = root.list(directory);
  TextList names;
  if (entries) {
    for (const auto& entry : *entries) {
      if (entry.name.ends_with(".config")) names.push_back(entry.name);
    }
  } else if (entries.error().kind != Error::Kind::not_found) {
    record.set_unreadable(local_files, entries.error());
    return;
  }
  record.set(local_files, std::move(names), std::string(directory));
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& root = sources.root;
  const auto wanted = configured_policy(root);
  const auto current = read_name(root, current_path);
  Record record(fields.size());
  record.resource = "system-wide cryptographic policy";
  record.source = config_path;
  set_names(record, wanted, configured, base);
  set_subpolicies(record, wanted);
  set_names(record, current, applied, applied_base);
  set_is_applied(record, wanted, current);
  set_missing_files(record, root, wanted);
  set_replaced_back_ends(record, root, current);
  set_local_files(record, root);
  if ((wanted && *wanted) || (current && *current)) {
    record.set(installed, true, wanted && *wanted ? (*wanted)->path : std::string(current_path));
  } else if (!wanted || !current) {
    record.set_unreadable(installed, wanted ? current.error() : wanted.error());
  } else {
    record.set(installed, false);
  }
  for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
}

struct ScopeList {
  std::string_view field;
  std::string_view property;
  ValueType type;
  std::string_view meaning;
};
constexpr std::array lists = {
    ScopeList{"cipher", "cipher", ValueType::list, "Symmetric ciphers, best first."},
    ScopeList{"mac", "mac", ValueType::list, "Message authentication codes, best first."},
    ScopeList{"hash", "hash", ValueType::list, "Hash functions."},
    ScopeList{"sign", "sign", ValueType::list, "Signature algorithms."},
    ScopeList{"key_exchange", "key_exchange", ValueType::list, "Key exchanges."},
    ScopeList{"group", "group", ValueType::list, "Groups and curves of key exchanges."},
    ScopeList{"protocol", "protocol", ValueType::list, "Protocol versions."},
    ScopeList{"etm", "etm", ValueType::text,
              "Which order of encryption and authentication SSH may use: ANY, DISABLE_ETM or DISABLE_NON_ETM."},
    ScopeList{"sha1_in_certs", "sha1_in_certs", ValueType::integer,
              "Whether SHA-1 is taken in certificates: 1, else 0."},
    ScopeList{"min_rsa_size", "min_rsa_size", ValueType::integer, "Smallest RSA key."},
    ScopeList{"min_dh_size", "min_dh_size", ValueType::integer, "Smallest Diffie-Hellman group."},
};
constexpr std::size_t scope_field = lists.size();
constexpr std::array<FieldSchema, lists.size() + 1> scope_fields = [] {
  std::array<FieldSchema, lists.size() + 1> made{};
  for (std::size_t i = 0; i < lists.size(); ++i) {
    made[i] = {.name = lists[i].field, .type = lists[i].type, .meaning = lists[i].meaning};
  }
  made[scope_field] = {.name = "scope",
                       .type = ValueType::text,
                       .meaning =
                           "The back-end: openssh-server, openssh-client, libssh, openssl, gnutls, nss, java-tls, "
                           "krb5, bind, libreswan, rpm, sequoia; \"all\" is what holds for those that are not "
                           "told otherwise."};
  return made;
}();

constexpr std::array<std::string_view, 1> scope_read_from = {"/etc/crypto-policies/state/CURRENT.pol"};

constexpr ProbeSchema scope_schema = {
    .name = "crypto_policy.scope",
    .summary =
        "What the cryptographic policy that was applied lets each back-end use; none where no policy was applied.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = scope_fields,
    .sources = scope_read_from,
};

Field property_field(const formats::CryptoPolicyProperty* property, const ScopeList& list) {
  Field field{Absent{}, std::string(dump_path), {}};
  if (property == nullptr) return field;
  field.source = fmt::format("{}:{}", dump_path, property->line);
  if (list.type == ValueType::list) {
    field.state = Value{property->values};
    return field;
  }
  const std::string first = property->values.empty() ? "" : property->values.front();
  if (list.type == ValueType::text) {
    field.state = Value{first};
  } else if (const auto number = parse_integer(first)) {
    field.state = Value{*number};
  } else {
    field.state = Unreadable{
        {Error::Kind::malformed, fmt::format("{}: {} \"{}\" is not a number", field.source, list.property, first)}};
  }
  return field;
}

void collect_scopes(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto text = sources.root.read(dump_path, sources::max_config_bytes);
  const bool there = text || text.error().kind != Error::Kind::not_found;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (!text && there) sink.fail(index, text.error());
    if (!there) sink.looked_at(index, "no cryptographic policy was applied", std::string(dump_path));
  }
  if (!text) return;
  const auto dump = formats::parse_crypto_policy_dump(*text);
  // The dump names a back-end only where something differs for it; the others follow what holds for all.
  TextList names = {"all", "bind",           "gnutls",         "java-tls", "krb5", "libreswan", "libssh",
                    "nss", "openssh-client", "openssh-server", "openssl",  "rpm",  "sequoia"};
  for (const auto& [scope, properties] : dump.scopes) {
    if (std::find(names.begin(), names.end(), scope) == names.end()) names.push_back(scope);
  }
  for (const auto& name : names) {
    Record record(scope_fields.size());
    record.resource = "cryptographic policy of " + name;
    record.source = dump_path;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      record.fields[i] = property_field(dump.find(name == "all" ? "" : name, lists[i].property), lists[i]);
    }
    record.set(scope_field, name);
    for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
  }
}

}  // namespace

const Probe crypto_policy_probe = {&schema, collect};
const Probe crypto_policy_scope_probe = {&scope_schema, collect_scopes};

}  // namespace plimsoll::probes
