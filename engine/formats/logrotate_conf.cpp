#include "engine/formats/logrotate_conf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_items = 10'000;

constexpr std::array<std::string_view, 5> scripts = {"prerotate", "postrotate", "preremove", "firstaction",
                                                     "lastaction"};

bool is_script(std::string_view word) {
  return std::ranges::find(scripts, word) != scripts.end();
}

/// Names between blanks, with quotes of both kinds; a backslash keeps the next byte. Nothing for an open quote.
std::optional<std::vector<std::string>> names_of(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  bool in_name = false;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      name += text[++i];
      in_name = true;
    } else if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        name += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_name = true;
    } else if (c == ' ' || c == '\t') {
      if (in_name) names.push_back(std::exchange(name, {}));
      in_name = false;
    } else {
      name += c;
      in_name = true;
    }
  }
  if (quote != '\0') return std::nullopt;
  if (in_name) names.push_back(std::move(name));
  return names;
}

LogrotateDirective directive_of(std::string_view line, std::uint32_t number) {
  LogrotateDirective found;
  const auto end = std::min(line.find_first_of(" \t="), line.size());
  found.name = lower_case(line.substr(0, end));
  found.line = number;
  auto rest = line.substr(end);
  rest = trimmed(rest);
  if (rest.starts_with('=')) rest.remove_prefix(1);
  for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) found.words.emplace_back(word);
  return found;
}

class Parser {
 public:
  LogrotateConfig parse(std::string_view text) {
    Lines lines(text);
    std::string_view line;
    while (!config_.error && lines.next(line)) read(trimmed(line), lines.number());
    if (config_.error) return std::move(config_);
    if (in_script_) fail(script_line_, "a script without its endscript");
    if (block_) fail(block_->line, "a block without its closing brace");
    if (!paths_.empty()) fail(paths_line_, "names of files without a block");
    return std::move(config_);
  }

 private:
  void read(std::string_view line, std::uint32_t number) {
    if (in_script_) {
      if (line == "endscript") in_script_ = false;
      return;
    }
    if (line.empty() || line.front() == '#') return;
    if (config_.items.size() >= max_items) return fail(number, "too many directives");
    if (block_) return read_in_block(line, number);
    const char first = line.front();
    if (!paths_.empty() || first == '/' || first == '"' || first == '\'' || first == '{' || first == '~') {
      return read_paths(line, number);
    }
    if (is_script(line)) return start_script(number);
    LogrotateItem item;
    item.line = number;
    item.directives.push_back(directive_of(line, number));
    config_.items.push_back(std::move(item));
  }

  void read_in_block(std::string_view line, std::uint32_t number) {
    if (line.front() == '}') {
      config_.items.push_back(*std::exchange(block_, std::nullopt));
      const auto rest = trimmed(line.substr(1));
      if (!rest.empty()) read(rest, number);
      return;
    }
    if (is_script(line)) return start_script(number);
    if (block_->directives.size() >= max_items) return fail(number, "too many directives");
    // A brace may close the block on the line of its last directive.
    const bool closes = line.ends_with('}') && line.size() > 1;
    if (closes) line = trimmed(line.substr(0, line.size() - 1));
    block_->directives.push_back(directive_of(line, number));
    if (closes) config_.items.push_back(*std::exchange(block_, std::nullopt));
  }

  void read_paths(std::string_view line, std::uint32_t number) {
    if (paths_.empty()) paths_line_ = number;
    const auto open = line.find('{');
    const auto names = names_of(line.substr(0, open));
    if (!names) return fail(number, "a quote without its end");
    paths_.insert(paths_.end(), names->begin(), names->end());
    if (paths_.size() > max_items) return fail(number, "too many names");
    if (open == std::string_view::npos) return;
    if (paths_.empty()) return fail(number, "a block without names of files");
    block_ = LogrotateItem{std::exchange(paths_, {}), {}, paths_line_};
    const auto rest = trimmed(line.substr(open + 1));
    if (!rest.empty() && rest.front() != '#') read_in_block(rest, number);
  }

  void start_script(std::uint32_t number) {
    in_script_ = true;
    script_line_ = number;
  }

  void fail(std::uint32_t line, std::string_view what) {
    if (!config_.error) config_.error = Error{Error::Kind::malformed, fmt::format("line {}: {}", line, what)};
  }

  LogrotateConfig config_;
  std::vector<std::string> paths_;  ///< names whose block has not begun
  std::uint32_t paths_line_ = 0;
  std::optional<LogrotateItem> block_;
  bool in_script_ = false;
  std::uint32_t script_line_ = 0;
};

}  // namespace

LogrotateConfig parse_logrotate_conf(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace plimsoll::formats
