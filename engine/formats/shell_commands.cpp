#include <fmt/core.h>

#include <array>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/formats/shell_run.hpp"

namespace plimsoll::formats {
namespace {

/// NAME of NAME=value or NAME+=value at the start of a word; empty: it is none.
std::string_view assigned_name(std::string_view raw) {
  std::size_t end = 0;
  while (end < raw.size() && (is_letter_or_digit(raw[end]) || raw[end] == '_')) ++end;
  if (end == 0 || is_digit(raw.front())) return {};
  const auto rest = raw.substr(end);
  return rest.starts_with('=') || rest.starts_with("+=") ? raw.substr(0, end) : std::string_view{};
}

/// Programs whose output is known to be of no concern here: colours, pagers, completion.
bool is_harmless_program(std::string_view text) {
  for (const auto* name : {"dircolors", "lesspipe", "lessfile", "resize", "tset", "direnv", "ssh-agent"}) {
    if (text.find(name) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

void ShellRun::assign(std::string_view raw, ShellTruth truth, const std::string& where) {
  const auto name = assigned_name(raw);
  const bool appends = raw.substr(name.size()).starts_with("+=");
  auto value = variables_.expand(raw.substr(name.size() + (appends ? 2 : 1)));
  if (appends) {
    const auto* before = variables_.find(name);
    ShellText joined = before != nullptr ? *before : ShellText{"", false, "variable that is set elsewhere"};
    joined.text += value.text;
    if (joined.known && !value.known) joined = {joined.text, false, value.why_not};
    value = std::move(joined);
  }
  effect(ShellEffect::Kind::assigned, std::string(name), value, truth, where);
  if (truth == ShellTruth::no || name == "PATH") return;  // PATH stays the mark for its own value
  if (truth == ShellTruth::maybe) value = {value.text, false, "set under a condition"};
  variables_.set(name, std::move(value));
}

ShellTruth ShellRun::simple(ShellTruth truth) {
  const auto where = source();
  std::vector<std::string> words;
  while (is(Kind::word)) {
    words.push_back(token()->raw);
    ++at_;
  }
  std::size_t first = 0;
  while (first < words.size() && !assigned_name(words[first]).empty()) ++first;
  if (first == words.size()) {
    for (const auto& word : words) assign(word, truth, where);
    return ShellTruth::yes;
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(first));
  return program(words, truth, where);
}

ShellTruth ShellRun::program(std::vector<std::string>& words, ShellTruth truth, const std::string& where) {
  const std::string name = variables_.expand(words.front()).text;
  words.erase(words.begin());
  if (one_of(name, {"builtin", "command", "\\builtin"}) && !words.empty() && !words.front().starts_with('-')) {
    return program(words, truth, where);
  }
  if (name == "[" || name == "[[" || name == "test") {
    if (name != "test" && !words.empty()) words.pop_back();
    return shell_test(words, variables_, out_.files_);
  }
  if (name == ":" || name == "true") return ShellTruth::yes;
  if (name == "false") return ShellTruth::no;
  if (name == "shopt") {
    const bool login = words.size() == 2 && words[0] == "-q" && words[1] == "login_shell";
    return login ? ShellTruth::yes : ShellTruth::maybe;
  }
  if (name == "return" || name == "exit") {
    leave(truth, name == "exit");
    return ShellTruth::maybe;
  }
  if (one_of(name, {"export", "readonly", "declare", "typeset"})) {
    declare(name, words, truth, where);
    return ShellTruth::yes;
  }
  if (name == "unset") {
    for (const auto& word : words) {
      if (word.starts_with('-')) continue;
      effect(ShellEffect::Kind::removed, word, {}, truth, where);
      if (truth == ShellTruth::yes) variables_.remove(word);
    }
    return ShellTruth::yes;
  }
  if (name == "umask") {
    std::erase_if(words, [](const std::string& word) { return word.starts_with('-'); });
    if (!words.empty()) effect(ShellEffect::Kind::mask, "", variables_.expand(words.front()), truth, where);
    return ShellTruth::yes;
  }
  if (name == "read") {
    for (const auto& word : words) {
      effect(ShellEffect::Kind::assigned, word, {"", false, "read from somewhere"}, truth, where);
    }
    return ShellTruth::maybe;
  }
  if (name == "." || name == "source") {
    include(words, truth, where);
    return ShellTruth::maybe;
  }
  if (name == "eval") {
    evaluate(words, truth, where);
    return ShellTruth::maybe;
  }
  if (const auto function = functions_.find(name); function != functions_.end()) call(function->second, words, truth);
  return ShellTruth::maybe;
}

void ShellRun::leave(ShellTruth truth, bool everything) {
  if (truth == ShellTruth::no) return;
  for (auto frame = live_.rbegin(); frame != live_.rend(); ++frame) {
    *frame = formats::both(*frame, !truth);
    if (!everything) return;
  }
}

void ShellRun::declare(std::string_view name, const std::vector<std::string>& words, ShellTruth truth,
                       const std::string& where) {
  bool exports = name == "export";
  bool fixes = name == "readonly";
  for (const auto& word : words) {
    if (word.starts_with('-')) {
      exports = exports || word.find('x') != std::string::npos;
      fixes = fixes || word.find('r') != std::string::npos;
      if (word.find('n') != std::string::npos) exports = false;
      continue;
    }
    const auto assigned = assigned_name(word);
    if (!assigned.empty()) assign(word, truth, where);
    const std::string variable(assigned.empty() ? std::string_view(word) : assigned);
    if (exports) effect(ShellEffect::Kind::exported, variable, {}, truth, where);
    if (fixes) effect(ShellEffect::Kind::read_only, variable, {}, truth, where);
  }
}

void ShellRun::include(const std::vector<std::string>& words, ShellTruth truth, const std::string& where) {
  if (words.empty() || truth == ShellTruth::no) return;
  const auto path = variables_.expand(words.front());
  if (path.known && path.text.starts_with('/')) {
    file(path.text, truth);
  } else {
    out_.unknown_.push_back({path.known ? "a file that is looked for by its name is read in"
                                        : fmt::format("a file is read in whose name is computed ({})", path.why_not),
                             where});
  }
}

void ShellRun::evaluate(const std::vector<std::string>& words, ShellTruth truth, const std::string& where) {
  if (truth == ShellTruth::no) return;
  std::string text;
  for (const auto& word : words) text += word + " ";
  if (!is_harmless_program(text)) out_.unknown_.push_back({"text is run that is computed (eval)", where});
}

void ShellRun::call(std::pair<std::shared_ptr<const ShellScript>, std::size_t> function,
                    const std::vector<std::string>& words, ShellTruth truth) {
  if (truth == ShellTruth::no) return;
  constexpr std::array<std::string_view, 4> places = {"1", "2", "3", "4"};
  for (std::size_t i = 0; i < places.size(); ++i) {
    variables_.set(places[i], i < words.size() ? variables_.expand(words[i]) : ShellText{});
  }
  const auto caller = std::exchange(script_, std::move(function.first));
  const auto at = std::exchange(at_, function.second);
  body(truth, [&](ShellTruth live) { (void)command(live); });
  script_ = caller;
  at_ = at;
}

}  // namespace plimsoll::formats
