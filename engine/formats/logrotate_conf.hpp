// The configuration of logrotate: logrotate.conf(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct LogrotateDirective {
  std::string name;                ///< in lower case, as all of them are
  std::vector<std::string> words;  ///< what stands behind it, a `=` between left out
  std::uint32_t line = 0;          ///< 1-based
  bool operator==(const LogrotateDirective&) const = default;
};

/// A directive that holds for all blocks behind it, or a block of directives for some files.
struct LogrotateItem {
  std::vector<std::string> paths;              ///< names and patterns of the block's files; empty: not a block
  std::vector<LogrotateDirective> directives;  ///< of the block; exactly one otherwise
  std::uint32_t line = 0;
};

struct LogrotateConfig {
  std::vector<LogrotateItem> items;  ///< in file order
  std::optional<Error> error;        ///< where the file stops being understood; what stands before it is in `items`
};

/// One file. Scripts (postrotate to endscript and their like) are passed over.
[[nodiscard]] LogrotateConfig parse_logrotate_conf(std::string_view text);

}  // namespace plimsoll::formats
