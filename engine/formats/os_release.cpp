#include "engine/formats/os_release.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool is_key(std::string_view name) {
  const auto letter = [](char c) { return is_letter(c) || c == '_'; };
  if (name.empty() || !letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || is_digit(c); });
}

/// Reads over one text and knows the line it stands on.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  [[nodiscard]] std::uint32_t line() const { return line_; }

  char take() {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }
  void skip_line() {
    while (!done() && take() != '\n') {
    }
  }
  std::string_view rest_of_line() const { return text_.substr(at_, text_.find('\n', at_) - at_); }
  void skip(std::size_t bytes) { at_ += bytes; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

/// From behind an opening quote to behind its end. False: the text ended first.
bool take_quoted(Reader& reader, char quote, std::string& value) {
  while (!reader.done()) {
    const char c = reader.take();
    if (c == quote) return true;
    if (c != '\\' || quote == '\'' || reader.done()) {
      value += c;
      continue;
    }
    const char next = reader.take();
    if (next == '\n') continue;  // a continued line
    if (next != '"' && next != '\\' && next != '`' && next != '$') value += '\\';
    value += next;
  }
  return false;
}

/// From behind `=` to behind the end of the line. False: a quote never ends.
bool take_value(Reader& reader, std::string& value) {
  while (!reader.done() && is_blank(reader.peek())) reader.take();
  std::size_t kept = 0;  // bytes that trailing white space may not take away
  while (!reader.done()) {
    const char c = reader.take();
    if (c == '\n') break;
    if (c == '"' || c == '\'') {
      if (!take_quoted(reader, c, value)) return false;
      kept = value.size();
    } else if (c == '\\' && !reader.done()) {
      const char next = reader.take();
      if (next == '\n') continue;
      value += next;
      kept = value.size();
    } else {
      value += c;
      if (!is_blank(c)) kept = value.size();
    }
  }
  value.resize(kept);
  return true;
}

}  // namespace

Result<std::vector<OsReleaseEntry>> parse_os_release(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return std::unexpected(Error{Error::Kind::malformed, "contains a NUL byte"});
  }
  std::vector<OsReleaseEntry> entries;
  Reader reader(text);
  while (!reader.done()) {
    while (!reader.done() && (is_blank(reader.peek()) || reader.peek() == '\n')) reader.take();
    if (reader.done()) break;
    const auto line = reader.rest_of_line();
    const auto equals = line.find('=');
    auto key = line.substr(0, equals);
    while (!key.empty() && is_blank(key.back())) key.remove_suffix(1);
    if (equals == std::string_view::npos || !is_key(key)) {
      reader.skip_line();
      continue;
    }
    OsReleaseEntry entry{std::string(key), {}, reader.line()};
    reader.skip(equals + 1);
    if (!take_value(reader, entry.value)) {
      return std::unexpected(
          Error{Error::Kind::malformed, fmt::format("line {}: the quote that starts here never ends", entry.line)});
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace plimsoll::formats
