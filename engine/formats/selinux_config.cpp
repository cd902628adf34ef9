#include "engine/formats/selinux_config.hpp"

#include <array>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

std::string_view without_leading_white(std::string_view text) {
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  return text;
}

void read_mode(SelinuxSetting& setting, std::string_view line, std::uint32_t number) {
  constexpr std::string_view tag = "SELINUX=";
  constexpr std::array<std::string_view, 3> modes = {"enforcing", "permissive", "disabled"};
  if (!line.starts_with(tag)) return;
  const auto written = without_leading_white(line.substr(tag.size()));
  const auto lower = lower_case(written);
  for (const auto mode : modes) {
    if (!lower.starts_with(mode)) continue;
    if (setting.line == 0) {
      setting.value = mode;
      setting.line = number;
    } else {
      setting.others.emplace_back(number, mode);
    }
    return;
  }
  setting.others.emplace_back(number, std::string(trimmed(written)));
}

void read_type(SelinuxSetting& setting, std::string_view line, std::uint32_t number) {
  constexpr std::string_view tag = "selinuxtype=";
  line = without_leading_white(line);
  if (line.starts_with('#') || !lower_case(line).starts_with(tag)) return;
  if (setting.line != 0) setting.others.emplace_back(setting.line, setting.value);
  setting.value = trimmed(line.substr(tag.size()));
  setting.line = number;
}

}  // namespace

SelinuxConfig parse_selinux_config(std::string_view text) {
  SelinuxConfig config;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    read_mode(config.mode, line, lines.number());
    read_type(config.type, line, lines.number());
  }
  return config;
}

}  // namespace plimsoll::formats
