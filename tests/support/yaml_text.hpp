// Texts of several lines in worlds that a test writes.
#pragma once

#include <string>
#include <string_view>

namespace plimsoll::tests {

/// The text as a scalar of YAML in double quotes.
[[nodiscard]] inline std::string yaml_text(std::string_view text) {
  std::string made = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') made += '\\';
    if (letter == '\n') {
      made += "\\n";
    } else {
      made += letter;
    }
  }
  return made + "\"";
}

}  // namespace plimsoll::tests
