#include "engine/formats/key_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>

#include "engine/core/ascii.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '[' || c == ']' || byte < 32 || byte == 127;
  });
}

/// A key may end with a locale: `Name[de]`.
bool is_key(std::string_view text) {
  if (text.ends_with(']')) {
    const auto bracket = text.find('[');
    if (bracket == std::string_view::npos) return false;
    return is_name(text.substr(0, bracket)) && is_name(text.substr(bracket + 1, text.size() - bracket - 2));
  }
  return is_name(text);
}

std::unexpected<Error> malformed(std::uint32_t line, std::string_view what) {
  return std::unexpected(Error{Error::Kind::malformed, fmt::format("line {}: {}", line, what)});
}

std::string_view without_blanks_before(std::string_view text) {
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

Result<std::vector<KeyFileEntry>> parse_key_file(std::string_view text) {
  std::vector<KeyFileEntry> entries;
  std::string group;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const auto content = without_blanks_before(line);
    if (content.empty() || content.front() == '#') continue;
    if (content.front() == '[') {
      const auto end = content.rfind(']');
      const bool closed =
          end != std::string_view::npos && content.find_first_not_of(" \t", end + 1) == std::string_view::npos;
      if (!closed || !is_name(content.substr(1, end - 1))) return malformed(lines.number(), "this is no group");
      group = content.substr(1, end - 1);
      continue;
    }
    const auto equals = content.find('=');
    if (equals == 0 || equals == std::string_view::npos) {
      return malformed(lines.number(), "this is neither a group, a key with its value, nor a comment");
    }
    if (group.empty()) return malformed(lines.number(), "a key stands before the first group");
    auto key = content.substr(0, equals);
    while (!key.empty() && is_white(key.back())) key.remove_suffix(1);
    if (!is_key(key)) return malformed(lines.number(), "this is no name of a key");
    entries.push_back(
        {group, std::string(key), std::string(without_blanks_before(content.substr(equals + 1))), lines.number()});
  }
  return entries;
}

const KeyFileEntry* find_entry(const std::vector<KeyFileEntry>& entries, std::string_view group, std::string_view key) {
  for (const auto& entry : std::views::reverse(entries)) {
    if (entry.group == group && entry.key == key) return &entry;
  }
  return nullptr;
}

}  // namespace plimsoll::formats
