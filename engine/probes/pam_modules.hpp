// Probes of single PAM modules: the settings with which a service's stack calls them, arguments and files together.
#pragma once

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

extern const Probe pam_unix_probe;
extern const Probe pam_faillock_probe;
extern const Probe pam_pwquality_probe;
extern const Probe pam_pwhistory_probe;
extern const Probe pam_wheel_probe;
extern const Probe pam_securetty_probe;

}  // namespace plimsoll::probes
