// Kinds of ASCII characters. Not <cctype>'s: those depend on the locale and are undefined for bytes beyond 127.
#pragma once

#include <algorithm>
#include <string_view>

namespace plimsoll {

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr bool is_letter_or_digit(char c) {
  return is_letter(c) || is_digit(c);
}
/// One digit or more, and nothing else: the name of a process in /proc.
[[nodiscard]] constexpr bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}
/// Space, \t, \n, \v, \f and \r, as isspace(3) in the C locale.
[[nodiscard]] constexpr bool is_white(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace plimsoll
