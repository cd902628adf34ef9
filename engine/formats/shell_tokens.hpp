// A shell script cut into words and operators, quotes and substitutions left as they are written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct ShellToken {
  enum class Kind : std::uint8_t {
    word,
    separator,   ///< `;`, `&` or a line end
    pipe,        ///< `|`
    both,        ///< `&&`
    either,      ///< `||`
    branch_end,  ///< `;;`, and bash's `;&`, `;;&`
    open,        ///< `(`
    close,       ///< `)`
  };
  Kind kind = Kind::word;
  std::string raw;         ///< of a word: with its quotes, `$(…)` and `${…}` whole
  std::uint32_t line = 0;  ///< 1-based
};

/// Comments, redirections and here-documents are left out; what stands between `[[` and `]]` is words. Never fails: a
/// quote that is never closed takes the rest.
[[nodiscard]] std::vector<ShellToken> shell_tokens(std::string_view text);

/// The length of what starts with `$(`, `${`, a backtick or a quote at the start of `text`, its end included.
[[nodiscard]] std::size_t shell_quoted_length(std::string_view text);

}  // namespace plimsoll::formats
