#include "engine/formats/rpm_version.hpp"

#include <cstddef>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
namespace {

// rpm looks at ASCII alone, whatever the locale.
bool counts(char c) {
  return is_letter_or_digit(c) || c == '~' || c == '^';
}

void skip_separators(std::string_view& text) {
  while (!text.empty() && !counts(text.front())) text.remove_prefix(1);
}

template <class Is>
std::string_view take_run(std::string_view& text, Is is) {
  std::size_t length = 0;
  while (length < text.size() && is(text[length])) ++length;
  const auto run = text.substr(0, length);
  text.remove_prefix(length);
  return run;
}

int compare_numbers(std::string_view left, std::string_view right) {
  while (left.starts_with('0')) left.remove_prefix(1);
  while (right.starts_with('0')) right.remove_prefix(1);
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return left.compare(right);
}

}  // namespace

RpmVersion rpm_version(std::string_view text) {
  RpmVersion parts{"0", text, {}};
  const auto epoch = take_run(text, is_digit);
  if (text.starts_with(':')) {
    if (!epoch.empty()) parts.epoch = epoch;
    parts.version = text.substr(1);
  }
  const auto dash = parts.version.rfind('-');
  if (dash != std::string_view::npos) {
    parts.release = parts.version.substr(dash + 1);
    parts.version = parts.version.substr(0, dash);
  }
  return parts;
}

int compare_rpm_parts(std::string_view left, std::string_view right) {
  while (!left.empty() || !right.empty()) {
    skip_separators(left);
    skip_separators(right);
    const bool left_tilde = left.starts_with('~');
    const bool right_tilde = right.starts_with('~');
    if (left_tilde != right_tilde) return left_tilde ? -1 : 1;
    const bool left_caret = left.starts_with('^');
    const bool right_caret = right.starts_with('^');
    if (left_caret != right_caret) {
      if (left_caret) return right.empty() ? 1 : -1;
      return left.empty() ? -1 : 1;
    }
    if (left_tilde || left_caret) {
      left.remove_prefix(1);
      right.remove_prefix(1);
      continue;
    }
    if (left.empty() || right.empty()) break;
    const bool number = is_digit(left.front());
    if (number != is_digit(right.front())) return number ? 1 : -1;
    const int order = number ? compare_numbers(take_run(left, is_digit), take_run(right, is_digit))
                             : take_run(left, is_letter).compare(take_run(right, is_letter));
    if (order != 0) return order;
  }
  return static_cast<int>(!left.empty()) - static_cast<int>(!right.empty());
}

int compare_rpm_versions(const RpmVersion& left, const RpmVersion& right) {
  if (const int order = compare_numbers(left.epoch, right.epoch); order != 0) return order;
  if (const int order = compare_rpm_parts(left.version, right.version); order != 0) return order;
  return compare_rpm_parts(left.release, right.release);
}

}  // namespace plimsoll::formats
