#include "engine/cli/help.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "engine/cli/exit_status.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

constexpr Group groups[] = {Group::selection, Group::host, Group::output, Group::run, Group::other};
constexpr std::size_t meaning_column = 30;

/// "  left   meaning", the meaning hanging at `column`, on its own line when `left` is too long.
void append_entry(string& out, string_view left, string_view meaning, std::size_t column, std::size_t width) {
  out.append("  ").append(left);
  const std::size_t used = 2 + display_width(left);
  if (used + 2 > column) {
    out.append("\n").append(column, ' ');
  } else {
    out.append(column - used, ' ');
  }
  out.append(hanging(meaning, column, column, width)).append("\n");
}

void append_paragraphs(string& out, string_view text, std::size_t width) {
  while (!text.empty()) {
    const auto end = text.find("\n\n");
    out.append(hanging(text.substr(0, end), 0, 0, width)).append("\n\n");
    text.remove_prefix(end == string_view::npos ? text.size() : end + 2);
  }
}

void append_options(string& out, const CommandInfo& command, std::size_t width) {
  for (const Group group : groups) {
    bool headed = false;
    for (const OptionInfo& option : options()) {
      if (option.group != group || (option.commands & bit(command.command)) == 0) continue;
      if (!headed) out.append(heading_of(group)).append(":\n");
      headed = true;
      append_entry(out, usage_of(option), meaning_of(option), meaning_column, width);
    }
    if (headed) out.append("\n");
  }
}

void append_examples(string& out, const CommandInfo& command, std::size_t width) {
  out.append("Examples:\n");
  for (const string_view example : command.examples) {
    const auto hash = example.find("  # ");
    out.append("  ").append(hanging(example.substr(0, hash), 2, 6, width)).append("\n      ");
    out.append(hanging(example.substr(hash + 4), 6, 6, width)).append("\n");
  }
  out.append("\n");
}

}  // namespace

string usage_of(const OptionInfo& option) {
  string out = option.letter == '\0' ? string("    ") : fmt::format("-{}, ", option.letter);
  out.append("--").append(option.name);
  if (!option.argument.empty()) out.append(" ").append(option.argument);
  return out;
}

string meaning_of(const OptionInfo& option) {
  if (option.fallback.empty()) return string(option.meaning);
  return fmt::format("{} Default: {}.", option.meaning, option.fallback);
}

string overview_text(std::size_t width) {
  string out =
      hanging("plimsoll audits a container host and shows, with evidence, where it falls short.", 0, 0, width) + "\n\n";
  out.append("Usage: plimsoll SUBCOMMAND [OPTION]...\n\n");
  for (const CommandInfo& command : commands()) {
    if (!command.hidden) append_entry(out, command.name, command.summary, 14, width);
  }
  out.append("\n");
  out.append(
      hanging("Start with `plimsoll audit`: it finds out what this host is, judges it, and changes nothing. "
              "`plimsoll audit --help` tells the options.",
              0, 0, width));
  out.append("\n");
  return out;
}

string help_text(const CommandInfo& command, std::span<const reports::Format> formats, std::size_t width) {
  if (command.command == Command::help) return overview_text(width);
  string out = fmt::format("Usage: plimsoll {} [OPTION]...{}{}\n\n", command.name, command.operands.empty() ? "" : " ",
                           command.operands);
  append_paragraphs(out, command.description, width);
  append_options(out, command, width);
  if (command.command == Command::audit) {
    out.append("Report formats:\n");
    for (const reports::Format& format : formats) {
      append_entry(out, format.name, fmt::format("{} ({})", format.summary, format.default_file), 14, width);
    }
    out.append("\nExit status:\n");
    for (const ExitStatusInfo& info : exit_statuses()) {
      append_entry(out, std::to_string(static_cast<int>(info.status)), info.meaning, 6, width);
    }
    out.append("\n");
  }
  if (!command.examples.empty()) append_examples(out, command, width);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace plimsoll::cli
