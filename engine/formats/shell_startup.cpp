#include "engine/formats/shell_startup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/glob.hpp"
#include "engine/formats/shell_expansion.hpp"
#include "engine/formats/shell_tokens.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_steps = 100'000;  // commands looked at: loops and functions make many of few
constexpr std::size_t max_effects = 10'000;
constexpr int max_depth = 64;  // of files, functions and what stands inside each other

using Kind = ShellToken::Kind;

/// A file that was read, kept as long as functions of it may be called.
struct Script {
  std::string path;
  std::vector<ShellToken> tokens;
};

/// NAME of NAME=value or NAME+=value at the start of a word; empty: it is none.
std::string_view assigned_name(std::string_view raw) {
  std::size_t end = 0;
  while (end < raw.size() && (is_letter_or_digit(raw[end]) || raw[end] == '_')) ++end;
  if (end == 0 || is_digit(raw.front())) return {};
  const auto rest = raw.substr(end);
  return rest.starts_with('=') || rest.starts_with("+=") ? raw.substr(0, end) : std::string_view{};
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// Programs whose output is known to be of no concern here: colours, pagers, completion.
bool is_harmless_program(std::string_view text) {
  for (const auto* name : {"dircolors", "lesspipe", "lessfile", "resize", "tset", "direnv", "ssh-agent"}) {
    if (text.find(name) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

/// One login.
class ShellRun {
 public:
  explicit ShellRun(ShellStartup& startup) : out_(startup), variables_(startup.user_, startup.home_) {}

  void file(const std::string& path, ShellTruth truth) {
    if (stopped() || truth == ShellTruth::no) return;
    const auto text = out_.files_.read(path);
    if (!text) {
      // What is no file (/dev/null, say) has no lines.
      const auto kind = text.error().kind;
      if (kind != Error::Kind::not_found && kind != Error::Kind::unsupported) hinder(text.error());
      return;
    }
    out_.followed_.push_back(path);
    auto script = std::make_shared<const Script>(Script{path, shell_tokens(*text)});
    const auto caller = std::exchange(script_, script);
    const auto at = std::exchange(at_, 0);
    body(truth, [&](ShellTruth live) {
      while (at_ < script_->tokens.size() && !stopped()) {
        const auto before = at_;
        (void)list(live);
        if (at_ == before) ++at_;  // a word that closes nothing
      }
    });
    script_ = caller;
    at_ = at;
  }

 private:
  void hinder(Error error) {
    if (!out_.obstacle_) out_.obstacle_ = std::move(error);
  }
  [[nodiscard]] bool stopped() const { return steps_ >= max_steps; }

  /// Commands from which `return` leads out.
  template <class Run>
  void body(ShellTruth truth, Run run) {
    if (depth_ >= max_depth) return too_long();
    ++depth_;
    live_.push_back(truth);
    run(truth);
    live_.pop_back();
    --depth_;
  }

  void too_long() {
    steps_ = max_steps;
    hinder({Error::Kind::too_large, fmt::format("{}: a script that is too long to follow", source())});
  }

  [[nodiscard]] const ShellToken* token() const {
    return script_ != nullptr && at_ < script_->tokens.size() ? &script_->tokens[at_] : nullptr;
  }
  [[nodiscard]] bool is(Kind kind) const { return token() != nullptr && token()->kind == kind; }
  [[nodiscard]] bool is_word(std::string_view raw) const { return is(Kind::word) && token()->raw == raw; }
  [[nodiscard]] std::string source() const {
    if (script_ == nullptr || script_->tokens.empty()) return {};
    const auto& here = script_->tokens[std::min(at_, script_->tokens.size() - 1)];
    return fmt::format("{}:{}", script_->path, here.line);
  }
  bool take_word(std::string_view raw) {
    if (!is_word(raw)) return false;
    ++at_;
    return true;
  }
  void skip_separators() {
    while (is(Kind::separator)) ++at_;
  }

  [[nodiscard]] bool at_list_end() const {
    if (token() == nullptr || is(Kind::close) || is(Kind::branch_end)) return true;
    return is(Kind::word) && one_of(token()->raw, {"then", "else", "elif", "fi", "do", "done", "esac", "}"});
  }

  /// Commands up to a word that ends them; the status of the last one.
  ShellTruth list(ShellTruth truth) {
    auto status = ShellTruth::yes;
    skip_separators();
    while (!at_list_end() && !stopped()) {
      status = chain(truth);
      skip_separators();
    }
    return status;
  }

  /// `a && b || c`.
  ShellTruth chain(ShellTruth truth) {
    auto status = pipeline(truth);
    while (is(Kind::both) || is(Kind::either)) {
      const bool needs_success = is(Kind::both);
      ++at_;
      skip_separators();
      const auto reached = needs_success ? status : !status;
      const auto next = pipeline(formats::both(truth, reached));
      status = needs_success ? formats::both(status, next) : formats::either(status, next);
    }
    return status;
  }

  /// Of what a pipe joins, each runs in a shell of its own and leaves nothing behind.
  ShellTruth pipeline(ShellTruth truth) {
    const auto effects = out_.effects_.size();
    auto status = command(truth);
    while (is(Kind::pipe)) {
      ++at_;
      skip_separators();
      status = ShellTruth::maybe;
      (void)command(ShellTruth::no);
      out_.effects_.resize(effects);
    }
    return status;
  }

  ShellTruth command(ShellTruth truth) {
    if (++steps_ >= max_steps) {
      too_long();
      return ShellTruth::maybe;
    }
    if (depth_ >= max_depth) {
      too_long();
      return ShellTruth::maybe;
    }
    ++depth_;
    const auto status = any_command(live_.empty() ? truth : formats::both(truth, live_.back()));
    --depth_;
    return status;
  }

  ShellTruth any_command(ShellTruth truth) {
    if (is(Kind::open)) {
      ++at_;
      (void)list(ShellTruth::no);
      while (is(Kind::branch_end)) {
        ++at_;
        (void)list(ShellTruth::no);
      }
      if (is(Kind::close)) ++at_;
      return ShellTruth::maybe;
    }
    if (!is(Kind::word)) {
      if (token() != nullptr) ++at_;
      return ShellTruth::maybe;
    }
    if (take_word("!")) return !command(truth);
    if (take_word("if")) return if_command(truth);
    if (take_word("while") || take_word("until")) return loop(truth);
    if (take_word("for") || take_word("select")) return for_command(truth);
    if (take_word("case")) return case_command(truth);
    if (take_word("{")) {
      const auto status = list(truth);
      take_word("}");
      return status;
    }
    if (take_word("function")) {
      const std::string name = is(Kind::word) ? token()->raw : "";
      ++at_;
      if (is(Kind::open)) at_ += 2;
      return define(name, truth);
    }
    const auto next = at_ + 2 < script_->tokens.size() ? at_ : script_->tokens.size();
    if (next == at_ && script_->tokens[at_ + 1].kind == Kind::open && script_->tokens[at_ + 2].kind == Kind::close) {
      const std::string name = token()->raw;
      at_ += 3;
      return define(name, truth);
    }
    return simple(truth);
  }

  ShellTruth define(const std::string& name, ShellTruth truth) {
    skip_separators();
    if (truth != ShellTruth::no) functions_.insert_or_assign(name, std::pair{script_, at_});
    (void)command(ShellTruth::no);
    return ShellTruth::yes;
  }

  ShellTruth if_command(ShellTruth truth) {
    auto open = truth;
    auto condition = list(open);
    take_word("then");
    (void)list(formats::both(open, condition));
    open = formats::both(open, !condition);
    while (take_word("elif") && !stopped()) {
      condition = list(open);
      take_word("then");
      (void)list(formats::both(open, condition));
      open = formats::both(open, !condition);
    }
    if (take_word("else")) (void)list(open);
    take_word("fi");
    return ShellTruth::maybe;
  }

  ShellTruth loop(ShellTruth truth) {
    const auto condition = list(formats::both(truth, ShellTruth::maybe));
    take_word("do");
    (void)list(formats::both(truth, formats::both(condition, ShellTruth::maybe)));
    take_word("done");
    return ShellTruth::maybe;
  }

  ShellTruth for_command(ShellTruth truth) {
    const std::string name = is(Kind::word) ? token()->raw : "";
    if (is(Kind::word)) ++at_;
    skip_separators();
    std::vector<ShellText> items;
    if (take_word("in")) {
      while (is(Kind::word)) {
        add_items(token()->raw, items);
        ++at_;
      }
    } else {
      items.push_back({"", false, "arguments of the script"});
      while (is(Kind::open) || is(Kind::close)) ++at_;
    }
    skip_separators();
    take_word("do");
    const auto start = at_;
    if (items.empty()) (void)list(ShellTruth::no);
    for (const auto& item : items) {
      if (stopped()) break;
      at_ = start;
      variables_.set(name, item);
      (void)list(item.known ? truth : formats::both(truth, ShellTruth::maybe));
    }
    take_word("done");
    return ShellTruth::maybe;
  }

  /// Words of `for`: file names that a pattern or run-parts finds, or the words themselves.
  void add_items(const std::string& raw, std::vector<ShellText>& items) {
    // Debian 13 asks run-parts for the names that end in ".sh".
    if (raw.find("run-parts --list") != std::string::npos) {
      const auto end = raw.find_last_of(")`");
      const auto begin = raw.find_last_of(" \t", end);
      const auto directory = begin == std::string::npos ? "" : raw.substr(begin + 1, end - begin - 1);
      if (directory.starts_with('/')) return add_files(directory + "/*.sh", items);
    }
    const auto word = variables_.expand(raw);
    const bool pattern = is_glob(word.text) && raw.find('"') == std::string::npos;
    if (word.known && pattern && word.text.starts_with('/')) return add_files(word.text, items);
    if (word.known) {
      for (auto rest = std::string_view(word.text); !rest.empty();) {
        const auto end = std::min(rest.find_first_of(" \t\n"), rest.size());
        if (end != 0) items.push_back({std::string(rest.substr(0, end))});
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      return;
    }
    items.push_back(word);
  }

  void add_files(const std::string& pattern, std::vector<ShellText>& items) {
    const auto found = out_.files_.glob(pattern);
    if (!found) return hinder(found.error());
    for (const auto& path : *found) items.push_back({path});
  }

  ShellTruth case_command(ShellTruth truth) {
    const auto subject = variables_.expand(is(Kind::word) ? token()->raw : "");
    if (is(Kind::word)) ++at_;
    skip_separators();
    take_word("in");
    skip_separators();
    auto open = truth;
    while (token() != nullptr && !is_word("esac") && !stopped()) {
      const auto before = at_;
      if (is(Kind::open)) ++at_;
      auto fits = ShellTruth::no;
      while (is(Kind::word) || is(Kind::pipe)) {
        if (is(Kind::word)) fits = formats::either(fits, match(subject, token()->raw));
        ++at_;
      }
      if (is(Kind::close)) ++at_;
      (void)list(formats::both(open, fits));
      open = formats::both(open, !fits);
      if (is(Kind::branch_end)) ++at_;
      skip_separators();
      if (at_ == before) ++at_;
    }
    take_word("esac");
    return ShellTruth::maybe;
  }

  [[nodiscard]] ShellTruth match(const ShellText& subject, const std::string& raw) const {
    const auto pattern = variables_.expand(raw);
    if (pattern.known && pattern.text == "*") return ShellTruth::yes;
    if (!subject.known || !pattern.known) return ShellTruth::maybe;
    // PATH is not known as a text, so a pattern for its parts is neither.
    if (subject.text.find(shell_path_before) != std::string::npos) return ShellTruth::maybe;
    return glob_matches(pattern.text, subject.text, GlobKind::text) ? ShellTruth::yes : ShellTruth::no;
  }

  void effect(ShellEffect::Kind kind, std::string name, ShellText value, ShellTruth truth, const std::string& where) {
    if (truth == ShellTruth::no) return;
    if (kind != ShellEffect::Kind::mask && name != "PATH" && name != "TMOUT") return;
    if (out_.effects_.size() >= max_effects) return too_long();
    out_.effects_.push_back({kind, std::move(name), std::move(value.text), value.known, std::move(value.why_not),
                             truth == ShellTruth::yes, where});
  }

  void assign(std::string_view raw, ShellTruth truth, const std::string& where) {
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

  ShellTruth simple(ShellTruth truth) {
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

  ShellTruth program(std::vector<std::string>& words, ShellTruth truth, const std::string& where) {
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

  void leave(ShellTruth truth, bool everything) {
    if (truth == ShellTruth::no) return;
    for (auto frame = live_.rbegin(); frame != live_.rend(); ++frame) {
      *frame = formats::both(*frame, !truth);
      if (!everything) return;
    }
  }

  void declare(std::string_view name, const std::vector<std::string>& words, ShellTruth truth,
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

  void include(const std::vector<std::string>& words, ShellTruth truth, const std::string& where) {
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

  void evaluate(const std::vector<std::string>& words, ShellTruth truth, const std::string& where) {
    if (truth == ShellTruth::no) return;
    std::string text;
    for (const auto& word : words) text += word + " ";
    if (!is_harmless_program(text)) out_.unknown_.push_back({"text is run that is computed (eval)", where});
  }

  /// The function is a copy: its body may define another one of its name.
  void call(std::pair<std::shared_ptr<const Script>, std::size_t> function, const std::vector<std::string>& words,
            ShellTruth truth) {
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

  ShellStartup& out_;
  ShellVariables variables_;
  std::map<std::string, std::pair<std::shared_ptr<const Script>, std::size_t>> functions_;
  std::shared_ptr<const Script> script_;
  std::size_t at_ = 0;
  std::vector<ShellTruth> live_;  ///< of each file and function that is being run: whether what follows is reached
  std::size_t steps_ = 0;
  int depth_ = 0;
};

ShellStartup::ShellStartup(ShellFiles files, std::string user, std::string home)
    : files_(std::move(files)), user_(std::move(user)), home_(std::move(home)) {}

void ShellStartup::run(const std::vector<std::string>& paths) {
  ShellRun run(*this);
  for (const auto& path : paths) {
    if (std::ranges::find(followed_, path) == followed_.end()) run.file(path, ShellTruth::yes);
  }
}

}  // namespace plimsoll::formats
