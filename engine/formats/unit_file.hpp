// Unit files of systemd, in the syntax of systemd.syntax(7).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct UnitAssignment {
  std::string section;
  std::string key;
  std::string value;       ///< continuation lines joined by a blank; without blanks at both ends
  std::uint32_t line = 0;  ///< 1-based, where it starts
  bool operator==(const UnitAssignment&) const = default;
};

/// All assignments in file order, repeated ones included. Comment lines (`#`, `;`), also between continuation lines,
/// and lines that assign nothing are passed over, as systemd does.
[[nodiscard]] std::vector<UnitAssignment> parse_unit_file(std::string_view text);

/// What a list setting ("WantedBy=", "Condition…=") holds over several files: an empty value drops all before it.
void add_to_unit_list(std::vector<std::string>& list, std::string_view value);

/// The words of a value, at blanks; quotes of both kinds hold blanks together, a backslash keeps the next byte.
[[nodiscard]] std::vector<std::string> unit_words(std::string_view value);

}  // namespace plimsoll::formats
