#include "engine/cli/text_layout.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

#include "engine/core/text.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

struct Range {
  char32_t first;
  char32_t last;
};

/// East Asian wide and fullwidth (Unicode 15, UAX 11), joined to the ranges that matter.
constexpr Range wide[] = {{0x1100, 0x115F},  {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97C},
                          {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                          {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
                          {0x20000, 0x3FFFD}};
constexpr Range combining[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x1AB0, 0x1AFF},
                               {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
constexpr Range steering[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200B, 0x200F},
                              {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE007F}};

template <std::size_t N>
bool within(char32_t point, const Range (&ranges)[N]) {
  return std::any_of(ranges, ranges + N,
                     [&](const Range& range) { return point >= range.first && point <= range.last; });
}

/// The code point at the start of valid UTF-8, and how many bytes it takes.
std::pair<char32_t, std::size_t> decoded(string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<char32_t>(static_cast<unsigned char>(text[index])); };
  const char32_t lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length == 1 || length > text.size()) return {lead, 1};
  char32_t point = lead & (0x7FU >> length);
  for (std::size_t index = 1; index < length; ++index) point = (point << 6U) | (byte(index) & 0x3FU);
  return {point, length};
}

std::size_t width_of(char32_t point) {
  if (point < 0x300) return 1;
  if (within(point, combining)) return 0;
  return within(point, wide) ? 2 : 1;
}

string escape_of(char32_t point) {
  if (point == '\n') return "\\n";
  if (point == '\t') return "\\t";
  if (point == '\r') return "\\r";
  const auto number = static_cast<std::uint32_t>(point);
  return number < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{{{:x}}}", number);
}

}  // namespace

string printable(string_view text) {
  const string valid = valid_utf8(text);
  string out;
  out.reserve(valid.size());
  for (string_view rest = valid; !rest.empty();) {
    const auto [point, length] = decoded(rest);
    if (within(point, steering)) {
      out += escape_of(point);
    } else {
      out.append(rest.substr(0, length));
    }
    rest.remove_prefix(length);
  }
  return out;
}

std::size_t display_width(string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto [point, length] = decoded(text);
    columns += width_of(point);
    text.remove_prefix(length);
  }
  return columns;
}

std::vector<string> wrapped(string_view text, std::size_t width, std::size_t taken) {
  if (width == 0) return {string(text)};
  std::vector<string> lines;
  string line;
  std::size_t columns = taken;
  bool fresh = true;  // no word stands on this line yet
  const auto end_line = [&] {
    lines.push_back(std::move(line));
    line.clear();
    columns = 0;
    fresh = true;
  };
  while (!text.empty()) {
    const auto space = text.find(' ');
    string_view word = text.substr(0, space);
    text.remove_prefix(space == string_view::npos ? text.size() : space + 1);
    const std::size_t gap = fresh ? 0 : 1;
    if (columns + gap + display_width(word) > width && (!fresh || columns > 0)) end_line();
    if (!fresh) {
      line.push_back(' ');
      ++columns;
    }
    while (!word.empty()) {
      const auto [point, length] = decoded(word);
      if (columns > 0 && columns + width_of(point) > width) end_line();
      line.append(word.substr(0, length));
      columns += width_of(point);
      word.remove_prefix(length);
    }
    fresh = false;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

string hanging(string_view text, std::size_t column, std::size_t indent, std::size_t width) {
  constexpr std::size_t least = 20;  // narrower than this nothing can be read anyway
  const std::size_t room = width == 0 ? 0 : width > indent + least ? width - indent : least;
  string out;
  bool first = true;
  for (const string& line : wrapped(text, room, column > indent ? column - indent : 0)) {
    if (!first) out.append("\n").append(indent, ' ');
    out += line;
    first = false;
  }
  return out;
}

string padded(string_view text, std::size_t width) {
  string out(text);
  const std::size_t columns = display_width(text);
  if (columns < width) out.append(width - columns, ' ');
  return out;
}

string indented(string_view text) {
  string out;
  while (!text.empty()) out.append("  ").append(take_line(text)).append("\n");
  return out;
}

}  // namespace plimsoll::cli
