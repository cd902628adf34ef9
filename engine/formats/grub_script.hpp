// GRUB's shell-like language (GRUB manual, Shell-like scripting), cut into commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {

/// A reference to a variable inside a word: its name stands between these two.
inline constexpr char grub_variable_begin = '\x01';
inline constexpr char grub_variable_end = '\x02';

[[nodiscard]] constexpr bool is_grub_name(char c) {
  return is_letter_or_digit(c) || c == '_';
}

struct GrubCommand {
  std::vector<std::string> words;  ///< quotes and escapes undone; variables still marked as above
  std::uint32_t line = 0;          ///< 1-based
  enum class End : unsigned char { separator, block, end_of_block } end = End::separator;
};

class GrubReader {
 public:
  explicit GrubReader(std::string_view text) : text_(text) {}

  /// The next command; empty at the end of the text.
  [[nodiscard]] std::optional<GrubCommand> next();

 private:
  void take(std::string& word);
  void put(std::string& word, char c);
  void variable(std::string& word);

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace plimsoll::formats
