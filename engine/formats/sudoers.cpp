#include "engine/formats/sudoers.hpp"

#include <utility>

#include "engine/formats/sudoers_cursor.hpp"
#include "engine/formats/sudoers_parts.hpp"

namespace plimsoll::formats {
namespace {

bool is_setting_name(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

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

  std::shared_ptr<const SudoersList> list(SudoersListOf kind) {
    auto made = std::make_shared<SudoersList>();
    do {
      auto found = take_sudoers_member(cursor_, kind);
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
      if (!name || !plain || !is_sudoers_alias_name(*name)) return fail("no name of an alias");
      if (!cursor_.take('=')) return fail("an alias without =");
      alias.name = std::move(*name);
      const auto members = list(kind == SudoersAliasKind::command ? SudoersListOf::commands
                                : kind == SudoersAliasKind::host  ? SudoersListOf::hosts
                                                                  : SudoersListOf::names);
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
      who = list(scope == SudoersScope::command ? SudoersListOf::bare_commands
                 : scope == SudoersScope::host  ? SudoersListOf::hosts
                                                : SudoersListOf::names);
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
    const auto users = list(SudoersListOf::names);
    if (users == nullptr) return;
    do {
      const auto hosts = list(SudoersListOf::hosts);
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
      if (!take_sudoers_tags(cursor_, rule)) return false;
      if (!take_sudoers_digests(cursor_)) return false;
      cursor_.skip_blanks();
      rule.line = cursor_.line();
      auto command = take_sudoers_member(cursor_, SudoersListOf::commands);
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
      rule.runas_users = list(SudoersListOf::names);
      if (rule.runas_users == nullptr) return false;
    }
    if (cursor_.take(':')) {
      cursor_.skip_blanks();
      if (cursor_.peek() != ')') {
        rule.runas_groups = list(SudoersListOf::names);
        if (rule.runas_groups == nullptr) return false;
      }
    }
    // "()" is the user himself: a list with nobody else in it.
    if (rule.runas_users == nullptr && rule.runas_groups == nullptr) {
      rule.runas_users = std::make_shared<const SudoersList>();
    }
    return cursor_.take(')');
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
