// A report format is a name and one function: results in, bytes out. It formats; it never judges, counts again, reads
// the clock or picks the exit status.
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/results.hpp"

namespace plimsoll::reports {

struct Options {
  std::string ocsf_version = "1.8.0";  ///< or "1.6.0"
};

struct Format {
  std::string_view name;          ///< "junit"
  std::string_view default_file;  ///< "plimsoll.junit.xml"
  std::string_view summary;       ///< one clause for --help
  /// Errors: unsupported, for an option the format cannot honour. A failing stream is the caller's to notice.
  Result<void> (*write)(const Results& results, const Options& options, std::ostream& out);
};

[[nodiscard]] std::span<const Format> all();
[[nodiscard]] const Format* find(std::string_view name);

}  // namespace plimsoll::reports
