#include "engine/probes/sudoers.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using plimsoll::Error;
using plimsoll::probes::sudoers_defaults_probe;
using plimsoll::probes::sudoers_rule_probe;
using namespace plimsoll::tests;

namespace {

ProbeAnswer rules(const std::string& yaml) {
  return ask(sudoers_rule_probe, FakeRoot(tree_of(world_of(yaml))));
}
ProbeAnswer settings(const std::string& yaml) {
  return ask(sudoers_defaults_probe, FakeRoot(tree_of(world_of(yaml))));
}

constexpr const char* aliases = R"(
packages: { sudo: { version: 1.9.13p3-1 } }
files:
  /etc/hostname: "web1.example.org\n"
  /etc/sudoers: |
    User_Alias STAFF = alice, !GONE, %staff
    User_Alias GONE = bob, !carol
    Cmnd_Alias POWER = /sbin/reboot, !/sbin/halt
    STAFF web1, 10.0.0.0/8 = (OPERATORS : games) CWD=/srv NOEXEC: POWER, /usr/bin/curl --password=secret
    Runas_Alias OPERATORS = www, root
    dave ALL = ALL
    eve db1 = NOSETENV: ALL
)";

}  // namespace

TEST_CASE("aliases are resolved wherever they stand, with their negations", "[probes][sudoers]") {
  const auto answer = rules(aliases);
  CHECK_FALSE(answer.failure);
  REQUIRE(answer.records.size() == 4);
  CHECK(answer.text("users") == "alice, !bob, carol, %staff");
  CHECK(answer.text("run_as_users") == "www, root");
  CHECK(answer.text("run_as_groups") == "games");
  CHECK(answer.text("command") == "POWER");
  CHECK(answer.text("commands") == "/sbin/reboot, !/sbin/halt");
  CHECK(answer.text("grants") == "true");
  CHECK(answer.text("no_exec", 1) == "true");
  CHECK(answer.text("options", 1) == "CWD=/srv");
  CHECK(answer.text("command", 1) == "/usr/bin/curl --password=<masked>");
  CHECK(answer.texts("set_environment") == std::vector<std::string>{"false", "false", "true", "false"});
  CHECK(answer.texts("all_commands") == std::vector<std::string>{"false", "false", "true", "true"});
  CHECK(answer.text("run_as_users", 2) == "(absent)");
  CHECK(answer.records.at(0).source == "/etc/sudoers:4");
}

TEST_CASE("the last host that fits decides, and an address cannot be decided", "[probes][sudoers]") {
  const auto answer = rules(aliases);
  REQUIRE(answer.records.size() == 4);
  CHECK(answer.text("on_this_host", 0) == "(unreadable: unobservable)");
  CHECK(answer.text("on_this_host", 2) == "true");
  CHECK(answer.text("on_this_host", 3) == "false");
}

TEST_CASE("aliases that name each other end", "[probes][sudoers]") {
  const auto answer = rules("files: { /etc/sudoers: \"User_Alias A = B\\nUser_Alias B = A\\nA ALL = ALL\\n\" }");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("users") == "(unreadable: too_large)");
}

TEST_CASE("a policy that is not there grants nothing", "[probes][sudoers]") {
  const auto answer = rules("files: { /etc/passwd: \"\" }");
  CHECK(answer.records.empty());
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at == "there is no /etc/sudoers");
}

TEST_CASE("an include may be named after the host", "[probes][sudoers]") {
  const auto answer = rules(R"(
files:
  /proc/sys/kernel/hostname: "web1.example.org\n"
  /etc/sudoers: "@include sudoers.%h\n"
  /etc/sudoers.web1: "bob ALL = ALL\n"
)");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.records.at(0).source == "/etc/sudoers.web1:1");
}

TEST_CASE("files that sudo refuses are named as left out", "[probes][sudoers]") {
  const auto answers = ask_all(sudoers_rule_probe, FakeRoot(tree_of(world_of(R"(
files:
  /etc/sudoers: "@includedir /etc/sudoers.d\n"
  /etc/sudoers.d/open: { mode: "0666", content: "bob ALL = ALL\n" }
  /etc/sudoers.d/ours: { mode: "0460", group: 100, content: "bob ALL = ALL\n" }
  /etc/sudoers.d/root: { mode: "0460", content: "eve ALL = ALL\n" }
)"))),
                               {{}});
  REQUIRE(answers.answers.at(0).records.size() == 1);
  CHECK(answers.answers.at(0).text("users") == "eve");
  REQUIRE(answers.left_out.size() == 2);
}

TEST_CASE("of equal settings the last one counts, and those that lost are named", "[probes][sudoers]") {
  const auto answer = settings(R"(
packages: { sudo: { version: 1.9.13p3-1 } }
files:
  /etc/sudoers: "Defaults use_pty, passwd_tries=2\nDefaults !use_pty\nDefaults passwd_tries=x\nDefaults!ALL noexec\nDefaults env_keep += LANG\n"
)");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("use_pty") == "false");
  CHECK(answer.text("passwd_tries") == "2");
  CHECK(answer.text("noexec") == "true");
  CHECK(answer.text("env_reset") == "true");
  CHECK(answer.text("requiretty") == "false");
  CHECK(answer.text("timestamp_timeout") == "900");
  CHECK(answer.text("timestamp_type") == "tty");
  CHECK(answer.text("logfile") == "(absent)");
  CHECK(answer.text("settings") == "noexec, passwd_tries=2, !use_pty, env_keep+=LANG");
  const auto& field = answer.records.at(0).fields.at(0);
  REQUIRE(field.overridden.size() == 1);
  CHECK(field.overridden.at(0).source == "/etc/sudoers:1");
}

TEST_CASE("a release that nobody knows leaves its defaults open", "[probes][sudoers]") {
  const auto answer = settings("files: { /etc/sudoers: \"root ALL=ALL\\n\" }");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("use_pty") == "(unreadable: unobservable)");
  CHECK(answer.text("timestamp_timeout") == "(unreadable: unobservable)");
  CHECK(answer.text("authenticate") == "true");
}

TEST_CASE("settings for some are records of their own", "[probes][sudoers]") {
  const auto answer = settings(R"(
packages: { sudo: { version: 1.9.13p3-1 } }
files:
  /etc/sudoers: "Defaults:bob !authenticate\nDefaults:bob timestamp_timeout=1.5\nDefaults>root noexec\n"
)");
  REQUIRE(answer.records.size() == 3);
  CHECK(answer.texts("scope") == std::vector<std::string>{"global", "user", "runas"});
  CHECK(answer.text("authenticate", 1) == "false");
  CHECK(answer.text("timestamp_timeout", 1) == "90");
  CHECK(answer.text("use_pty", 1) == "(absent)");
  CHECK(answer.text("who", 1) == "bob");
  CHECK(answer.text("noexec", 2) == "true");
}
