#include "engine/formats/dnf_conf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

std::unexpected<Error> malformed(std::uint32_t line, std::string_view what) {
  return std::unexpected(Error{Error::Kind::malformed, fmt::format("line {}: {}", line, what)});
}

}  // namespace

Result<DnfConf> parse_dnf_conf(std::string_view text) {
  DnfConf conf;
  Lines lines(text);
  std::string_view line;
  std::string section;
  bool continues = false;  // whether there is a value above
  while (lines.next(line)) {
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == ' ' || line.front() == '\t') {
      const auto more = trimmed(line);
      if (more.empty()) continue;
      if (!continues) return malformed(lines.number(), "there is no value that this line could continue");
      conf.settings.back().value += fmt::format("\n{}", more);
      continue;
    }
    continues = false;
    if (line.front() == '[') {
      const auto end = line.find(']');
      if (end == std::string_view::npos || end == 1) return malformed(lines.number(), "this is no section");
      section = line.substr(1, end - 1);
      if (std::ranges::find(conf.sections, section) == conf.sections.end()) conf.sections.push_back(section);
      continue;
    }
    if (section.empty()) return malformed(lines.number(), "a setting stands before the first section");
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return malformed(lines.number(), "a setting has no value");
    const auto key = trimmed(line.substr(0, equals));
    if (key.empty()) return malformed(lines.number(), "a value has no name");
    conf.settings.push_back({section, std::string(key), std::string(trimmed(line.substr(equals + 1))), lines.number()});
    continues = true;
  }
  return conf;
}

std::optional<bool> dnf_truth(std::string_view value) {
  constexpr std::array<std::string_view, 4> yes = {"1", "yes", "true", "on"};
  constexpr std::array<std::string_view, 4> no = {"0", "no", "false", "off"};
  const auto word = lower_case(value);
  if (std::ranges::find(yes, word) != yes.end()) return true;
  if (std::ranges::find(no, word) != no.end()) return false;
  return {};
}

std::vector<std::string> dnf_list(std::string_view value) {
  constexpr std::string_view between = ", \t\r\n";
  std::vector<std::string> words;
  while (true) {
    const auto begin = value.find_first_not_of(between);
    if (begin == std::string_view::npos) return words;
    value.remove_prefix(begin);
    const auto end = std::min(value.find_first_of(between), value.size());
    words.emplace_back(value.substr(0, end));
    value.remove_prefix(end);
  }
}

}  // namespace plimsoll::formats
