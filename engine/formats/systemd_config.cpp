#include "engine/formats/systemd_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

/// The first line that opens a section and does not close its name; 0 when there is none.
std::uint32_t line_of_bad_header(std::string_view text) {
  Lines lines(text);
  std::string_view line;
  bool continues = false;
  while (lines.next(line)) {
    const auto content = trimmed(line);
    if (content.starts_with('#') || content.starts_with(';')) continue;
    const bool starts = !continues;
    continues = line.ends_with('\\');
    if (starts && !continues && content.starts_with('[') && !content.ends_with(']')) return lines.number();
  }
  return 0;
}

std::optional<bool> boolean_of(std::string_view text) {
  const auto word = lower_case(text);
  for (const std::string_view yes : {"1", "yes", "y", "true", "t", "on"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"0", "no", "n", "false", "f", "off"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

struct Unit {
  std::string_view name;
  double factor;
};

/// Numbers with units behind them, added up: "1h 30min", "1.5G". A number without a unit has the factor 1. Nothing for
/// anything else.
std::optional<double> sum_of(std::string_view text, std::span<const Unit> units) {
  double sum = 0;
  bool any = false;
  while (true) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    if (end > 18) return std::nullopt;
    double number = 0;
    double scale = 1;
    for (const char digit : text.substr(0, end)) number = number * 10 + (digit - '0');
    std::size_t digits = end;
    text.remove_prefix(end);
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        scale /= 10;
        number += scale * (text.front() - '0');
        text.remove_prefix(1);
        ++digits;
      }
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const auto unit = text.substr(0, std::min(text.find_first_of("0123456789. \t"), text.size()));
    text.remove_prefix(unit.size());
    const auto found = std::ranges::find(units, unit, &Unit::name);
    if (!unit.empty() && found == units.end()) return std::nullopt;
    sum += number * (unit.empty() ? 1 : found->factor);
    any = true;
  }
  return any ? std::optional(sum) : std::nullopt;
}

constexpr double kibi = 1024;
constexpr std::array size_units = {
    Unit{"B", 1},
    Unit{"K", kibi},
    Unit{"M", kibi* kibi},
    Unit{"G", kibi* kibi* kibi},
    Unit{"T", kibi* kibi* kibi* kibi},
    Unit{"P", kibi* kibi* kibi* kibi* kibi},
    Unit{"E", kibi* kibi* kibi* kibi* kibi* kibi},
};

constexpr double day = 86400;
constexpr double month = 2629800;
constexpr double year = 31557600;
constexpr std::array time_units = {
    Unit{"usec", 1e-6},    Unit{"us", 1e-6},       Unit{"msec", 1e-3},  Unit{"ms", 1e-3},     Unit{"s", 1},
    Unit{"sec", 1},        Unit{"second", 1},      Unit{"seconds", 1},  Unit{"m", 60},        Unit{"min", 60},
    Unit{"minute", 60},    Unit{"minutes", 60},    Unit{"h", 3600},     Unit{"hr", 3600},     Unit{"hour", 3600},
    Unit{"hours", 3600},   Unit{"d", day},         Unit{"day", day},    Unit{"days", day},    Unit{"w", 7 * day},
    Unit{"week", 7 * day}, Unit{"weeks", 7 * day}, Unit{"M", month},    Unit{"month", month}, Unit{"months", month},
    Unit{"y", year},       Unit{"year", year},     Unit{"years", year},
};

std::optional<std::string> number_of(std::string_view text, std::span<const Unit> units) {
  if (text == "infinity") return "infinity";
  const auto sum = sum_of(text, units);
  if (!sum || *sum >= 9.2e18) return std::nullopt;
  if (*sum == std::floor(*sum)) return fmt::format("{}", static_cast<std::int64_t>(*sum));
  return fmt::format("{:.6g}", *sum);
}

constexpr std::array<std::string_view, 8> levels = {"emerg",   "alert",  "crit", "err",
                                                    "warning", "notice", "info", "debug"};

std::optional<std::string> level_of(std::string_view text) {
  if (std::ranges::find(levels, text) != levels.end()) return std::string(text);
  const auto number = parse_integer(text);
  if (!number || *number < 0 || *number > 7) return std::nullopt;
  return std::string(levels.at(static_cast<std::size_t>(*number)));
}

std::string word_of(bool value) {
  return value ? "yes" : "no";
}

}  // namespace

SystemdConfig parse_systemd_config(std::string_view text) {
  SystemdConfig config;
  config.assignments = parse_unit_file(text);
  config.bad_header = line_of_bad_header(text);
  if (config.bad_header != 0) {
    std::erase_if(config.assignments, [&](const auto& found) { return found.line >= config.bad_header; });
  }
  return config;
}

std::optional<std::string> systemd_value(SystemdValue kind, std::string_view text,
                                         std::span<const std::string_view> allowed) {
  switch (kind) {
    case SystemdValue::boolean: {
      const auto value = boolean_of(text);
      return value ? std::optional(word_of(*value)) : std::nullopt;
    }
    case SystemdValue::compress: {
      const auto value = boolean_of(text);
      if (value) return word_of(*value);
      return number_of(text, size_units) ? std::optional(word_of(true)) : std::nullopt;
    }
    case SystemdValue::size:
      return number_of(text, size_units);
    case SystemdValue::seconds:
      return number_of(text, time_units);
    case SystemdValue::count: {
      const auto number = parse_integer(text);
      return number && *number >= 0 ? std::optional(fmt::format("{}", *number)) : std::nullopt;
    }
    case SystemdValue::word:
      return std::ranges::find(allowed, text) != allowed.end() ? std::optional(std::string(text)) : std::nullopt;
    case SystemdValue::level:
      return level_of(text);
    case SystemdValue::text:
    case SystemdValue::words:
      return std::string(text);
  }
  return std::nullopt;
}

}  // namespace plimsoll::formats
