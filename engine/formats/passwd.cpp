#include "engine/formats/passwd.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

/// Hands out the fields of one line; after the last one, `ended` is true and fields are empty.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_(line) {}

  [[nodiscard]] bool ended() const { return ended_ || rest_.empty(); }

  std::string_view next() {
    if (ended_) return {};
    const auto colon = rest_.find(':');
    const auto field = rest_.substr(0, colon);
    if (colon == std::string_view::npos) {
      ended_ = true;
    } else {
      rest_.remove_prefix(colon + 1);
    }
    return field;
  }

  std::string_view remainder() { return std::exchange(ended_, true) ? std::string_view{} : rest_; }

 private:
  std::string_view rest_;
  bool ended_ = false;
};

enum class NumberState : std::uint8_t { number, missing, wrong };

struct Number {
  NumberState state = NumberState::missing;
  std::uint32_t value = 0;
};

/// strtoul(3), cut to 32 bits as glibc does: blanks and a sign may lead, a negative number wraps, too large a number
/// becomes the largest. Anything behind the digits makes the line unreadable to glibc.
Number parse_number(std::string_view text) {
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return {negative ? NumberState::wrong : NumberState::missing, 0};
  if (!std::ranges::all_of(text, is_digit)) return {NumberState::wrong, 0};

  constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  bool overflow = false;
  for (const char digit : text) {
    const auto unit = static_cast<std::uint64_t>(digit - '0');
    if (value > (largest - unit) / 10) overflow = true;
    value = value * 10 + unit;
  }
  if (overflow) {
    value = largest;
  } else if (negative) {
    value = 0 - value;
  }
  constexpr std::uint64_t largest_id = std::numeric_limits<std::uint32_t>::max();
  return {NumberState::number, static_cast<std::uint32_t>(std::min(value, largest_id))};
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto name = list.substr(0, comma);
    while (!name.empty() && is_white(name.front())) name.remove_prefix(1);
    if (!name.empty()) names.emplace_back(name);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return names;
}

/// A broken line may hold anything, a hash included, so only what is plainly a name is repeated.
std::string name_if_plain(std::string_view line) {
  constexpr std::size_t longest_name = 32;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon > longest_name) return {};
  const auto name = line.substr(0, colon);
  const auto plain = [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; };
  return std::ranges::all_of(name, plain) ? std::string(name) : std::string{};
}

/// Calls `parse_line(line, entry)` for each line that counts; it returns why the line is bad, or nothing.
template <class Entry, class ParseLine>
AccountLines<Entry> parse_lines(std::string_view text, const ParseLine& parse_line) {
  AccountLines<Entry> result;
  std::uint32_t number = 0;
  while (!text.empty()) {
    ++number;
    auto line = take_line(text);
    while (!line.empty() && is_white(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#') continue;

    Entry entry;
    entry.line = number;
    std::string_view why =
        line.find('\0') == std::string_view::npos ? parse_line(line, entry) : "the line holds a NUL byte";
    if (why.empty()) {
      result.entries.push_back(std::move(entry));
    } else {
      result.bad.push_back({number, name_if_plain(line), std::string(why)});
    }
  }
  return result;
}

bool compat_name(std::string_view name) {
  return name.starts_with('+') || name.starts_with('-');
}

constexpr std::string_view traditional_alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

struct HashPrefix {
  std::string_view prefix;
  HashAlgorithm algorithm;
};
constexpr std::array hash_prefixes = {
    HashPrefix{"$y$", HashAlgorithm::yescrypt},  HashPrefix{"$gy$", HashAlgorithm::gost_yescrypt},
    HashPrefix{"$7$", HashAlgorithm::scrypt},    HashPrefix{"$6$", HashAlgorithm::sha512},
    HashPrefix{"$5$", HashAlgorithm::sha256},    HashPrefix{"$2a$", HashAlgorithm::bcrypt},
    HashPrefix{"$2b$", HashAlgorithm::bcrypt},   HashPrefix{"$2x$", HashAlgorithm::bcrypt},
    HashPrefix{"$2y$", HashAlgorithm::bcrypt},   HashPrefix{"$sha1$", HashAlgorithm::sha1},
    HashPrefix{"$md5$", HashAlgorithm::sun_md5}, HashPrefix{"$md5,", HashAlgorithm::sun_md5},
    HashPrefix{"$1$", HashAlgorithm::md5},       HashPrefix{"$3$", HashAlgorithm::nt},
};

std::optional<HashAlgorithm> algorithm_of(std::string_view field) {
  if (field.starts_with('$')) {
    for (const auto& [prefix, algorithm] : hash_prefixes) {
      if (field.starts_with(prefix)) return algorithm;
    }
    return HashAlgorithm::unknown;
  }
  const auto traditional = [](std::string_view text) {
    return text.find_first_not_of(traditional_alphabet) == std::string_view::npos;
  };
  constexpr std::size_t bsdi_length = 20;
  if (field.starts_with('_')) {
    if (field.size() == bsdi_length && traditional(field.substr(1))) return HashAlgorithm::bsdi_des;
    return std::nullopt;
  }
  // 2 of salt and 11 per block; more than one block is bigcrypt, still DES.
  if (field.size() >= 13 && (field.size() - 2) % 11 == 0 && traditional(field)) return HashAlgorithm::des;
  return std::nullopt;
}

std::optional<std::chrono::days> days_of(Number number) {
  const auto value = static_cast<std::int32_t>(number.value);  // as glibc: -1 is "not set"
  if (number.state != NumberState::number || value == -1) return std::nullopt;
  return std::chrono::days{value};
}

std::string_view parse_passwd_line(std::string_view line, PasswdEntry& entry) {
  Fields fields(line);
  entry.name = fields.next();
  entry.compat = compat_name(entry.name);
  entry.password = judge_password(fields.next(), true);
  const auto uid = parse_number(fields.next());
  const auto gid = parse_number(fields.next());
  if (!entry.compat) {
    if (uid.state != NumberState::number) return "the user id is not a number";
    if (gid.state != NumberState::number) return "the group id is not a number";
  }
  entry.uid = uid.value;
  entry.gid = gid.value;
  fields.next();  // GECOS
  entry.home = fields.next();
  entry.shell = fields.remainder();
  return {};
}

std::string_view parse_group_line(std::string_view line, GroupEntry& entry) {
  Fields fields(line);
  entry.name = fields.next();
  entry.compat = compat_name(entry.name);
  entry.password = judge_password(fields.next(), true);
  const auto gid = parse_number(fields.next());
  if (!entry.compat && gid.state != NumberState::number) return "the group id is not a number";
  entry.gid = gid.value;
  entry.members = names_in(fields.remainder());
  return {};
}

std::string_view parse_shadow_line(std::string_view line, ShadowEntry& entry) {
  Fields fields(line);
  entry.name = fields.next();
  if (fields.ended()) return "there is no password field";
  entry.password = judge_password(fields.next(), false);
  if (compat_name(entry.name) && fields.ended()) return {};

  std::array<Number, 6> numbers;  // changed, min, max, warn, inactive, expires
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    constexpr std::size_t required = 3;
    if (fields.ended()) {
      if (i < required) return "the ageing fields are missing";
      break;
    }
    numbers.at(i) = parse_number(fields.next());
    if (numbers.at(i).state == NumberState::wrong) return "an ageing field is not a number";
  }
  if (!fields.ended() && parse_number(fields.remainder()).state == NumberState::wrong) {
    return "the last field is not a number";
  }
  if (const auto changed = days_of(numbers[0])) entry.changed = std::chrono::sys_days{*changed};
  entry.min_age = days_of(numbers[1]);
  entry.max_age = days_of(numbers[2]);
  entry.warn_before = days_of(numbers[3]);
  entry.inactive_after = days_of(numbers[4]);
  if (const auto expires = days_of(numbers[5])) entry.expires = std::chrono::sys_days{*expires};
  return {};
}

std::string_view parse_gshadow_line(std::string_view line, GshadowEntry& entry) {
  Fields fields(line);
  entry.name = fields.next();
  if (fields.ended()) return "there is no password field";
  entry.password = judge_password(fields.next(), false);
  entry.administrators = names_in(fields.next());
  entry.members = names_in(fields.remainder());
  return {};
}

}  // namespace

std::string_view name_of(PasswordState state) {
  switch (state) {
    case PasswordState::shadowed:
      return "shadowed";
    case PasswordState::empty:
      return "empty";
    case PasswordState::hash:
      return "hash";
    case PasswordState::locked:
      return "locked";
    case PasswordState::none:
      return "none";
  }
  std::unreachable();
}

std::string_view name_of(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::yescrypt:
      return "yescrypt";
    case HashAlgorithm::gost_yescrypt:
      return "gost-yescrypt";
    case HashAlgorithm::scrypt:
      return "scrypt";
    case HashAlgorithm::sha512:
      return "sha512";
    case HashAlgorithm::sha256:
      return "sha256";
    case HashAlgorithm::bcrypt:
      return "bcrypt";
    case HashAlgorithm::sha1:
      return "sha1";
    case HashAlgorithm::sun_md5:
      return "sun-md5";
    case HashAlgorithm::md5:
      return "md5";
    case HashAlgorithm::nt:
      return "nt";
    case HashAlgorithm::bsdi_des:
      return "bsdi-des";
    case HashAlgorithm::des:
      return "des";
    case HashAlgorithm::unknown:
      return "unknown";
  }
  std::unreachable();
}

PasswordField judge_password(std::string_view field, bool shadow_marks) {
  if (field.empty()) return {PasswordState::empty, {}};
  if (shadow_marks && (field == "x" || field.starts_with("##"))) return {PasswordState::shadowed, {}};
  if (const auto algorithm = algorithm_of(field)) return {PasswordState::hash, algorithm};
  const auto behind = field.find_first_not_of("!*");
  if (behind == std::string_view::npos || behind == 0) return {PasswordState::none, {}};
  if (const auto algorithm = algorithm_of(field.substr(behind))) return {PasswordState::locked, algorithm};
  return {PasswordState::none, {}};
}

AccountLines<PasswdEntry> parse_passwd(std::string_view text) {
  return parse_lines<PasswdEntry>(text, parse_passwd_line);
}
AccountLines<GroupEntry> parse_group(std::string_view text) {
  return parse_lines<GroupEntry>(text, parse_group_line);
}
AccountLines<ShadowEntry> parse_shadow(std::string_view text) {
  return parse_lines<ShadowEntry>(text, parse_shadow_line);
}
AccountLines<GshadowEntry> parse_gshadow(std::string_view text) {
  return parse_lines<GshadowEntry>(text, parse_gshadow_line);
}

std::vector<std::string> nsswitch_services(std::string_view text, std::string_view database) {
  std::vector<std::string> services;
  while (!text.empty()) {
    auto line = take_line(text);
    line = line.substr(0, line.find('#'));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || trimmed(line.substr(0, colon)) != database) continue;

    services.clear();
    auto rest = line.substr(colon + 1);
    while (!(rest = trimmed(rest)).empty()) {
      if (rest.front() == '[') {
        const auto close = rest.find(']');
        rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 1);
        continue;
      }
      const auto end = std::min(rest.find_first_of(" \t["), rest.size());
      services.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end);
    }
  }
  return services;
}

}  // namespace plimsoll::formats
