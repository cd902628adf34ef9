#include "engine/probes/containerd.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/probes/containerd_config.hpp"
#include "engine/probes/setting_fields.hpp"

namespace plimsoll::probes {
namespace {

/// A default of one era; empty: none, so the field is absent.
using Fallbacks = std::array<std::string_view, 4>;

constexpr Fallbacks same(std::string_view value) {
  return {value, value, value, value};
}

struct EraField {
  FieldSchema schema;
  SettingKeys keys;
  Fallbacks fallbacks;
};

constexpr std::string_view rt = containerd::runtime_plugin;
constexpr std::string_view im = containerd::images_plugin;
constexpr std::string_view sv = containerd::server_plugin;
constexpr std::string_view verifier = "io.containerd.image-verifier.v1.bindir";
constexpr std::string_view no_list = "[]";

constexpr std::array setting_fields = {
    EraField{{"root", ValueType::text, "Where images and containers are kept."}, {"root"}, same("/var/lib/containerd")},
    EraField{{"state", ValueType::text, "Where what lives until the next boot is kept."},
             {"state"},
             same("/run/containerd")},
    EraField{{"address", ValueType::text, "The socket of its API."},
             {"plugins", containerd::grpc, "address"},
             same("/run/containerd/containerd.sock")},
    EraField{
        {"socket_uid", ValueType::integer, "Who owns that socket."}, {"plugins", containerd::grpc, "uid"}, same("0")},
    EraField{{"socket_gid", ValueType::integer, "Whose group that socket is."},
             {"plugins", containerd::grpc, "gid"},
             same("0")},
    EraField{
        {"tcp_address", ValueType::text, "The network address where the same API listens; empty when it does not."},
        {"plugins", containerd::grpc_tcp, "address"},
        same("\"\"")},
    EraField{
        {"tcp_tls_ca", ValueType::text,
         "The authority that must have signed the certificates of those who connect there; empty: none is asked for."},
        {"plugins", containerd::grpc_tcp, "tls_ca"},
        same("\"\"")},
    EraField{{"tcp_tls_cert", ValueType::text, "Its certificate there; empty: the connection is in clear."},
             {"plugins", containerd::grpc_tcp, "tls_cert"},
             same("\"\"")},
    EraField{{"debug_level", ValueType::text, "How much is logged."}, {"debug", "level"}, same("info")},
    EraField{{"debug_address", ValueType::text, "The socket for debugging; empty when there is none."},
             {"plugins", containerd::debug, "address"},
             same("\"\"")},
    EraField{{"metrics_address", ValueType::text,
              "The network address where everybody can read its figures; empty when there is none."},
             {"plugins", containerd::metrics, "address"},
             same("\"\"")},
    EraField{{"disabled_plugins", ValueType::list, "Plugins that do not start, by their full names."},
             {"disabled_plugins"},
             same(no_list)},
    EraField{{"snapshotter", ValueType::text, "What keeps the file systems of containers of the CRI plugin."},
             {"plugins", im, "snapshotter"},
             same("overlayfs")},
    EraField{{"default_runtime", ValueType::text, "The runtime of pods that name none; see `containerd.runtime`."},
             {"plugins", rt, "containerd", "default_runtime_name"},
             same("runc")},
    EraField{{"disable_apparmor", ValueType::boolean, "Whether containers run without AppArmor."},
             {"plugins", rt, "disable_apparmor"},
             same("false")},
    EraField{{"enable_selinux", ValueType::boolean, "Whether containers get labels of SELinux."},
             {"plugins", rt, "enable_selinux"},
             same("false")},
    EraField{{"restrict_oom_score_adj", ValueType::boolean,
              "Whether containers cannot be better protected against a lack of memory than containerd is."},
             {"plugins", rt, "restrict_oom_score_adj"},
             same("false")},
    EraField{{"unset_seccomp_profile", ValueType::text,
              "The seccomp profile of containers that name none; empty: they run unconfined."},
             {"plugins", rt, "unset_seccomp_profile"},
             same("\"\"")},
    EraField{{"enable_unprivileged_ports", ValueType::boolean,
              "Whether containers may listen on ports below 1024 without a capability."},
             {"plugins", rt, "enable_unprivileged_ports"},
             {"false", "true", "true", "true"}},
    EraField{{"enable_unprivileged_icmp", ValueType::boolean, "Whether containers may ping without a capability."},
             {"plugins", rt, "enable_unprivileged_icmp"},
             {"false", "true", "true", "true"}},
    EraField{{"disable_tcp_service", ValueType::boolean, "Whether the CRI plugin serves its API on the socket alone."},
             {"plugins", sv, "disable_tcp_service"},
             same("true")},
    EraField{{"stream_server_address", ValueType::text, "Where the server for exec, attach and port-forward listens."},
             {"plugins", sv, "stream_server_address"},
             same("127.0.0.1")},
    EraField{{"enable_tls_streaming", ValueType::boolean, "Whether that server speaks TLS."},
             {"plugins", sv, "enable_tls_streaming"},
             same("false")},
    EraField{{"registry_config_path", ValueType::text,
              "The directories of settings of registries, with colons between; absent without any. From 2.2 on a "
              "file that says nothing of registries means those of containerd and Docker."},
             {"plugins", im, "registry", "config_path"},
             {}},
    EraField{{"image_verifier_directory", ValueType::text,
              "The directory of programs that may refuse an image, where the plugin for that is there (1.7 and "
              "later). Without any program there, none is refused."},
             {"plugins", verifier, "bin_dir"},
             same("/opt/containerd/image-verifier/bin")},
};

static_assert(setting_fields.back().schema.name == "image_verifier_directory");  // verifiers_of() is given it

enum PlainField : std::size_t { path, exists, running, at_boot, rootless, cri_enabled, image_verifiers, plain_count };
constexpr std::array<FieldSchema, plain_count> plain_fields = {{
    {"path", ValueType::text, "Its main file."},
    {"exists", ValueType::boolean, "Whether that file is there; where not, defaults hold."},
    {"running", ValueType::boolean, "Whether a process runs with it now. It may have been changed since that started."},
    {"at_boot", ValueType::boolean, "Whether containerd.service starts with it."},
    {"rootless", ValueType::boolean, "Whether a user runs it for himself, without being root."},
    {"cri_enabled", ValueType::boolean, "Whether the CRI plugin, which serves Kubernetes, is not disabled."},
    {"image_verifiers", ValueType::list,
     "The programs that are asked whether an image may be used. None of them: every image may."},
}};

constexpr auto config_fields = [] {
  std::array<FieldSchema, plain_count + setting_fields.size()> made = {};
  for (std::size_t i = 0; i < plain_count; ++i) made[i] = plain_fields[i];
  for (std::size_t i = 0; i < setting_fields.size(); ++i) made[plain_count + i] = setting_fields[i].schema;
  return made;
}();

constexpr std::array<std::string_view, 6> read_from = {"/proc/PID/cmdline of containerd",
                                                       "containerd.service",
                                                       "/etc/containerd/config.toml and what it imports",
                                                       "~/.config/containerd/config.toml",
                                                       "the version of the package containerd or containerd.io",
                                                       "/opt/containerd/image-verifier/bin"};

constexpr ProbeSchema config_schema = {
    .name = "containerd.config",
    .summary =
        "Each configuration of containerd: of processes that run now, of containerd.service, and of users. Files of "
        "versions 1 to 4 "
        "with their imports, then options; what a release decides follows the installed package, and where that is "
        "unknown and the "
        "releases differ, the field is unreadable.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = config_fields,
    .sources = read_from,
};

enum RuntimeField : std::size_t {
  runtime_name,
  runtime_is_default,
  runtime_type,
  runtime_binary,
  without_host_devices,
  all_devices_allowed,
  systemd_cgroup,
  base_spec,
  cgroup_writable,
  runtime_rootless,
  runtime_count
};
constexpr std::array<FieldSchema, runtime_count> runtime_fields = {{
    {"name", ValueType::text, "As pods name it by their runtime class."},
    {"default", ValueType::boolean, "Whether pods that name none get it."},
    {"type", ValueType::text, "Its shim: `io.containerd.runc.v2`."},
    {"binary", ValueType::text, "The program that the shim starts; empty: runc of its own path."},
    {"privileged_without_host_devices", ValueType::boolean,
     "Whether a privileged container does not get all devices of the host."},
    {"privileged_without_host_devices_all_devices_allowed", ValueType::boolean,
     "Whether such a container may make those devices itself."},
    {"systemd_cgroup", ValueType::boolean, "Whether systemd manages its control groups."},
    {"base_runtime_spec", ValueType::text, "A file that every container starts from; empty: none."},
    {"cgroup_writable", ValueType::boolean,
     "Whether unprivileged containers may change their control groups (2.1 and later)."},
    {"rootless", ValueType::boolean, "Whether a user's own containerd has it."},
}};
constexpr ProbeSchema runtime_schema = {
    .name = "containerd.runtime",
    .summary =
        "The runtimes that containerd's CRI plugin can start containers with, in each configuration of "
        "`containerd.config`.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = runtime_fields,
    .sources = read_from,
};

std::string era_default(ContainerdEra era) {
  switch (era) {
    case ContainerdEra::one:
      return "default of containerd 1";
    case ContainerdEra::two:
      return "default of containerd 2.0";
    case ContainerdEra::two_two:
      return "default of containerd 2.2";
    case ContainerdEra::two_three:
      return "default of containerd 2.3";
  }
  return {};
}

/// What all eras say alike, or that they differ.
template <class Read>
Field agreed(const ContainerdConfig& config, const Read& read) {
  std::optional<Field> first;
  for (const auto& settings : config.settings) {
    auto field = read(settings);
    if (!first) {
      first = std::move(field);
    } else if (first->state != field.state) {
      return Field{
          Unreadable{Error{
              Error::Kind::unobservable,
              fmt::format("{}: releases of containerd differ in this, and no package tells which one is installed",
                          config.path),
              "set it, or install containerd as a package"}},
          {},
          {}};
    }
  }
  return first ? std::move(*first) : Field{};
}

Field setting_of(const ContainerdSettings& settings, const EraField& field) {
  const auto fallback = field.fallbacks.at(static_cast<std::size_t>(settings.era));
  return field_of(settings.tree.find(used_keys(field.keys)), field.schema.type,
                  fallback_value(fallback, field.schema.type), era_default(settings.era));
}

bool disables_cri(const TextList& disabled, ContainerdEra era) {
  return std::any_of(disabled.begin(), disabled.end(), [&](const auto& name) {
    return name == containerd::server_plugin ||
           (era != ContainerdEra::one && (name == containerd::runtime_plugin || name == containerd::images_plugin));
  });
}

Field cri_of(const ContainerdSettings& settings) {
  auto field =
      field_of(settings.tree.find({"disabled_plugins"}), ValueType::list, TextList{}, era_default(settings.era));
  if (const auto* value = field.value()) field.state = Value{!disables_cri(std::get<TextList>(*value), settings.era)};
  return field;
}

/// The regular files of the directory; what may start them is containerd's matter.
Field verifiers_of(const sources::Root& root, const Field& directory) {
  const auto* value = directory.value();
  if (value == nullptr) return directory;
  const auto& path = std::get<std::string>(*value);
  const auto entries = root.list(path);
  if (!entries) {
    if (is_missing(entries.error())) return Field{Value{TextList{}}, path, {}};
    return Field{Unreadable{entries.error()}, path, {}};
  }
  TextList names;
  for (const auto& entry : *entries) {
    if (entry.type != sources::FileType::directory) names.push_back(entry.name);
  }
  return Field{Value{std::move(names)}, path, {}};
}

std::string resource_of(const ContainerdConfig& config) {
  return fmt::format("containerd ({})", config.path);
}

Record describe(const ContainerdConfig& config, const sources::Root& root) {
  Record record(config_fields.size());
  record.resource = resource_of(config);
  record.source = config.source;
  if (config.error) {
    for (std::size_t i = 0; i < config_fields.size(); ++i) record.set_unreadable(i, *config.error);
  } else {
    for (std::size_t i = 0; i < setting_fields.size(); ++i) {
      record.fields[plain_count + i] =
          agreed(config, [&](const auto& settings) { return setting_of(settings, setting_fields[i]); });
    }
    record.fields[cri_enabled] = agreed(config, cri_of);
    record.fields[image_verifiers] = verifiers_of(root, record.fields[config_fields.size() - 1]);
  }
  record.set(path, config.path);
  record.set(exists, config.exists);
  record.set(running, config.running);
  record.set(at_boot, config.at_boot);
  record.set(rootless, config.rootless);
  return record;
}

void collect_config(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = containerd_configs(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& config : found.configs) sink.add(index, describe(config, sources.root));
    sink.looked_at(index, fmt::format("{} configurations of containerd", found.configs.size()),
                   "/etc/containerd/config.toml");
    if (found.gap) sink.fail(index, *found.gap);
  }
}

/// What is set under [runtimes.NAME], or the defaults of `runc`, which is always there.
struct RuntimeSetting {
  RuntimeField field;
  std::array<std::string_view, 2> keys;
  ValueType type;
  std::string_view fallback;
};
constexpr std::array<RuntimeSetting, 7> runtime_settings = {{
    {runtime_type, {"runtime_type"}, ValueType::text, "io.containerd.runc.v2"},
    {runtime_binary, {"options", "BinaryName"}, ValueType::text, "\"\""},
    {without_host_devices, {"privileged_without_host_devices"}, ValueType::boolean, "false"},
    {all_devices_allowed, {"privileged_without_host_devices_all_devices_allowed"}, ValueType::boolean, "false"},
    {systemd_cgroup, {"options", "SystemdCgroup"}, ValueType::boolean, "false"},
    {base_spec, {"base_runtime_spec"}, ValueType::text, "\"\""},
    {cgroup_writable, {"cgroup_writable"}, ValueType::boolean, "false"},
}};

TextList runtime_names(const ContainerdConfig& config) {
  TextList names = {"runc"};
  for (const auto& settings : config.settings) {
    const auto* runtimes = settings.tree.find({"plugins", rt, "containerd", "runtimes"});
    if (runtimes == nullptr) continue;
    for (const auto& [name, runtime] : runtimes->entries) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

Record describe_runtime(const ContainerdConfig& config, const std::string& name) {
  Record record(runtime_fields.size());
  record.resource = fmt::format("runtime {} of {}", name, resource_of(config));
  record.source = config.source;
  record.set(runtime_name, name);
  record.set(runtime_rootless, config.rootless);
  for (const auto& setting : runtime_settings) {
    record.fields[setting.field] = agreed(config, [&](const ContainerdSettings& settings) {
      const auto* runtime = settings.tree.find({"plugins", rt, "containerd", "runtimes", name});
      const std::span<const std::string_view> keys(setting.keys.data(), setting.keys[1].empty() ? 1 : 2);
      return field_of(runtime == nullptr ? nullptr : runtime->find(keys), setting.type,
                      fallback_value(setting.fallback, setting.type), era_default(settings.era));
    });
  }
  auto chosen = agreed(config, [&](const ContainerdSettings& settings) {
    return field_of(settings.tree.find({"plugins", rt, "containerd", "default_runtime_name"}), ValueType::text,
                    std::string("runc"), era_default(settings.era));
  });
  if (const auto* value = chosen.value()) chosen.state = Value{std::get<std::string>(*value) == name};
  record.fields[runtime_is_default] = std::move(chosen);
  return record;
}

void collect_runtimes(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = containerd_configs(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    std::size_t count = 0;
    for (const auto& config : found.configs) {
      if (config.error) {
        sink.fail(index, *config.error);
        continue;
      }
      for (const auto& name : runtime_names(config)) {
        sink.add(index, describe_runtime(config, name));
        ++count;
      }
    }
    sink.looked_at(index, fmt::format("{} runtimes of containerd", count), "/etc/containerd/config.toml");
    if (found.gap) sink.fail(index, *found.gap);
  }
}

}  // namespace

const Probe containerd_config_probe = {&config_schema, collect_config};
const Probe containerd_runtime_probe = {&runtime_schema, collect_runtimes};

}  // namespace plimsoll::probes
