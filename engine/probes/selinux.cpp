#include "engine/probes/selinux.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"
#include "engine/formats/selinux_config.hpp"
#include "engine/formats/selinux_policy.hpp"
#include "engine/probes/boot_configuration.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view config_path = "/etc/selinux/config";
constexpr std::string_view interface = "/sys/fs/selinux";
constexpr std::string_view default_type = "targeted";

enum FieldIndex : std::size_t {
  installed,
  mode,
  at_boot,
  configured_mode,
  configured_type,
  policy_installed,
  policy_version,
  mls,
  permissive_domains,
  compiled_permissive_domains,
  field_count,
};

constexpr std::array<std::string_view, 3> modes = {"enforcing", "permissive", "disabled"};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "installed",
     .type = ValueType::boolean,
     .meaning = "Whether the kernel runs SELinux or /etc/selinux/config is there."},
    {.name = "mode",
     .type = ValueType::text,
     .meaning = "What the kernel does now, as getenforce(8) says.",
     .allowed = modes},
    {.name = "at_boot",
     .type = ValueType::text,
     .meaning = "The mode after the next boot: what the boot menu passes (selinux=, enforcing=) wins over SELINUX= in "
                "/etc/selinux/config; of entries that differ the weakest. Without a policy it is disabled.",
     .allowed = modes},
    {.name = "configured_mode",
     .type = ValueType::text,
     .meaning = "SELINUX= in /etc/selinux/config, the first line with a known word; absent when there is none.",
     .allowed = modes},
    {.name = "configured_type",
     .type = ValueType::text,
     .meaning = "SELINUXTYPE= in /etc/selinux/config, which names the policy; absent when not set (targeted)."},
    {.name = "policy_installed",
     .type = ValueType::boolean,
     .meaning = "Whether a compiled policy of that type is in /etc/selinux."},
    {.name = "policy_version",
     .type = ValueType::integer,
     .meaning = "The newest format of policies that the kernel reads; absent where SELinux is off."},
    {.name = "mls",
     .type = ValueType::boolean,
     .meaning = "Whether the loaded policy has levels (MLS or MCS); absent where SELinux is off."},
    {.name = "permissive_domains",
     .type = ValueType::list,
     .meaning = "Domains that semanage(8) made permissive, in the policy store; those that the policy itself declares "
                "permissive are not among them."},
    {.name = "compiled_permissive_domains",
     .type = ValueType::list,
     .meaning =
         "All domains that are permissive in the compiled policy that the next boot loads, whoever made them so; "
         "absent without a policy."},
}};

constexpr std::array<std::string_view, 7> read_from = {"/sys/fs/selinux/enforce",
                                                       "/sys/fs/selinux/policyvers",
                                                       "/sys/fs/selinux/mls",
                                                       "/proc/filesystems",
                                                       "/etc/selinux/config",
                                                       "/etc/selinux/TYPE/policy",
                                                       "/var/lib/selinux/TYPE/active/modules"};

constexpr ProbeSchema schema = {
    .name = "selinux",
    .summary = "SELinux: what the kernel enforces now, what the next boot will, and from which policy.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = fields,
    .presence = "installed",
    .sources = read_from,
};

std::size_t strength(std::string_view name) {
  return static_cast<std::size_t>(std::find(modes.begin(), modes.end(), name) - modes.begin());
}

/// What the kernel says, "disabled" where it does not run SELinux (is_selinux_enabled(3)).
Result<std::string> running_mode(const sources::Root& root) {
  if (!sources::kernel_visible(root)) return std::unexpected(sources::kernel_not_visible(interface));
  const auto enforce = root.read(fmt::format("{}/enforce", interface), sources::max_proc_bytes);
  if (enforce) return std::string(trimmed(*enforce) == "0" ? "permissive" : "enforcing");
  if (enforce.error().kind != Error::Kind::not_found) return std::unexpected(enforce.error());
  const auto systems = root.read("/proc/filesystems", sources::max_proc_bytes);
  if (!systems) return std::unexpected(systems.error());
  formats::Lines lines(*systems);
  std::string_view line;
  while (lines.next(line)) {
    if (!trimmed(line).ends_with("selinuxfs")) continue;
    return std::unexpected(Error{Error::Kind::unobservable,
                                 fmt::format("the kernel runs SELinux, but {} is not mounted here", interface),
                                 "mount selinuxfs, or run plimsoll on the host itself"});
  }
  return std::string("disabled");
}

struct Configuration {
  formats::SelinuxConfig settings;
  std::optional<Error> error;
  bool there = false;
};

Configuration read_configuration(const sources::Root& root) {
  Configuration out;
  const auto text = root.read(config_path, sources::max_config_bytes);
  out.there = text || text.error().kind != Error::Kind::not_found;
  if (text) {
    out.settings = formats::parse_selinux_config(*text);
  } else if (out.there) {
    out.error = text.error();
  }
  return out;
}

Field setting_field(const formats::SelinuxSetting& setting, const Configuration& configuration) {
  Field field{Absent{}, std::string(config_path), {}};
  if (configuration.error) {
    field.state = Unreadable{*configuration.error};
    return field;
  }
  for (const auto& [line, value] : setting.others) {
    field.overridden.push_back({fmt::format("{}:{}", config_path, line), value});
  }
  if (setting.line != 0) {
    field.state = Value{setting.value};
    field.source = fmt::format("{}:{}", config_path, setting.line);
  }
  return field;
}

/// Empty: no policy. The value is the path of the one with the highest number.
Result<std::optional<std::string>> find_policy(const sources::Root& root, const Configuration& configuration) {
  if (configuration.error) return std::unexpected(*configuration.error);
  const auto& type = configuration.settings.type.value;
  const auto directory = fmt::format("/etc/selinux/{}/policy", type.empty() ? default_type : type);
  const auto entries = root.list(directory);
  if (!entries) {
    if (entries.error().kind == Error::Kind::not_found) return std::nullopt;
    return std::unexpected(entries.error());
  }
  constexpr std::string_view prefix = "policy.";
  std::optional<std::string> found;
  std::int64_t highest = -1;
  for (const auto& entry : *entries) {
    if (!entry.name.starts_with(prefix)) continue;
    const auto number = parse_integer(std::string_view(entry.name).substr(prefix.size())).value_or(0);
    if (number <= highest) continue;
    highest = number;
    found = fmt::format("{}/{}", directory, entry.name);
  }
  return found;
}

struct BootMode {
  std::string mode;
  std::string source;
};

/// What one entry of the boot menu makes of the configured mode.
Result<BootMode> mode_of_entry(const LocatedEntry& located, const BootMode& configured) {
  const auto selinux = formats::values_in_entry(located.entry, "selinux");
  if (!selinux) return std::unexpected(Error{selinux.error().kind, located.source + ": " + selinux.error().what});
  if (!selinux->empty() && selinux->back() == "0") return BootMode{"disabled", located.source};
  const auto enforcing = formats::values_in_entry(located.entry, "enforcing");
  if (!enforcing) return std::unexpected(Error{enforcing.error().kind, located.source + ": " + enforcing.error().what});
  if (enforcing->empty() || configured.mode == "disabled") return configured;
  return BootMode{enforcing->back() == "0" ? "permissive" : "enforcing", located.source};
}

void set_at_boot(Record& record, const sources::Sources& sources, const Configuration& configuration,
                 const Result<std::optional<std::string>>& policy) {
  std::optional<Error> why;
  std::optional<BootMode> weakest;
  const auto keep = [&](const BootMode& candidate) {
    if (!weakest || strength(candidate.mode) > strength(weakest->mode)) weakest = candidate;
  };
  const auto& setting = configuration.settings.mode;
  BootMode configured{setting.line == 0 ? "permissive" : setting.value,
                      setting.line == 0 ? std::string(config_path) : fmt::format("{}:{}", config_path, setting.line)};
  if (configuration.error) {
    why = *configuration.error;
  } else if (policy && !*policy) {
    configured = {"disabled", std::string(config_path)};
  }
  const auto& boot = boot_configuration(sources);
  for (const auto& located : boot.entries) {
    const auto entry = mode_of_entry(located, configured);
    if (entry) {
      // Without the configuration only what an entry itself says is known.
      if (!configuration.error || entry->source == located.source) keep(*entry);
    } else if (!why) {
      why = entry.error();
    }
  }
  if (boot.entries.empty() && !configuration.error) {
    // A machine without a boot menu, or one that cannot be read: what the file rules out, no menu brings back.
    if (configured.mode == "disabled") {
      keep(configured);
    } else if (!why) {
      why = boot.error;
    }
  } else if (!why) {
    why = boot.error;
  }
  if (!why && !policy) why = policy.error();
  // The weakest mode there is cannot be made weaker by what could not be read.
  if (weakest && (!why || weakest->mode == modes.back())) {
    record.set(at_boot, weakest->mode, weakest->source);
  } else {
    record.set_unreadable(
        at_boot, why.value_or(Error{Error::Kind::unobservable, "nothing here says what the next boot passes on"}));
  }
}

void set_running(Record& record, const sources::Root& root, const Result<std::string>& running) {
  const auto enforce = fmt::format("{}/enforce", interface);
  if (!running) {
    for (const auto field : {mode, policy_version, mls}) record.set_unreadable(field, running.error());
    return;
  }
  record.set(mode, *running, *running == "disabled" ? "/proc/filesystems" : enforce);
  const auto number = [&](FieldIndex field, std::string_view name, auto convert) {
    const auto path = fmt::format("{}/{}", interface, name);
    if (*running == "disabled") {
      record.set_absent(field, path);
      return;
    }
    const auto text = root.read(path, sources::max_proc_bytes);
    const auto value = text ? parse_integer(trimmed(*text)) : std::nullopt;
    if (value) {
      record.set(field, convert(*value), path);
    } else {
      record.set_unreadable(field, text ? Error{Error::Kind::malformed, path + " holds no number"} : text.error());
    }
  };
  number(policy_version, "policyvers", [](std::int64_t value) { return Value{value}; });
  number(mls, "mls", [](std::int64_t value) { return Value{value != 0}; });
}

/// `semanage permissive -a DOMAIN` stores a module permissive_DOMAIN; a name in `disabled` takes it out again.
void set_permissive_domains(Record& record, const sources::Root& root, const Configuration& configuration) {
  if (configuration.error) {
    record.set_unreadable(permissive_domains, *configuration.error);
    return;
  }
  constexpr std::string_view prefix = "permissive_";
  const auto& type = configuration.settings.type.value;
  const auto store = fmt::format("/var/lib/selinux/{}/active/modules", type.empty() ? default_type : type);
  TextList domains;
  const auto priorities = root.list(store);
  if (!priorities) {
    if (priorities.error().kind == Error::Kind::not_found) {
      record.set(permissive_domains, std::move(domains), store);
    } else {
      record.set_unreadable(permissive_domains, priorities.error());
    }
    return;
  }
  for (const auto& priority : *priorities) {
    if (!parse_integer(priority.name)) continue;
    const auto modules = root.list(store + "/" + priority.name);
    if (!modules) {
      record.set_unreadable(permissive_domains, modules.error());
      return;
    }
    for (const auto& module : *modules) {
      if (!module.name.starts_with(prefix)) continue;
      if (root.link_status(store + "/disabled/" + module.name)) continue;
      domains.push_back(module.name.substr(prefix.size()));
    }
  }
  std::sort(domains.begin(), domains.end());
  domains.erase(std::unique(domains.begin(), domains.end()), domains.end());
  record.set(permissive_domains, std::move(domains), store);
}

void set_compiled_permissive(Record& record, const sources::Root& root,
                             const Result<std::optional<std::string>>& policy) {
  constexpr std::size_t max_policy_bytes = std::size_t{64} << 20U;
  if (!policy) return void(record.set_unreadable(compiled_permissive_domains, policy.error()));
  if (!*policy) return void(record.set_absent(compiled_permissive_domains));
  const auto& path = **policy;
  const auto bytes = root.read(path, max_policy_bytes);
  if (!bytes) return void(record.set_unreadable(compiled_permissive_domains, bytes.error(), path));
  auto parsed = formats::parse_selinux_policy(*bytes);
  if (parsed) {
    record.set(compiled_permissive_domains, std::move(parsed->permissive_types), path);
  } else {
    record.set_unreadable(compiled_permissive_domains,
                          Error{parsed.error().kind, fmt::format("{}: {}", path, parsed.error().what)}, path);
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& root = sources.root;
  const auto configuration = read_configuration(root);
  const auto running = running_mode(root);
  const auto policy = find_policy(root, configuration);

  Record record(fields.size());
  record.resource = "SELinux";
  record.source = config_path;
  set_running(record, root, running);
  record.fields[configured_mode] = setting_field(configuration.settings.mode, configuration);
  record.fields[configured_type] = setting_field(configuration.settings.type, configuration);
  if (policy) {
    record.set(policy_installed, policy->has_value(), policy->value_or("/etc/selinux"));
  } else {
    record.set_unreadable(policy_installed, policy.error());
  }
  set_at_boot(record, sources, configuration, policy);
  set_permissive_domains(record, root, configuration);
  set_compiled_permissive(record, root, policy);
  if (configuration.there || (running && *running != "disabled")) {
    record.set(installed, true);
  } else if (running || running.error().kind == Error::Kind::unobservable) {
    record.set(installed, false);
  } else {
    record.set_unreadable(installed, running.error());
  }
  for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
}

}  // namespace

const Probe selinux_probe = {&schema, collect};

}  // namespace plimsoll::probes
