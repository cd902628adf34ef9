// The text of one file of rsyslog's configuration, read from front to back: what all its statements are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/rsyslog_conf.hpp"

namespace plimsoll::formats {

/// Lines that end in a backslash are joined, as rsyslog does before it looks at the text; `line` still tells where one
/// began in the file.
class RsyslogText {
 public:
  explicit RsyslogText(std::string_view file);
  RsyslogText(const RsyslogText&) = delete;
  RsyslogText& operator=(const RsyslogText&) = delete;

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] std::string_view rest() const { return std::string_view(text_).substr(at_); }
  [[nodiscard]] std::string_view line_rest() const { return rest().substr(0, rest().find('\n')); }
  [[nodiscard]] std::string_view word() const;  ///< letters, digits and `_-+,;` from here on; may be empty
  [[nodiscard]] bool at_line_start() const;     ///< only blanks stand before it on its line
  [[nodiscard]] std::uint32_t line() const;     ///< of the file, 1-based

  void advance(std::size_t count = 1);
  std::string_view take_line();  ///< line_rest(), and moves behind it
  void skip_blanks();            ///< line ends too

  /// Past a comment that begins here. False where none does. One without its end: `error()` is set.
  bool skip_comment();

  /// Past the word or character that ends an expression; strings and comments in it hide it. False: it has no end.
  bool skip_expression(std::string_view end);

  /// The parameters of an object up to and with its closing parenthesis. Nothing where it has none, or holds what is no
  /// parameter.
  std::optional<std::vector<RsyslogParameter>> take_parameters();

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  void fail(std::uint32_t line, std::string_view what);  ///< the first one counts

 private:
  bool take_value(RsyslogParameter& parameter);
  bool take_string(RsyslogParameter& parameter);

  std::string text_;
  std::vector<std::uint32_t> lines_;  ///< file line of each line of text_
  std::size_t at_ = 0;
  std::size_t row_ = 0;
  std::optional<Error> error_;
};

[[nodiscard]] inline bool is_rsyslog_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] inline bool is_rsyslog_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace plimsoll::formats
