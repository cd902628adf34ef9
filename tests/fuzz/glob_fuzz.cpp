// Patterns against texts: the first line is the pattern.
#include "engine/formats/glob.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto end = text.find('\n');
  const auto pattern = text.substr(0, end);
  const auto rest = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  (void)glob_matches(pattern, rest, GlobKind::text);
  (void)glob_matches(pattern, rest, GlobKind::path);
  (void)expand_braces(pattern.substr(0, 200));
}
