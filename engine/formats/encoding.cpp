#include "engine/formats/encoding.hpp"

#include <cstdint>
#include <string>

#include "engine/core/text.hpp"

namespace plimsoll::formats {

Result<void> check_utf8(std::string_view text) {
  std::uint32_t line = 1;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view row = text.substr(0, end);
    const std::string clean = valid_utf8(row);
    if (clean != row) {
      std::size_t at = 0;
      while (at < row.size() && at < clean.size() && clean[at] == row[at]) ++at;
      return std::unexpected(
          Error{Error::Kind::malformed, "not valid UTF-8 text", {}, {"", line, static_cast<std::uint32_t>(at) + 1}});
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    ++line;
  }
  return {};
}

}  // namespace plimsoll::formats
