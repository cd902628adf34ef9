// The tables between our words and those of OCSF 1.6.0 and 1.8.0 (dictionary of the class compliance_finding).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/results.hpp"

namespace plimsoll::reports {

/// An enum value and the caption that must stand beside it; for id 99 the caption is our own word.
struct OcsfWord {
  int id = 0;
  const char* caption = "Unknown";
};

[[nodiscard]] OcsfWord ocsf_status(Verdict verdict);
[[nodiscard]] OcsfWord ocsf_severity(Severity severity);

/// How grave an event is: a failure as grave as its check, an undecided check low, anything else informational.
[[nodiscard]] OcsfWord ocsf_event_severity(Verdict verdict, Severity severity);

/// The file that an evidence source names. `path` is empty when the source is not an absolute path.
struct OcsfPlace {
  std::string path;
  std::string name;       ///< last part of the path, or the path itself when it ends with a slash
  std::int64_t line = 0;  ///< 1-based; 0: none
};
/// In: "/etc/sysctl.d/99-router.conf:1", "/proc/modules", "statx".
[[nodiscard]] OcsfPlace ocsf_place(std::string_view source);

}  // namespace plimsoll::reports
