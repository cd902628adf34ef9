#include "engine/formats/sudoers.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <string>

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

namespace {

std::string text_of(const std::shared_ptr<const SudoersList>& list) {
  if (list == nullptr) return "-";
  std::vector<std::string> texts;
  for (const auto& member : *list) texts.push_back(to_text(member) + (member.alias ? "=" : ""));
  return fmt::format("{}", fmt::join(texts, ","));
}

std::string text_of(const SudoersTags& tags) {
  std::string text;
  if (tags.no_password) text += *tags.no_password ? " nopasswd" : " passwd";
  if (tags.no_exec) text += *tags.no_exec ? " noexec" : " exec";
  if (tags.set_environment) text += *tags.set_environment ? " setenv" : " nosetenv";
  if (tags.log_input) text += *tags.log_input ? " log_input" : " nolog_input";
  return text;
}

/// One line of text for each entry, so that a whole file can be compared.
std::string summary(std::string_view text) {
  std::string out;
  for (const auto& entry : parse_sudoers(text)) {
    if (const auto* setting = std::get_if<SudoersDefault>(&entry)) {
      constexpr std::string_view signs = "-@:>!";
      out += fmt::format("{}: default {}{} {}\n", setting->line, signs[static_cast<std::size_t>(setting->scope)],
                         text_of(setting->who), to_text(*setting));
    } else if (const auto* alias = std::get_if<SudoersAlias>(&entry)) {
      out += fmt::format("{}: alias {} {}\n", alias->line, alias->name,
                         text_of(std::make_shared<const SudoersList>(alias->members)));
    } else if (const auto* rule = std::get_if<SudoersRule>(&entry)) {
      out += fmt::format("{}: {} on {} as {}:{}{} {} {}{}\n", rule->line, text_of(rule->users), text_of(rule->hosts),
                         text_of(rule->runas_users), text_of(rule->runas_groups), text_of(rule->tags),
                         fmt::join(rule->options == nullptr ? std::vector<std::string>{} : *rule->options, " "),
                         to_text(rule->command), rule->command.alias ? "=" : "");
    } else if (const auto* include = std::get_if<SudoersInclude>(&entry)) {
      out += fmt::format("{}: include{} {}\n", include->line, include->directory ? "dir" : "", include->path);
    } else if (const auto* bad = std::get_if<SudoersBadEntry>(&entry)) {
      out += fmt::format("{}: bad\n", bad->line);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("entries of sudoers are read as sudo reads them", "[formats][sudoers]") {
  struct Case {
    const char* what;
    const char* text;
    const char* summary;
  };
  const auto c = GENERATE(values<Case>({
      {"a rule", "root ALL=(ALL:ALL) ALL\n", "1: root on ALL as ALL:ALL  ALL\n"},
      {"no run-as list", "bob ALL = /bin/ls", "1: bob on ALL as -:-  /bin/ls\n"},
      {"an empty run-as list is the user himself", "bob ALL=() ALL\n", "1: bob on ALL as :-  ALL\n"},
      {"a group alone", "bob ALL=(:games) ALL\n", "1: bob on ALL as -:games  ALL\n"},
      {"tags are handed down", "bob ALL = NOPASSWD: /a, /b, PASSWD: NOEXEC : /c\n",
       "1: bob on ALL as -:- nopasswd  /a\n1: bob on ALL as -:- nopasswd  /b\n1: bob on ALL as -:- passwd noexec  "
       "/c\n"},
      {"and end with the next host list", "bob A1 = NOPASSWD: /a : h2 = /b\n",
       "1: bob on A1= as -:- nopasswd  /a\n1: bob on h2 as -:-  /b\n"},
      {"run-as lists are handed down", "bob ALL=(www) /a, (root) /b, /c\n",
       "1: bob on ALL as www:-  /a\n1: bob on ALL as root:-  /b\n1: bob on ALL as root:-  /c\n"},
      {"a continued line names the line of each command", "bob ALL = /a, \\\n  NOPASSWD: \\  \n  /b\n",
       "1: bob on ALL as -:-  /a\n3: bob on ALL as -:- nopasswd  /b\n"},
      {"uids, groups, netgroups, quotes", "#1000,%wheel,%#10,%:ad group,+net,\"%a b\" ALL=ALL\n", "1: bad\n"},
      {"a name with blanks needs quotes or escapes", "#1000,%wheel,%#10,%:ad,+net,\"%a b\",c\\ d ALL=ALL\n",
       "1: #1000,%wheel,%#10,%:ad,+net,%a b,c d on ALL as -:-  ALL\n"},
      {"negations", "ALL,!bob ALL,!!web=ALL,!/bin/su,! SHELLS\n",
       "1: ALL,!bob on ALL,web as -:-  ALL\n1: ALL,!bob on ALL,web as -:-  !/bin/su\n"
       "1: ALL,!bob on ALL,web as -:-  !SHELLS=\n"},
      {"arguments and their escapes", "bob ALL=/bin/a -x a\\,b\\:c \\*  d=e, /bin/b \"\"\n",
       "1: bob on ALL as -:-  /bin/a -x a,b:c \\* d=e\n1: bob on ALL as -:-  /bin/b \"\"\n"},
      {"options and digests",
       "bob ALL=(root) CWD=/tmp TIMEOUT=5m NOPASSWD: sha224:d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f, "
       "sha224:0UoCjCo6K8lHYQK7KII0xBWisB+CjqYqxbPkLw== /bin/a, /bin/b\n",
       "1: bob on ALL as root:- nopasswd CWD=/tmp TIMEOUT=5m /bin/a\n1: bob on ALL as root:- nopasswd CWD=/tmp "
       "TIMEOUT=5m /bin/b\n"},
      {"regular expressions hold commas", "bob ALL=NOPASSWD: ^/bin/(a|b),c$ ^x,y:z$, /b\n",
       "1: bob on ALL as -:- nopasswd  ^/bin/(a|b),c$ ^x,y:z$\n1: bob on ALL as -:- nopasswd  /b\n"},
      {"sudoedit and list", "bob ALL=sudoedit /etc/motd, list\n",
       "1: bob on ALL as -:-  sudoedit /etc/motd\n1: bob on ALL as -:-  list\n"},
      {"addresses", "bob 10.0.0.0/8,fe80::/10=ALL\n", "1: bob on 10.0.0.0/8,fe80::/10 as -:-  ALL\n"},
      {"a comment behind a rule, and one that seems to go on", "bob ALL=/a -x # NOPASSWD: ALL \\\neve ALL=ALL\n",
       "1: bob on ALL as -:-  /a -x\n2: eve on ALL as -:-  ALL\n"},
      {"a user by id is no comment", "#0 ALL=ALL\n#-1 ALL=ALL\n# 0 ALL=ALL\n",
       "1: #0 on ALL as -:-  ALL\n2: #-1 on ALL as -:-  ALL\n"},
      {"settings", "Defaults use_pty,!lecture , timestamp_timeout = -1, env_keep += \"A B\",logfile=/var/log/s\n",
       "1: default -- use_pty\n1: default -- !lecture\n1: default -- timestamp_timeout=-1\n1: default -- env_keep+=A "
       "B\n1: default -- logfile=/var/log/s\n"},
      {"scopes",
       "Defaults@SERVERS,!web use_pty\nDefaults:%sudo !authenticate\nDefaults>root,www noexec\nDefaults!/bin/su,VI "
       "!use_pty\n",
       "1: default @SERVERS=,!web use_pty\n2: default :%sudo !authenticate\n3: default >root,www noexec\n4: default "
       "!/bin/su,VI= !use_pty\n"},
      {"Defaults ! is a negation, Defaults! a scope", "Defaults !use_pty\n", "1: default -- !use_pty\n"},
      {"an odd number of negations", "Defaults !!use_pty, !!!fqdn\n", "1: default -- use_pty\n1: default -- !fqdn\n"},
      {"a setting goes on", "Defaults use_pty, \\\n\tlogfile=\"/var/log/a \\\n b\" # c\n",
       "1: default -- use_pty\n2: default -- logfile=/var/log/a b\n"},
      {"a longer word is a user", "Defaultsx ALL=ALL\n", "1: Defaultsx on ALL as -:-  ALL\n"},
      {"aliases", "User_Alias A = bob, !C1 : B2 = %x\nCmd_Alias S = /bin/sh, sudoedit\nHost_Alias H = h1\n",
       "1: alias A bob,!C1=\n1: alias B2 %x\n2: alias S /bin/sh,sudoedit\n3: alias H h1\n"},
      {"includes of both spellings", "@include a\n #include no\n#include b\n#includedir /d\n  @includedir \"/e f\"\n",
       "1: include a\n3: include b\n4: includedir /d\n5: includedir /e f\n"},
      {"an include that is none", "#include\n#includefile x\n@includes x\n", "3: bad\n"},
      {"what is not understood is left out whole", "bob ALL ALL\neve ALL=ALL, nonsense, \\\n ALL\nann ALL=/a\n",
       "1: bad\n2: bad\n4: ann on ALL as -:-  /a\n"},
      {"a sign of equality that stands alone", "bob ALL=/a = /b\nbob ALL=/a =b\n",
       "1: bad\n2: bob on ALL as -:-  /a =b\n"},
      {"a digest of the wrong length", "bob ALL=sha224:d14a /a\n", "1: bad\n"},
      {"a scope without a blank behind it, and one that is no path",
       "Defaults!/bin/a!b use_pty\nDefaults!bin/a use_pty\n", "1: default !/bin/a!b use_pty\n2: bad\n"},
      {"a setting with a word too much", "Defaults use_pty on, fqdn\nDefaults fqdn\n", "1: bad\n2: default -- fqdn\n"},
      {"a quote that never ends", "Defaults logfile=\"/a\nDefaults use_pty\n", "1: bad\n2: default -- use_pty\n"},
      {"line ends of Windows", "Defaults use_pty\r\nbob ALL=/a\r\n",
       "1: default -- use_pty\n2: bob on ALL as -:-  "
       "/a\n"},
      {"nothing", "", ""},
  }));
  CAPTURE(c.what);
  CHECK(summary(c.text) == c.summary);
}

TEST_CASE("a file with too many entries says so", "[formats][sudoers]") {
  std::string text = "bob ALL=";
  for (std::size_t i = 0; i < max_sudoers_entries + 10; ++i) text += "/a,";
  const auto entries = parse_sudoers(text + "/b\n");
  REQUIRE(entries.size() == max_sudoers_entries + 1);
  CHECK(std::holds_alternative<SudoersBadEntry>(entries.back()));
}
