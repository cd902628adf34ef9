#include "engine/formats/shell_assignments.hpp"

#include <fmt/core.h>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
namespace {

bool is_name_start(char c) {
  return is_letter(c) || c == '_';
}
bool is_name(char c) {
  return is_name_start(c) || is_digit(c);
}

using Variables = std::map<std::string, ShellValue, std::less<>>;

/// One word of shell text, quotes removed and known variables put in.
struct Word {
  std::string text;
  std::string raw;
  const char* why_not = nullptr;  // set: not literal
};

/// Cuts a file into words and command ends; never fails, whatever the bytes.
class Reader {
 public:
  Reader(std::string_view text, const Variables& variables) : text_(text), variables_(variables) {}

  [[nodiscard]] std::uint32_t line() const { return line_; }
  [[nodiscard]] bool done() const { return at_ >= text_.size(); }

  /// The next word of this command; empty at its end, which is then consumed.
  std::optional<Word> word() {
    skip_blanks();
    if (done()) return std::nullopt;
    if (text_[at_] == '#') {
      while (!done() && text_[at_] != '\n') ++at_;
    }
    if (done()) return std::nullopt;
    if (ends_command(text_[at_])) {
      if (text_[at_] == '\n') ++line_;
      ++at_;
      return std::nullopt;
    }
    Word out;
    const auto begin = at_;
    while (!done() && !ends_command(text_[at_]) && text_[at_] != ' ' && text_[at_] != '\t') part(out);
    out.raw = std::string(text_.substr(begin, at_ - begin));
    return out;
  }

 private:
  static bool ends_command(char c) { return c == '\n' || c == ';' || c == '&' || c == '|'; }

  void skip_blanks() {
    while (!done()) {
      if (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r') {
        ++at_;
      } else if (text_.substr(at_).starts_with("\\\n")) {
        at_ += 2;
        ++line_;
      } else {
        return;
      }
    }
  }

  void part(Word& out) {
    const char c = text_[at_];
    if (c == '\'') {
      const auto close = text_.find('\'', at_ + 1);
      append(out, text_.substr(at_ + 1, close == npos ? close : close - at_ - 1));
      if (close == npos) out.why_not = "quote that is never closed";
      at_ = close == npos ? text_.size() : close + 1;
    } else if (c == '"') {
      ++at_;
      while (!done() && text_[at_] != '"') quoted_part(out);
      if (done()) out.why_not = "quote that is never closed";
      ++at_;
    } else if (c == '\\' && at_ + 1 < text_.size()) {
      ++at_;
      if (text_[at_] != '\n') append(out, text_.substr(at_, 1));
      if (text_[at_] == '\n') ++line_;
      ++at_;
    } else {
      plain_part(out);
    }
  }

  void quoted_part(Word& out) {
    const char c = text_[at_];
    if (c == '\\' && at_ + 1 < text_.size()) {
      const char next = text_[at_ + 1];
      if (next == '\n') {
        ++line_;
      } else if (next == '$' || next == '`' || next == '"' || next == '\\') {
        out.text.push_back(next);
      } else {
        out.text.push_back(c);
        out.text.push_back(next);
      }
      at_ += 2;
    } else {
      plain_part(out);
    }
  }

  void plain_part(Word& out) {
    const char c = text_[at_];
    if (c == '`' || text_.substr(at_).starts_with("$(")) {
      out.why_not = "command substitution";
      ++at_;
    } else if (c == '$') {
      variable(out);
    } else {
      append(out, text_.substr(at_, 1));
      ++at_;
    }
  }

  void variable(Word& out) {
    ++at_;
    const bool braces = !done() && text_[at_] == '{';
    if (braces) ++at_;
    const auto begin = at_;
    while (!done() && is_name(text_[at_])) ++at_;
    const auto name = text_.substr(begin, at_ - begin);
    if (braces && (done() || text_[at_] != '}')) {
      out.why_not = "parameter expansion";
      return;
    }
    if (braces) ++at_;
    const auto found = variables_.find(name);
    if (found == variables_.end() || !found->second.literal) {
      out.why_not = "variable that is set elsewhere";
    } else if (out.text.size() + found->second.text.size() > max_value) {
      out.why_not = "value too long";
    } else {
      out.text += found->second.text;
    }
  }

  void append(Word& out, std::string_view text) {
    for (const char c : text) {
      if (c == '\n') ++line_;
    }
    out.text.append(text);
  }

  static constexpr std::size_t npos = std::string_view::npos;
  static constexpr std::size_t max_value = 64U << 10U;  // a value that doubles itself stays bounded
  std::string_view text_;
  const Variables& variables_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

/// The length of NAME in NAME=value or NAME+=value, and whether it is the latter.
std::optional<std::pair<std::size_t, bool>> assignment(std::string_view raw) {
  if (raw.empty() || !is_name_start(raw.front())) return std::nullopt;
  std::size_t at = 0;
  while (at < raw.size() && is_name(raw[at])) ++at;
  if (raw.substr(at).starts_with("=")) return std::pair{at, false};
  if (raw.substr(at).starts_with("+=")) return std::pair{at, true};
  return std::nullopt;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  for (const auto candidate : words) {
    if (word == candidate) return true;
  }
  return false;
}

}  // namespace

void ShellAssignments::read(std::string_view path, std::string_view text) {
  Reader reader(text, values_);
  std::size_t depth = 0;
  while (!reader.done()) {
    bool at_start = true;
    bool code = false;
    bool sets_everything = false;
    while (auto word = reader.word()) {
      const std::string_view raw = word->raw;
      const auto named = at_start && !code ? assignment(raw) : std::nullopt;
      if (named) {
        const std::string_view name = raw.substr(0, named->first);
        ShellValue value;
        value.source = fmt::format("{}:{}", path, reader.line());
        value.text = word->text.substr(std::min(word->text.size(), named->first + (named->second ? 2 : 1)));
        if (word->why_not != nullptr) value.why_not = word->why_not;
        if (named->second) value.why_not = "appended to with +=";
        if (depth > 0) value.why_not = "set under a condition";
        value.literal = value.why_not.empty();
        values_.insert_or_assign(std::string(name), std::move(value));
        continue;
      }
      if (at_start && one_of(raw, {"then", "else", "do", "export"})) continue;
      if (at_start && one_of(raw, {"if", "for", "while", "until", "case", "{"})) ++depth;
      if (at_start && one_of(raw, {"fi", "done", "esac", "}"}) && depth > 0) --depth;
      if (at_start && one_of(raw, {".", "source", "eval"})) sets_everything = true;
      if (at_start && raw.ends_with("()")) ++depth;  // a function; its closing brace ends the command
      // Code that names a variable (unset, read, a command run with it set before) may change it.
      for (auto& [name, value] : values_) {
        if (raw == name && value.literal) {
          value.literal = false;
          value.why_not = "changed by shell code";
        }
      }
      at_start = raw.ends_with("()");
      code = !at_start;
    }
    if (!sets_everything) continue;
    for (auto& [name, value] : values_) {
      value.literal = false;
      value.why_not = "another file is sourced";
    }
  }
}

const ShellValue* ShellAssignments::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

}  // namespace plimsoll::formats
