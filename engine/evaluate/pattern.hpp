// Regular expressions on hostile text: RE2, linear time, bounded memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::evaluate {

class Pattern {
 public:
  /// Errors: malformed, with RE2's own words.
  [[nodiscard]] static Result<Pattern> compile(std::string_view text);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern();

  /// Whether the pattern matches anywhere in the bytes. They need not be UTF-8.
  [[nodiscard]] bool found_in(std::string_view bytes) const;

 private:
  struct Compiled;
  explicit Pattern(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

/// Why a pattern cannot be used, or empty: what the catalog asks when it is loaded.
[[nodiscard]] std::string problem_with_pattern(std::string_view text);

}  // namespace plimsoll::evaluate
