#include "engine/formats/glob.hpp"

#include <cstddef>
#include <deque>
#include <utility>

namespace plimsoll::formats {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t max_alternatives = 64;

/// The index just behind the bracket expression that starts at `open`, or npos when it is never closed.
std::size_t bracket_end(std::string_view pattern, std::size_t open) {
  std::size_t at = open + 1;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;  // the first "]" is a member
  const auto close = pattern.find(']', at);
  return close == npos ? npos : close + 1;
}

bool in_bracket(std::string_view expression, char found) {  // without "[" and "]"
  const bool negated = expression.starts_with('!') || expression.starts_with('^');
  if (negated) expression.remove_prefix(1);
  bool member = false;
  for (std::size_t at = 0; at < expression.size(); ++at) {
    const auto low = static_cast<unsigned char>(expression[at]);
    auto high = low;
    if (at + 2 < expression.size() && expression[at + 1] == '-') {
      high = static_cast<unsigned char>(expression[at + 2]);
      at += 2;
    }
    const auto byte = static_cast<unsigned char>(found);
    member = member || (low <= byte && byte <= high);
  }
  return member != negated;
}

/// Matches one element (never `*`) of the pattern at `at` against one character; moves `at` behind the element.
bool matches_one(std::string_view pattern, std::size_t& at, char found, bool wildcards) {
  const char element = pattern[at];
  if (element == '?') {
    ++at;
    return wildcards;
  }
  if (element == '[') {
    const auto end = bracket_end(pattern, at);
    if (end != npos) {
      const auto inner = pattern.substr(at + 1, end - at - 2);
      at = end;
      return wildcards && in_bracket(inner, found);
    }
  }
  if (element == '\\' && at + 1 < pattern.size()) ++at;
  return pattern[at++] == found;
}

bool matches_component(std::string_view pattern, std::string_view text, bool hidden_is_special) {
  std::size_t at = 0;
  std::size_t behind = 0;
  std::size_t star = npos;
  std::size_t star_text = 0;
  while (behind < text.size()) {
    const bool wildcards = !(hidden_is_special && behind == 0 && text[0] == '.');
    if (at < pattern.size() && pattern[at] == '*' && wildcards) {
      star = ++at;
      star_text = behind;
      continue;
    }
    if (at < pattern.size() && pattern[at] != '*') {
      auto next = at;
      if (matches_one(pattern, next, text[behind], wildcards)) {
        at = next;
        ++behind;
        continue;
      }
    }
    if (star == npos) return false;
    at = star;  // only the last star needs to give way: earlier ones cannot match more by taking less
    behind = ++star_text;
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text, GlobKind kind) {
  if (kind == GlobKind::text) return matches_component(pattern, text, false);
  while (true) {
    const auto pattern_end = pattern.find('/');
    const auto text_end = text.find('/');
    if (!matches_component(pattern.substr(0, pattern_end), text.substr(0, text_end), true)) return false;
    if (pattern_end == npos || text_end == npos) return pattern_end == text_end;
    pattern.remove_prefix(pattern_end + 1);
    text.remove_prefix(text_end + 1);
  }
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?[") != npos;
}

std::vector<std::string> expand_braces(std::string_view pattern) {
  std::vector<std::string> done;
  std::deque<std::string> open{std::string(pattern)};
  while (!open.empty() && done.size() < max_alternatives) {
    const std::string text = std::move(open.front());
    open.pop_front();
    // The first brace that has a partner; its commas at depth one separate the alternatives.
    std::size_t begin = npos;
    std::size_t end = npos;
    std::vector<std::size_t> cuts;
    for (std::size_t from = text.find('{'); from != npos && end == npos; from = text.find('{', from + 1)) {
      if (text.compare(from, 2, "{}") == 0) continue;
      cuts.assign(1, from);
      std::size_t depth = 0;
      for (std::size_t at = from; at < text.size(); ++at) {
        if (text[at] == '{') ++depth;
        if (text[at] == ',' && depth == 1) cuts.push_back(at);
        if (text[at] == '}' && --depth == 0) {
          begin = from;
          end = at;
          break;
        }
      }
    }
    if (end == npos) {
      done.push_back(text);
      continue;
    }
    cuts.push_back(end);
    for (std::size_t part = 0; part + 1 < cuts.size() && open.size() < max_alternatives; ++part) {
      const auto from = cuts[part] + 1;
      open.push_back(text.substr(0, begin) + text.substr(from, cuts[part + 1] - from) + text.substr(end + 1));
    }
  }
  return done;
}

}  // namespace plimsoll::formats
