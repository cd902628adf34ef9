// Key files of GLib (GKeyFile): sections in brackets with `key=value` lines, as dconf, GDM and desktop entries use
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct KeyFileEntry {
  std::string group;
  std::string key;
  std::string value;       ///< blanks before it dropped, those behind it kept; escapes as written
  std::uint32_t line = 0;  ///< 1-based
  bool operator==(const KeyFileEntry&) const = default;
};

/// All entries in file order. Of the same key in the same group, also where the group is written twice, the last
/// counts. Errors: malformed, with the line, for what g_key_file_load_from_data refuses: a line that is neither
/// comment, group nor pair, a pair before the first group, a name with brackets or control characters in it. GLib then
/// takes nothing of the file.
[[nodiscard]] Result<std::vector<KeyFileEntry>> parse_key_file(std::string_view text);

/// The entry that counts, or null.
[[nodiscard]] const KeyFileEntry* find_entry(const std::vector<KeyFileEntry>& entries, std::string_view group,
                                             std::string_view key);

}  // namespace plimsoll::formats
