// How sshd cuts one line of sshd_config(5) into a keyword and its arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct SshdLine {
  std::string keyword;  ///< lower case; empty: the line says nothing (blank, comment)
  std::vector<std::string> arguments;
  std::string rest;  ///< all that follows the keyword, for keywords that take the line as it is
};

/// sshd up to 8.6 cuts arguments as it cuts the keyword (at blanks and one `=`), and a `#` anywhere starts a comment;
/// from 8.7 on arguments know both kinds of quotes and backslashes, and a `#` starts a comment only where an argument
/// would start.
enum class SshdDialect : std::uint8_t { before_8_7, since_8_7 };

/// One line, without its line feed. Errors: malformed, for quotes that never end and a keyword without argument.
[[nodiscard]] Result<SshdLine> parse_sshd_line(std::string_view line, SshdDialect dialect);

/// A time as sshd reads it ("90", "2m", "1h30m") in seconds; empty where sshd would refuse it.
[[nodiscard]] std::optional<std::int64_t> parse_sshd_time(std::string_view text);

/// An integer from 0 to 2147483647, as sshd takes it; empty otherwise.
[[nodiscard]] std::optional<std::int64_t> parse_sshd_integer(std::string_view text);

}  // namespace plimsoll::formats
