// Shell wildcard patterns (glob(7)), matched in bounded time however hostile the pattern is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

enum class GlobKind : unsigned char {
  text,  ///< fnmatch(3) without flags: `*`, `?` and `[…]` match any character
  path,  ///< glob(3): they match neither "/" nor a "." at the start of a component
};

/// Whether the whole of `text` fits the pattern: `*`, `?`, `[a-z]`, `[!a]` and `\x`. A `[` without its `]` is a plain
/// character. Takes at most pattern length times text length steps.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text, GlobKind kind);

/// Whether there is a wildcard in it at all: one of `*?[`.
[[nodiscard]] bool is_glob(std::string_view text);

/// The alternatives of a pattern with braces (csh style, GLOB_BRACE of glob(3)): "a{b,c}" gives "ab" and "ac". A brace
/// without its partner, and "{}", are plain text. At most 64 alternatives; those beyond are left out.
[[nodiscard]] std::vector<std::string> expand_braces(std::string_view pattern);

}  // namespace plimsoll::formats
