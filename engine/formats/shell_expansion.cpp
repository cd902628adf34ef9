#include "engine/formats/shell_expansion.hpp"

#include <algorithm>
#include <array>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/glob.hpp"
#include "engine/formats/lines.hpp"
#include "engine/formats/shell_tokens.hpp"

namespace plimsoll::formats {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr int max_depth = 16;
constexpr std::size_t max_text = 8U << 10U;  // a value that doubles itself stays bounded

bool is_name(char c) {
  return is_letter_or_digit(c) || c == '_';
}

void unknown(ShellText& out, std::string_view why) {
  if (out.known) out.why_not = why;
  out.known = false;
}

void append(ShellText& out, std::string_view text) {
  if (out.text.size() + text.size() > max_text) return unknown(out, "value too long");
  out.text.append(text);
}

void append(ShellText& out, const ShellText& more) {
  append(out, more.text);
  if (!more.known) unknown(out, more.why_not);
}

}  // namespace

ShellVariables::ShellVariables(std::string_view user, std::string_view home) : root_(user == "root") {
  // What an interactive bash that logs somebody in has; PATH is kept by who asks for it.
  const std::array<std::pair<std::string_view, std::string_view>, 6> given = {{
      {"-", "himBHs"},
      {"0", "-bash"},
      {"PS1", "$ "},
      {"BASH", "/bin/bash"},
      {"BASH_VERSION", "5"},
      {"BASHRCSOURCED", ""},
  }};
  for (const auto& [name, value] : given) set(name, {std::string(value)});
  set("PATH", {std::string(1, shell_path_before)});
  if (!home.empty()) set("HOME", {std::string(home)});
  if (!root_) return;
  for (const auto* name : {"UID", "EUID"}) set(name, {"0"});
  for (const auto* name : {"USER", "LOGNAME", "USERNAME"}) set(name, {"root"});
}

const ShellText* ShellVariables::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

void ShellVariables::put(std::string_view name, ShellText& out) const {
  if (const auto* value = find(name)) {
    append(out, *value);
  } else {
    unknown(out, "variable that is set elsewhere");
  }
}

void ShellVariables::command(std::string_view inside, ShellText& out) const {
  std::vector<std::string_view> words;
  for (auto rest = trimmed(inside); !rest.empty();) {
    const auto word = take_word(rest);
    if (word.empty()) break;
    if (!word.starts_with("2>")) words.push_back(word);
  }
  const auto program = words.empty() ? std::string_view{} : base_name(words.front());
  const auto option = words.size() == 2 ? words[1] : std::string_view{};
  if (program == "umask" && words.size() == 1) return append(out, "0022");  // not 0: see shell_startup.hpp
  if (root_ && program == "id" && option == "-u") return append(out, "0");
  if (root_ && program == "id" && (option == "-un" || option == "-gn")) return append(out, "root");
  if (root_ && program == "whoami" && words.size() == 1) return append(out, "root");
  unknown(out, "command substitution");
}

/// `${…}`, without its braces.
void ShellVariables::braces(std::string_view inside, ShellText& out, int depth) const {
  std::size_t end = 0;
  while (end < inside.size() && is_name(inside[end])) ++end;
  if (end == 0 && inside.starts_with('-')) end = 1;
  const auto name = inside.substr(0, end);
  auto rest = inside.substr(end);
  if (name.empty()) return unknown(out, "parameter expansion");
  if (rest.empty()) return put(name, out);
  const bool colon = rest.starts_with(':');
  if (colon) rest.remove_prefix(1);
  const auto* value = find(name);
  const char operation = rest.empty() ? '\0' : rest.front();
  if (operation == '-' || operation == '=' || operation == '+') {
    if (value == nullptr || !value->known) return unknown(out, "variable that is set elsewhere");
    const bool has = !value->text.empty();
    if (operation == '+') {
      if (has) append(out, expand(rest.substr(1), depth + 1));
      return;
    }
    return append(out, has ? *value : expand(rest.substr(1), depth + 1));
  }
  // "${-#*i}" asks whether the shell is interactive, which it is: less than "$-" stays.
  if (name == "-" && rest == "#*i") return append(out, "mBHs");
  unknown(out, "parameter expansion");
}

/// Past what a `$` starts.
void ShellVariables::dollar(std::string_view& rest, ShellText& out, int depth) const {
  const auto length = shell_quoted_length(rest);
  if (rest.starts_with("$((")) {
    unknown(out, "arithmetic");
  } else if (rest.starts_with("$(")) {
    command(rest.substr(2, length > 3 ? length - 3 : 0), out);
  } else if (rest.starts_with("${")) {
    braces(rest.substr(2, length > 3 ? length - 3 : 0), out, depth);
  } else {
    std::size_t end = 1;
    if (end < rest.size() && (is_letter(rest[end]) || rest[end] == '_')) {
      while (end < rest.size() && is_name(rest[end])) ++end;
    } else if (end < rest.size() && (is_digit(rest[end]) || std::string_view("-#@*?$!").find(rest[end]) != npos)) {
      ++end;
    }
    if (end == 1) {
      append(out, "$");
    } else {
      put(rest.substr(1, end - 1), out);
    }
    rest.remove_prefix(end);
    return;
  }
  rest.remove_prefix(std::max<std::size_t>(length, 1));
}

ShellText ShellVariables::expand(std::string_view raw, int depth) const {
  ShellText out;
  if (depth > max_depth) {
    unknown(out, "expansions that nest too deeply");
    return out;
  }
  bool quoted = false;
  auto rest = raw;
  if (const auto* home = find("HOME"); home != nullptr && (rest == "~" || rest.starts_with("~/"))) {
    append(out, *home);
    rest.remove_prefix(1);
  }
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == '"') {
      quoted = !quoted;
      rest.remove_prefix(1);
    } else if (c == '\'' && !quoted) {
      const auto length = shell_quoted_length(rest);
      append(out, rest.substr(1, length > 1 ? length - 2 : 0));
      rest.remove_prefix(length);
    } else if (c == '\\' && rest.size() > 1) {
      const bool kept = quoted && std::string_view("$`\"\\\n").find(rest[1]) == npos;
      if (kept) append(out, "\\");
      if (rest[1] != '\n') append(out, rest.substr(1, 1));
      rest.remove_prefix(2);
    } else if (c == '`') {
      const auto length = shell_quoted_length(rest);
      command(rest.substr(1, length > 1 ? length - 2 : 0), out);
      rest.remove_prefix(length);
    } else if (c == '$') {
      dollar(rest, out, depth);
    } else {
      const auto plain = std::min(rest.find_first_of("\"'\\`$"), rest.size());
      append(out, rest.substr(0, std::max<std::size_t>(plain, 1)));
      rest.remove_prefix(std::max<std::size_t>(plain, 1));
    }
  }
  return out;
}

ShellTruth operator!(ShellTruth truth) {
  if (truth == ShellTruth::maybe) return truth;
  return truth == ShellTruth::yes ? ShellTruth::no : ShellTruth::yes;
}
ShellTruth both(ShellTruth left, ShellTruth right) {
  return std::min(left, right);
}
ShellTruth either(ShellTruth left, ShellTruth right) {
  return std::max(left, right);
}

namespace {

ShellTruth truth_of(bool value) {
  return value ? ShellTruth::yes : ShellTruth::no;
}

ShellTruth compare(const ShellText& left, std::string_view operation, const ShellText& right) {
  if (!left.known || !right.known) return ShellTruth::maybe;
  if (operation == "=" || operation == "==") {
    return truth_of(glob_matches(right.text, left.text, GlobKind::text) || left.text == right.text);
  }
  if (operation == "!=") {
    return truth_of(!glob_matches(right.text, left.text, GlobKind::text) && left.text != right.text);
  }
  const auto a = parse_integer(left.text);
  const auto b = parse_integer(right.text);
  if (!a || !b) return ShellTruth::maybe;
  if (operation == "-eq") return truth_of(*a == *b);
  if (operation == "-ne") return truth_of(*a != *b);
  if (operation == "-gt") return truth_of(*a > *b);
  if (operation == "-ge") return truth_of(*a >= *b);
  if (operation == "-lt") return truth_of(*a < *b);
  if (operation == "-le") return truth_of(*a <= *b);
  return ShellTruth::maybe;
}

using Words = std::vector<std::string>;

ShellTruth primary(const Words& words, std::size_t begin, std::size_t end, const ShellVariables& variables,
                   const ShellFiles& files) {
  bool negated = false;
  while (begin < end && words[begin] == "!") {
    negated = !negated;
    ++begin;
  }
  auto truth = ShellTruth::maybe;
  const auto count = end - begin;
  if (count == 0) {
    truth = ShellTruth::no;
  } else if (count == 1) {
    const auto word = variables.expand(words[begin]);
    if (word.known) truth = truth_of(!word.text.empty());
  } else if (count == 2) {
    const auto& operation = words[begin];
    const auto word = variables.expand(words[begin + 1]);
    if (!word.known) {
      truth = ShellTruth::maybe;
    } else if (operation == "-n" || operation == "-z") {
      truth = truth_of(word.text.empty() == (operation == "-z"));
    } else if (operation.size() == 2 && std::string_view("efrsdxhL").find(operation[1]) != npos &&
               operation.starts_with('-') && word.text.starts_with('/')) {
      if (const auto there = files.exists(word.text)) truth = truth_of(*there);
    }
  } else if (count == 3) {
    truth = compare(variables.expand(words[begin]), words[begin + 1], variables.expand(words[begin + 2]));
  }
  return negated ? !truth : truth;
}

}  // namespace

ShellTruth shell_test(const std::vector<std::string>& words, const ShellVariables& variables, const ShellFiles& files) {
  auto any = ShellTruth::no;
  auto all = ShellTruth::yes;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= words.size(); ++at) {
    const bool end = at == words.size();
    const bool or_here = !end && (words[at] == "-o" || words[at] == "||");
    const bool and_here = !end && (words[at] == "-a" || words[at] == "&&");
    if (!end && !or_here && !and_here) continue;
    all = both(all, primary(words, begin, at, variables, files));
    begin = at + 1;
    if (and_here) continue;
    any = either(any, all);
    all = ShellTruth::yes;
  }
  return any;
}

}  // namespace plimsoll::formats
