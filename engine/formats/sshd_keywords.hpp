// The keywords of sshd_config(5): which release knows them, where they may stand, and how their arguments are read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/sshd_algorithms.hpp"
#include "engine/formats/sshd_words.hpp"

namespace plimsoll::formats {

enum class SshdKind : std::uint8_t {
  flag,    ///< yes, no
  choice,  ///< one word of a fixed set
  integer,
  time,
  path,        ///< one argument
  word,        ///< one argument
  algorithms,  ///< one argument
  log_level,
  log_facility,
  octal,
  words_add_up,  ///< every argument of every line counts
  words_once,    ///< all arguments of the first line that has any
  word_adds_up,  ///< one argument a line, every line counts
  port,
  listen_address,
  subsystem,
  max_startups,
  user_environment,
  rest_of_line,  ///< what follows the keyword, as it is
  command,       ///< the same; an absolute path or "none"
  unchecked,     ///< one argument or more, which nothing here looks at closer
  match,
  include,
  ignored,  ///< known, and without effect
};

struct SshdKeyword {
  std::string_view name;       ///< lower case
  std::string_view canonical;  ///< the name that `sshd -T` prints; the same but for aliases
  SshdKind kind = SshdKind::ignored;
  bool in_match = false;  ///< may stand in a Match block
  SshdRelease since = 0;  ///< the first release that knows it; 0: all that matter
};

/// Null for a keyword that this release does not know; sshd refuses to start then. Keywords that distributions have
/// added are known to all releases.
[[nodiscard]] const SshdKeyword* find_sshd_keyword(std::string_view name, SshdRelease release);

/// The values that one line gives, in the words of `sshd -T`: "prohibit-password" comes out as "without-password",
/// times as seconds. Not for match and include. Errors: malformed, where sshd would refuse the line.
[[nodiscard]] Result<std::vector<std::string>> read_sshd_values(const SshdKeyword& keyword, const SshdLine& line);

}  // namespace plimsoll::formats
