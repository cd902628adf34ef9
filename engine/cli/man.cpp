#include "engine/cli/man.hpp"

#include <fmt/core.h>

#include "engine/cli/exit_status.hpp"
#include "engine/cli/help.hpp"
#include "engine/cli/options.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

/// Words between backticks in bold, the rest as it is.
string styled(string_view text) {
  string out;
  bool bold = false;
  while (!text.empty()) {
    const auto tick = text.find('`');
    out += troff_escaped(text.substr(0, tick));
    if (tick == string_view::npos) break;
    bold = !bold;
    out += bold ? "\\fB" : "\\fR";
    text.remove_prefix(tick + 1);
  }
  return out;
}

void append_paragraphs(string& out, string_view text) {
  while (!text.empty()) {
    const auto end = text.find("\n\n");
    out += fmt::format(".PP\n{}\n", styled(text.substr(0, end)));
    text.remove_prefix(end == string_view::npos ? text.size() : end + 2);
  }
}

void append_option(string& out, const OptionInfo& option) {
  out += ".TP\n";
  if (option.letter != '\0') out += fmt::format("\\fB\\-{}\\fR, ", option.letter);
  out += fmt::format("\\fB\\-\\-{}\\fR", troff_escaped(option.name));
  if (!option.argument.empty()) out += fmt::format(" \\fI{}\\fR", troff_escaped(option.argument));
  out += fmt::format("\n{}\n", styled(meaning_of(option)));
}

void append_command(string& out, const CommandInfo& command) {
  out += fmt::format(".SS plimsoll {}", troff_escaped(command.name));
  if (!command.operands.empty()) out += " " + troff_escaped(command.operands);
  out += "\n";
  append_paragraphs(out, command.description);
  for (const OptionInfo& option : options()) {
    if (option.name != "help" && (option.commands & bit(command.command)) != 0) append_option(out, option);
  }
}

}  // namespace

string troff_escaped(string_view text) {
  string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

string manual_page(string_view version, std::span<const reports::Format> formats) {
  string out = fmt::format(".TH PLIMSOLL 1 \"\" \"plimsoll {}\" \"User Commands\"\n", troff_escaped(version));
  out += ".SH NAME\nplimsoll \\- audit a container host against benchmarks, with evidence\n.SH SYNOPSIS\n";
  for (const CommandInfo& command : commands()) {
    if (command.hidden) continue;
    out += fmt::format(".B plimsoll {}\n", troff_escaped(command.name));
    if (command.command != Command::version && command.command != Command::help) out += "[\\fIOPTION\\fR]...\n";
    if (!command.operands.empty()) out += fmt::format("\\fI{}\\fR\n", troff_escaped(command.operands));
    out += ".br\n";
  }
  out += ".SH DESCRIPTION\n";
  append_paragraphs(out, info_of(Command::audit).description);
  out +=
      ".PP\nA verdict is \\fBpass\\fR, \\fBfail\\fR, \\fBmanual\\fR (a person must judge; the evidence is shown),\n"
      "\\fBnot_applicable\\fR, or \\fBerror\\fR (it could not be decided; says why and what would help).\n"
      "What could not be read never passes.\n.SH COMMANDS\n";
  for (const CommandInfo& command : commands()) {
    if (!command.hidden) append_command(out, command);
  }
  out += ".SH REPORT FORMATS\n";
  for (const reports::Format& format : formats) {
    out += fmt::format(".TP\n\\fB{}\\fR\n{} (\\fI{}\\fR)\n", troff_escaped(format.name), styled(format.summary),
                       troff_escaped(format.default_file));
  }
  out +=
      ".PP\nA report is written to a temporary file beside its place, synced and renamed: a failure leaves the report\n"
      "that was there. A new report can be read by its owner only; a replaced one keeps its mode. A path that is\n"
      "no regular file, such as a FIFO or \\fI/dev/null\\fR, is written directly.\n.SH EXIT STATUS\n";
  for (const ExitStatusInfo& info : exit_statuses()) {
    out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", static_cast<int>(info.status), styled(info.meaning));
  }
  out +=
      ".PP\nFindings win over undecided checks. SIGINT and SIGTERM end the program at once and leave no unfinished "
      "file.\n"
      ".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\nSet and not empty: no colour.\n"
      ".TP\n\\fBTERM\\fR\n\\fIdumb\\fR: no colour and no progress line.\n.SH EXAMPLES\n";
  for (const CommandInfo& command : commands()) {
    for (const string_view example : command.examples) {
      const auto hash = example.find("  # ");
      out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", troff_escaped(example.substr(0, hash)),
                         styled(example.substr(hash + 4)));
    }
  }
  return out;
}

}  // namespace plimsoll::cli
