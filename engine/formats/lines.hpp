// The lines of a text, one by one, without a copy.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/text.hpp"

namespace plimsoll::formats {

/// Walks the lines of a text. A line ends at "\n" or at the end of the text; the ending, and a "\r" before it, is not
/// part of the line. The views point into the text that was handed in.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  /// Moves to the next line. False at the end of the text; `line` is then untouched.
  [[nodiscard]] bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    line = take_line(rest_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return true;
  }

  /// Of the line that `next` gave last, 1-based.
  [[nodiscard]] std::uint32_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::uint32_t number_ = 0;
};

/// Cuts the first word off `rest`, skipping blanks (space, tab) before it. Empty when there is none.
[[nodiscard]] inline std::string_view take_word(std::string_view& rest) {
  const auto begin = rest.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    rest = {};
    return {};
  }
  const auto end = rest.find_first_of(" \t", begin);
  const auto word = rest.substr(begin, end == std::string_view::npos ? end : end - begin);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
  return word;
}

}  // namespace plimsoll::formats
