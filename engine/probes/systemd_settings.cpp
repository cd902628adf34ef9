#include "engine/probes/systemd_settings.hpp"

#include <array>

namespace plimsoll::probes {
namespace {

using enum formats::SystemdValue;

constexpr std::array<std::string_view, 4> storages = {"auto", "volatile", "persistent", "none"};
constexpr std::array<std::string_view, 3> split_modes = {"uid", "login", "none"};
constexpr std::array<std::string_view, 3> dump_storages = {"none", "external", "journal"};
constexpr std::array<std::string_view, 15> actions = {"ignore",
                                                      "poweroff",
                                                      "reboot",
                                                      "halt",
                                                      "kexec",
                                                      "suspend",
                                                      "hibernate",
                                                      "hybrid-sleep",
                                                      "suspend-then-hibernate",
                                                      "lock",
                                                      "factory-reset",
                                                      "soft-reboot",
                                                      "secure-attention-key",
                                                      "sleep",
                                                      "exit"};

constexpr std::string_view journald = "journald.conf";
constexpr std::string_view upload = "journal-upload.conf";
constexpr std::string_view remote = "journal-remote.conf";
constexpr std::string_view timesyncd = "timesyncd.conf";
constexpr std::string_view coredump = "coredump.conf";
constexpr std::string_view logind = "logind.conf";
constexpr std::string_view resolved = "resolved.conf";

// Defaults: the manual page of the same name. None stands where the page says that it is computed from the size of a
// file system, or chosen when systemd is built and distributions choose differently.
constexpr std::array settings = {
    SystemdSetting{journald, "Journal", "Storage", word, "auto", storages},
    SystemdSetting{journald, "Journal", "Compress", compress, "yes"},
    SystemdSetting{journald, "Journal", "Seal", boolean, "yes"},
    SystemdSetting{journald, "Journal", "SplitMode", word, "uid", split_modes},
    SystemdSetting{journald, "Journal", "SyncIntervalSec", seconds, "300"},
    SystemdSetting{journald, "Journal", "RateLimitIntervalSec", seconds, "30", {}, "RateLimitInterval"},
    SystemdSetting{journald, "Journal", "RateLimitBurst", count, "10000"},
    SystemdSetting{journald, "Journal", "SystemMaxUse", size},
    SystemdSetting{journald, "Journal", "SystemKeepFree", size},
    SystemdSetting{journald, "Journal", "SystemMaxFileSize", size},
    SystemdSetting{journald, "Journal", "SystemMaxFiles", count, "100"},
    SystemdSetting{journald, "Journal", "RuntimeMaxUse", size},
    SystemdSetting{journald, "Journal", "RuntimeKeepFree", size},
    SystemdSetting{journald, "Journal", "RuntimeMaxFileSize", size},
    SystemdSetting{journald, "Journal", "RuntimeMaxFiles", count, "100"},
    SystemdSetting{journald, "Journal", "MaxRetentionSec", seconds, "0"},
    SystemdSetting{journald, "Journal", "MaxFileSec", seconds, "2629800"},
    SystemdSetting{journald, "Journal", "ForwardToSyslog", boolean, "no"},
    SystemdSetting{journald, "Journal", "ForwardToKMsg", boolean, "no"},
    SystemdSetting{journald, "Journal", "ForwardToConsole", boolean, "no"},
    SystemdSetting{journald, "Journal", "ForwardToWall", boolean, "yes"},
    SystemdSetting{journald, "Journal", "MaxLevelStore", level, "debug"},
    SystemdSetting{journald, "Journal", "MaxLevelSyslog", level, "debug"},
    SystemdSetting{journald, "Journal", "LineMax", size, "49152"},
    SystemdSetting{journald, "Journal", "ReadKMsg", boolean, "yes"},

    SystemdSetting{upload, "Upload", "URL", text},
    SystemdSetting{upload, "Upload", "ServerKeyFile", text},
    SystemdSetting{upload, "Upload", "ServerCertificateFile", text},
    SystemdSetting{upload, "Upload", "TrustedCertificateFile", text},

    SystemdSetting{remote, "Remote", "Seal", boolean, "no"},
    SystemdSetting{remote, "Remote", "ServerKeyFile", text},
    SystemdSetting{remote, "Remote", "ServerCertificateFile", text},
    SystemdSetting{remote, "Remote", "TrustedCertificateFile", text},

    SystemdSetting{timesyncd, "Time", "NTP", words},
    SystemdSetting{timesyncd, "Time", "FallbackNTP", words},
    SystemdSetting{timesyncd, "Time", "RootDistanceMaxSec", seconds, "5"},
    SystemdSetting{timesyncd, "Time", "PollIntervalMinSec", seconds, "32"},
    SystemdSetting{timesyncd, "Time", "PollIntervalMaxSec", seconds, "2048"},
    SystemdSetting{timesyncd, "Time", "ConnectionRetrySec", seconds, "30"},
    SystemdSetting{timesyncd, "Time", "SaveIntervalSec", seconds, "60"},

    SystemdSetting{coredump, "Coredump", "Storage", word, "external", dump_storages},
    SystemdSetting{coredump, "Coredump", "Compress", boolean, "yes"},
    SystemdSetting{coredump, "Coredump", "ProcessSizeMax", size},
    SystemdSetting{coredump, "Coredump", "ExternalSizeMax", size},
    SystemdSetting{coredump, "Coredump", "JournalSizeMax", size, "804257792"},
    SystemdSetting{coredump, "Coredump", "MaxUse", size},
    SystemdSetting{coredump, "Coredump", "KeepFree", size},

    SystemdSetting{logind, "Login", "KillUserProcesses", boolean},
    SystemdSetting{logind, "Login", "KillOnlyUsers", words},
    SystemdSetting{logind, "Login", "KillExcludeUsers", words, "root"},
    SystemdSetting{logind, "Login", "IdleAction", word, "ignore", actions},
    SystemdSetting{logind, "Login", "IdleActionSec", seconds, "1800"},
    SystemdSetting{logind, "Login", "StopIdleSessionSec", seconds, "infinity"},
    SystemdSetting{logind, "Login", "HandlePowerKey", word, "poweroff", actions},
    SystemdSetting{logind, "Login", "HandleSuspendKey", word, "suspend", actions},
    SystemdSetting{logind, "Login", "HandleHibernateKey", word, "hibernate", actions},
    SystemdSetting{logind, "Login", "HandleLidSwitch", word, "suspend", actions},
    SystemdSetting{logind, "Login", "RemoveIPC", boolean, "yes"},

    SystemdSetting{resolved, "Resolve", "DNS", words},
    SystemdSetting{resolved, "Resolve", "FallbackDNS", words},
    SystemdSetting{resolved, "Resolve", "Domains", words},
    SystemdSetting{resolved, "Resolve", "DNSSEC", text},
    SystemdSetting{resolved, "Resolve", "DNSOverTLS", text},
    SystemdSetting{resolved, "Resolve", "LLMNR", text},
    SystemdSetting{resolved, "Resolve", "MulticastDNS", text},
};

}  // namespace

const SystemdSetting* find_systemd_setting(std::string_view file, std::string_view section, std::string_view key) {
  for (const auto& setting : settings) {
    if (setting.file == file && setting.section == section && setting.key == key) return &setting;
  }
  return nullptr;
}

}  // namespace plimsoll::probes
