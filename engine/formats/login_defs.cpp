#include "engine/formats/login_defs.hpp"

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

void store(LoginDefs& settings, std::string_view key, std::string_view value, std::uint32_t line) {
  auto& setting = settings[std::string(key)];
  if (setting.line != 0) setting.before.emplace_back(setting.line, setting.value);
  setting.value = value;
  setting.line = line;
}

}  // namespace

LoginDefs parse_login_defs(std::string_view text) {
  LoginDefs settings;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    auto content = trimmed(line);
    if (content.empty() || content.front() == '#') continue;
    const auto end = content.find_first_of(" \t");
    if (end == std::string_view::npos) continue;  // a key alone sets nothing
    auto value = content.substr(end);
    const auto begin = value.find_first_not_of(" \"\t");
    value = begin == std::string_view::npos ? std::string_view{} : value.substr(begin);
    value = value.substr(0, value.find('"'));
    store(settings, content.substr(0, end), value, lines.number());
  }
  return settings;
}

LoginDefs parse_useradd_defaults(std::string_view text) {
  LoginDefs settings;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const auto equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    store(settings, line.substr(0, equals), line.substr(equals + 1), lines.number());
  }
  return settings;
}

}  // namespace plimsoll::formats
