#include "engine/formats/sudoers_cursor.hpp"

#include <algorithm>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool ends_word(char c) {
  return std::string_view("#>!=:,() \t\r\n\\\"").find(c) != npos;
}

std::optional<unsigned> hex_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

void SudoersCursor::advance(std::size_t count) {
  const auto passed = text_.substr(at_, count);
  line_ += static_cast<std::uint32_t>(std::ranges::count(passed, '\n'));
  at_ += passed.size();
}

std::size_t SudoersCursor::continuation() const {
  if (peek() != '\\') return 0;
  auto end = at_ + 1;
  while (end < text_.size() && is_blank(text_[end])) ++end;
  if (end < text_.size() && text_[end] == '\r') ++end;
  return end < text_.size() && text_[end] == '\n' ? end + 1 - at_ : 0;
}

void SudoersCursor::skip_blanks() {
  while (!done()) {
    if (is_blank(peek())) {
      ++at_;
    } else if (const auto length = continuation(); length != 0) {
      advance(length);
    } else {
      return;
    }
  }
}

bool SudoersCursor::take(char c) {
  skip_blanks();
  if (done() || peek() != c) return false;
  ++at_;
  return true;
}

bool SudoersCursor::take_keyword(std::string_view keyword) {
  if (!rest().starts_with(keyword)) return false;
  const auto end = at_ + keyword.size();
  if (end < text_.size() && !ends_word(text_[end])) return false;
  at_ = end;
  return true;
}

bool SudoersCursor::take_negation() {
  bool negated = false;
  while (take('!')) negated = !negated;
  return negated;
}

bool SudoersCursor::at_comment() const {
  const auto text = rest();
  if (!text.starts_with('#')) return false;
  if (text.size() > 1 && is_digit(text[1])) return false;
  return !(text.size() > 2 && text[1] == '-' && is_digit(text[2]));
}

bool SudoersCursor::take_end() {
  skip_blanks();
  if (done()) return true;
  if (at_comment()) {
    const auto end = text_.find('\n', at_);
    advance(end == npos ? npos : end + 1 - at_);
    return true;
  }
  if (rest().starts_with("\r\n")) advance(1);
  if (peek() != '\n') return false;
  advance(1);
  return true;
}

void SudoersCursor::skip_entry() {
  while (!take_end()) {
    if (peek() == '"') {
      const auto close = text_.find_first_of("\"\n", at_ + 1);
      if (close == npos || text_[close] == '\n') {
        advance(close == npos ? npos : close - at_);
      } else {
        advance(close + 1 - at_);
      }
    } else if (peek() == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
      advance(2);
    } else {
      advance(1);
    }
  }
}

/// One character of `rest`, which starts with a backslash: `\x41` is a byte, any other one stands for itself.
void SudoersCursor::unescape(std::string_view& rest, std::string& out) {
  if (rest.size() > 3 && rest[1] == 'x') {
    const auto high = hex_digit(rest[2]);
    const auto low = hex_digit(rest[3]);
    if (high && low) {
      out.push_back(static_cast<char>(*high * 16 + *low));
      rest.remove_prefix(4);
      return;
    }
  }
  out.push_back(rest[1]);
  rest.remove_prefix(2);
}

std::optional<std::string> SudoersCursor::quoted() {
  advance(1);
  std::string out;
  while (!done() && peek() != '"') {
    if (const auto length = continuation(); length != 0) {
      advance(length);
      while (!done() && is_blank(peek())) advance(1);
    } else if (peek() == '\n') {
      return std::nullopt;
    } else if (peek() == '\\' && at_ + 1 < text_.size()) {
      take_escaped(out);
    } else {
      out.push_back(peek());
      advance(1);
    }
  }
  if (done() || out.empty()) return std::nullopt;
  advance(1);
  return out;
}

std::optional<std::string> SudoersCursor::word(bool& plain) {
  skip_blanks();
  plain = true;
  if (done()) return std::nullopt;
  if (peek() == '"') {
    plain = false;
    auto text = quoted();
    return text && (*text == "%" || *text == "%:" || *text == "+") ? std::nullopt : text;
  }
  std::string out;
  if (peek() == '%') {
    out.push_back('%');
    advance(1);
    if (peek() == ':') {
      out.push_back(':');
      advance(1);
    }
  }
  if (peek() == '#' && !at_comment()) {
    do {
      out.push_back(peek());
      advance(1);
    } while (is_digit(peek()) || (peek() == '-' && out.ends_with('#')));
    return out;
  }
  while (!done()) {
    if (peek() == '\\') {
      if (continuation() != 0 || at_ + 1 >= text_.size() || text_[at_ + 1] == '\t' || text_[at_ + 1] == '\n') break;
      plain = false;
      take_escaped(out);
    } else if (ends_word(peek())) {
      break;
    } else {
      out.push_back(peek());
      advance(1);
    }
  }
  if (out.empty() || out == "%" || out == "%:" || out == "+") return std::nullopt;
  return out;
}

std::optional<std::string> SudoersCursor::ipv6_address() {
  skip_blanks();
  const auto text = rest();
  std::size_t end = 0;
  while (end < text.size() && (hex_digit(text[end]) || text[end] == ':' || text[end] == '.')) ++end;
  if (std::ranges::count(text.substr(0, end), ':') < 2) return std::nullopt;
  if (end < text.size() && text[end] == '/') {
    ++end;
    while (end < text.size() && (hex_digit(text[end]) || text[end] == ':')) ++end;
  }
  std::string out(text.substr(0, end));
  advance(end);
  return out;
}

void SudoersCursor::take_escaped(std::string& out) {
  auto left = rest();
  const auto before = left.size();
  unescape(left, out);
  advance(before - left.size());
}

std::optional<std::string> SudoersCursor::value() {
  skip_blanks();
  if (done()) return std::nullopt;
  if (peek() == '"') return quoted();
  std::string out;
  while (!done() && std::string_view("#=, \t\r\n\"").find(peek()) == npos) {
    if (peek() == '\\') {
      if (continuation() != 0 || at_ + 1 >= text_.size() || text_[at_ + 1] == '\n') break;
      take_escaped(out);
    } else {
      out.push_back(peek());
      advance(1);
    }
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> SudoersCursor::include_path() {
  skip_blanks();
  if (done()) return std::nullopt;
  if (peek() == '"') return quoted();
  std::string out;
  while (!done() && !is_white(peek())) {
    if (peek() == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
      take_escaped(out);
    } else {
      out.push_back(peek());
      advance(1);
    }
  }
  if (out.empty()) return std::nullopt;
  return out;
}

void SudoersCursor::regular_expression(std::string& out) {
  while (!done() && peek() != '\n') {
    const char c = peek();
    if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
      out.append(rest().substr(0, 2));
      advance(2);
      continue;
    }
    if (c == '#') return;
    out.push_back(c);
    advance(1);
    if (c == '$') return;
  }
}

/// Arguments run to a `,`, `:`, comment or line end that no backslash stands before; runs of blanks are one.
void SudoersCursor::arguments(std::string& out) {
  bool first = true;
  while (true) {
    const auto before = at_;
    skip_blanks();
    const bool blank = at_ != before;
    if (done() || std::string_view("#,:\r\n").find(peek()) != npos) return;
    // "=" is a sign of its own where it stands alone, and a part of an argument elsewhere.
    const auto after = rest().substr(1, 1);
    const bool alone = after.empty() || std::string_view("#\\:, \t\r\n").find(after.front()) != npos;
    if (peek() == '=' && blank && alone) return;
    if (blank) out.push_back(' ');
    if (first && peek() == '^') {
      regular_expression(out);
      return;
    }
    first = false;
    if (peek() == '\\' && at_ + 1 < text_.size()) {
      const char next = text_[at_ + 1];
      if (std::string_view(":\\,= \t#").find(next) == npos) out.push_back('\\');
      out.push_back(next);
      advance(2);
    } else {
      out.push_back(peek());
      advance(1);
    }
  }
}

std::optional<std::string> SudoersCursor::command(bool with_arguments) {
  skip_blanks();
  std::string out;
  if (peek() == '^') {
    regular_expression(out);
    if (!out.ends_with('$')) return std::nullopt;
    if (with_arguments) arguments(out);
    return out;
  }
  if (take_keyword("sudoedit")) {
    out = "sudoedit";
    if (with_arguments) arguments(out);
    return out;
  }
  if (peek() != '/') return std::nullopt;
  while (!done()) {
    const char c = peek();
    if (c == '\\') {
      if (at_ + 1 >= text_.size() || std::string_view(",:= \t#\\").find(text_[at_ + 1]) == npos) break;
      out.push_back(text_[at_ + 1]);
      advance(2);
    } else if (std::string_view(",:= \t\r\n#").find(c) != npos) {
      break;
    } else {
      out.push_back(c);
      advance(1);
    }
  }
  if (with_arguments && !out.ends_with('/')) arguments(out);
  return out;
}

}  // namespace plimsoll::formats
