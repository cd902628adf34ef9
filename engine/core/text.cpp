#include "engine/core/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "engine/core/ascii.hpp"

namespace plimsoll {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Length of the well-formed sequence at the start of `bytes` (Unicode 15, table 3-7), or 0 when it is ill-formed; then
// `bad` is the length of the maximal subpart to replace.
std::size_t sequence_length(std::string_view bytes, std::size_t& bad) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  bad = 1;
  if (lead < 0x80) return 1;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= bytes.size() || at(i) < low || at(i) > high) {
      bad = i;
      return 0;
    }
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

// Optimal string alignment: Levenshtein's distance, in which two neighbours that changed places count as one mistake.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  // Of the prefixes of `left` that are two and one shorter than the current one, and of that one itself.
  std::vector<std::size_t> before_last(right.size() + 1);
  std::vector<std::size_t> last(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substituted});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[right.size()];
}

// Whether the text is ASCII without NUL, as nearly every text is. Eight bytes at a time: reports hold very many texts.
bool is_plain(std::string_view bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::size_t at = 0;
  for (; bytes.size() - at >= sizeof ones; at += sizeof ones) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    // The top bit of a byte is set by what is not ASCII, and by the borrow of what is zero (or follows a zero).
    if (((word | (word - ones)) & (ones << 7U)) != 0) return false;
  }
  return std::ranges::all_of(bytes.substr(at), [](char c) { return static_cast<unsigned char>(c) - 1U < 0x7fU; });
}

struct CivilTime {
  int year;
  unsigned month, day;
  long long hour, minute, second;
};

CivilTime civil(long long seconds) {
  // Beyond these, chrono's int years overflow; such a time stamp is garbage in any case.
  seconds = std::clamp(seconds, -62135596800LL, 253402300799LL);
  const auto point = std::chrono::sys_seconds{std::chrono::seconds{seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date{day};
  const auto rest = (point - day).count();
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          rest / 3600,
          rest / 60 % 60,
          rest % 60};
}

}  // namespace

std::string valid_utf8(std::string_view bytes) {
  if (is_plain(bytes)) return std::string(bytes);
  std::string valid;
  valid.reserve(bytes.size());
  while (!bytes.empty()) {
    std::size_t bad = 0;
    const std::size_t length = sequence_length(bytes, bad);
    if (length == 0 || bytes.front() == '\0') {
      valid += replacement;
      bytes.remove_prefix(length == 0 ? bad : 1);
    } else {
      valid += bytes.substr(0, length);
      bytes.remove_prefix(length);
    }
  }
  return valid;
}

std::string presentable(std::string_view bytes, std::size_t max_bytes) {
  // Only the part that can stay is looked at: hosts may hold very long values.
  const std::size_t looked_at = std::min(bytes.size(), max_bytes);
  std::size_t cut = looked_at;
  if (cut < bytes.size()) {
    while (cut > 0 && (static_cast<unsigned char>(bytes[cut]) & 0xC0U) == 0x80U && looked_at - cut < 4) --cut;
  }
  std::string text = valid_utf8(bytes.substr(0, cut));
  if (cut < bytes.size()) text += fmt::format("… ({} bytes more)", bytes.size() - cut);
  return text;
}

std::string presentable(std::string&& text, std::size_t max_bytes) {
  if (text.size() <= max_bytes && is_plain(text)) return std::move(text);
  return presentable(std::string_view(text), max_bytes);
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const auto candidate : candidates) {
    const std::size_t difference =
        candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
    if (difference >= best_distance) continue;
    if (const std::size_t distance = edit_distance(name, candidate); distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

std::string utc_seconds(long long seconds_since_epoch) {
  const auto t = civil(seconds_since_epoch);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", t.year, t.month, t.day, t.hour, t.minute, t.second);
}

std::string utc_milliseconds(long long milliseconds_since_epoch) {
  long long seconds = milliseconds_since_epoch / 1000;
  long long rest = milliseconds_since_epoch % 1000;
  if (rest < 0) {
    rest += 1000;
    --seconds;
  }
  const auto t = civil(seconds);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.year, t.month, t.day, t.hour, t.minute, t.second,
                     rest);
}

}  // namespace plimsoll
