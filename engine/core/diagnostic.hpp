// What is wrong with our own YAML: all of it at once, each with place and way out.
#pragma once

#include <string>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll {

/// One problem. Printed as
///     checks/host/network.yaml:10:75: error[unknown-field]: probe `sysctl` has no field `at_bot`
///       |       - { probe: sysctl, name: net.ipv4.ip_forward, every: { at_bot: 0 } }
///       |                                                              ^ did you mean `at_boot`?
struct Diagnostic {
  SourceSpan where;
  std::string code;     ///< "unknown-field"; a row of the table in engine/catalog/diagnostics.cpp
  std::string message;  ///< "probe `sysctl` has no field `at_bot`"
  std::string hint;     ///< "did you mean `at_boot`?"; may be empty
  std::string line;     ///< the offending line, as it stands in the file

  bool operator==(const Diagnostic&) const = default;
};

/// The three lines above, each ended by a newline.
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic);

/// Sorts by file, line, column, code and drops equal neighbours.
void sort_diagnostics(std::vector<Diagnostic>& diagnostics);

}  // namespace plimsoll
