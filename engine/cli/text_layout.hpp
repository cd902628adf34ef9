// Text for terminals: what may be printed, how wide it is, where lines break. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::cli {

/// Text that cannot steer a terminal. Control characters (C0, DEL, C1) and the invisible characters that reorder text
/// (Unicode 15, section 23.2) become escapes: \n, \t, \x1b, \u{202e}. Invalid UTF-8 becomes U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that valid UTF-8 without escape sequences takes: none for combining marks, two for East Asian wide
/// characters.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Lines of at most `width` columns, broken at spaces; a word that is longer is broken inside. `width` 0: one line.
/// `taken`: columns of the first line that something else fills already.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t taken = 0);

/// `text`, wrapped so that no line passes `width`, each line but the first behind `indent` spaces; the first starts at
/// column `column`. No newline at the end. `width` 0: not wrapped.
[[nodiscard]] std::string hanging(std::string_view text, std::size_t column, std::size_t indent, std::size_t width);

/// `text` and as many spaces as it takes to fill `width` columns.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);

/// Each line of `text` behind two spaces, and with a newline.
[[nodiscard]] std::string indented(std::string_view text);

}  // namespace plimsoll::cli
