#include "engine/probes/sysctl_at_boot.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/formats/kernel_command_line.hpp"
#include "engine/formats/shell_assignments.hpp"
#include "engine/probes/boot_configuration.hpp"
#include "engine/probes/conf_files.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view masked_unit = "/etc/systemd/system/systemd-sysctl.service";

bool exists(const sources::Root& root, std::string_view path) {
  return root.link_status(path).has_value();
}

/// Without systemd, Debian's procps init script runs `sysctl --system`, which reads /etc/sysctl.conf after all others.
bool procps_applies(const sources::Root& root) {
  return exists(root, "/etc/init.d/procps") && !exists(root, "/usr/lib/systemd/systemd-sysctl") &&
         !exists(root, "/lib/systemd/systemd-sysctl");
}

/// Whether a unit is started by some target: a link in any .wants or .requires directory, and no mask.
Result<bool> unit_enabled(const sources::Root& root, const std::string& unit) {
  if (is_masked(root, "/etc/systemd/system/" + unit)) return false;
  for (const std::string directory : {"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}) {
    const auto entries = root.list(directory);
    if (!entries) {
      if (entries.error().kind == Error::Kind::not_found) continue;
      return std::unexpected(entries.error());
    }
    for (const auto& entry : *entries) {
      if (!entry.name.ends_with(".wants") && !entry.name.ends_with(".requires")) continue;
      if (exists(root, fmt::format("{}/{}/{}", directory, entry.name, unit))) return true;
    }
  }
  return false;
}

/// A value of the kernel command line that sets the key: `sysctl.net.ipv4.ip_forward=1` (fs/proc/proc_sysctl.c).
std::optional<std::string> in_command_line(std::string_view text, const std::string& key) {
  std::optional<std::string> out;
  for (auto& parameter : formats::parse_kernel_command_line(text)) {
    if (!parameter.value || !parameter.name.starts_with("sysctl") || parameter.name.size() < 8) continue;
    if (parameter.name[6] != '.' && parameter.name[6] != '/') continue;
    std::string name = parameter.name.substr(7);
    std::replace(name.begin(), name.end(), '.', '/');
    if (name == key) out = std::move(*parameter.value);
  }
  return out;
}

void override_with(Field& field, const formats::SysctlSettings::Outcome& outcome) {
  for (const auto* other : outcome.overridden) field.overridden.push_back({other->source, *other->value});
}

}  // namespace

SysctlAtBoot::Late SysctlAtBoot::read_ufw(const sources::Root& root) {
  Late late;
  formats::ShellAssignments variables;
  for (const std::string path : {"/etc/ufw/ufw.conf", "/etc/default/ufw"}) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (text) {
      variables.read(path, *text);
    } else if (text.error().kind != Error::Kind::not_found) {
      late.error = text.error();
      return late;
    } else if (path == "/etc/ufw/ufw.conf") {
      return late;
    }
  }
  const auto* enabled = variables.find("ENABLED");
  const auto* file = variables.find("IPT_SYSCTL");
  if (enabled == nullptr || file == nullptr) return late;
  if (!enabled->literal || !file->literal) {
    const auto& unknown = enabled->literal ? *file : *enabled;
    late.error = Error{Error::Kind::unsupported,
                       fmt::format("{}: shell expression, not followed: {}", unknown.source, unknown.why_not)};
    return late;
  }
  if ((enabled->text != "yes" && enabled->text != "YES") || file->text.empty()) return late;
  const auto started = unit_enabled(root, "ufw.service");
  if (!started) {
    late.error = started.error();
    return late;
  }
  if (!*started) return late;
  const auto text = root.read(file->text, sources::max_config_bytes);
  if (text) {
    late.settings.add(0, file->text, *text);
  } else if (text.error().kind != Error::Kind::not_found) {
    late.error = text.error();
  }
  return late;
}

SysctlAtBoot SysctlAtBoot::read(const sources::Sources& sources) {
  SysctlAtBoot out;
  const auto& root = sources.root;
  out.sources_ = &sources;
  out.ufw_ = read_ufw(root);
  const bool procps = procps_applies(root);
  if (!procps && is_masked(root, masked_unit)) {
    out.nothing_applies_ = masked_unit;
    return out;
  }
  auto files = read_conf_files(root, configuration_directories(root, "sysctl.d"), DeadLinks::mask);
  if (!files) {
    out.error_ = files.error();
    out.last_unreadable_ = static_cast<std::size_t>(-1);
    return out;
  }
  if (procps) {
    auto text = root.read("/etc/sysctl.conf", sources::max_config_bytes);
    if (text || text.error().kind != Error::Kind::not_found) {
      files->push_back({"/etc/sysctl.conf", "sysctl.conf", std::move(text)});
    }
  }
  for (std::size_t number = 0; number < files->size(); ++number) {
    const auto& file = (*files)[number];
    if (file.text) {
      out.settings_.add(number, file.path, *file.text);
    } else {
      out.error_ = file.text.error();
      out.last_unreadable_ = number;
    }
  }
  return out;
}

Field SysctlAtBoot::from_command_line(const std::string& key) const {
  const auto& boot = boot_configuration(*sources_);
  if (boot.entries.empty()) {
    // No boot menu on disk: the running kernel's own line is all that can be known.
    const auto& running = running_command_line(*sources_);
    const bool none_here = !boot.error || boot.error->kind == Error::Kind::unobservable;
    if (!none_here) return Field{Unreadable{*boot.error}};
    if (!running.text) return Field{Absent{}};
    auto value = in_command_line(*running.text, key);
    if (!value) return Field{Absent{}};
    return Field{Value{formats::sysctl_value(*value)}, "/proc/cmdline"};
  }
  if (boot.error) return Field{Unreadable{*boot.error}};
  const auto first = in_command_line(boot.entries.front().entry.command_line, key);
  for (const auto& [entry, source] : boot.entries) {
    if (in_command_line(entry.command_line, key) == first) continue;
    return Field{Unreadable{{Error::Kind::unsupported,
                             fmt::format("the boot menu's entries set sysctl.{} differently; see {}", key, source)}}};
  }
  if (!first) return Field{Absent{}};
  return Field{Value{formats::sysctl_value(*first)}, boot.entries.front().source};
}

Field SysctlAtBoot::of(const std::string& key) const {
  const auto late = ufw_.settings.of(key);
  const auto early = settings_.of(key);
  if (ufw_.error) return Field{Unreadable{*ufw_.error}};
  if (late.setting != nullptr && late.setting->value) {
    Field field{Value{formats::sysctl_value(*late.setting->value)}, late.setting->source};
    override_with(field, early);
    if (early.setting != nullptr && early.setting->value) {
      field.overridden.push_back({early.setting->source, *early.setting->value});
    }
    override_with(field, late);
    return field;
  }
  if (!nothing_applies_.empty()) {
    Field field = from_command_line(key);
    if (field.absent()) field.source = nothing_applies_;
    return field;
  }
  // A file that could not be read may hold the plain key, which beats every glob and every earlier file.
  if (error_ && (early.setting == nullptr || early.by_glob || early.setting->file < last_unreadable_)) {
    return Field{Unreadable{*error_}};
  }
  if (early.setting == nullptr || !early.setting->value) {
    Field field = from_command_line(key);
    if (field.absent() && early.setting != nullptr) field.source = early.setting->source;
    if (field.absent() && early.setting == nullptr) field.source = "/etc/sysctl.d";
    override_with(field, early);
    return field;
  }
  Field field{Value{formats::sysctl_value(*early.setting->value)}, early.setting->source};
  override_with(field, early);
  return field;
}

}  // namespace plimsoll::probes
