#include "reports/visible.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdint>

#include "engine/core/text.hpp"

namespace plimsoll::reports {

namespace {

struct Range {
  char32_t first, last;
};

// Unicode 15: Cc, Cf, Zl, Zp, the Hangul and Mongolian fillers, and the noncharacters of the basic plane.
constexpr std::array<Range, 23> invisible = {{
    {0x00, 0x08},     {0x0B, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},       {0x34F, 0x34F},     {0x600, 0x605},
    {0x61C, 0x61C},   {0x6DD, 0x6DD},   {0x70F, 0x70F},   {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3}, {0xE0000, 0xE0FFF},
}};

struct Decoded {
  char32_t character = 0xFFFD;
  std::size_t length = 1;  ///< in bytes
};

// The character at `at` of a text that valid_utf8 has passed.
Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  auto character = static_cast<char32_t>(lead & (0x7F >> length));
  for (std::size_t i = 1; i < length; ++i) character = (character << 6) | (byte(i) & 0x3FU);
  return {character, length};
}

bool plain(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x7F || (byte < 0x20 && c != '\n' && c != '\t')) return false;
  }
  return true;
}

std::string name_of_character(char32_t character) {
  return fmt::format("⟨U+{:04X}⟩", static_cast<std::uint32_t>(character));
}

}  // namespace

bool is_invisible(char32_t character) {
  for (const auto& range : invisible) {
    if (character < range.first) break;
    if (character <= range.last) return true;
  }
  return (character & 0xFFFE) == 0xFFFE;  // the last two of every plane are noncharacters
}

std::vector<Run> visible_runs(std::string_view text) {
  std::vector<Run> runs;
  if (plain(text)) {
    if (!text.empty()) runs.push_back({std::string(text), false});
    return runs;
  }
  const std::string valid = valid_utf8(text);
  std::size_t at = 0;
  while (at < valid.size()) {
    const auto [character, length] = decode(valid, at);
    if (is_invisible(character)) {
      runs.push_back({name_of_character(character), true});
    } else {
      if (runs.empty() || runs.back().named) runs.push_back({});
      runs.back().text.append(valid, at, length);
    }
    at += length;
  }
  return runs;
}

std::string visible(std::string_view text) {
  if (plain(text)) return std::string(text);
  std::string joined;
  for (const auto& run : visible_runs(text)) joined += run.text;
  return joined;
}

std::string one_line(std::string_view text) {
  std::string line;
  bool space = false;
  for (const char c : visible(text)) {
    if (c == ' ' || c == '\t' || c == '\n') {
      space = !line.empty();
      continue;
    }
    if (space) line += ' ';
    space = false;
    line += c;
  }
  return line;
}

std::string escape_invisible(std::string_view json) {
  if (plain(json)) return std::string(json);
  std::string escaped;
  escaped.reserve(json.size() + 16);
  std::size_t at = 0;
  while (at < json.size()) {
    const auto [character, length] = decode(json, at);
    const auto code = static_cast<std::uint32_t>(character);
    if (code < 0x7F || !is_invisible(character)) {
      escaped.append(json, at, length);
    } else if (code < 0x10000) {
      escaped += fmt::format("\\u{:04x}", code);
    } else {
      const std::uint32_t offset = code - 0x10000;
      escaped += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF));
    }
    at += length;
  }
  return escaped;
}

}  // namespace plimsoll::reports
