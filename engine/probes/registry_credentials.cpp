#include <fmt/core.h>

#include <array>

#include "engine/formats/json.hpp"
#include "engine/probes/container_users.hpp"
#include "engine/probes/registries.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 3> own_files = {".docker/config.json", ".config/containers/auth.json",
                                                       ".dockercfg"};
constexpr std::array<std::string_view, 6> read_from = {
    "~/.docker/config.json",         "~/.config/containers/auth.json",     "~/.dockercfg",
    "/run/containers/UID/auth.json", "/run/user/UID/containers/auth.json", "/var/lib/kubelet/config.json"};

enum CredentialField : std::size_t {
  path,
  user,
  registries,
  stores_plain_password,
  plain_registries,
  helpers,
  mode,
  uid,
  field_count
};
constexpr std::array<FieldSchema, field_count> fields = {{
    {"path", ValueType::text, "The file."},
    {"user", ValueType::text, "Whose it is by its place."},
    {"registries", ValueType::list, "Those that it names."},
    {"stores_plain_password", ValueType::boolean,
     "Whether a password or token of one of them stands in the file, readable for whoever reads it."},
    {"plain_registries", ValueType::list, "The registries of which one does."},
    {"helpers", ValueType::list, "The programs that keep passwords elsewhere: `secretservice`."},
    {"mode", ValueType::mode, "The permission bits of the file."},
    {"uid", ValueType::integer, "Who owns the file."},
}};
constexpr ProbeSchema schema = {
    .name = "registry.credentials",
    .summary =
        "Files with credentials for registries, of root, of the kubelet and of each user: whether passwords stand in "
        "them. No password "
        "or name of an account is ever part of a record.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

/// Whether the entry of a registry holds something that logs in: an empty `auth` is none.
bool holds_secret(const formats::JsonNode& entry) {
  for (const std::string_view key : {"auth", "password", "identitytoken", "registrytoken"}) {
    const auto* secret = entry.find(key);
    if (secret != nullptr && secret->is_text() && !secret->text.empty()) return true;
  }
  return false;
}

void set_contents(Record& record, const formats::JsonNode& tree, bool old_layout) {
  TextList all;
  TextList plain;
  TextList programs;
  const auto* auths = old_layout ? &tree : tree.find("auths");
  if (auths != nullptr) {
    for (const auto& [name, line, column, entry] : auths->entries) {
      all.push_back(name);
      if (holds_secret(entry)) plain.push_back(name);
    }
  }
  const auto* store = tree.find("credsStore");
  if (store != nullptr && store->is_text() && !store->text.empty()) programs.push_back(store->text);
  if (const auto* of_registry = tree.find("credHelpers")) {
    for (const auto& entry : of_registry->entries) {
      if (entry.value.is_text()) programs.push_back(entry.value.text);
    }
  }
  record.set(stores_plain_password, !plain.empty());
  record.set(registries, std::move(all));
  record.set(plain_registries, std::move(plain));
  record.set(helpers, std::move(programs));
}

/// Nothing where the file is not there.
std::optional<Record> read_file(const sources::Root& root, const std::string& file, const std::string& whose) {
  const auto status = root.status(file);
  if (!status && is_missing(status.error())) return std::nullopt;
  Record record(fields.size());
  record.resource = file;
  record.source = file;
  record.set(path, file);
  record.set(user, whose);
  if (status) {
    record.set(mode, std::int64_t{status->mode});
    record.set(uid, std::int64_t{status->uid});
  } else {
    record.set_unreadable(mode, status.error());
    record.set_unreadable(uid, status.error());
  }
  const auto text = root.read(file, sources::max_config_bytes);
  auto tree = text ? formats::parse_json(*text) : std::unexpected(text.error());
  if (!tree) {
    auto error = tree.error();
    if (text) error.what = fmt::format("{}:{}: {}", file, error.where.line, error.what);
    error.where = {};
    for (const auto field : {registries, stores_plain_password, plain_registries, helpers}) {
      record.set_unreadable(field, error);
    }
    return record;
  }
  set_contents(record, *tree, file.ends_with(".dockercfg"));
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto found = container_users(sources, own_files);
  std::vector<Record> records;
  const auto add = [&](const std::string& file, const std::string& whose) {
    if (auto record = read_file(sources.root, file, whose)) records.push_back(std::move(*record));
  };
  for (const auto& one : found.users) {
    for (const auto file : own_files) add(fmt::format("{}/{}", one.home, file), one.name);
    add(one.uid == 0 ? std::string("/run/containers/0/auth.json")
                     : fmt::format("/run/user/{}/containers/auth.json", one.uid),
        one.name);
  }
  add("/var/lib/kubelet/config.json", "kubelet");
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : records) sink.add(index, record);
    sink.looked_at(index, fmt::format("{} files with credentials for registries", records.size()),
                   "/root/.docker/config.json");
    if (found.gap) sink.fail(index, *found.gap);
  }
}

}  // namespace

const Probe registry_credentials_probe = {&schema, collect};

}  // namespace plimsoll::probes
