#include "engine/formats/sudoers.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/formats/sudoers_cursor.hpp"

namespace plimsoll::formats {
namespace {

bool is_alias_name(std::string_view text) {
  if (text.empty() || text.front() < 'A' || text.front() > 'Z') return false;
  for (const char c : text) {
    if (!(c >= 'A' && c <= 'Z') && !is_digit(c) && c != '_') return false;
  }
  return text != "ALL";
}

bool is_setting_name(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

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

enum class ListOf : std::uint8_t { names, hosts, commands, bare_commands };

class Parser {
 public:
  explicit Parser(std::string_view text) : cursor_(text) {}

  std::vector<SudoersEntry> parse() {
    while (!cursor_.done()) {
      const auto kept = entries_.size();
      const auto line = cursor_.line();
      why_ = nullptr;
      entry();
      const bool full = entries_.size() > max_sudoers_entries;
      if (why_ == nullptr && !include_ && !full && !cursor_.take_end()) why_ = "text that does not belong there";
      if (why_ != nullptr) {
        entries_.resize(kept);
        entries_.emplace_back(SudoersBadEntry{why_, line});
        cursor_.skip_entry();
      } else if (include_) {
        cursor_.skip_entry();  // sudo follows the line whatever stands behind the path
        include_ = false;
      }
      if (full) {
        entries_.resize(max_sudoers_entries);
        entries_.emplace_back(SudoersBadEntry{"more entries than any administrator writes", cursor_.line()});
        break;
      }
    }
    return std::move(entries_);
  }

 private:
  /// Leaves the cursor behind the entry; sets why_ when it is none.
  void entry() {
    if (include_line("#include", false) || include_line("#includedir", true)) return;
    cursor_.skip_blanks();
    if (cursor_.done() || cursor_.at_comment() || cursor_.peek() == '\n' || cursor_.peek() == '\r') return;
    if (cursor_.take_keyword("@include")) return include(false);
    if (cursor_.take_keyword("@includedir")) return include(true);
    if (cursor_.take_keyword("Defaults") || cursor_.rest().starts_with("Defaults@")) return defaults();
    if (cursor_.take_keyword("User_Alias")) return aliases(SudoersAliasKind::user);
    if (cursor_.take_keyword("Runas_Alias")) return aliases(SudoersAliasKind::runas);
    if (cursor_.take_keyword("Host_Alias")) return aliases(SudoersAliasKind::host);
    if (cursor_.take_keyword("Cmnd_Alias") || cursor_.take_keyword("Cmd_Alias")) {
      return aliases(SudoersAliasKind::command);
    }
    user_specification();
  }

  /// The older spelling, which is no comment only at the very start of a line and before a blank.
  bool include_line(std::string_view keyword, bool directory) {
    const auto text = cursor_.rest();
    if (!text.starts_with(keyword) || text.size() == keyword.size()) return false;
    const char next = text[keyword.size()];
    if (next != ' ' && next != '\t') return false;
    cursor_.advance(keyword.size());
    include(directory);
    return true;
  }

  void include(bool directory) {
    const auto line = cursor_.line();
    auto path = cursor_.include_path();
    if (!path) return fail("an include without a path");
    entries_.emplace_back(SudoersInclude{directory, std::move(*path), line});
    include_ = true;
  }

  void fail(const char* why) {
    if (why_ == nullptr) why_ = why;
  }

  std::optional<SudoersMember> member(ListOf kind) {
    SudoersMember made;
    made.negated = cursor_.take_negation();
    const bool commands = kind == ListOf::commands || kind == ListOf::bare_commands;
    if (commands) {
      if (auto found = cursor_.command(kind == ListOf::commands)) {
        made.text = std::move(*found);
        return made;
      }
    }
    if (kind == ListOf::hosts) {
      if (auto address = cursor_.ipv6_address()) {
        made.text = std::move(*address);
        return made;
      }
    }
    bool plain = false;
    auto word = cursor_.word(plain);
    if (!word) return std::nullopt;
    made.text = std::move(*word);
    made.alias = plain && is_alias_name(made.text);
    const bool command = made.alias || made.text == "ALL" || made.text == "list";
    if (commands && !command) return std::nullopt;
    return made;
  }

  std::shared_ptr<const SudoersList> list(ListOf kind) {
    auto made = std::make_shared<SudoersList>();
    do {
      auto found = member(kind);
      if (!found) {
        fail("a name is missing, or is written in a way that sudo does not read");
        return nullptr;
      }
      made->push_back(std::move(*found));
    } while (cursor_.take(','));
    return made;
  }

  void aliases(SudoersAliasKind kind) {
    do {
      SudoersAlias alias;
      alias.kind = kind;
      bool plain = false;
      auto name = cursor_.word(plain);
      alias.line = cursor_.line();
      if (!name || !plain || !is_alias_name(*name)) return fail("no name of an alias");
      if (!cursor_.take('=')) return fail("an alias without =");
      alias.name = std::move(*name);
      const auto members = list(kind == SudoersAliasKind::command ? ListOf::commands
                                : kind == SudoersAliasKind::host  ? ListOf::hosts
                                                                  : ListOf::names);
      if (members == nullptr) return;
      alias.members = *members;
      entries_.emplace_back(std::move(alias));
    } while (cursor_.take(':'));
  }

  void defaults() {
    if (cursor_.rest().starts_with("Defaults@")) cursor_.advance(std::string_view("Defaults").size());
    auto scope = SudoersScope::global;
    std::shared_ptr<const SudoersList> who;
    switch (cursor_.peek()) {
      case '@':
        scope = SudoersScope::host;
        break;
      case ':':
        scope = SudoersScope::user;
        break;
      case '>':
        scope = SudoersScope::runas;
        break;
      case '!':
        scope = SudoersScope::command;
        break;
      default:
        break;
    }
    if (scope != SudoersScope::global) {
      cursor_.advance(1);
      // Commands behind `Defaults!` have no arguments.
      who = list(scope == SudoersScope::command ? ListOf::bare_commands
                 : scope == SudoersScope::host  ? ListOf::hosts
                                                : ListOf::names);
      if (who == nullptr) return;
    }
    cursor_.skip_blanks();
    if (!cursor_.behind_blank()) return fail("a blank is missing before the settings");
    do {
      if (!setting(scope, who)) return fail("no setting that sudo reads");
      if (entries_.size() > max_sudoers_entries) return;
    } while (cursor_.take(','));
  }

  bool setting(SudoersScope scope, const std::shared_ptr<const SudoersList>& who) {
    SudoersDefault made;
    made.scope = scope;
    made.who = who;
    const bool negated = cursor_.take_negation();
    cursor_.skip_blanks();
    made.line = cursor_.line();
    while (is_setting_name(cursor_.peek())) {
      made.name.push_back(cursor_.peek());
      cursor_.advance(1);
    }
    if (made.name.empty()) return false;
    made.operation = negated ? SudoersOperation::off : SudoersOperation::on;
    cursor_.skip_blanks();
    const auto rest = cursor_.rest();
    std::size_t length = 0;
    if (rest.starts_with("=")) {
      made.operation = SudoersOperation::set;
      length = 1;
    } else if (rest.starts_with("+=")) {
      made.operation = SudoersOperation::add;
      length = 2;
    } else if (rest.starts_with("-=")) {
      made.operation = SudoersOperation::remove;
      length = 2;
    }
    if (length != 0) {
      if (negated) return false;
      cursor_.advance(length);
      auto value = cursor_.value();
      if (!value) return false;
      made.value = std::move(*value);
    }
    entries_.emplace_back(std::move(made));
    return true;
  }

  void user_specification() {
    const auto users = list(ListOf::names);
    if (users == nullptr) return;
    do {
      const auto hosts = list(ListOf::hosts);
      if (hosts == nullptr) return;
      if (!cursor_.take('=')) return fail("a rule without =");
      if (!commands(users, hosts)) return fail("no command that sudo reads");
    } while (cursor_.take(':'));
  }

  bool commands(const std::shared_ptr<const SudoersList>& users, const std::shared_ptr<const SudoersList>& hosts) {
    SudoersRule rule;
    rule.users = users;
    rule.hosts = hosts;
    do {
      if (!run_as(rule)) return false;
      if (!tags_and_options(rule)) return false;
      if (!digests()) return false;
      cursor_.skip_blanks();
      rule.line = cursor_.line();
      auto command = member(ListOf::commands);
      if (!command) return false;
      rule.command = std::move(*command);
      if (entries_.size() > max_sudoers_entries) return true;
      entries_.emplace_back(rule);
    } while (cursor_.take(','));
    return true;
  }

  bool run_as(SudoersRule& rule) {
    if (!cursor_.take('(')) return true;
    rule.runas_users = nullptr;
    rule.runas_groups = nullptr;
    cursor_.skip_blanks();
    if (cursor_.peek() != ':' && cursor_.peek() != ')') {
      rule.runas_users = list(ListOf::names);
      if (rule.runas_users == nullptr) return false;
    }
    if (cursor_.take(':')) {
      cursor_.skip_blanks();
      if (cursor_.peek() != ')') {
        rule.runas_groups = list(ListOf::names);
        if (rule.runas_groups == nullptr) return false;
      }
    }
    // "()" is the user himself: a list with nobody else in it.
    if (rule.runas_users == nullptr && rule.runas_groups == nullptr) {
      rule.runas_users = std::make_shared<const SudoersList>();
    }
    return cursor_.take(')');
  }

  /// The length of `NAME` with the blanks and the sign behind it; 0 where it is something else.
  [[nodiscard]] std::size_t head(std::string_view name, char sign) const {
    const auto rest = cursor_.rest();
    if (!rest.starts_with(name)) return 0;
    const auto at = rest.find_first_not_of(" \t", name.size());
    return at != std::string_view::npos && rest[at] == sign ? at + 1 : 0;
  }

  bool tags_and_options(SudoersRule& rule) {
    bool more = true;
    std::vector<std::string> options;
    while (more) {
      more = false;
      cursor_.skip_blanks();
      for (const auto& tag : tags) {
        const auto length = head(tag.name, ':');
        if (length == 0) continue;
        cursor_.advance(length);
        rule.tags.*tag.member = tag.value;
        more = true;
        break;
      }
      for (const auto name : option_names) {
        const auto length = more ? 0 : head(name, '=');
        if (length == 0) continue;
        cursor_.advance(length);
        auto value = cursor_.value();
        if (!value) return false;
        options.push_back(fmt::format("{}={}", name, *value));
        more = true;
        break;
      }
    }
    if (!options.empty()) rule.options = std::make_shared<const std::vector<std::string>>(std::move(options));
    return true;
  }

  bool digests() {
    bool expected = false;
    while (true) {
      cursor_.skip_blanks();
      std::size_t length = 0;
      std::size_t bytes = 0;
      for (const auto& kind : digest_kinds) {
        if (length != 0) break;
        length = head(kind.name, ':');
        bytes = kind.bytes;
      }
      if (length == 0) return !expected;
      cursor_.advance(length);
      cursor_.skip_blanks();
      std::size_t digits = 0;
      const auto rest = cursor_.rest();
      while (digits < rest.size() &&
             (is_letter_or_digit(rest[digits]) || rest[digits] == '+' || rest[digits] == '/' || rest[digits] == '=')) {
        ++digits;
      }
      if (!is_digest(rest.substr(0, digits), bytes)) return false;
      cursor_.advance(digits);
      expected = cursor_.take(',');
    }
  }

  SudoersCursor cursor_;
  std::vector<SudoersEntry> entries_;
  const char* why_ = nullptr;
  bool include_ = false;
};

}  // namespace

std::vector<SudoersEntry> parse_sudoers(std::string_view text) {
  return Parser(text).parse();
}

std::string to_text(const SudoersDefault& setting) {
  switch (setting.operation) {
    case SudoersOperation::on:
      return setting.name;
    case SudoersOperation::off:
      return "!" + setting.name;
    case SudoersOperation::set:
      return setting.name + "=" + setting.value;
    case SudoersOperation::add:
      return setting.name + "+=" + setting.value;
    case SudoersOperation::remove:
      return setting.name + "-=" + setting.value;
  }
  return setting.name;
}

std::string to_text(const SudoersMember& member) {
  return (member.negated ? "!" : "") + member.text;
}

}  // namespace plimsoll::formats
