#include "engine/formats/pam_conf.hpp"

#include <fmt/core.h>

#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_lines = 10'000;
constexpr std::string_view blanks = " \t\n";

constexpr std::array<std::string_view, 4> type_names = {"auth", "account", "password", "session"};

/// libpam/pam_tokens.h, in the order of the numbers.
constexpr std::array<std::string_view, pam_return_count> return_names = {
    "success",
    "open_err",
    "symbol_err",
    "service_err",
    "system_err",
    "buf_err",
    "perm_denied",
    "auth_err",
    "cred_insufficient",
    "authinfo_unavail",
    "user_unknown",
    "maxtries",
    "new_authtok_reqd",
    "acct_expired",
    "session_err",
    "cred_unavail",
    "cred_expired",
    "cred_err",
    "no_module_data",
    "conv_err",
    "authtok_err",
    "authtok_recover_err",
    "authtok_lock_busy",
    "authtok_disable_aging",
    "try_again",
    "ignore",
    "abort",
    "authtok_expired",
    "module_unknown",
    "bad_item",
    "conv_again",
    "incomplete",
};

constexpr std::array<std::pair<std::string_view, PamAction::Kind>, 6> action_names = {{
    {"ignore", PamAction::Kind::ignore},
    {"ok", PamAction::Kind::ok},
    {"done", PamAction::Kind::done},
    {"bad", PamAction::Kind::bad},
    {"die", PamAction::Kind::die},
    {"reset", PamAction::Kind::reset},
}};

struct Word {
  std::string text;
  bool bracketed = false;
};

/// Cuts the next word off `rest`; empty when there is none.
std::optional<Word> next_word(std::string_view& rest) {
  const auto begin = rest.find_first_not_of(blanks);
  if (begin == std::string_view::npos) {
    rest = {};
    return std::nullopt;
  }
  rest.remove_prefix(begin);
  Word word;
  if (rest.front() != '[') {
    const auto end = rest.find_first_of(blanks);
    word.text = rest.substr(0, end);
    rest.remove_prefix(word.text.size());
    return word;
  }
  word.bracketed = true;
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != ']'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size() && rest[at + 1] == ']') ++at;
    word.text.push_back(rest[at]);
  }
  rest.remove_prefix(at < rest.size() ? at + 1 : at);
  return word;
}

void skip_white(std::string_view& rest) {
  while (!rest.empty() && is_white(rest.front())) rest.remove_prefix(1);
}

/// The first name that the text begins with is cut off it; its position.
template <class Names, class NameOf>
std::optional<std::size_t> take_name(std::string_view& rest, const Names& names, NameOf name_of_entry) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = name_of_entry(names[i]);
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    return i;
  }
  return std::nullopt;
}

std::optional<PamAction> take_action(std::string_view& rest) {
  if (const auto found = take_name(rest, action_names, [](const auto& entry) { return entry.first; })) {
    return PamAction{action_names[*found].second, 0};
  }
  constexpr std::uint32_t most = 1'000'000;  // more lines than any stack has
  std::uint32_t lines = 0;
  bool any = false;
  while (!rest.empty() && is_digit(rest.front())) {
    any = true;
    if (lines > most) return std::nullopt;
    lines = lines * 10 + static_cast<std::uint32_t>(rest.front() - '0');
    rest.remove_prefix(1);
  }
  if (!any || lines == 0) return std::nullopt;
  return PamAction{PamAction::Kind::jump, lines};
}

using Chosen = std::array<std::optional<PamAction>, pam_return_count>;

void fill(Chosen& chosen, PamAction action) {
  for (auto& entry : chosen) {
    if (!entry) entry = action;
  }
}

/// "success=1 default=ignore". `default` is for the values that were not named before it. False: not such a text, and
/// libpam then takes whatever a module returns as a failure.
bool parse_values(std::string_view rest, Chosen& chosen) {
  for (skip_white(rest); !rest.empty(); skip_white(rest)) {
    const auto value = take_name(rest, return_names, [](std::string_view name) { return name; });
    if (!value) {
      if (!rest.starts_with("default")) return false;
      rest.remove_prefix(std::string_view("default").size());
    }
    skip_white(rest);
    if (!rest.starts_with('=')) return false;
    rest.remove_prefix(1);
    skip_white(rest);
    const auto action = take_action(rest);
    if (!action) return false;
    if (value) {
      chosen[*value] = *action;
    } else {
      fill(chosen, *action);
    }
  }
  return true;
}

void choose(Chosen& chosen, PamReturn value, PamAction::Kind kind) {
  chosen[static_cast<std::size_t>(value)] = PamAction{kind, 0};
}

/// What a control means. `include` and `substack` are not of this kind.
PamActions actions_of(std::string_view control, std::string& problem) {
  using Kind = PamAction::Kind;
  Chosen chosen;
  const auto word = lower_case(control);
  if (word == "required" || word == "requisite") {
    choose(chosen, PamReturn::success, Kind::ok);
    choose(chosen, PamReturn::new_authtok_reqd, Kind::ok);
    choose(chosen, PamReturn::ignore, Kind::ignore);
    fill(chosen, {word == "required" ? Kind::bad : Kind::die, 0});
  } else if (word == "optional" || word == "sufficient") {
    const auto good = word == "optional" ? Kind::ok : Kind::done;
    choose(chosen, PamReturn::success, good);
    choose(chosen, PamReturn::new_authtok_reqd, good);
    fill(chosen, {Kind::ignore, 0});
  } else if (!parse_values(control, chosen)) {
    chosen = {};
    problem = fmt::format("\"{}\" is no control", control);
  }
  fill(chosen, {Kind::bad, 0});
  PamActions actions;
  for (std::size_t i = 0; i < pam_return_count; ++i) actions[i] = chosen[i].value_or(PamAction{});
  return actions;
}

PamLine parse_line(std::string_view text, std::uint32_t number) {
  PamLine line;
  line.line = number;
  const auto type = next_word(text);
  std::string_view type_name = type ? std::string_view(type->text) : std::string_view{};
  if (lower_case(type_name) == "@include") {
    line.kind = PamLine::Kind::whole_include;
    line.control = type_name;
    if (auto target = next_word(text)) line.target = std::move(target->text);
    return line;
  }
  if (type_name.starts_with('-')) {
    line.silent = true;
    type_name.remove_prefix(1);
  }
  line.type = pam_type_named(type_name);
  if (!line.type) line.problem = fmt::format("\"{}\" is no type", type_name);

  const auto control = next_word(text);
  if (!control) {
    line.problem = "it has no control";
    return line;
  }
  line.control = control->bracketed ? fmt::format("[{}]", control->text) : control->text;
  const auto word = lower_case(control->text);
  if (word == "include" || word == "substack") {
    line.kind = word == "include" ? PamLine::Kind::include : PamLine::Kind::substack;
  } else {
    std::string problem;
    line.actions = actions_of(control->text, problem);  // a bad control is not refused, it only fails
    if (line.problem.empty()) line.problem = std::move(problem);
  }
  if (auto target = next_word(text)) line.target = std::move(target->text);
  if (line.target.empty() && line.kind == PamLine::Kind::module) line.problem = "it names no module";
  while (auto argument = next_word(text)) line.arguments.push_back(std::move(argument->text));
  return line;
}

}  // namespace

std::string_view name_of(PamType type) {
  return type_names[static_cast<std::size_t>(type)];
}

std::optional<PamType> pam_type_named(std::string_view name) {
  const auto lower = lower_case(name);
  for (std::size_t i = 0; i < type_names.size(); ++i) {
    if (type_names[i] == lower) return static_cast<PamType>(i);
  }
  return std::nullopt;
}

std::optional<PamReturn> pam_return_named(std::string_view name) {
  for (std::size_t i = 0; i < return_names.size(); ++i) {
    if (return_names[i] == name) return static_cast<PamReturn>(i);
  }
  return std::nullopt;
}

namespace {

/// `service` is null in files of pam.d, whose lines do not begin with one.
PamFile parse(std::string_view text, const std::string* service) {
  PamFile file;
  std::string assembled;
  bool open = false;  // the line so far ends in a backslash
  std::uint32_t number = 0;
  std::uint32_t begin = 0;
  while (!text.empty()) {
    auto line = take_line(text);
    ++number;
    if (!open) begin = number;
    const auto first = line.find_first_not_of(blanks);
    line.remove_prefix(first == std::string_view::npos ? line.size() : first);
    // An empty line or a comment between the parts of a line does not end it (libpam before 1.6; later ones end it
    // there, which makes a difference only for files that no tool writes).
    if (line.empty() || line.front() == '#') continue;
    const auto comment = line.find('#');
    const auto last = line.find_last_not_of(blanks);
    open = comment == std::string_view::npos && last != std::string_view::npos && line[last] == '\\';
    if (open) {
      assembled.append(line.substr(0, last)).push_back(' ');
      continue;
    }
    assembled.append(line.substr(0, comment));
    std::string_view rest = assembled;
    if (service != nullptr) {
      const auto word = next_word(rest);
      if (!word || lower_case(word->text) != *service) {
        assembled.clear();
        continue;
      }
    }
    if (file.lines.size() == max_lines) {
      file.problem = fmt::format("it has more than {} lines", max_lines);
      return file;
    }
    file.lines.push_back(parse_line(rest, begin));
    assembled.clear();
  }
  if (open) file.problem = "it ends in the middle of a line";
  return file;
}

}  // namespace

PamFile parse_pam_file(std::string_view text) {
  return parse(text, nullptr);
}

PamFile parse_pam_conf(std::string_view text, std::string_view service) {
  const auto name = lower_case(service);
  return parse(text, &name);
}

}  // namespace plimsoll::formats
