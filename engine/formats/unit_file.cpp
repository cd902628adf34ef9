#include "engine/formats/unit_file.hpp"

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

}  // namespace

std::vector<UnitAssignment> parse_unit_file(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<UnitAssignment> assignments;
  std::string section;
  std::string joined;
  std::uint32_t start = 0;
  bool continues = false;

  const auto finish = [&] {
    const auto line = trimmed(joined);
    if (line.starts_with('[') && line.ends_with(']')) {
      section = line.substr(1, line.size() - 2);
    } else if (const auto equals = line.find('='); equals != std::string_view::npos && !section.empty()) {
      assignments.push_back({section, std::string(trimmed(line.substr(0, equals))),
                             std::string(trimmed(line.substr(equals + 1))), start});
    }
    joined.clear();
  };

  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const auto content = trimmed(line);
    if (is_comment(content)) continue;
    if (content.empty() && !continues) continue;
    if (!continues) start = lines.number();
    continues = line.ends_with('\\');
    joined += continues ? line.substr(0, line.size() - 1) : line;
    if (continues) {
      joined += ' ';
    } else {
      finish();
    }
  }
  if (continues) finish();
  return assignments;
}

void add_to_unit_list(std::vector<std::string>& list, std::string_view value) {
  if (value.empty()) {
    list.clear();
  } else {
    list.emplace_back(value);
  }
}

std::vector<std::string> unit_words(std::string_view value) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && i + 1 < value.size()) {
      word += value[++i];
      in_word = true;
    } else if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

}  // namespace plimsoll::formats
