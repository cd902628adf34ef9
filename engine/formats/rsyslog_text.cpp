#include "engine/formats/rsyslog_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_parameters = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_rsyslog_letter(c) || is_digit(c) || c == '_';
}
bool is_word(char c) {
  return is_name(c) || c == '-' || c == '+' || c == ',' || c == ';';
}

/// How many bytes a quoted string takes, quotes included; nothing when it does not end.
std::optional<std::size_t> string_length(std::string_view text) {
  std::size_t close = 1;
  while (close < text.size() && text[close] != text.front()) close += text[close] == '\\' ? 2U : 1U;
  return close < text.size() ? std::optional(close + 1) : std::nullopt;
}

}  // namespace

RsyslogText::RsyslogText(std::string_view file) {
  text_.reserve(file.size());
  Lines lines(file);
  std::string_view line;
  bool continues = false;
  while (lines.next(line)) {
    if (!continues) lines_.push_back(lines.number());
    if (continues) line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    continues = line.ends_with('\\');
    if (continues) line.remove_suffix(1);
    text_ += line;
    if (!continues) text_ += '\n';
  }
}

std::string_view RsyslogText::word() const {
  const auto text = rest();
  std::size_t end = 0;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(0, end);
}

bool RsyslogText::at_line_start() const {
  auto back = at_;
  while (back > 0 && (text_[back - 1] == ' ' || text_[back - 1] == '\t')) --back;
  return back == 0 || text_[back - 1] == '\n';
}

std::uint32_t RsyslogText::line() const {
  return lines_.empty() ? 1 : lines_[std::min(row_, lines_.size() - 1)];
}

void RsyslogText::advance(std::size_t count) {
  for (; count > 0 && at_ < text_.size(); --count, ++at_) {
    if (text_[at_] == '\n') ++row_;
  }
}

std::string_view RsyslogText::take_line() {
  const auto taken = line_rest();
  advance(taken.size());
  return taken;
}

void RsyslogText::skip_blanks() {
  while (!at_end() && is_rsyslog_blank(peek())) advance();
}

bool RsyslogText::skip_comment() {
  if (peek() == '#') {
    take_line();
    return true;
  }
  if (peek() != '/' || peek(1) != '*') return false;
  const auto end = rest().find("*/", 2);
  if (end == std::string_view::npos) fail(line(), "a comment without its end");
  advance(end == std::string_view::npos ? rest().size() : end + 2);
  return true;
}

bool RsyslogText::skip_expression(std::string_view end) {
  while (!at_end()) {
    if (skip_comment()) continue;
    const char c = peek();
    if (c == '"' || c == '\'' || c == '`') {
      const auto length = string_length(rest());
      if (!length) return false;
      advance(*length);
    } else if (is_rsyslog_letter(c) || c == '_' || c == '$') {
      const auto text = rest();
      std::size_t stop = 1;
      while (stop < text.size() && is_name(text[stop])) ++stop;
      const auto found = lower_case(text.substr(0, stop));
      advance(stop);
      if (found == end) return true;
    } else {
      advance();
      if (end.size() == 1 && c == end.front()) return true;
    }
  }
  return false;
}

std::optional<std::vector<RsyslogParameter>> RsyslogText::take_parameters() {
  std::vector<RsyslogParameter> parameters;
  while (!at_end()) {
    skip_blanks();
    if (skip_comment()) continue;
    if (peek() == ')') {
      advance();
      return parameters;
    }
    if (peek() == ',') {
      advance();
      continue;
    }
    const auto text = rest();
    std::size_t end = 0;
    while (end < text.size() && (is_name(text[end]) || text[end] == '.')) ++end;
    if (end == 0 || parameters.size() >= max_parameters) return std::nullopt;
    RsyslogParameter parameter{lower_case(text.substr(0, end)), {}};
    advance(end);
    skip_blanks();
    if (peek() != '=') return std::nullopt;
    advance();
    skip_blanks();
    if (!take_value(parameter)) return std::nullopt;
    parameters.push_back(std::move(parameter));
  }
  return std::nullopt;
}

bool RsyslogText::take_value(RsyslogParameter& parameter) {
  if (peek() != '[') return take_string(parameter);
  advance();
  while (!at_end()) {
    skip_blanks();
    if (skip_comment()) continue;
    if (peek() == ']') {
      advance();
      return true;
    }
    if (peek() == ',') {
      advance();
    } else if (!take_string(parameter)) {
      return false;
    }
  }
  return false;
}

bool RsyslogText::take_string(RsyslogParameter& parameter) {
  const char quote = peek();
  if (quote != '"' && quote != '`') return false;
  const auto length = string_length(rest());
  if (!length) return false;
  if (quote == '`') parameter.literal = false;
  const auto inside = rest().substr(1, *length - 2);
  std::string value;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
    value += inside[i];
  }
  advance(*length);
  parameter.values.push_back(std::move(value));
  return true;
}

void RsyslogText::fail(std::uint32_t line, std::string_view what) {
  if (!error_) error_ = Error{Error::Kind::malformed, fmt::format("line {}: {}", line, what)};
}

}  // namespace plimsoll::formats
