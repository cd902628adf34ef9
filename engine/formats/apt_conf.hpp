// Configuration of apt (apt.conf(5)).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct AptSetting {
  std::string value;
  std::string source;                                       ///< "/etc/apt/apt.conf.d/50x:3"
  std::vector<std::pair<std::string, std::string>> before;  ///< places and values that count no more
};

/// The tree that a run of files leaves, read in apt's order. Names are kept in lower case, with "::" between their
/// parts.
/// `#clear` takes away what was set before; `#include` is not followed, and makes a file malformed. Items of lists have
/// no name and are not kept.
class AptConfiguration {
 public:
  /// Errors: malformed, with the place, for what apt refuses; what stood before it counts.
  Result<void> read(std::string_view path, std::string_view text);

  /// Null when nothing sets it.
  [[nodiscard]] const AptSetting* find(std::string_view name) const;

 private:
  friend class AptConfReader;
  std::map<std::string, AptSetting, std::less<>> settings_;
};

/// yes, true, with, on, enable and numbers but 0; no, false, without, off, disable and 0 (StringToBool). Empty
/// otherwise.
[[nodiscard]] std::optional<bool> apt_truth(std::string_view value);

}  // namespace plimsoll::formats
