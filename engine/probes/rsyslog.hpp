// Probes `rsyslog`, `rsyslog.action` and `rsyslog.input`: where rsyslogd takes messages from, and where it puts them.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe rsyslog_probe;
extern const Probe rsyslog_action_probe;
extern const Probe rsyslog_input_probe;

}  // namespace plimsoll::probes
