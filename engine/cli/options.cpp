#include "engine/cli/options.hpp"

#include <array>
#include <cassert>

namespace plimsoll::cli {
namespace {

using std::string_view;

constexpr string_view audit_examples[] = {
    "plimsoll audit  # this host, against every profile that applies",
    "plimsoll audit --level 1 --report html --report junit=out/host.xml  # level 1 only, with two reports",
    "plimsoll audit --root /mnt/image --profile cis-debian-12  # a mounted image",
    "plimsoll audit --check sshd-root-login --report json=-  # one check, results on standard output",
    "plimsoll audit --fail-on high --quiet --report ocsf=/srv/findings.json  # a scheduled job",
};
constexpr string_view list_examples[] = {
    "plimsoll list profiles  # which benchmarks there are",
    "plimsoll list checks --profile cis-debian-12  # its rows, and the checks that answer them",
};
constexpr string_view explain_examples[] = {
    "plimsoll explain sshd-root-login  # a check: why, how to mend it, what it reads, who asks for it",
    "plimsoll explain cis-debian-12:5.1.20  # a recommendation of a benchmark",
    "plimsoll explain unknown-field  # the code of a complaint about a catalog",
};
constexpr string_view validate_examples[] = {
    "plimsoll validate site-policy  # a directory of your own checks and profiles"};
constexpr string_view probes_examples[] = {"plimsoll probes sysctl  # arguments and fields, for writing checks"};

constexpr CommandInfo command_table[] = {
    {Command::audit, "audit", "", Values::none, 0, 0, false, "judge this host, or an image under --root",
     "Reads the configuration of this host, or of the one under --root, and judges it by the profiles that apply: it "
     "says "
     "what falls short, where exactly, and how to mend it.\n\n"
     "Nothing on the host is changed and no program is run. Root is not needed: what may not be read comes out as an "
     "error with the permission that would help, never as a pass.",
     audit_examples},
    {Command::list, "list", "[profiles|checks|formats]", Values::list_kind, 0, 1, false,
     "show profiles, checks and report formats",
     "Lists the profiles, checks and report formats that this program has; all three without an operand. With "
     "--profile, "
     "lists the recommendations of that profile and the checks that answer them.",
     list_examples},
    {Command::explain, "explain", "ID", Values::topic, 1, 1, false,
     "tell all about a check, a recommendation, a profile or a code",
     "Explains a check (sshd-root-login), a recommendation (5.1.20, or cis-debian-12:5.1.20), a profile, a probe, or "
     "the code "
     "of a complaint about a catalog (unknown-field).",
     explain_examples},
    {Command::validate, "validate", "[DIR]...", Values::directory, 0, 1000, false,
     "look for mistakes in checks and profiles of your own",
     "Loads and type-checks the checks and profiles of each directory on top of the shipped ones, and prints every "
     "mistake "
     "with its place and the nearest right name. Without an operand, says what the shipped catalog holds.",
     validate_examples},
    {Command::probes, "probes", "[NAME]", Values::probe, 0, 1, false, "show what checks can ask about",
     "Lists the probes, or tells the arguments and fields of one: what checks can ask about.", probes_examples},
    {Command::version,
     "version",
     "",
     Values::none,
     0,
     0,
     false,
     "print the version",
     "Prints the version of this program.",
     {}},
    {Command::help,
     "help",
     "[SUBCOMMAND]",
     Values::command,
     0,
     1,
     false,
     "print this text, or the help of a subcommand",
     "Prints the overview, or the help of a subcommand.",
     {}},
    {Command::completion,
     "completion",
     "bash|zsh|fish",
     Values::shell,
     1,
     1,
     true,
     "print a completion script for a shell",
     "Prints a completion script for bash, zsh or fish.",
     {}},
    {Command::man,
     "man",
     "",
     Values::none,
     0,
     0,
     true,
     "print the manual page",
     "Prints the manual page plimsoll(1) in troff.",
     {}},
};

constexpr unsigned audit = bit(Command::audit);
constexpr unsigned every = ~0U;

constexpr OptionInfo option_table[] = {
    {"profile", 'p', "ID", Values::profile, true, Group::selection, audit | bit(Command::list),
     "Judge by this profile. May be repeated.", "every profile that applies to what is found on the host"},
    {"level", 'l', "N", Values::level, false, Group::selection, audit, "Leave out recommendations above this level.",
     "all levels"},
    {"role", '\0', "NAME", Values::text, false, Group::selection, audit | bit(Command::list),
     "The role of the host in profiles that know several, such as server or workstation.", "each profile's first role"},
    {"check", 'c', "ID", Values::check, true, Group::selection, audit,
     "Run only this check. Without --profile, by itself. May be repeated.", ""},
    {"section", 's', "NUM[,NUM]...", Values::sections, true, Group::selection, audit,
     "Only recommendations whose number is one of these or stands below it: 5.1 takes in 5.1.20. May be repeated.", ""},
    {"severity", '\0', "LEVEL", Values::severity, false, Group::selection, audit,
     "Only checks of this severity or above: info, low, medium, high or critical.", "all severities"},
    {"set", '\0', "NAME=VALUE", Values::setting, true, Group::selection, audit,
     "Give a parameter another value: of every check that has it, or of one as check-id.name=value. May be repeated.",
     ""},
    {"root", '\0', "DIR", Values::directory, false, Group::host, audit,
     "Audit the system under this directory: a mounted image, a container's root, a host mounted into a pod.",
     "/, the running host"},
    {"catalog", '\0', "DIR", Values::directory, true, Group::host, audit | bit(Command::list) | bit(Command::explain),
     "Add the checks and profiles under this directory. One with a shipped one's id replaces it. May be repeated.", ""},
    {"report", 'r', "FORMAT[=PATH]", Values::report, true, Group::output, audit,
     "Write a report; `-` as PATH is standard output, and the summary then goes to standard error. An existing file is "
     "replaced only by a complete report. May be repeated.",
     "no report; without PATH, the format's usual name in the current directory"},
    {"ocsf-version", '\0', "VERSION", Values::ocsf_version, false, Group::output, audit,
     "Version of OCSF that the ocsf report follows: 1.8.0 or 1.6.0.", "1.8.0"},
    {"all", 'a', "", Values::none, false, Group::output, audit,
     "Show every verdict with its evidence in the summary, passes too, however long it gets.",
     "the worst findings, as many as fit the screen"},
    {"quiet", 'q', "", Values::none, false, Group::output, audit,
     "Print nothing but errors; the exit status tells the rest.", ""},
    {"no-color", '\0', "", Values::none, false, Group::output, audit, "No colour in the summary.",
     "colour on a terminal, unless NO_COLOR is set or TERM is dumb"},
    {"fail-on", '\0', "SEVERITY", Values::fail_on, false, Group::run, audit,
     "Exit with status 1 only for findings of this severity or above, or never for `never`.",
     "info, that is any finding"},
    {"timeout", '\0', "SECONDS", Values::seconds, false, Group::run, audit,
     "Longest time that one probe may take. What takes longer is an error, and the rest goes on.", "300"},
    {"jobs", 'j', "N", Values::jobs, false, Group::run, audit, "How many probes to run at a time.",
     "by the number of processors"},
    {"ids", '\0', "", Values::none, false, Group::output, bit(Command::list), "Print bare ids, one a line.", ""},
    {"markdown", '\0', "", Values::none, false, Group::output, bit(Command::probes),
     "Print the tables of arguments and fields in Markdown, as docs/writing-probes.md holds them.", ""},
    {"help", 'h', "", Values::none, false, Group::other, every, "Print help and exit.", ""},
};

constexpr string_view severity_words[] = {"info", "low", "medium", "high", "critical"};
constexpr string_view fail_on_words[] = {"info", "low", "medium", "high", "critical", "never"};
constexpr string_view ocsf_words[] = {"1.8.0", "1.6.0"};
constexpr string_view list_words[] = {"profiles", "checks", "formats"};
constexpr string_view shell_words[] = {"bash", "zsh", "fish"};

}  // namespace

string_view heading_of(Group group) {
  switch (group) {
    case Group::selection:
      return "What to judge by";
    case Group::host:
      return "What to look at";
    case Group::output:
      return "What to print and write";
    case Group::run:
      return "How to run";
    case Group::other:
      return "Other";
  }
  assert(false);
  return {};
}

std::span<const CommandInfo> commands() {
  return command_table;
}
std::span<const OptionInfo> options() {
  return option_table;
}

const CommandInfo& info_of(Command command) {
  for (const CommandInfo& info : command_table) {
    if (info.command == command) return info;
  }
  assert(false);
  return command_table[0];
}

const CommandInfo* command_named(string_view name) {
  for (const CommandInfo& info : command_table) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

const OptionInfo* option_named(string_view name) {
  for (const OptionInfo& info : option_table) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

std::span<const string_view> words_of(Values values) {
  switch (values) {
    case Values::severity:
      return severity_words;
    case Values::fail_on:
      return fail_on_words;
    case Values::ocsf_version:
      return ocsf_words;
    case Values::list_kind:
      return list_words;
    case Values::shell:
      return shell_words;
    case Values::none:
    case Values::text:
    case Values::level:
    case Values::seconds:
    case Values::jobs:
    case Values::profile:
    case Values::check:
    case Values::sections:
    case Values::topic:
    case Values::probe:
    case Values::directory:
    case Values::report:
    case Values::setting:
    case Values::command:
      return {};
  }
  assert(false);
  return {};
}

}  // namespace plimsoll::cli
