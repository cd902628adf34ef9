// Regular expressions on hostile text: RE2, linear time, bounded memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::evaluate {

/// Copies share what was compiled; it may be used by several threads at once.
class Pattern {
 public:
  /// Errors: malformed, with RE2's own words.
  [[nodiscard]] static Result<Pattern> compile(std::string_view text);

  /// Whether the pattern matches anywhere in the bytes. They need not be UTF-8.
  [[nodiscard]] bool found_in(std::string_view bytes) const;

 private:
  struct Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled);
  std::shared_ptr<const Compiled> compiled_;
};

/// Compiles each text once: many checks ask for the same one, and compiling costs far more than most matches.
/// Thread-safe.
class PatternShelf {
 public:
  [[nodiscard]] Result<Pattern> get(std::string_view text);

 private:
  std::mutex mutex_;
  std::map<std::string, Result<Pattern>, std::less<>> patterns_;
};

/// Why a pattern cannot be used, or empty: what the catalog asks when it is loaded.
[[nodiscard]] std::string problem_with_pattern(std::string_view text);

}  // namespace plimsoll::evaluate
