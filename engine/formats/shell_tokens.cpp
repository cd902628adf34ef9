#include "engine/formats/shell_tokens.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
namespace {

constexpr auto npos = std::string_view::npos;

std::size_t single_quoted_length(std::string_view text) {
  const auto close = text.find('\'', 1);
  return close == npos ? text.size() : close + 1;
}

/// `$(…)`, `${…}`, `(…)`, `"…"` and backticks nest; a stack of what closes them keeps that from being recursive.
std::size_t nested_length(std::string_view text) {
  std::string closers;
  std::size_t at = 0;
  do {
    const char c = text[at];
    if (!closers.empty() && c == closers.back()) {
      closers.pop_back();
      ++at;
    } else if (c == '\\') {
      at += 2;
    } else if (c == '\'' && (closers.empty() || closers.back() != '"')) {
      at += single_quoted_length(text.substr(at));
    } else if (c == '"' || c == '`') {
      closers.push_back(c);
      ++at;
    } else if (text.substr(at).starts_with("$(")) {
      closers.push_back(')');
      at += 2;
    } else if (text.substr(at).starts_with("${")) {
      closers.push_back('}');
      at += 2;
    } else if (c == '(' && (closers.empty() || closers.back() == ')')) {
      closers.push_back(')');
      ++at;
    } else {
      ++at;
    }
  } while (at < text.size() && !closers.empty());
  return std::min(at, text.size());
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<ShellToken> scan() {
    while (at_ < text_.size()) step();
    emit(ShellToken::Kind::separator, 0);
    return std::move(tokens_);
  }

 private:
  using Kind = ShellToken::Kind;

  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  void advance(std::size_t count) {
    const auto passed = text_.substr(at_, count);
    line_ += static_cast<std::uint32_t>(std::ranges::count(passed, '\n'));
    at_ += passed.size();
  }

  void emit(Kind kind, std::size_t length) {
    tokens_.push_back({kind, {}, line_});
    advance(length);
  }

  void step() {
    const auto text = rest();
    const char c = text.front();
    if (c == '\n') {
      emit(Kind::separator, 1);
      in_brackets_ = false;
      skip_here_documents();
    } else if (is_white(c)) {
      advance(1);
    } else if (text.starts_with("\\\n")) {
      advance(2);
    } else if (c == '#') {
      advance(std::min(text.find('\n'), text.size()));
    } else if (in_brackets_ && text.starts_with("]]") &&
               (text.size() == 2 || is_white(text[2]) || is_operator(text[2]))) {
      tokens_.push_back({Kind::word, "]]", line_});
      in_brackets_ = false;
      advance(2);
    } else if (in_brackets_) {
      word();
    } else if (text.starts_with(";;&")) {
      emit(Kind::branch_end, 3);
    } else if (text.starts_with(";;") || text.starts_with(";&")) {
      emit(Kind::branch_end, 2);
    } else if (text.starts_with("&&")) {
      emit(Kind::both, 2);
    } else if (text.starts_with("||")) {
      emit(Kind::either, 2);
    } else if (text.starts_with("&>")) {
      advance(1);
      redirection();
    } else if (text.starts_with("|&")) {
      emit(Kind::pipe, 2);
    } else if (c == '|') {
      emit(Kind::pipe, 1);
    } else if (c == ';' || c == '&') {
      emit(Kind::separator, 1);
    } else if (c == '(') {
      emit(Kind::open, 1);
    } else if (c == ')') {
      emit(Kind::close, 1);
    } else if (c == '<' || c == '>') {
      redirection();
    } else {
      word();
    }
  }

  static bool is_operator(char c) { return std::string_view(";&|()<>").find(c) != npos; }
  [[nodiscard]] bool ends_word(char c) const {
    return is_white(c) || (!in_brackets_ && is_operator(c));
  }

  std::string take_word() {
    std::string raw;
    while (at_ < text_.size() && !ends_word(text_[at_])) {
      const auto text = rest();
      std::size_t length = 1;
      if (text.front() == '\\') {
        length = 2;
      } else {
        length = std::max<std::size_t>(shell_quoted_length(text), 1);
      }
      if (!text.starts_with("\\\n")) raw.append(text.substr(0, length));
      advance(length);
    }
    return raw;
  }

  void word() {
    const auto line = line_;
    auto raw = take_word();
    const bool number = !raw.empty() && std::ranges::all_of(raw, is_digit);
    if (number && !in_brackets_ && at_ < text_.size() && (text_[at_] == '<' || text_[at_] == '>')) return;
    if (raw == "[[") in_brackets_ = true;
    if (!raw.empty()) tokens_.push_back({Kind::word, std::move(raw), line});
  }

  /// Past the operator and the word that it takes.
  void redirection() {
    const auto text = rest();
    if (text.starts_with("<(") || text.starts_with(">(")) {
      advance(1);
      advance(nested_length(rest()));
      return;
    }
    const bool here = text.starts_with("<<") && !text.starts_with("<<<");
    std::size_t length = 0;
    while (length < text.size() && std::string_view("<>&|").find(text[length]) != npos) ++length;
    if (here && text.substr(length).starts_with("-")) ++length;
    advance(length);
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) advance(1);
    auto raw = take_word();
    if (!here) return;
    std::erase_if(raw, [](char c) { return c == '"' || c == '\'' || c == '\\'; });
    here_documents_.push_back(std::move(raw));
  }

  void skip_here_documents() {
    for (const auto& end : here_documents_) {
      while (at_ < text_.size()) {
        const auto text = rest();
        const auto length = text.find('\n');
        auto line = text.substr(0, length);
        advance(length == npos ? text.size() : length + 1);
        while (line.starts_with('\t')) line.remove_prefix(1);
        if (line == end) break;
      }
    }
    here_documents_.clear();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  bool in_brackets_ = false;
  std::vector<ShellToken> tokens_;
  std::vector<std::string> here_documents_;
};

}  // namespace

std::size_t shell_quoted_length(std::string_view text) {
  if (text.starts_with('\'')) return single_quoted_length(text);
  if (text.starts_with('"') || text.starts_with('`') || text.starts_with("$(") || text.starts_with("${")) {
    return nested_length(text);
  }
  return 0;
}

std::vector<ShellToken> shell_tokens(std::string_view text) {
  return Scanner(text).scan();
}

}  // namespace plimsoll::formats
