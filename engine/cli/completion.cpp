#include "engine/cli/completion.hpp"

#include <fmt/core.h>

#include "engine/cli/options.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

string joined(std::span<const string_view> words) {
  string out;
  for (const string_view word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

string format_names(const CompletionWords& words) {
  string out;
  for (const reports::Format& format : words.formats) {
    if (!out.empty()) out += ' ';
    out += format.name;
  }
  return out;
}

string command_names() {
  string out;
  for (const CommandInfo& command : commands()) {
    if (command.hidden) continue;
    if (!out.empty()) out += ' ';
    out += command.name;
  }
  return out;
}

/// The shell words, or the command substitution, that list what a value can be; empty: nothing to offer.
string candidates(Values values, const CompletionWords& words) {
  switch (values) {
    case Values::profile:
      return "$(plimsoll list profiles --ids 2>/dev/null)";
    case Values::check:
      return "$(plimsoll list checks --ids 2>/dev/null)";
    case Values::topic:
      return "$(plimsoll list --ids 2>/dev/null)";
    case Values::probe:
      return joined(words.probes);
    case Values::report:
      return format_names(words);
    case Values::command:
      return command_names();
    case Values::severity:
    case Values::fail_on:
    case Values::ocsf_version:
    case Values::list_kind:
    case Values::shell:
      return joined(words_of(values));
    case Values::none:
    case Values::text:
    case Values::level:
    case Values::sections:
    case Values::seconds:
    case Values::jobs:
    case Values::directory:
    case Values::setting:
      return {};
  }
  return {};
}

/// Single-quoted for any of the three shells.
string in_quotes(string_view text) {
  string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out.push_back(c);
    }
  }
  return out + "'";
}

string first_sentence(string_view text) {
  const auto end = text.find(". ");
  string out(text.substr(0, end));
  while (out.ends_with('.')) out.pop_back();
  return out;
}

bool takes(const CommandInfo& command, const OptionInfo& option) {
  return (option.commands & bit(command.command)) != 0;
}

string bash_reply(Values values, const CompletionWords& words) {
  if (values == Values::directory) return "COMPREPLY=($(compgen -d -- \"$current\"))";
  if (values == Values::report) {
    return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); compopt -o nospace 2>/dev/null",
                       candidates(values, words));
  }
  const string list = candidates(values, words);
  return list.empty() ? "COMPREPLY=()" : fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$current\"))", list);
}

string bash_script(const CompletionWords& words) {
  string out =
      "# Completion of plimsoll for bash, made by `plimsoll completion bash`.\n"
      "_plimsoll() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD - 1]}\" "
      "command=\"${COMP_WORDS[1]}\"\n"
      "  COMPREPLY=()\n"
      "  if ((COMP_CWORD == 1)); then\n";
  out += fmt::format("    COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$current\"))\n    return\n  fi\n",
                     command_names());
  // Bash splits words at `=`: in --report=html=out.html the value starts after the first one.
  out +=
      "  [[ $current == '=' ]] && current=''\n"
      "  [[ $previous == '=' ]] && previous=\"${COMP_WORDS[COMP_CWORD - 2]}\"\n"
      "  case \"$previous\" in\n";
  for (const OptionInfo& option : options()) {
    if (option.argument.empty()) continue;
    out += fmt::format("    --{}{})\n      {}\n      return\n      ;;\n", option.name,
                       option.letter == '\0' ? string() : fmt::format(" | -{}", option.letter),
                       bash_reply(option.values, words));
  }
  for (const reports::Format& format : words.formats) {
    out +=
        fmt::format("    {})\n      COMPREPLY=($(compgen -f -- \"$current\"))\n      return\n      ;;\n", format.name);
  }
  out += "  esac\n  case \"$command\" in\n";
  for (const CommandInfo& command : commands()) {
    string names;
    for (const OptionInfo& option : options()) {
      if (takes(command, option)) names += fmt::format("{}--{}", names.empty() ? "" : " ", option.name);
    }
    out += fmt::format(
        "    {})\n      if [[ $current == -* ]]; then\n        COMPREPLY=($(compgen -W \"{}\" -- \"$current\"))\n",
        command.name, names);
    if (command.operand_values != Values::none) {
      out += fmt::format("      else\n        {}\n", bash_reply(command.operand_values, words));
    }
    out += "      fi\n      ;;\n";
  }
  out += "  esac\n}\ncomplete -F _plimsoll plimsoll\n";
  return out;
}

string zsh_action(Values values, const CompletionWords& words) {
  if (values == Values::directory) return "_files -/";
  const string list = candidates(values, words);
  if (values == Values::report) return "_plimsoll_report";
  if (list.starts_with("$(")) return fmt::format("{{compadd -- ${{(f)\"{}\"}}}}", list);
  return list.empty() ? " " : fmt::format("({})", list);
}

/// Inside an _arguments specification, brackets and colons are syntax.
string zsh_text(string_view text) {
  string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

string zsh_script(const CompletionWords& words) {
  string out =
      "#compdef plimsoll\n# Completion of plimsoll for zsh, made by `plimsoll completion zsh`.\n\n"
      "_plimsoll_report() {\n"
      "  if [[ $PREFIX == *=* ]]; then\n    compset -P '*='\n    _files\n  else\n";
  out += fmt::format("    compadd -S '' -- {}\n  fi\n}}\n\n_plimsoll() {{\n  local -a commands\n  commands=(\n",
                     format_names(words));
  for (const CommandInfo& command : commands()) {
    if (!command.hidden) {
      out += fmt::format("    {}\n", in_quotes(fmt::format("{}:{}", command.name, zsh_text(command.summary))));
    }
  }
  out +=
      "  )\n  if ((CURRENT == 2)); then\n    _describe -t commands subcommand commands\n    return\n  fi\n"
      "  local command=$words[2]\n  shift words\n  ((CURRENT--))\n  case $command in\n";
  for (const CommandInfo& command : commands()) {
    out += fmt::format("    {})\n      _arguments", command.name);
    for (const OptionInfo& option : options()) {
      if (!takes(command, option)) continue;
      const string text = zsh_text(first_sentence(option.meaning));
      const string argument = option.argument.empty()
                                  ? string()
                                  : fmt::format(":{}:{}", zsh_text(option.argument), zsh_action(option.values, words));
      const string star = option.repeatable ? "*" : "";
      out += fmt::format(" \\\n        {}", in_quotes(fmt::format("{}--{}[{}]{}", star, option.name, text, argument)));
      if (option.letter != '\0') {
        out +=
            fmt::format(" \\\n        {}", in_quotes(fmt::format("{}-{}[{}]{}", star, option.letter, text, argument)));
      }
    }
    if (command.operand_values != Values::none) {
      out += fmt::format(" \\\n        {}", in_quotes(fmt::format("*:{}:{}", zsh_text(command.operands),
                                                                  zsh_action(command.operand_values, words))));
    }
    out += "\n      ;;\n";
  }
  out += "  esac\n}\n\n_plimsoll \"$@\"\n";
  return out;
}

/// What fish puts behind -a: a word list, or a command substitution that fish runs when completing.
string fish_words(Values values, const CompletionWords& words) {
  string list = candidates(values, words);
  if (list.starts_with("$(")) list.erase(0, 1);  // fish before 3.4 knows (…) only
  return in_quotes(list);
}

string fish_script(const CompletionWords& words) {
  string out =
      "# Completion of plimsoll for fish, made by `plimsoll completion fish`.\n"
      "complete -c plimsoll -f\n";
  for (const CommandInfo& command : commands()) {
    if (!command.hidden) {
      out += fmt::format("complete -c plimsoll -n __fish_use_subcommand -a {} -d {}\n", command.name,
                         in_quotes(command.summary));
    }
  }
  for (const CommandInfo& command : commands()) {
    const string when = fmt::format("complete -c plimsoll -n '__fish_seen_subcommand_from {}'", command.name);
    for (const OptionInfo& option : options()) {
      if (!takes(command, option)) continue;
      out += fmt::format("{} -l {}", when, option.name);
      if (option.letter != '\0') out += fmt::format(" -s {}", option.letter);
      if (option.values == Values::directory) {
        out += " -x -a '(__fish_complete_directories)'";
      } else if (!candidates(option.values, words).empty()) {
        out += fmt::format(" -x -a {}", fish_words(option.values, words));
      } else if (!option.argument.empty()) {
        out += " -x";
      }
      out += fmt::format(" -d {}\n", in_quotes(first_sentence(option.meaning)));
    }
    if (command.operand_values == Values::directory) {
      out += fmt::format("{} -a '(__fish_complete_directories)'\n", when);
    } else if (!candidates(command.operand_values, words).empty()) {
      out += fmt::format("{} -a {}\n", when, fish_words(command.operand_values, words));
    }
  }
  return out;
}

}  // namespace

string completion_script(string_view shell, const CompletionWords& words) {
  if (shell == "bash") return bash_script(words);
  if (shell == "zsh") return zsh_script(words);
  if (shell == "fish") return fish_script(words);
  return {};
}

}  // namespace plimsoll::cli
