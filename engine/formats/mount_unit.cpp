#include "engine/formats/mount_unit.hpp"

#include <fmt/core.h>

#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"
#include "engine/formats/mountinfo.hpp"

namespace plimsoll::formats {
namespace {

bool stands_for_itself(char c) {
  return is_letter_or_digit(c) || c == ':' || c == '_' || c == '.';
}

void set(MountUnit& unit, std::string_view key, std::string_view value, std::uint32_t line) {
  std::optional<UnitValue>* slot = nullptr;
  if (key == "What") slot = &unit.what;
  if (key == "Where") slot = &unit.where;
  if (key == "Type") slot = &unit.type;
  if (key == "Options") slot = &unit.options;
  if (slot == nullptr) return;
  if (slot == &unit.options) unit.resets_options = value.empty();
  if (value.empty()) {
    slot->reset();
  } else {
    *slot = UnitValue{std::string(value), line};
  }
}

}  // namespace

std::string unit_name_of_path(std::string_view path) {
  const std::string plain = plain_path(path);
  if (plain == "/") return "-";
  std::string out;
  for (std::size_t at = 1; at < plain.size(); ++at) {
    const char c = plain[at];
    if (c == '/') {
      out.push_back('-');
    } else if (stands_for_itself(c) && !(c == '.' && out.empty())) {
      out.push_back(c);
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

MountUnit parse_mount_unit(std::string_view text) {
  MountUnit unit;
  bool in_mount = false;
  std::string joined;  // a setting whose lines end in "\", without its last line
  std::uint32_t first = 0;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const auto stripped = trimmed(line);
    if (stripped.starts_with('#') || stripped.starts_with(';')) continue;  // also between continued lines
    if (joined.empty()) first = lines.number();
    if (stripped.ends_with('\\')) {
      joined.append(stripped.substr(0, stripped.size() - 1)).push_back(' ');
      continue;
    }
    joined.append(stripped);
    const std::string setting = std::exchange(joined, {});
    if (setting.starts_with('[')) {
      in_mount = setting == "[Mount]";
    } else if (const auto equals = setting.find('='); in_mount && equals != std::string::npos) {
      const std::string_view view = setting;
      set(unit, trimmed(view.substr(0, equals)), trimmed(view.substr(equals + 1)), first);
    }
  }
  return unit;
}

}  // namespace plimsoll::formats
