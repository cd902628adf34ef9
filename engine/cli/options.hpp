// The one table of subcommands and options. Parsing, --help, the man page and the shell completions are all made from
// it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace plimsoll::cli {

enum class Command : std::uint8_t { audit, list, explain, validate, probes, version, help, completion, man };

/// What a value may be: decides how it is checked while parsing and what a shell offers to complete.
enum class Values : std::uint8_t {
  none,          ///< a flag, or no operand at all
  text,          ///< anything
  level,         ///< a whole number, 1 to 255
  seconds,       ///< a whole number, 1 to 86,400
  jobs,          ///< a whole number, 1 to 256
  profile,       ///< the id of a profile; checked against the catalog later
  check,         ///< the id of a check; checked against the catalog later
  sections,      ///< numbers of recommendations, between commas
  topic,         ///< what `explain` knows: checks, profiles, recommendations, codes
  probe,         ///< the name of a probe
  severity,      ///< info, low, medium, high, critical
  fail_on,       ///< a severity, or never
  directory,     ///< a directory
  report,        ///< FORMAT[=PATH]
  ocsf_version,  ///< 1.8.0 or 1.6.0
  setting,       ///< name=value
  list_kind,     ///< profiles, checks, formats
  shell,         ///< bash, zsh, fish
  command,       ///< the name of a subcommand
};

/// Heading under which --help and the man page print an option.
enum class Group : std::uint8_t { selection, host, output, run, other };
[[nodiscard]] std::string_view heading_of(Group group);

/// `commands` is a set of Command bits: the subcommands that take the option.
struct OptionInfo {
  std::string_view name;      ///< without dashes: "fail-on"
  char letter;                ///< of the short form; '\0': none
  std::string_view argument;  ///< "SEVERITY"; empty for a flag
  Values values;
  bool repeatable;
  Group group;
  unsigned commands;
  std::string_view meaning;   ///< one or two sentences
  std::string_view fallback;  ///< what happens without it, after "Default: "; empty: nothing worth saying
};

struct CommandInfo {
  Command command;
  std::string_view name;
  std::string_view operands;  ///< as usage prints them: "[DIR]..."; empty: none
  Values operand_values;
  unsigned min_operands;
  unsigned max_operands;
  bool hidden;                                 ///< of use to packagers only; not in the overview
  std::string_view summary;                    ///< one clause for the overview
  std::string_view description;                ///< paragraphs, separated by "\n\n"
  std::span<const std::string_view> examples;  ///< "command line  # what it does"
};

[[nodiscard]] constexpr unsigned bit(Command command) {
  return 1U << static_cast<unsigned>(command);
}

[[nodiscard]] std::span<const CommandInfo> commands();  ///< in the order of --help
[[nodiscard]] std::span<const OptionInfo> options();    ///< in the order of --help

[[nodiscard]] const CommandInfo& info_of(Command command);
[[nodiscard]] const CommandInfo* command_named(std::string_view name);
[[nodiscard]] const OptionInfo* option_named(std::string_view name);

/// The words a value can be, where the table alone knows them: severities, shells, OCSF versions, …; else empty.
[[nodiscard]] std::span<const std::string_view> words_of(Values values);

}  // namespace plimsoll::cli
