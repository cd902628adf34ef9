// Characters that act instead of showing (controls, bidirectional overrides, zero-width ones), made harmless. A file
// name may carry them to make a report read other than it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::reports {

/// One piece of a text: as it stands, or the name of a character that must not act ("⟨U+202E⟩").
struct Run {
  std::string text;
  bool named = false;
};

/// True for characters that have no look of their own: C0 and C1 controls but for tab and line feed, format characters
/// (Unicode general category Cf), line and paragraph separators, fillers, noncharacters (which XML cannot hold).
[[nodiscard]] bool is_invisible(char32_t character);

/// `text` with every invisible character named and every invalid UTF-8 sequence (and NUL) replaced by
/// U+FFFD.
[[nodiscard]] std::vector<Run> visible_runs(std::string_view text);
[[nodiscard]] std::string visible(std::string_view text);

/// `visible`, on one line: each stretch of white space becomes one space, none at the ends.
[[nodiscard]] std::string one_line(std::string_view text);

/// A JSON text in UTF-8 with the invisible characters of its strings written as \uXXXX: the same value, safe to print
/// on a terminal. (Outside strings, JSON has no character beyond ASCII.)
[[nodiscard]] std::string escape_invisible(std::string_view json);

}  // namespace plimsoll::reports
