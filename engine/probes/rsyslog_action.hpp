// One action of rsyslog, in the old form and as an object, with the defaults that hold where it stands.
#pragma once

#include <cstdint>
#include <string>

#include "engine/formats/rsyslog_conf.hpp"
#include "engine/probes/rsyslog_config.hpp"

namespace plimsoll::probes {

/// What holds at one point of the configuration for the actions that follow. Old directives count for actions in the
/// old form only, and parameters of the module for objects only.
struct RsyslogDefaults {
  Placed<std::int64_t> old_mode{0644, {}};     ///< $FileCreateMode
  Placed<std::int64_t> object_mode{0644, {}};  ///< module(load="builtin:omfile" fileCreateMode=…)
  std::string old_driver;                      ///< $ActionSendStreamDriver
  std::string old_driver_mode;
  std::string old_auth_mode;
  TextList old_peers;
};

/// Whether the directive is one that sets such a default.
bool set_rsyslog_default(const formats::RsyslogStatement& directive, const std::string& source, RsyslogDefaults& now);
void set_rsyslog_module_mode(const formats::RsyslogStatement& module, const std::string& source, RsyslogDefaults& now);

/// An action in the old form; the permitted peers are used up by the one that sends to a host.
[[nodiscard]] RsyslogAction old_rsyslog_action(const formats::RsyslogStatement& statement, const std::string& source,
                                               RsyslogDefaults& now);
[[nodiscard]] RsyslogAction rsyslog_action(const formats::RsyslogStatement& statement, const std::string& source,
                                           const RsyslogDefaults& now);

}  // namespace plimsoll::probes
