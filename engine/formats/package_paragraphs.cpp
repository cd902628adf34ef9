#include "engine/formats/package_paragraphs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

/// Names of fields have no case. `name` is in small letters.
bool is_named(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  constexpr auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(line.substr(0, name.size()), name, {}, small);
}

/// Whether a line may hold one of the fields: their first letters, so that the many others cost one look.
bool is_candidate(char first) {
  switch (first) {
    case 'p':
    case 'P':
    case 'v':
    case 'V':
    case 'a':
    case 'A':
    case 's':
    case 'S':
      return true;
    default:
      return false;
  }
}

bool is_blank(std::string_view line) {
  return std::ranges::all_of(line, is_white);
}

}  // namespace

void PackageParagraphs::pass_to_blank_line() {
  while (!rest_.empty()) {
    if (is_white(rest_.front()) && is_blank(rest_.substr(0, rest_.find('\n')))) return;
    const auto end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++line_;
  }
}

bool PackageParagraphs::next(PackageParagraph& paragraph) {
  constexpr std::array<std::pair<std::string_view, std::string_view PackageParagraph::*>, 5> fields = {
      {{"package", &PackageParagraph::name},
       {"version", &PackageParagraph::version},
       {"architecture", &PackageParagraph::architecture},
       {"status", &PackageParagraph::status},
       {"phased-update-percentage", &PackageParagraph::phased}}};
  paragraph = {};
  while (!rest_.empty()) {
    ++line_;
    const char first = rest_.front();
    if (!is_candidate(first) && !is_white(first)) {  // most lines: it is enough to know where they end
      const auto end = rest_.find('\n');
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      continue;
    }
    const auto line = take_line(rest_);
    if (is_blank(line)) {
      if (!paragraph.name.empty()) return true;
      paragraph = {};
      continue;
    }
    if (!is_candidate(first)) continue;
    for (const auto& [name, field] : fields) {
      if (!is_named(line, name)) continue;
      paragraph.*field = trimmed(line.substr(name.size() + 1));
      if (name != "package") break;
      paragraph.line = line_;
      if (wanted_ && !wanted_(paragraph.name)) {
        pass_to_blank_line();
        paragraph = {};
      }
      break;
    }
  }
  return !paragraph.name.empty();
}

std::string_view release_field(std::string_view text, std::string_view name) {
  const auto wanted = lower_case(name);
  bool is_signed = false;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.starts_with("-----BEGIN PGP SIGNED")) is_signed = true;  // its own headers and an empty line follow
    if (trimmed(line).empty()) {
      if (!is_signed) return {};
      is_signed = false;
    } else if (is_named(line, wanted)) {
      return trimmed(line.substr(wanted.size() + 1));
    }
  }
  return {};
}

}  // namespace plimsoll::formats
