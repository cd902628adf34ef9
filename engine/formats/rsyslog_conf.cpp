#include "engine/formats/rsyslog_conf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_statements = 20'000;
constexpr std::size_t max_parameters = 200;
constexpr std::size_t max_depth = 200;

/// The text with continued lines joined, and where each line of it began in the file.
struct Joined {
  std::string text;
  std::vector<std::uint32_t> lines;  ///< file line of each line of `text`
};

Joined join_lines(std::string_view text) {
  Joined joined;
  joined.text.reserve(text.size());
  Lines lines(text);
  std::string_view line;
  bool continues = false;
  while (lines.next(line)) {
    if (!continues) joined.lines.push_back(lines.number());
    if (continues) line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    continues = line.ends_with('\\');
    if (continues) line.remove_suffix(1);
    joined.text += line;
    if (!continues) joined.text += '\n';
  }
  return joined;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '+' || c == ',' || c == ';';
}

constexpr std::array<std::string_view, 16> object_names = {
    "module", "input",    "global",       "action",    "ruleset",  "template", "main_queue", "include",
    "parser", "timezone", "lookup_table", "dyn_stats", "property", "constant", "ratelimit",  "percentile_stats"};

class Parser {
 public:
  explicit Parser(std::string_view text) : joined_(join_lines(text)), text_(joined_.text) {}

  RsyslogConfig parse() {
    blocks_.push_back({});
    while (!config_.error && at_ < text_.size()) statement();
    return std::move(config_);
  }

 private:
  struct Block {
    std::string filter;
    std::string ruleset;
  };

  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void advance(std::size_t count = 1) {
    for (; count > 0 && at_ < text_.size(); --count, ++at_) {
      if (text_[at_] == '\n') ++row_;
    }
  }
  [[nodiscard]] std::uint32_t line() const {
    if (joined_.lines.empty()) return 1;
    return joined_.lines[std::min(row_, joined_.lines.size() - 1)];
  }
  std::string_view rest_of_line() {
    const auto end = std::min(text_.find('\n', at_), text_.size());
    const auto rest = text_.substr(at_, end - at_);
    advance(rest.size());
    return rest;
  }
  void skip_blanks() {
    while (is_blank(peek()) && at_ < text_.size()) advance();
  }
  void fail(std::uint32_t where, std::string_view what) {
    if (!config_.error) config_.error = Error{Error::Kind::malformed, fmt::format("line {}: {}", where, what)};
  }
  [[nodiscard]] bool at_line_start() const {
    auto back = at_;
    while (back > 0 && (text_[back - 1] == ' ' || text_[back - 1] == '\t')) --back;
    return back == 0 || text_[back - 1] == '\n';
  }

  bool skip_comment() {
    if (peek() == '#') {
      rest_of_line();
      return true;
    }
    if (peek() != '/' || peek(1) != '*') return false;
    const auto start = line();
    const auto end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) fail(start, "a comment without its end");
    advance(end == std::string_view::npos ? text_.size() : end + 2 - at_);
    return true;
  }

  void statement() {
    skip_blanks();
    if (at_ >= text_.size() || skip_comment()) return;
    if (config_.statements.size() >= max_statements) return fail(line(), "too many statements");
    const char c = peek();
    if (c == '$' && is_letter(peek(1))) return directive();
    if (c == '{') return open_block();
    if (c == '}') return close_block();
    if (c == '&') {
      advance();
      pending_ = last_;
      return;
    }
    if (at_line_start() && (selector() || property_filter() || bsd_filter())) return;
    if (is_letter(c) && (object() || keyword())) return;
    old_action();
  }

  void directive() {
    const auto where = line();
    auto rest = rest_of_line().substr(1);
    const auto name = rest.substr(0, rest.find_first_of(" \t"));
    const auto value = trimmed(rest.substr(name.size()));
    RsyslogStatement found{RsyslogStatement::Kind::directive, lower_case(name), std::string(value)};
    found.line = where;
    if (found.name == "ruleset") {
      blocks_.front().ruleset = lower_case(value) == "rsyslog_defaultruleset" ? "" : std::string(value);
    } else if (found.name == "includeconfig") {
      found.kind = RsyslogStatement::Kind::include;
      found.text = value.substr(0, value.find_first_of(" \t"));
    }
    add(std::move(found));
  }

  void open_block() {
    advance();
    if (blocks_.size() >= max_depth) return fail(line(), "blocks are nested too deeply");
    Block block = blocks_.back();
    if (!pending_.empty()) {
      block.filter = block.filter.empty() ? pending_ : fmt::format("{} and {}", block.filter, pending_);
      if (block.filter.size() > 4096) block.filter.resize(4096);
    }
    if (next_ruleset_) block.ruleset = *std::exchange(next_ruleset_, std::nullopt);
    pending_.clear();
    blocks_.push_back(std::move(block));
  }

  void close_block() {
    advance();
    if (blocks_.size() == 1) return fail(line(), "a closing brace without a block");
    last_ = blocks_.back().filter;
    blocks_.pop_back();
    pending_.clear();
  }

  /// `mail,news.=info;kern.*`: a facility, a point or comma, and more.
  bool selector() {
    auto end = at_;
    while (end < text_.size() && (text_[end] == '*' || is_letter(text_[end]))) ++end;
    if (end == at_) return false;
    while (end < text_.size() && text_[end] >= '0' && text_[end] <= '7') ++end;
    if (end >= text_.size() || (text_[end] != '.' && text_[end] != ',')) return false;
    const auto tail = ++end;
    const auto fits = [](char c) {
      return is_letter(c) || (c >= '0' && c <= '7') || std::string_view(",!=;.*").find(c) != std::string_view::npos;
    };
    while (end < text_.size() && fits(text_[end])) ++end;
    if (end == tail) return false;
    pending_ = text_.substr(at_, end - at_);
    advance(end - at_);
    return true;
  }

  /// `:msg, contains, "text"`.
  bool property_filter() {
    if (peek() != ':') return false;
    const auto end = std::min(text_.find('\n', at_), text_.size());
    const auto rest = text_.substr(at_, end - at_);
    const auto open = rest.find('"');
    if (open == std::string_view::npos ||
        std::count(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(open), ',') != 2)
      return false;
    auto close = open + 1;
    while (close < rest.size() && rest[close] != '"') close += rest[close] == '\\' ? 2U : 1U;
    if (close >= rest.size()) return false;
    pending_ = rest.substr(0, close + 1);
    advance(close + 1);
    return true;
  }

  /// `!program`, `+host`, `-host` alone on a line: all that follows is for them, until the next one.
  bool bsd_filter() {
    const char c = peek();
    if (c != '!' && c != '+' && c != '-') return false;
    const auto end = std::min(text_.find('\n', at_), text_.size());
    const auto rest = trimmed(text_.substr(at_, end - at_));
    if (rest.size() < 2 || rest.find_first_of(" \t/") != std::string_view::npos) return false;
    blocks_.back().filter = rest.substr(1) == "*" ? std::string() : std::string(rest);
    advance(end - at_);
    return true;
  }

  [[nodiscard]] std::string_view word() const {
    auto end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }

  bool object() {
    auto end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || text_[end] == '_')) ++end;
    const auto name = lower_case(text_.substr(at_, end - at_));
    if (std::ranges::find(object_names, name) == object_names.end()) return false;
    while (end < text_.size() && is_blank(text_[end])) ++end;
    if (end >= text_.size() || text_[end] != '(') return false;
    RsyslogStatement found{RsyslogStatement::Kind::object, name, {}};
    found.line = line();
    advance(end + 1 - at_);
    if (!parameters(found)) {
      fail(found.line, fmt::format("{}( is not closed, or holds what is no parameter", name));
      return true;
    }
    if (name == "ruleset") {
      const auto* const called = found.find("name");
      next_ruleset_ = called == nullptr ? std::string() : *called;
    } else if (name == "include") {
      found.kind = RsyslogStatement::Kind::include;
      const auto* const file = found.find("file");
      found.text = file == nullptr ? std::string() : *file;
    } else if (name == "action") {
      take_filter(found);
    }
    add(std::move(found));
    return true;
  }

  /// Up to and with the closing parenthesis.
  bool parameters(RsyslogStatement& found) {
    while (at_ < text_.size()) {
      skip_blanks();
      if (skip_comment()) continue;
      if (peek() == ',') {
        advance();
        continue;
      }
      if (peek() == ')') {
        advance();
        return true;
      }
      auto end = at_;
      while (end < text_.size() &&
             (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '_' || text_[end] == '.'))
        ++end;
      if (end == at_ || found.parameters.size() >= max_parameters) return false;
      RsyslogParameter parameter{lower_case(text_.substr(at_, end - at_)), {}};
      advance(end - at_);
      skip_blanks();
      if (peek() != '=') return false;
      advance();
      skip_blanks();
      if (!value_of(parameter)) return false;
      found.parameters.push_back(std::move(parameter));
    }
    return false;
  }

  bool value_of(RsyslogParameter& parameter) {
    if (peek() != '[') return string_of(parameter);
    advance();
    while (at_ < text_.size()) {
      skip_blanks();
      if (skip_comment()) continue;
      if (peek() == ']') {
        advance();
        return true;
      }
      if (peek() == ',') {
        advance();
      } else if (!string_of(parameter)) {
        return false;
      }
    }
    return false;
  }

  bool string_of(RsyslogParameter& parameter) {
    const char quote = peek();
    if (quote != '"' && quote != '`') return false;
    if (quote == '`') parameter.literal = false;
    std::string value;
    auto end = at_ + 1;
    for (; end < text_.size() && text_[end] != quote; ++end) {
      if (text_[end] == '\\' && end + 1 < text_.size()) ++end;
      value += text_[end];
    }
    if (end >= text_.size()) return false;
    advance(end + 1 - at_);
    parameter.values.push_back(std::move(value));
    return true;
  }

  /// `if … then`, `set …;`, `else` and the like.
  bool keyword() {
    const auto name = lower_case(word());
    if (name == "if" || name == "foreach") {
      const auto where = line();
      const auto begin = at_;
      if (!skip_expression(name == "if" ? "then" : "do")) {
        fail(where, fmt::format("{} without its end", name));
        return true;
      }
      std::string text;
      for (const char c : text_.substr(begin, std::min<std::size_t>(at_ - begin, 4096))) {
        if (!is_blank(c)) {
          text += c;
        } else if (!text.ends_with(' ')) {
          text += ' ';
        }
      }
      pending_ = pending_.empty() ? text : fmt::format("{} {}", pending_, text);
      return true;
    }
    if (name == "else") {
      advance(name.size());
      pending_ = "else";
      return true;
    }
    if (name == "set" || name == "unset" || name == "reset" || name == "call_indirect" ||
        name == "reload_lookup_table") {
      const auto where = line();
      if (!skip_expression(name == "reload_lookup_table" ? ")" : ";"))
        fail(where, fmt::format("{} without its end", name));
      return true;
    }
    if (name == "call" || name == "continue") {
      rest_of_line();
      pending_.clear();
      return true;
    }
    return false;
  }

  /// Past the word or character that ends an expression; strings and comments in it hide it.
  bool skip_expression(std::string_view end) {
    while (at_ < text_.size()) {
      if (skip_comment()) continue;
      const char c = peek();
      if (c == '"' || c == '\'' || c == '`') {
        auto close = at_ + 1;
        while (close < text_.size() && text_[close] != c) close += text_[close] == '\\' ? 2U : 1U;
        if (close >= text_.size()) return false;
        advance(close + 1 - at_);
      } else if (is_letter(c) || c == '_' || c == '$') {
        auto stop = at_ + 1;
        while (stop < text_.size() && (is_letter(text_[stop]) || is_digit(text_[stop]) || text_[stop] == '_')) ++stop;
        const auto found = text_.substr(at_, stop - at_);
        advance(found.size());
        if (lower_case(found) == end) return true;
      } else {
        advance();
        if (end.size() == 1 && c == end.front()) return true;
      }
    }
    return false;
  }

  void old_action() {
    RsyslogStatement found{RsyslogStatement::Kind::action, {}, {}};
    found.line = line();
    const char c = peek();
    if (is_letter(c) || is_digit(c) || c == '_') {
      found.text = word();
      advance(found.text.size());
    } else if (c == '*' || (c == '~' && is_blank(peek(1)))) {
      found.text = c;
      advance();
    } else if (std::string_view("/-:|.@^?~>").find(c) != std::string_view::npos) {
      found.text = trimmed(rest_of_line());
    } else {
      const auto where = line();
      rest_of_line();
      return fail(where, fmt::format("`{}` starts no statement", c));
    }
    take_filter(found);
    add(std::move(found));
  }

  void take_filter(RsyslogStatement& found) {
    const auto& outer = blocks_.back();
    found.ruleset = outer.ruleset;
    if (pending_.empty()) {
      found.filter = outer.filter;
    } else {
      found.filter = outer.filter.empty() ? pending_ : fmt::format("{} and {}", outer.filter, pending_);
    }
    last_ = pending_;
    pending_.clear();
  }

  void add(RsyslogStatement found) { config_.statements.push_back(std::move(found)); }

  Joined joined_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t row_ = 0;
  RsyslogConfig config_;
  std::vector<Block> blocks_;
  std::string pending_;  ///< a filter whose action or block has not come yet
  std::string last_;     ///< the filter of the action before, which `&` takes up again
  std::optional<std::string> next_ruleset_;
};

}  // namespace

const RsyslogParameter* RsyslogStatement::parameter(std::string_view parameter) const {
  const auto found = std::ranges::find(parameters, parameter, &RsyslogParameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

const std::string* RsyslogStatement::find(std::string_view parameter) const {
  const auto* const found = this->parameter(parameter);
  return found == nullptr || found->values.empty() ? nullptr : &found->values.front();
}

RsyslogConfig parse_rsyslog_conf(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace plimsoll::formats
