#include "engine/formats/sudoers_parts.hpp"

#include <fmt/core.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
namespace {

struct Tag {
  std::string_view name;
  std::optional<bool> SudoersTags::* member;
  bool value;
};
constexpr std::array tags = {
    Tag{"NOPASSWD", &SudoersTags::no_password, true},
    Tag{"PASSWD", &SudoersTags::no_password, false},
    Tag{"NOEXEC", &SudoersTags::no_exec, true},
    Tag{"EXEC", &SudoersTags::no_exec, false},
    Tag{"SETENV", &SudoersTags::set_environment, true},
    Tag{"NOSETENV", &SudoersTags::set_environment, false},
    Tag{"LOG_INPUT", &SudoersTags::log_input, true},
    Tag{"NOLOG_INPUT", &SudoersTags::log_input, false},
    Tag{"LOG_OUTPUT", &SudoersTags::log_output, true},
    Tag{"NOLOG_OUTPUT", &SudoersTags::log_output, false},
    Tag{"MAIL", &SudoersTags::mail, true},
    Tag{"NOMAIL", &SudoersTags::mail, false},
    Tag{"FOLLOW", &SudoersTags::follow, true},
    Tag{"NOFOLLOW", &SudoersTags::follow, false},
    Tag{"INTERCEPT", &SudoersTags::intercept, true},
    Tag{"NOINTERCEPT", &SudoersTags::intercept, false},
};

constexpr std::array<std::string_view, 10> option_names = {
    "ROLE", "TYPE", "APPARMOR_PROFILE", "PRIVS", "LIMITPRIVS", "NOTBEFORE", "NOTAFTER", "TIMEOUT", "CWD", "CHROOT"};

struct Digest {
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array digest_kinds = {Digest{"sha224", 28}, Digest{"sha256", 32}, Digest{"sha384", 48},
                                     Digest{"sha512", 64}};

/// In hexadecimal, or in base 64 with or without padding.
bool is_digest(std::string_view text, std::size_t bytes) {
  const bool hexadecimal = text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (hexadecimal && text.size() == bytes * 2) return true;
  return text.size() == (text.ends_with('=') ? 4 * ((bytes + 2) / 3) : (4 * bytes + 2) / 3);
}

/// The length of `NAME` with the blanks and the sign behind it; 0 where it is something else.
std::size_t head(const SudoersCursor& cursor, std::string_view name, char sign) {
  const auto rest = cursor.rest();
  if (!rest.starts_with(name)) return 0;
  const auto at = rest.find_first_not_of(" \t", name.size());
  return at != std::string_view::npos && rest[at] == sign ? at + 1 : 0;
}

}  // namespace

bool is_sudoers_alias_name(std::string_view text) {
  if (text.empty() || text.front() < 'A' || text.front() > 'Z') return false;
  for (const char c : text) {
    if (!(c >= 'A' && c <= 'Z') && !is_digit(c) && c != '_') return false;
  }
  return text != "ALL";
}

std::optional<SudoersMember> take_sudoers_member(SudoersCursor& cursor, SudoersListOf kind) {
  SudoersMember made;
  made.negated = cursor.take_negation();
  const bool commands = kind == SudoersListOf::commands || kind == SudoersListOf::bare_commands;
  if (commands) {
    if (auto found = cursor.command(kind == SudoersListOf::commands)) {
      made.text = std::move(*found);
      return made;
    }
  }
  if (kind == SudoersListOf::hosts) {
    if (auto address = cursor.ipv6_address()) {
      made.text = std::move(*address);
      return made;
    }
  }
  bool plain = false;
  auto word = cursor.word(plain);
  if (!word) return std::nullopt;
  made.text = std::move(*word);
  made.alias = plain && is_sudoers_alias_name(made.text);
  const bool command = made.alias || made.text == "ALL" || made.text == "list";
  if (commands && !command) return std::nullopt;
  return made;
}

bool take_sudoers_tags(SudoersCursor& cursor, SudoersRule& rule) {
  bool more = true;
  std::vector<std::string> options;
  while (more) {
    more = false;
    cursor.skip_blanks();
    for (const auto& tag : tags) {
      const auto length = head(cursor, tag.name, ':');
      if (length == 0) continue;
      cursor.advance(length);
      rule.tags.*tag.member = tag.value;
      more = true;
      break;
    }
    for (const auto name : option_names) {
      const auto length = more ? 0 : head(cursor, name, '=');
      if (length == 0) continue;
      cursor.advance(length);
      auto value = cursor.value();
      if (!value) return false;
      options.push_back(fmt::format("{}={}", name, *value));
      more = true;
      break;
    }
  }
  if (!options.empty()) rule.options = std::make_shared<const std::vector<std::string>>(std::move(options));
  return true;
}

bool take_sudoers_digests(SudoersCursor& cursor) {
  bool expected = false;
  while (true) {
    cursor.skip_blanks();
    std::size_t length = 0;
    std::size_t bytes = 0;
    for (const auto& kind : digest_kinds) {
      if (length != 0) break;
      length = head(cursor, kind.name, ':');
      bytes = kind.bytes;
    }
    if (length == 0) return !expected;
    cursor.advance(length);
    cursor.skip_blanks();
    std::size_t digits = 0;
    const auto rest = cursor.rest();
    while (digits < rest.size() &&
           (is_letter_or_digit(rest[digits]) || rest[digits] == '+' || rest[digits] == '/' || rest[digits] == '=')) {
      ++digits;
    }
    if (!is_digest(rest.substr(0, digits), bytes)) return false;
    cursor.advance(digits);
    expected = cursor.take(',');
  }
}

}  // namespace plimsoll::formats
