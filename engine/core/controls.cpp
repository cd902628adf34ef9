#include "engine/core/controls.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace plimsoll {
namespace {

constexpr std::array<Standard, 1> known = {{
    {"nist-800-53", "NIST SP 800-53 Rev. 5", "^[A-Z]{2}-[1-9][0-9]?([(][1-9][0-9]?[)])?$"},
}};
constexpr std::array<std::string_view, 20> families = {"AC", "AT", "AU", "CA", "CM", "CP", "IA", "IR", "MA", "MP",
                                                       "PE", "PL", "PM", "PS", "PT", "RA", "SA", "SC", "SI", "SR"};

/// Takes a number of one or two digits without leading zero from the front.
bool take_number(std::string_view& text) {
  constexpr std::size_t most_digits = 2;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits > most_digits || text[0] == '0') return false;
  text.remove_prefix(digits);
  return true;
}

}  // namespace

std::span<const Standard> standards() {
  return known;
}

const Standard* find_standard(std::string_view id) {
  const auto* const found = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.id == id; });
  return found == known.end() ? nullptr : found;
}

bool is_control_id(const Standard& /*the only one*/, std::string_view id) {
  constexpr std::size_t family_size = 2;
  if (std::find(families.begin(), families.end(), id.substr(0, family_size)) == families.end()) return false;
  id.remove_prefix(family_size);
  if (!id.starts_with('-')) return false;
  id.remove_prefix(1);
  if (!take_number(id)) return false;
  if (id.empty()) return true;
  if (!id.starts_with('(')) return false;
  id.remove_prefix(1);
  return take_number(id) && id == ")";
}

std::string title_of(const Control& control) {
  const auto* standard = find_standard(control.standard);
  return fmt::format("{} {}", standard == nullptr ? std::string_view(control.standard) : standard->title, control.id);
}

std::vector<std::string> by_standard(std::span<const Control> controls) {
  std::vector<std::string> texts;
  std::vector<std::string_view> seen;
  for (const auto& control : controls) {
    const auto found = std::find(seen.begin(), seen.end(), control.standard);
    if (found != seen.end()) {
      texts[static_cast<std::size_t>(found - seen.begin())] += ", " + control.id;
      continue;
    }
    const auto* standard = find_standard(control.standard);
    seen.push_back(control.standard);
    texts.push_back(
        fmt::format("{}: {}", standard == nullptr ? std::string_view(control.standard) : standard->title, control.id));
  }
  return texts;
}

}  // namespace plimsoll
