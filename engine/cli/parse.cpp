#include "engine/cli/parse.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <optional>

#include "engine/cli/text_layout.hpp"
#include "engine/core/text.hpp"
#include "engine/core/value.hpp"

namespace plimsoll::cli {
namespace {

namespace po = boost::program_options;
using std::string;
using std::string_view;

po::options_description described(const CommandInfo& command) {
  po::options_description description;
  for (const OptionInfo& option : options()) {
    if ((option.commands & bit(command.command)) == 0) continue;
    string names(option.name);
    if (option.letter != '\0') names.append(",").push_back(option.letter);
    if (option.argument.empty()) {
      description.add_options()(names.c_str(), "");
    } else {
      description.add_options()(names.c_str(), po::value<std::vector<string>>(), "");
    }
  }
  return description;
}

/// The one candidate that goes on from what was typed; empty when there are several.
string_view only_one_starting(string_view name, std::span<const string_view> candidates) {
  string_view found;
  for (const string_view candidate : candidates) {
    if (name.empty() || !candidate.starts_with(name)) continue;
    if (!found.empty()) return {};
    found = candidate;
  }
  return found;
}

/// "--lvel" as typed: without a value, and never with control characters.
string shown(string_view option) {
  const auto equals = option.find('=');
  return printable(option.substr(0, equals));
}

string unknown_option(const CommandInfo& command, string_view typed) {
  const string name = shown(typed);
  string_view bare = name;
  while (bare.starts_with('-')) bare.remove_prefix(1);
  if (const OptionInfo* elsewhere = option_named(bare)) {
    std::vector<string_view> takers;
    for (const CommandInfo& other : commands()) {
      if ((elsewhere->commands & bit(other.command)) != 0 && !other.hidden) takers.push_back(other.name);
    }
    return fmt::format("`--{}` is an option of `plimsoll {}`", bare, fmt::join(takers, "` and `plimsoll "));
  }
  std::vector<string_view> names;
  for (const OptionInfo& option : options()) {
    if ((option.commands & bit(command.command)) != 0) names.push_back(option.name);
  }
  string_view near = nearest(bare, names);
  if (near.empty()) near = only_one_starting(bare, names);
  if (near.empty()) return fmt::format("unknown option `{}`", name);
  return fmt::format("unknown option `{}`; did you mean `--{}`?", name, near);
}

std::optional<string> problem_of_number(string_view text, std::int64_t low, std::int64_t high) {
  const auto number = parse_integer(text);
  if (number && *number >= low && *number <= high) return std::nullopt;
  return fmt::format("`{}` is no whole number from {} to {}", printable(text), low, high);
}

std::optional<string> problem_of(const OptionInfo& option, string_view text) {
  // Boost takes an option that follows for the value when it is spelled out.
  const bool is_option = text.starts_with("--") && option_named(text.substr(2, text.find('=') - 2)) != nullptr;
  if (text.empty() || is_option) return fmt::format("`--{}` needs a value: {}", option.name, option.argument);
  std::optional<string> problem;
  switch (option.values) {
    case Values::level:
      problem = problem_of_number(text, 1, 255);
      break;
    case Values::seconds:
      problem = problem_of_number(text, 1, 86'400);
      break;
    case Values::jobs:
      problem = problem_of_number(text, 1, 256);
      break;
    case Values::setting:
      if (text.find('=') == string_view::npos || text.starts_with('=')) {
        problem = fmt::format("`{}` is not of the form name=value", printable(text));
      }
      break;
    case Values::sections:
      if (text.starts_with(',') || text.ends_with(',') || text.find(",,") != string_view::npos) {
        problem = fmt::format("`{}` has a comma with no number beside it", printable(text));
      }
      break;
    case Values::severity:
    case Values::fail_on:
    case Values::ocsf_version: {
      const auto words = words_of(option.values);
      if (std::find(words.begin(), words.end(), text) == words.end()) {
        problem =
            fmt::format("`{}` is none of {}{}", printable(text), fmt::join(words, ", "), did_you_mean(text, words));
      }
      break;
    }
    case Values::none:
    case Values::text:
    case Values::profile:
    case Values::check:
    case Values::topic:
    case Values::probe:
    case Values::directory:
    case Values::report:
    case Values::list_kind:
    case Values::shell:
    case Values::command:
      break;
  }
  if (!problem) return std::nullopt;
  return fmt::format("--{}: {}", option.name, *problem);
}

std::optional<string> problem_of_operands(const CommandInfo& command, std::span<const string> operands) {
  if (operands.size() < command.min_operands) return fmt::format("{} is missing", command.operands);
  if (operands.size() > command.max_operands) {
    return fmt::format("`{}` is one operand too many", printable(operands[command.max_operands]));
  }
  const auto words = words_of(command.operand_values);
  if (words.empty()) return std::nullopt;
  for (const string& operand : operands) {
    if (std::find(words.begin(), words.end(), operand) == words.end()) {
      return fmt::format("`{}` is none of {}{}", printable(operand), fmt::join(words, ", "),
                         did_you_mean(operand, words));
    }
  }
  return std::nullopt;
}

std::expected<CommandLine, Misuse> first_word_unknown(string_view word) {
  if (word.starts_with('-')) {
    return std::unexpected(
        Misuse{nullptr, fmt::format("the subcommand comes first: plimsoll SUBCOMMAND {}", shown(word))});
  }
  std::vector<string_view> names;
  for (const CommandInfo& command : commands()) names.push_back(command.name);
  return std::unexpected(
      Misuse{nullptr, fmt::format("unknown subcommand `{}`{}", printable(word), did_you_mean(word, names))});
}

/// Boost's own words for what is wrong speak of "the argument for option"; ours name the option and what it needs.
std::expected<po::parsed_options, string> split(const CommandInfo& command, const std::vector<string>& words) {
  const po::options_description description = described(command);
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    po::basic_command_line_parser<char> parser(words);
    return parser.options(description).style(style).run();
  } catch (const po::unknown_option& error) {
    return std::unexpected(unknown_option(command, error.get_option_name()));
  } catch (const po::invalid_command_line_syntax& error) {
    const string name = error.get_option_name();
    string_view bare = name;
    while (bare.starts_with('-')) bare.remove_prefix(1);
    const OptionInfo* option = option_named(bare.substr(0, bare.find('=')));
    if (option == nullptr) return std::unexpected(printable(error.what()));
    if (option->argument.empty()) return std::unexpected(fmt::format("`--{}` takes no value", option->name));
    return std::unexpected(fmt::format("`--{}` needs a value: {}", option->name, option->argument));
  } catch (const po::error& error) {
    return std::unexpected(printable(error.what()));
  }
}

}  // namespace

string_view CommandLine::value(string_view option) const {
  const auto found = given.find(option);
  return found == given.end() ? string_view{} : string_view(found->second.front());
}

std::span<const string> CommandLine::values(string_view option) const {
  const auto found = given.find(option);
  return found == given.end() ? std::span<const string>{} : std::span<const string>(found->second);
}

std::expected<CommandLine, Misuse> parse(std::span<const string> arguments) {
  if (arguments.empty() || arguments.front() == "--help" || arguments.front() == "-h") {
    return CommandLine{&info_of(Command::help), {}, {}};
  }
  if (arguments.front() == "--version" || arguments.front() == "-V")
    return CommandLine{&info_of(Command::version), {}, {}};
  const CommandInfo* command = command_named(arguments.front());
  if (command == nullptr) return first_word_unknown(arguments.front());

  const std::vector<string> words(arguments.begin() + 1, arguments.end());
  const auto parsed = split(*command, words);
  if (!parsed) return std::unexpected(Misuse{command, parsed.error()});

  CommandLine line{command, {}, {}};
  for (const auto& option : parsed->options) {
    if (option.position_key >= 0 || option.string_key.empty()) {
      line.operands.insert(line.operands.end(), option.value.begin(), option.value.end());
    } else {
      auto& values = line.given[option.string_key];
      values.push_back(option.value.empty() ? string() : option.value.front());
    }
  }
  if (line.has("help")) return line;
  for (const auto& [name, values] : line.given) {
    const OptionInfo& option = *option_named(name);
    if (!option.repeatable && !option.argument.empty() && values.size() > 1) {
      return std::unexpected(Misuse{command, fmt::format("`--{}` is given {} times", name, values.size())});
    }
    if (option.argument.empty()) continue;
    for (const string& value : values) {
      if (auto problem = problem_of(option, value)) return std::unexpected(Misuse{command, std::move(*problem)});
    }
  }
  if (auto problem = problem_of_operands(*command, line.operands)) {
    return std::unexpected(Misuse{command, std::move(*problem)});
  }
  return line;
}

string to_text(const Misuse& misuse) {
  if (misuse.command == nullptr) return fmt::format("plimsoll: {}\nTry `plimsoll --help`.\n", misuse.what);
  return fmt::format("plimsoll {0}: {1}\nTry `plimsoll {0} --help`.\n", misuse.command->name, misuse.what);
}

string did_you_mean(string_view name, std::span<const string_view> candidates) {
  string_view near = nearest(name, candidates);
  if (near.empty()) near = only_one_starting(name, candidates);
  return near.empty() ? string() : fmt::format("; did you mean `{}`?", near);
}

}  // namespace plimsoll::cli
