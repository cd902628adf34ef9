#include "engine/formats/apt_conf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/core/value.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_depth = 64;

bool is_name_byte(char c) {
  constexpr std::string_view others = "/-:._+";
  return is_letter_or_digit(c) || others.contains(c);
}

}  // namespace

/// One file, byte by byte: the grammar knows words, quoted texts, braces and semicolons.
class AptConfReader {
 public:
  AptConfReader(AptConfiguration& into, std::string_view path, std::string_view text)
      : into_(into), path_(path), text_(text) {}

  Result<void> run() {
    while (true) {
      if (!skip_blanks()) return fail("a comment does not end");
      if (at_ == text_.size()) return scopes_.empty() ? Result<void>() : fail("a brace is not closed");
      const char c = text_[at_];
      if (c == ';') {
        ++at_;
      } else if (c == '}') {
        if (scopes_.empty()) return fail("a brace was never opened");
        scopes_.pop_back();
        ++at_;
      } else if (c == '{') {
        // A scope without a name holds items of the list around it.
        if (const auto done = open(""); !done) return done;
      } else if (c == '"') {
        if (!take_quoted()) return fail("a text does not end where its line does");
      } else if (const auto done = statement(); !done) {
        return done;
      }
    }
  }

 private:
  Result<void> fail(std::string_view what) const {
    return std::unexpected(Error{Error::Kind::malformed, fmt::format("{}:{}: {}", path_, line_, what)});
  }

  void advance() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }

  [[nodiscard]] bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  /// Blanks and comments; the commands that begin with `#` are none. False when a comment does not end.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (starts("/*")) {
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return false;
        while (at_ < end + 2) advance();
      } else if (starts("//") || (text_[at_] == '#' && !starts("#clear") && !starts("#include"))) {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (is_white(text_[at_])) {
        advance();
      } else {
        return true;
      }
    }
    return true;
  }

  std::string_view take_name() {
    const auto begin = at_;
    while (at_ < text_.size() && is_name_byte(text_[at_]) && !starts("//") && !starts("/*")) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::optional<std::string> take_quoted() {
    const auto begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') ++at_;
    if (at_ == text_.size() || text_[at_] == '\n') return {};
    return std::string(text_.substr(begin, at_++ - begin));
  }

  [[nodiscard]] std::string full(std::string_view name) const {
    std::string whole = scopes_.empty() ? "" : scopes_.back();
    if (!whole.empty() && !name.empty()) whole += "::";
    return whole + lower_case(name);
  }

  Result<void> open(std::string_view name) {
    if (scopes_.size() == max_depth) return fail("scopes are nested too deeply");
    scopes_.push_back(full(name));
    ++at_;
    return {};
  }

  Result<void> statement() {
    if (starts("#include")) return fail("it includes another file, which is not followed");
    const bool clear = starts("#clear");
    if (clear) at_ += std::string_view("#clear").size();
    if (!skip_blanks()) return fail("a comment does not end");
    const auto name = take_name();
    if (name.empty()) return fail("a name is missing");
    if (!skip_blanks()) return fail("a comment does not end");
    if (clear) {
      erase(full(name));
      return {};
    }
    if (at_ == text_.size()) return fail("a value is missing");
    if (text_[at_] == '{') return open(name);
    std::string value;
    const auto line = line_;
    if (text_[at_] == '"') {
      auto quoted = take_quoted();
      if (!quoted) return fail("a text does not end where its line does");
      value = std::move(*quoted);
    } else {
      const auto begin = at_;
      while (at_ < text_.size() && !is_white(text_[at_]) && text_[at_] != ';' && text_[at_] != '{' &&
             text_[at_] != '}') {
        ++at_;
      }
      value = text_.substr(begin, at_ - begin);
    }
    set(full(name), std::move(value), line);
    return {};
  }

  void set(std::string name, std::string value, std::uint32_t line) {
    if (name.ends_with("::")) return;
    auto& setting = into_.settings_[std::move(name)];
    if (!setting.source.empty()) setting.before.emplace_back(std::move(setting.source), std::move(setting.value));
    setting.source = fmt::format("{}:{}", path_, line);
    setting.value = std::move(value);
  }

  void erase(const std::string& name) {
    const auto below = name + "::";
    std::erase_if(into_.settings_,
                  [&](const auto& entry) { return entry.first == name || entry.first.starts_with(below); });
  }

  AptConfiguration& into_;
  std::string_view path_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::vector<std::string> scopes_;
};

Result<void> AptConfiguration::read(std::string_view path, std::string_view text) {
  return AptConfReader(*this, path, text).run();
}

const AptSetting* AptConfiguration::find(std::string_view name) const {
  const auto found = settings_.find(lower_case(name));
  return found == settings_.end() ? nullptr : &found->second;
}

std::optional<bool> apt_truth(std::string_view value) {
  constexpr std::array<std::string_view, 5> yes = {"yes", "true", "with", "on", "enable"};
  constexpr std::array<std::string_view, 5> no = {"no", "false", "without", "off", "disable"};
  if (const auto number = parse_integer(value)) return *number != 0;
  const auto word = lower_case(value);
  if (std::ranges::find(yes, word) != yes.end()) return true;
  if (std::ranges::find(no, word) != no.end()) return false;
  return {};
}

}  // namespace plimsoll::formats
