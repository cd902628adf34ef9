#include "engine/probes/crio.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/probes/daemon_commands.hpp"
#include "engine/probes/setting_fields.hpp"
#include "engine/probes/toml_settings.hpp"
#include "engine/probes/unit_command.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view default_path = "/etc/crio/crio.conf";
constexpr std::string_view default_directory = "/etc/crio/crio.conf.d";
constexpr std::string_view fallback_source = "default of CRI-O";

// Defaults: DefaultConfig() and DefaultRuntimeConfig() of pkg/config, 1.24 to 1.35. Where they differ, or follow the
// host, there is none here.
constexpr std::array setting_fields = {
    SettingField{{"listen", ValueType::text, "The socket of its API."},
                 {"crio", "api", "listen"},
                 "/var/run/crio/crio.sock",
                 "listen"},
    SettingField{{"stream_address", ValueType::text, "Where the server for exec, attach and port-forward listens."},
                 {"crio", "api", "stream_address"},
                 "127.0.0.1",
                 "stream-address"},
    SettingField{{"stream_enable_tls", ValueType::boolean, "Whether that server speaks TLS."},
                 {"crio", "api", "stream_enable_tls"},
                 "false",
                 "stream-enable-tls"},
    SettingField{
        {"stream_tls_ca", ValueType::text,
         "The authority that must have signed the certificates of those who connect there; empty: none is asked for."},
        {"crio", "api", "stream_tls_ca"},
        "\"\"",
        "stream-tls-ca"},
    SettingField{
        {"selinux", ValueType::boolean,
         "Whether containers get labels of SELinux; absent where nothing is set, so that the host's own state counts."},
        {"crio", "runtime", "selinux"},
        {},
        "selinux"},
    SettingField{
        {"seccomp_profile", ValueType::text, "The file of the seccomp profile of containers; empty: the built-in one."},
        {"crio", "runtime", "seccomp_profile"},
        "\"\"",
        "seccomp-profile"},
    SettingField{{"privileged_seccomp_profile", ValueType::text,
                  "The same of privileged containers; empty: they run unconfined."},
                 {"crio", "runtime", "privileged_seccomp_profile"},
                 "\"\"",
                 "privileged-seccomp-profile"},
    SettingField{
        {"apparmor_profile", ValueType::text, "The AppArmor profile of containers that name none; `unconfined`: none."},
        {"crio", "runtime", "apparmor_profile"},
        "crio-default",
        "apparmor-profile"},
    SettingField{
        {"default_capabilities", ValueType::list, "The capabilities of containers that ask for none, without CAP_."},
        {"crio", "runtime", "default_capabilities"},
        "CHOWN,DAC_OVERRIDE,FSETID,FOWNER,SETGID,SETUID,SETPCAP,NET_BIND_SERVICE,KILL",
        "default-capabilities"},
    SettingField{{"add_inheritable_capabilities", ValueType::boolean,
                  "Whether these are inheritable, too, so that programs keep them across exec."},
                 {"crio", "runtime", "add_inheritable_capabilities"},
                 "false",
                 "add-inheritable-capabilities"},
    SettingField{
        {"default_sysctls", ValueType::list, "Kernel settings of containers: `net.ipv4.ping_group_range=0 0`."},
        {"crio", "runtime", "default_sysctls"},
        "[]",
        "default-sysctls"},
    SettingField{{"default_ulimits", ValueType::list, "Limits of processes in containers: `nofile=1024:2048`."},
                 {"crio", "runtime", "default_ulimits"},
                 "[]",
                 "default-ulimits"},
    SettingField{{"pids_limit", ValueType::integer,
                  "How many processes a container may have. 0 and -1: as many as it likes; -1 was called 0 before "
                  "1.30. The kubelet may set another."},
                 {"crio", "runtime", "pids_limit"},
                 "-1",
                 "pids-limit"},
    SettingField{
        {"log_level", ValueType::text, "How much is logged."}, {"crio", "runtime", "log_level"}, "info", "log-level"},
    SettingField{{"log_size_max", ValueType::integer,
                  "How large the log of a container may grow; negative: as large as it likes.", "bytes"},
                 {"crio", "runtime", "log_size_max"},
                 "-1",
                 "log-size-max"},
    SettingField{{"additional_devices", ValueType::list, "Devices of the host that every container gets."},
                 {"crio", "runtime", "additional_devices"},
                 "[]",
                 "additional-devices"},
    SettingField{{"allowed_devices", ValueType::list, "Devices of the host that pods may ask for by an annotation."},
                 {"crio", "runtime", "allowed_devices"},
                 {},
                 "allowed-devices"},
    SettingField{{"hooks_dir", ValueType::list, "Directories of programs that run with each container."},
                 {"crio", "runtime", "hooks_dir"},
                 "/usr/share/containers/oci/hooks.d",
                 "hooks-dir"},
    SettingField{{"read_only", ValueType::boolean, "Whether the file systems of all containers are read-only."},
                 {"crio", "runtime", "read_only"},
                 "false",
                 "read-only"},
    SettingField{{"hostnetwork_disable_selinux", ValueType::boolean,
                  "Whether pods in the network of the host have no labels of SELinux."},
                 {"crio", "runtime", "hostnetwork_disable_selinux"},
                 "true",
                 "hostnetwork-disable-selinux"},
    SettingField{{"default_runtime", ValueType::text,
                  "The runtime of pods that name none; absent where nothing is set: runc before 1.31, crun since. See "
                  "`crio.runtime`."},
                 {"crio", "runtime", "default_runtime"},
                 {},
                 "default-runtime"},
    SettingField{{"default_mounts_file", ValueType::text,
                  "The file of directories of the host that every container gets; empty: mounts.conf of "
                  "/etc/containers, else of /usr/share/containers."},
                 {"crio", "runtime", "default_mounts_file"},
                 "\"\"",
                 "default-mounts-file"},
    SettingField{{"uid_mappings", ValueType::text,
                  "The user ids of containers in a name space of their own; empty: those of the host."},
                 {"crio", "runtime", "uid_mappings"},
                 "\"\"",
                 "uid-mappings"},
    SettingField{{"insecure_registries", ValueType::list,
                  "Registries whose certificates are not verified, and that may speak plain HTTP."},
                 {"crio", "image", "insecure_registries"},
                 "[]",
                 "insecure-registry"},
    SettingField{{"global_auth_file", ValueType::text, "The file of credentials for registries; empty: none."},
                 {"crio", "image", "global_auth_file"},
                 "\"\"",
                 "global-auth-file"},
    SettingField{{"signature_policy", ValueType::text, "The policy of signatures; empty: /etc/containers/policy.json."},
                 {"crio", "image", "signature_policy"},
                 "\"\"",
                 "signature-policy"},
    SettingField{{"enable_metrics", ValueType::boolean, "Whether its figures can be read over the network."},
                 {"crio", "metrics", "enable_metrics"},
                 "false",
                 "enable-metrics"},
    SettingField{{"metrics_host", ValueType::text,
                  "The address where they can; absent where none is set: 127.0.0.1, before 1.30 all addresses."},
                 {"crio", "metrics", "metrics_host"},
                 {},
                 "metrics-host"},
    SettingField{{"metrics_cert", ValueType::text, "The certificate of that address; empty: it speaks plain HTTP."},
                 {"crio", "metrics", "metrics_cert"},
                 "\"\"",
                 "metrics-cert"},
};

enum PlainField : std::size_t { path, running, plain_count };
constexpr std::array<FieldSchema, plain_count> plain_fields = {{
    {"path", ValueType::text, "Its main file, which need not be there."},
    {"running", ValueType::boolean, "Whether a process runs with it now; else crio.service would start with it."},
}};
constexpr auto config_fields = joined_schemas(plain_fields, setting_fields);

constexpr std::array<std::string_view, 4> read_from = {"/etc/crio/crio.conf", "every file below /etc/crio/crio.conf.d",
                                                       "crio.service and its environment files",
                                                       "/proc/PID/cmdline of crio"};
constexpr ProbeSchema config_schema = {
    .name = "crio.config",
    .summary =
        "The effective configuration of CRI-O: crio.conf, then every file of the drop-in directory in the order of "
        "names (whatever "
        "their endings), then the options of the process that runs, else of crio.service.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = config_fields,
    .sources = read_from,
};

constexpr std::array runtime_settings = {
    SettingField{{"type", ValueType::text, "`oci`, `vm` or `pod`."}, {"runtime_type"}, "oci"},
    SettingField{{"binary", ValueType::text, "Its program; empty: that of its name in the search path."},
                 {"runtime_path"},
                 "\"\""},
    SettingField{{"privileged_without_host_devices", ValueType::boolean,
                  "Whether a privileged container does not get all devices of the host."},
                 {"privileged_without_host_devices"},
                 "false"},
    SettingField{{"allowed_annotations", ValueType::list,
                  "What pods may ask for by annotations: `io.kubernetes.cri-o.Devices`."},
                 {"allowed_annotations"},
                 "[]"},
    SettingField{{"no_sync_log", ValueType::boolean, "Whether logs are not written through when a container ends."},
                 {"no_sync_log"},
                 "false"},
};
enum RuntimeField : std::size_t { runtime_name, runtime_is_default, runtime_plain_count };
constexpr std::array<FieldSchema, runtime_plain_count> runtime_plain = {{
    {"name", ValueType::text,
     "As pods name it by their runtime class; `workload NAME` for a workload, whose annotations count alike."},
    {"default", ValueType::boolean, "Whether `default_runtime` names it; absent where nothing does."},
}};
constexpr auto runtime_fields = joined_schemas(runtime_plain, runtime_settings);
constexpr ProbeSchema runtime_schema = {
    .name = "crio.runtime",
    .summary =
        "The runtimes and workloads of CRI-O's configuration. One that a later file names again takes the place of the "
        "earlier one as a whole.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = runtime_fields,
    .sources = read_from,
};

struct CrioConfig {
  std::string path;
  std::string source;
  bool running = false;
  Setting settings;
  std::optional<Error> error;
};
struct CrioConfigs {
  std::vector<CrioConfig> configs;
  std::optional<Error> gap;
};

/// Every file below a directory, by name; directories within are gone through at their place.
Result<void> add_files(const sources::Root& root, const std::string& directory, std::vector<std::string>& files,
                       int depth) {
  constexpr int max_depth = 20;
  constexpr std::size_t max_files = 2000;
  const auto entries = root.list(directory);
  if (!entries) {
    if (is_missing(entries.error())) return {};
    return std::unexpected(entries.error());
  }
  for (const auto& entry : *entries) {
    auto below = fmt::format("{}/{}", directory, entry.name);
    if (files.size() >= max_files || depth > max_depth) {
      return std::unexpected(Error{Error::Kind::too_large, fmt::format("{}: too many files", directory)});
    }
    if (entry.type != sources::FileType::directory) {
      files.push_back(std::move(below));
    } else if (auto added = add_files(root, below, files, depth + 1); !added) {
      return added;
    }
  }
  return {};
}

/// A map of runtimes or workloads: what a file says of one is all that counts of it.
bool replaces_runtime(std::span<const std::string> keys) {
  return keys.size() == 4 && keys[0] == "crio" && keys[1] == "runtime" &&
         (keys[2] == "runtimes" || keys[2] == "workloads");
}

class Reader {
 public:
  explicit Reader(const sources::Sources& sources) : sources_(sources) {}

  CrioConfigs read() {
    CrioConfigs found;
    auto commands = running_daemons(sources_, "crio");
    found.gap = std::move(commands.gap);
    for (const auto& command : commands.running) {
      found.configs.push_back(read_config(command.words, command.source));
      found.configs.back().running = true;
    }
    if (!found.configs.empty()) return found;
    constexpr std::array<std::string_view, 2> units = {"crio.service", "cri-o.service"};
    const auto unit = read_unit_command(sources_, units);
    if (!unit) {
      if (!found.gap) found.gap = unit.error();
    } else if (!unit->unit.empty()) {
      found.configs.push_back(read_config(unit->words, unit->source));
    } else if (is_there(default_path) || is_there(default_directory)) {
      found.configs.push_back(read_config({}, {}));
    }
    return found;
  }

 private:
  [[nodiscard]] bool is_there(std::string_view file) const {
    const auto status = sources_.root.status(file);
    return status || !is_missing(status.error());
  }

  [[nodiscard]] CrioConfig read_config(const std::vector<std::string>& words, const std::string& source) const {
    CrioConfig config;
    const auto given = option_value(words, "config", "c");
    config.path = given.value_or(std::string(default_path));
    config.source = is_there(config.path) ? config.path : source;
    std::vector<std::string> files;
    if (!config.path.empty() && (given || is_there(config.path))) files.push_back(config.path);
    const auto directory = option_value(words, "config-dir", "d").value_or(std::string(default_directory));
    if (auto added = directory.empty() ? Result<void>() : add_files(sources_.root, directory, files, 0); !added) {
      config.error = added.error();
      return config;
    }
    if (config.source.empty() && !files.empty()) config.source = files.front();
    for (const auto& file : files) {
      const auto tree = read_toml(sources_.root, file);
      if (!tree) {
        config.error = tree.error();
        return config;
      }
      lay_over(config.settings, *tree, file, replaces_runtime);
    }
    lay_options_over(config.settings, setting_fields, words, source);
    return config;
  }

  const sources::Sources& sources_;
};

const CrioConfigs& crio_configs(const sources::Sources& sources) {
  return sources.memo.get<CrioConfigs>([&] { return Reader(sources).read(); });
}

void collect_config(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = crio_configs(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& config : found.configs) {
      Record record(config_fields.size());
      record.resource = "CRI-O";
      record.source = config.source;
      if (config.error) {
        for (std::size_t i = 0; i < config_fields.size(); ++i) record.set_unreadable(i, *config.error);
      } else {
        set_fields(record, plain_count, setting_fields, config.settings, fallback_source);
      }
      record.set(path, config.path);
      record.set(running, config.running);
      sink.add(index, std::move(record));
    }
    sink.looked_at(index, fmt::format("{} configurations of CRI-O", found.configs.size()), std::string(default_path));
    if (found.gap) sink.fail(index, *found.gap);
  }
}

void add_runtimes(const CrioConfig& config, std::string_view section, std::string_view prefix, std::size_t index,
                  RecordSink& sink) {
  const auto* table = config.settings.find({"crio", "runtime", section});
  if (table == nullptr) return;
  const auto chosen =
      field_of(config.settings.find({"crio", "runtime", "default_runtime"}), ValueType::text, {}, fallback_source);
  for (const auto& [name, settings] : table->entries) {
    Record record(runtime_fields.size());
    record.resource = fmt::format("{}{} of CRI-O", prefix.empty() ? "runtime " : prefix, name);
    record.source = settings.source;
    record.set(runtime_name, fmt::format("{}{}", prefix, name));
    auto is_default = chosen;
    if (const auto* value = chosen.value()) {
      is_default.state = Value{prefix.empty() && std::get<std::string>(*value) == name};
    }
    record.fields[runtime_is_default] = std::move(is_default);
    set_fields(record, runtime_plain_count, runtime_settings, settings, fallback_source);
    sink.add(index, std::move(record));
  }
}

void collect_runtimes(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = crio_configs(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& config : found.configs) {
      if (config.error) {
        sink.fail(index, *config.error);
        continue;
      }
      add_runtimes(config, "runtimes", {}, index, sink);
      add_runtimes(config, "workloads", "workload ", index, sink);
    }
    sink.looked_at(index, "runtimes of CRI-O", std::string(default_path));
    if (found.gap) sink.fail(index, *found.gap);
  }
}

}  // namespace

const Probe crio_config_probe = {&config_schema, collect_config};
const Probe crio_runtime_probe = {&runtime_schema, collect_runtimes};

}  // namespace plimsoll::probes
