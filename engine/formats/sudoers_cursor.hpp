// The words of a sudoers file, as sudo's scanner cuts them. A part of the parser, no interface of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::formats {

class SudoersCursor {
 public:
  explicit SudoersCursor(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] std::uint32_t line() const { return line_; }
  [[nodiscard]] char peek() const { return done() ? '\0' : text_[at_]; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  void advance(std::size_t count);

  /// Past blanks, and past line ends behind a backslash.
  void skip_blanks();
  /// Past one character, when it is that one; blanks before it are passed over either way.
  bool take(char c);
  /// Past a keyword that ends at the end of a word.
  bool take_keyword(std::string_view keyword);
  /// Past an odd or even run of `!`, with blanks between: true when odd.
  bool take_negation();

  /// At the end of an entry: a line end (consumed), a comment (consumed), or the end of the text.
  bool take_end();
  /// Past the rest of an entry that is not understood, continuation lines included.
  void skip_entry();
  /// Whether a comment starts here; `#1000` and `#-1` are ids.
  [[nodiscard]] bool at_comment() const;

  /// A word of a list: a name, `#uid`, `%group`, `%:group`, `+netgroup`, or one in double quotes. Empty: none here.
  /// `plain` is told whether it was written without quotes and escapes.
  std::optional<std::string> word(bool& plain);
  /// An address with colons, which a word cannot hold. Empty: none here.
  std::optional<std::string> ipv6_address();
  /// A value of a setting: quoted, or up to a blank, `,`, `=`, `#` or `"`.
  std::optional<std::string> value();
  /// A path behind an include: quoted, or up to a blank that no backslash stands before.
  std::optional<std::string> include_path();
  /// A command: path or regular expression, and its arguments where it may have some. Empty: none here.
  std::optional<std::string> command(bool with_arguments);
  /// Whether a blank, or a line that goes on, stands before the cursor.
  [[nodiscard]] bool behind_blank() const {
    return at_ > 0 && std::string_view(" \t\n").find(text_[at_ - 1]) != std::string_view::npos;
  }

 private:
  [[nodiscard]] std::size_t continuation() const;  ///< length of a backslash with blanks and a line end; 0: none here
  std::optional<std::string> quoted();
  void arguments(std::string& out);
  void regular_expression(std::string& out);
  static void unescape(std::string_view& rest, std::string& out);
  void take_escaped(std::string& out);  ///< unescape() of what comes next

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace plimsoll::formats
