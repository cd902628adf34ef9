#include "engine/cli/parse.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll::cli;
using Words = std::vector<std::string>;

TEST_CASE("a command line is read by the table of options", "[cli]") {
  const Words words = {
      "audit", "--profile",       "cis-debian-12", "-p",      "site", "--level=1", "--root",    "/mnt", "--report",
      "html",  "--report=json=-", "--set",         "a.b=c=d", "-j4",  "--quiet",   "--fail-on", "never"};
  const auto line = parse(words);
  REQUIRE(line.has_value());
  CHECK(line->command->command == Command::audit);
  CHECK(line->given.at("profile") == Words{"cis-debian-12", "site"});
  CHECK(line->value("level") == "1");
  CHECK(line->value("root") == "/mnt");
  CHECK(line->given.at("report") == Words{"html", "json=-"});
  CHECK(line->given.at("set") == Words{"a.b=c=d"});
  CHECK(line->value("jobs") == "4");
  CHECK(line->has("quiet"));
  CHECK(line->value("fail-on") == "never");
  CHECK_FALSE(line->has("all"));
  CHECK(line->value("timeout").empty());
  CHECK(line->values("check").empty());
}

TEST_CASE("subcommands and the forms of help and version", "[cli]") {
  struct Case {
    Words words;
    Command command;
    Words operands;
    bool help;
  };
  const auto c = GENERATE(values<Case>({
      {{}, Command::help, {}, false},
      {{"--help"}, Command::help, {}, false},
      {{"-h"}, Command::help, {}, false},
      {{"help", "audit"}, Command::help, {"audit"}, false},
      {{"--version"}, Command::version, {}, false},
      {{"version"}, Command::version, {}, false},
      {{"audit", "-h"}, Command::audit, {}, true},
      {{"audit", "--help", "--level", "none"}, Command::audit, {}, true},
      {{"explain", "--help"}, Command::explain, {}, true},
      {{"list", "checks"}, Command::list, {"checks"}, false},
      {{"explain", "--", "--odd"}, Command::explain, {"--odd"}, false},
      {{"validate", "a", "b"}, Command::validate, {"a", "b"}, false},
      {{"probes", "sysctl", "--markdown"}, Command::probes, {"sysctl"}, false},
  }));
  CAPTURE(c.words);
  const auto line = parse(c.words);
  REQUIRE(line.has_value());
  CHECK(line->command->command == c.command);
  CHECK(line->operands == c.operands);
  CHECK(line->has("help") == c.help);
}

TEST_CASE("wrong usage names what is wrong and what was probably meant", "[cli]") {
  struct Case {
    Words words;
    const char* what;
  };
  const auto c = GENERATE(values<Case>({
      {{"adit"}, "unknown subcommand `adit`; did you mean `audit`?"},
      {{"frobnicate-everything"}, "unknown subcommand `frobnicate-everything`"},
      {{"--root", "/mnt"}, "the subcommand comes first: plimsoll SUBCOMMAND --root"},
      {{"audit", "--lvel", "1"}, "unknown option `--lvel`; did you mean `--level`?"},
      {{"audit", "--lev", "1"}, "unknown option `--lev`; did you mean `--level`?"},
      {{"audit", "--frobnicate"}, "unknown option `--frobnicate`"},
      {{"audit", "--fr\x1b[2J"}, "unknown option `--fr\\x1b[2J`"},
      {{"audit", "-x"}, "unknown option `-x`"},
      {{"audit", "--markdown"}, "`--markdown` is an option of `plimsoll probes`"},
      {{"validate", "--catalog", "x"},
       "`--catalog` is an option of `plimsoll audit` and `plimsoll list` and `plimsoll explain`"},
      {{"audit", "--level"}, "`--level` needs a value: N"},
      {{"audit", "--level="}, "`--level` needs a value: N"},
      {{"audit", "--profile", "--level", "1"}, "`--profile` needs a value: ID"},
      {{"audit", "--quiet=yes"}, "`--quiet` takes no value"},
      {{"audit", "--level", "high"}, "--level: `high` is no whole number from 1 to 255"},
      {{"audit", "--level", "0"}, "--level: `0` is no whole number from 1 to 255"},
      {{"audit", "--level", "1", "--level", "2"}, "`--level` is given 2 times"},
      {{"audit", "--timeout", "1e9"}, "--timeout: `1e9` is no whole number from 1 to 86400"},
      {{"audit", "--section", "5.1,"}, "--section: `5.1,` has a comma with no number beside it"},
      {{"audit", "--section", ",5.1"}, "--section: `,5.1` has a comma with no number beside it"},
      {{"audit", "--section", "5,,6"}, "--section: `5,,6` has a comma with no number beside it"},
      {{"audit", "--jobs", "-1"}, "--jobs: `-1` is no whole number from 1 to 256"},
      {{"audit", "--severity", "hgh"},
       "--severity: `hgh` is none of info, low, medium, high, critical; did you mean `high`?"},
      {{"audit", "--fail-on", "nevr"},
       "--fail-on: `nevr` is none of info, low, medium, high, critical, never; did you mean `never`?"},
      {{"audit", "--ocsf-version", "1.0"}, "--ocsf-version: `1.0` is none of 1.8.0, 1.6.0"},
      {{"audit", "--set", "novalue"}, "--set: `novalue` is not of the form name=value"},
      {{"audit", "--set", "=x"}, "--set: `=x` is not of the form name=value"},
      {{"audit", "etc"}, "`etc` is one operand too many"},
      {{"explain"}, "ID is missing"},
      {{"explain", "a", "b"}, "`b` is one operand too many"},
      {{"list", "profile"}, "`profile` is none of profiles, checks, formats; did you mean `profiles`?"},
      {{"completion", "tcsh"}, "`tcsh` is none of bash, zsh, fish"},
  }));
  CAPTURE(c.words);
  const auto line = parse(c.words);
  REQUIRE_FALSE(line.has_value());
  const std::string& what = line.error().what;
  // A near name may be offered for what is said to have none: only the named cases are bound to the byte.
  CHECK(what.substr(0, std::string(c.what).size()) == c.what);
  if (std::string(c.what).find("did you mean") != std::string::npos) CHECK(what == c.what);
}

TEST_CASE("wrong usage points at the help of its subcommand", "[cli]") {
  CHECK(to_text(parse(Words{"audit", "--level", "x"}).error()) ==
        "plimsoll audit: --level: `x` is no whole number from 1 to 255\nTry `plimsoll audit --help`.\n");
  CHECK(to_text(parse(Words{"adit"}).error()) ==
        "plimsoll: unknown subcommand `adit`; did you mean `audit`?\nTry `plimsoll --help`.\n");
}

TEST_CASE("the table of options is sound", "[cli]") {
  for (const OptionInfo& option : options()) {
    CAPTURE(option.name);
    CHECK(option_named(option.name) == &option);
    CHECK(option.argument.empty() == (option.values == Values::none));
    CHECK(option.meaning.ends_with('.'));
    CHECK_FALSE(option.fallback.ends_with('.'));
    CHECK((option.values == Values::none ? !option.repeatable : true));
    for (const OptionInfo& other : options()) {
      if (&other == &option) continue;
      CHECK(other.name != option.name);
      CHECK((other.letter == '\0' || other.letter != option.letter));
    }
  }
  for (const CommandInfo& command : commands()) {
    CAPTURE(command.name);
    CHECK(command_named(command.name) == &command);
    CHECK(&info_of(command.command) == &command);
    CHECK(command.operands.empty() == (command.max_operands == 0));
    CHECK(command.description.ends_with('.'));
    for (const std::string_view example : command.examples) {
      CHECK(example.find("  # ") != std::string_view::npos);
      CHECK(example.starts_with("plimsoll " + std::string(command.name)));
    }
  }
}
