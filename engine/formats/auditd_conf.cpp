#include "engine/formats/auditd_conf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t longest_line = 510;  // what fits into the daemon's buffer with its newline

// Of all releases: one that does not know a key refuses the file, but which release is here cannot be told.
constexpr std::array<std::string_view, 49> keys = {"local_events",
                                                   "write_logs",
                                                   "log_file",
                                                   "log_format",
                                                   "log_group",
                                                   "flush",
                                                   "freq",
                                                   "num_logs",
                                                   "dispatcher",
                                                   "name_format",
                                                   "name",
                                                   "disp_qos",
                                                   "max_log_file",
                                                   "max_log_file_action",
                                                   "space_left",
                                                   "space_left_action",
                                                   "action_mail_acct",
                                                   "verify_email",
                                                   "admin_space_left",
                                                   "admin_space_left_action",
                                                   "disk_full_action",
                                                   "disk_error_action",
                                                   "priority_boost",
                                                   "tcp_listen_port",
                                                   "tcp_listen_queue",
                                                   "tcp_max_per_addr",
                                                   "use_libwrap",
                                                   "tcp_client_ports",
                                                   "tcp_client_max_idle",
                                                   "transport",
                                                   "enable_krb5",
                                                   "krb5_principal",
                                                   "krb5_key_file",
                                                   "tls_psk_file",
                                                   "tls_psk_identity",
                                                   "tls_cipher_suites",
                                                   "tls_key_exchange",
                                                   "tls_require_pqc",
                                                   "tls_auth",
                                                   "tls_crypto_profile",
                                                   "tls_allowed_clients",
                                                   "distribute_network",
                                                   "q_depth",
                                                   "overflow_action",
                                                   "max_restarts",
                                                   "plugin_dir",
                                                   "end_of_event_timeout",
                                                   "report_interval",
                                                   "cipher"};

bool may_have_option(std::string_view key) {
  return key.ends_with("_action") && key != "overflow_action";
}

}  // namespace

Result<AuditdConf> parse_auditd_conf(std::string_view text) {
  AuditdConf conf;
  Lines lines(text);
  std::string_view line;
  const auto refused = [&](std::string_view why) {
    return std::unexpected(Error{Error::Kind::malformed, fmt::format("line {}: {}", lines.number(), why),
                                 "the audit daemon does not start with this file: mend that line"});
  };
  while (lines.next(line)) {
    if (line.size() > longest_line) continue;
    auto rest = line;
    const auto name = take_word(rest);
    if (name.empty() || name.front() == '#') continue;
    const auto key = lower_case(name);
    if (take_word(rest) != "=") return refused("no equals sign between blanks behind the first word");
    const auto value = take_word(rest);
    if (value.empty()) return refused("no value");
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) return refused("an unknown setting");
    const auto option = take_word(rest);
    if (!take_word(rest).empty() || (!option.empty() && !may_have_option(key))) return refused("too many words");
    auto& setting = conf[key];
    if (setting.line != 0) setting.before.emplace_back(setting.line, setting.value);
    setting.value = value;
    setting.option = option;
    setting.line = lines.number();
  }
  return conf;
}

}  // namespace plimsoll::formats
