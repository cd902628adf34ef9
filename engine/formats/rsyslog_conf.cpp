#include "engine/formats/rsyslog_conf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/rsyslog_text.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_statements = 20'000;
constexpr std::size_t max_depth = 200;
constexpr std::size_t max_filter_bytes = 1024;  // of its text, which is evidence and no more

constexpr std::array<std::string_view, 16> object_names = {
    "module", "input",    "global",       "action",    "ruleset",  "template", "main_queue", "include",
    "parser", "timezone", "lookup_table", "dyn_stats", "property", "constant", "ratelimit",  "percentile_stats"};

constexpr std::array<std::string_view, 5> assignments = {"set", "unset", "reset", "call_indirect",
                                                         "reload_lookup_table"};

/// The text of a condition on one line.
std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, max_filter_bytes)) {
    if (!is_rsyslog_blank(c)) {
      out += c;
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

std::string joined(std::string_view outer, std::string_view inner, std::string_view between) {
  if (outer.empty() || inner.empty()) return std::string(outer.empty() ? inner : outer);
  auto text = fmt::format("{}{}{}", outer, between, inner);
  if (text.size() > max_filter_bytes) text.resize(max_filter_bytes);
  return text;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  RsyslogConfig parse() {
    blocks_.push_back({});
    while (!text_.error() && !text_.at_end()) statement();
    config_.error = text_.error();
    return std::move(config_);
  }

 private:
  struct Block {
    std::string filter;
    std::string ruleset;
  };

  void statement() {
    text_.skip_blanks();
    if (text_.at_end() || text_.skip_comment()) return;
    if (config_.statements.size() >= max_statements) return text_.fail(text_.line(), "too many statements");
    const char c = text_.peek();
    if (c == '$' && is_rsyslog_letter(text_.peek(1))) return directive();
    if (c == '{') return open_block();
    if (c == '}') return close_block();
    if (c == '&') {
      text_.advance();
      pending_ = last_;
      return;
    }
    if (text_.at_line_start() && (selector() || property_filter() || bsd_filter())) return;
    if (is_rsyslog_letter(c) && (object() || keyword())) return;
    old_action();
  }

  void directive() {
    RsyslogStatement found;
    found.line = text_.line();
    const auto rest = text_.take_line().substr(1);
    const auto name = rest.substr(0, rest.find_first_of(" \t"));
    const auto value = trimmed(rest.substr(name.size()));
    found.name = lower_case(name);
    found.text = value;
    if (found.name == "ruleset") {
      blocks_.front().ruleset = lower_case(value) == "rsyslog_defaultruleset" ? "" : std::string(value);
    } else if (found.name == "includeconfig") {
      found.kind = RsyslogStatement::Kind::include;
      found.text = value.substr(0, value.find_first_of(" \t"));
    }
    config_.statements.push_back(std::move(found));
  }

  void open_block() {
    text_.advance();
    if (blocks_.size() >= max_depth) return text_.fail(text_.line(), "blocks are nested too deeply");
    Block block = blocks_.back();
    block.filter = joined(block.filter, pending_, " and ");
    if (next_ruleset_) block.ruleset = *std::exchange(next_ruleset_, std::nullopt);
    pending_.clear();
    blocks_.push_back(std::move(block));
  }

  void close_block() {
    text_.advance();
    if (blocks_.size() == 1) return text_.fail(text_.line(), "a closing brace without a block");
    blocks_.pop_back();
    pending_.clear();
    last_.clear();
  }

  void take_as_filter(std::size_t length) {
    pending_ = text_.rest().substr(0, std::min(length, max_filter_bytes));
    text_.advance(length);
  }

  /// `mail,news.=info;kern.*`: a facility, a point or comma, and more.
  bool selector() {
    const auto text = text_.rest();
    std::size_t end = 0;
    while (end < text.size() && (text[end] == '*' || is_rsyslog_letter(text[end]))) ++end;
    if (end == 0) return false;
    while (end < text.size() && text[end] >= '0' && text[end] <= '7') ++end;
    if (end >= text.size() || (text[end] != '.' && text[end] != ',')) return false;
    const auto tail = ++end;
    const auto fits = [](char c) {
      return is_rsyslog_letter(c) || (c >= '0' && c <= '7') ||
             std::string_view(",!=;.*").find(c) != std::string_view::npos;
    };
    while (end < text.size() && fits(text[end])) ++end;
    if (end == tail) return false;
    take_as_filter(end);
    return true;
  }

  /// `:msg, contains, "text"`.
  bool property_filter() {
    if (text_.peek() != ':') return false;
    const auto rest = text_.line_rest();
    const auto open = rest.find('"');
    if (open == std::string_view::npos || std::ranges::count(rest.substr(0, open), ',') != 2) return false;
    auto close = open + 1;
    while (close < rest.size() && rest[close] != '"') close += rest[close] == '\\' ? 2U : 1U;
    if (close >= rest.size()) return false;
    take_as_filter(close + 1);
    return true;
  }

  /// `!program`, `+host`, `-host` alone on a line: all that follows is for them, until the next one.
  bool bsd_filter() {
    const char c = text_.peek();
    if (c != '!' && c != '+' && c != '-') return false;
    const auto rest = trimmed(text_.line_rest());
    if (rest.size() < 2 || rest.find_first_of(" \t/?") != std::string_view::npos) return false;
    blocks_.back().filter = rest.substr(1) == "*" ? std::string_view{} : rest.substr(0, max_filter_bytes);
    text_.take_line();
    return true;
  }

  bool object() {
    const auto text = text_.rest();
    std::size_t end = 0;
    while (end < text.size() && (is_rsyslog_letter(text[end]) || text[end] == '_')) ++end;
    const auto name = lower_case(text.substr(0, end));
    if (std::ranges::find(object_names, name) == object_names.end()) return false;
    while (end < text.size() && is_rsyslog_blank(text[end])) ++end;
    if (end >= text.size() || text[end] != '(') return false;
    RsyslogStatement found;
    found.kind = RsyslogStatement::Kind::object;
    found.name = name;
    found.line = text_.line();
    text_.advance(end + 1);
    auto parameters = text_.take_parameters();
    if (!parameters) {
      text_.fail(found.line, fmt::format("{}( is not closed, or holds what is no parameter", name));
      return true;
    }
    found.parameters = *std::move(parameters);
    if (name == "ruleset") {
      const auto* const called = found.find("name");
      next_ruleset_ = called == nullptr ? std::string() : *called;
    } else if (name == "include") {
      found.kind = RsyslogStatement::Kind::include;
      const auto* const file = found.find("file");
      found.text = file == nullptr ? std::string() : *file;
    } else if (name == "action") {
      use_filter(found);
    }
    config_.statements.push_back(std::move(found));
    return true;
  }

  /// `if … then`, `set …;`, `else` and the like, which hold no setting of their own.
  bool keyword() {
    const auto name = lower_case(text_.word());
    const auto where = text_.line();
    if (name == "if" || name == "foreach") {
      const auto before = text_.rest();
      if (!text_.skip_expression(name == "if" ? "then" : "do")) {
        text_.fail(where, fmt::format("{} without its end", name));
        return true;
      }
      pending_ = joined(pending_, on_one_line(before.substr(0, before.size() - text_.rest().size())), " ");
    } else if (name == "else") {
      text_.advance(name.size());
      pending_ = "else";
    } else if (std::ranges::find(assignments, name) != assignments.end()) {
      if (!text_.skip_expression(name == "reload_lookup_table" ? ")" : ";")) {
        text_.fail(where, fmt::format("{} without its end", name));
      }
    } else if (name == "call" || name == "continue") {
      text_.advance(name.size());
      if (name == "call") {
        text_.skip_blanks();
        while (!text_.at_end() && !is_rsyslog_blank(text_.peek()) && text_.peek() != '}') text_.advance();
      }
      pending_.clear();
    } else {
      return false;
    }
    return true;
  }

  void old_action() {
    RsyslogStatement found;
    found.kind = RsyslogStatement::Kind::action;
    found.line = text_.line();
    const char c = text_.peek();
    const auto word = text_.word();
    if (c == '*') {
      found.text = c;
      text_.advance();
    } else if (std::string_view("/-:|.@^?~>").find(c) != std::string_view::npos) {
      found.text = trimmed(text_.take_line());
    } else if (!word.empty() && c != '+' && c != ',' && c != ';') {
      found.text = word;
      text_.advance(word.size());
    } else {
      return text_.fail(found.line, "a character that starts no statement");
    }
    use_filter(found);
    config_.statements.push_back(std::move(found));
  }

  void use_filter(RsyslogStatement& found) {
    found.ruleset = blocks_.back().ruleset;
    found.filter = joined(blocks_.back().filter, pending_, " and ");
    last_ = std::exchange(pending_, {});
  }

  RsyslogText text_;
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
