#include "engine/formats/modprobe_d.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

/// One line with its continuations joined; false at the end of the text.
bool next_joined(std::string_view text, std::size_t& at, std::uint32_t& physical, std::string& line,
                 std::uint32_t& number) {
  if (at >= text.size()) return false;
  line.clear();
  number = ++physical;
  while (at < text.size()) {
    char c = text[at++];
    if (c == '\n') break;
    if (c == '\\') {
      if (at == text.size()) break;
      c = text[at++];
      if (c == '\n') {
        ++physical;
        continue;
      }
      if (c == '\r' && at < text.size() && text[at] == '\n') {
        line.push_back(c);
        continue;
      }
    }
    line.push_back(c);
  }
  return true;
}

/// A name in modprobe.d: dashes inside brackets stay, since they are ranges; empty for an unbalanced bracket.
std::optional<std::string> pattern_name(std::string_view written) {
  std::string name(written);
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '-') name[at] = '_';
    if (name[at] == ']') return std::nullopt;
    if (name[at] == '[') {
      at = name.find(']', at);
      if (at == std::string::npos) return std::nullopt;
    }
  }
  return name;
}

std::string_view module_of_path(std::string_view path) {
  const auto name = base_name(path);
  return name.substr(0, name.find(".ko"));
}

}  // namespace

std::string module_name(std::string_view written) {
  std::string name(written);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<ModprobeLine> parse_modprobe_d(std::string_view text) {
  std::vector<ModprobeLine> out;
  std::size_t at = 0;
  std::uint32_t physical = 0;
  std::uint32_t number = 0;
  std::string line;
  while (next_joined(text, at, physical, line, number)) {
    if (line.starts_with('#')) continue;
    std::string_view rest = line;
    const auto word = take_word(rest);
    const bool install = word == "install";
    if (!install && word != "blacklist") continue;
    auto module = pattern_name(take_word(rest));
    if (!module || module->empty()) continue;
    ModprobeLine found;
    found.line = number;
    found.module = std::move(*module);
    if (install) {
      if (rest.size() < 2) continue;  // strtok(3) took the blank behind the name
      found.command = std::string(rest.substr(1));
    } else {
      found.kind = ModprobeLine::Kind::blacklist;
    }
    out.push_back(std::move(found));
  }
  return out;
}

bool install_command_blocks(std::string_view command) {
  static constexpr std::array<std::string_view, 6> programs = {"/bin/false",    "/bin/true", "/usr/bin/false",
                                                               "/usr/bin/true", "false",     "true"};
  std::string_view rest = trimmed(command);
  const auto program = take_word(rest);
  if (std::find(programs.begin(), programs.end(), program) == programs.end()) return false;
  rest = trimmed(rest);
  if (rest.starts_with('#')) return true;  // a comment to the shell
  return rest.find_first_of(";&|<>$`()\"'\\\n{}!") == std::string_view::npos;
}

std::vector<LoadedAtBoot> parse_modules_load_d(std::string_view text) {
  std::vector<LoadedAtBoot> out;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    out.push_back({module_name(line), lines.number()});
  }
  return out;
}

std::vector<std::string> parse_proc_modules(std::string_view text) {
  std::vector<std::string> out;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (const auto name = take_word(line); !name.empty()) out.push_back(module_name(name));
  }
  return out;
}

std::vector<std::string> modules_in_index(std::string_view text, const std::vector<std::string>& wanted) {
  std::vector<std::string> out;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const auto found = module_of_path(trimmed(line.substr(0, line.find(':'))));
    const auto same = [&](const std::string& name) {
      return name.size() == found.size() &&
             std::equal(name.begin(), name.end(), found.begin(),
                        [](char want, char have) { return want == (have == '-' ? '_' : have); });
    };
    if (const auto hit = std::find_if(wanted.begin(), wanted.end(), same); hit != wanted.end()) out.push_back(*hit);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace plimsoll::formats
