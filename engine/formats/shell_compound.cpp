#include <algorithm>

#include "engine/formats/glob.hpp"
#include "engine/formats/shell_run.hpp"

namespace plimsoll::formats {

bool ShellRun::at_list_end() const {
  if (token() == nullptr || is(Kind::close) || is(Kind::branch_end)) return true;
  return is(Kind::word) && one_of(token()->raw, {"then", "else", "elif", "fi", "do", "done", "esac", "}"});
}

ShellTruth ShellRun::list(ShellTruth truth) {
  auto status = ShellTruth::yes;
  skip_separators();
  while (!at_list_end() && !stopped()) {
    status = chain(truth);
    skip_separators();
  }
  return status;
}

ShellTruth ShellRun::chain(ShellTruth truth) {
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

ShellTruth ShellRun::pipeline(ShellTruth truth) {
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

ShellTruth ShellRun::command(ShellTruth truth) {
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

ShellTruth ShellRun::any_command(ShellTruth truth) {
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

ShellTruth ShellRun::define(const std::string& name, ShellTruth truth) {
  skip_separators();
  if (truth != ShellTruth::no) functions_.insert_or_assign(name, std::pair{script_, at_});
  (void)command(ShellTruth::no);
  return ShellTruth::yes;
}

ShellTruth ShellRun::if_command(ShellTruth truth) {
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

ShellTruth ShellRun::loop(ShellTruth truth) {
  const auto condition = list(formats::both(truth, ShellTruth::maybe));
  take_word("do");
  (void)list(formats::both(truth, formats::both(condition, ShellTruth::maybe)));
  take_word("done");
  return ShellTruth::maybe;
}

ShellTruth ShellRun::for_command(ShellTruth truth) {
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

void ShellRun::add_items(const std::string& raw, std::vector<ShellText>& items) {
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

void ShellRun::add_files(const std::string& pattern, std::vector<ShellText>& items) {
  const auto found = out_.files_.glob(pattern);
  if (!found) return hinder(found.error());
  for (const auto& path : *found) items.push_back({path});
}

ShellTruth ShellRun::case_command(ShellTruth truth) {
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

ShellTruth ShellRun::match(const ShellText& subject, const std::string& raw) const {
  const auto pattern = variables_.expand(raw);
  if (pattern.known && pattern.text == "*") return ShellTruth::yes;
  if (!subject.known || !pattern.known) return ShellTruth::maybe;
  // PATH is not known as a text, so a pattern for its parts is neither.
  if (subject.text.find(shell_path_before) != std::string::npos) return ShellTruth::maybe;
  return glob_matches(pattern.text, subject.text, GlobKind::text) ? ShellTruth::yes : ShellTruth::no;
}

}  // namespace plimsoll::formats
