#include <vector>

#include "engine/probes/aide.hpp"
#include "engine/probes/apparmor.hpp"
#include "engine/probes/apt.hpp"
#include "engine/probes/apt_update.hpp"
#include "engine/probes/audit_rule.hpp"
#include "engine/probes/audit_system.hpp"
#include "engine/probes/auditd.hpp"
#include "engine/probes/audited.hpp"
#include "engine/probes/boot_loader.hpp"
#include "engine/probes/chrony.hpp"
#include "engine/probes/containerd.hpp"
#include "engine/probes/crio.hpp"
#include "engine/probes/crypto_policy.hpp"
#include "engine/probes/dconf.hpp"
#include "engine/probes/dnf.hpp"
#include "engine/probes/dnf_update.hpp"
#include "engine/probes/dpkg_overrides.hpp"
#include "engine/probes/file.hpp"
#include "engine/probes/file_line.hpp"
#include "engine/probes/files.hpp"
#include "engine/probes/firewalld.hpp"
#include "engine/probes/firmware.hpp"
#include "engine/probes/gdm.hpp"
#include "engine/probes/group.hpp"
#include "engine/probes/home_file.hpp"
#include "engine/probes/kernel_command_line.hpp"
#include "engine/probes/kernel_module.hpp"
#include "engine/probes/limit.hpp"
#include "engine/probes/listening_socket.hpp"
#include "engine/probes/login_defs.hpp"
#include "engine/probes/logrotate.hpp"
#include "engine/probes/mount.hpp"
#include "engine/probes/network_interface.hpp"
#include "engine/probes/os_release.hpp"
#include "engine/probes/package.hpp"
#include "engine/probes/packet_filter.hpp"
#include "engine/probes/pam.hpp"
#include "engine/probes/pam_modules.hpp"
#include "engine/probes/podman.hpp"
#include "engine/probes/polkit.hpp"
#include "engine/probes/probe.hpp"
#include "engine/probes/process.hpp"
#include "engine/probes/registries.hpp"
#include "engine/probes/registry_server.hpp"
#include "engine/probes/rsyslog.hpp"
#include "engine/probes/selinux.hpp"
#include "engine/probes/shell_session.hpp"
#include "engine/probes/sshd.hpp"
#include "engine/probes/sudoers.hpp"
#include "engine/probes/sysctl.hpp"
#include "engine/probes/systemd_config.hpp"
#include "engine/probes/tree.hpp"
#include "engine/probes/unit.hpp"
#include "engine/probes/user.hpp"

namespace plimsoll::probes {

namespace {

// One line each, in the order of the documentation. Each probe declares `extern const Probe` in its own header.
const std::vector<Probe>& registered() {
  // clang-format off
  static const std::vector<Probe> probes = {
      file_probe,
      files_probe,
      file_line_probe,
      tree_probe,
      package_probe,
      dpkg_diversion_probe,
      dpkg_stat_override_probe,
      os_release_probe,
      process_probe,
      sysctl_probe,
      kernel_module_probe,
      kernel_command_line_probe,
      boot_loader_probe,
      firmware_probe,
      apparmor_profile_probe,
      apparmor_process_probe,
      selinux_probe,
      crypto_policy_probe,
      crypto_policy_scope_probe,
      mount_probe,
      user_probe,
      group_probe,
      home_file_probe,
      login_defs_probe,
      shell_setting_probe,
      shell_path_probe,
      limit_probe,
      systemd_config_probe,
      rsyslog_probe,
      rsyslog_action_probe,
      rsyslog_input_probe,
      logrotate_rule_probe,
      chrony_probe,
      chrony_source_probe,
      pam_probe,
      pam_unix_probe,
      pam_faillock_probe,
      pam_pwquality_probe,
      pam_pwhistory_probe,
      pam_wheel_probe,
      pam_securetty_probe,
      polkit_file_probe,
      polkit_grant_probe,
      polkit_action_probe,
      sudoers_rule_probe,
      sudoers_defaults_probe,
      sshd_probe,
      unit_probe,
      packet_filter_probe,
      firewalld_probe,
      firewalld_zone_probe,
      listening_socket_probe,
      network_interface_probe,
      audited_probe,
      audit_rule_probe,
      audit_system_probe,
      auditd_probe,
      audit_log_probe,
      aide_probe,
      privileged_program_probe,
      dconf_probe,
      gdm_probe,
      apt_source_probe,
      apt_key_file_probe,
      apt_setting_probe,
      apt_update_probe,
      dnf_probe,
      dnf_repository_probe,
      dnf_update_probe,
      containerd_config_probe,
      containerd_runtime_probe,
      crio_config_probe,
      crio_runtime_probe,
      podman_config_probe,
      registry_client_probe,
      registry_search_probe,
      registry_policy_probe,
      registry_credentials_probe,
      registry_server_probe,
  };
  // clang-format on
  return probes;
}

const std::vector<const ProbeSchema*>& registered_schemas() {
  static const std::vector<const ProbeSchema*> schemas = [] {
    std::vector<const ProbeSchema*> found;
    for (const auto& probe : registered()) found.push_back(probe.schema);
    return found;
  }();
  return schemas;
}

}  // namespace

std::span<const Probe> all() {
  return registered();
}

std::span<const ProbeSchema* const> schemas() {
  return registered_schemas();
}

const Probe* find(std::string_view name) {
  for (const auto& probe : registered()) {
    if (probe.schema->name == name) return &probe;
  }
  return nullptr;
}

}  // namespace plimsoll::probes
