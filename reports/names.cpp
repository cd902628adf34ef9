#include "reports/names.hpp"

#include <fmt/core.h>

namespace plimsoll::reports {

std::string slug(std::string_view text) {
  std::string slug;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || upper;
    if (kept) {
      slug += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? "other" : slug;
}

std::string unique_name(const std::string& name, std::set<std::string>& taken) {
  std::string candidate = name;
  for (int copy = 2; !taken.insert(candidate).second; ++copy) candidate = fmt::format("{} ({})", name, copy);
  return candidate;
}

std::string unique_anchor(const std::string& name, std::set<std::string>& taken) {
  std::string candidate = name;
  for (int copy = 2; !taken.insert(candidate).second; ++copy) candidate = fmt::format("{}-{}", name, copy);
  return candidate;
}

}  // namespace plimsoll::reports
