#include "engine/formats/sshd_words.hpp"

#include <algorithm>
#include <limits>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::int64_t largest_int = std::numeric_limits<std::int32_t>::max();

/// What is left of the line after a word; nothing is not the same as empty.
using Rest = std::optional<std::string_view>;

/// The next word at blanks, one `=` or double quotes; `rest` becomes what follows. Empty: a quote that never ends.
std::optional<std::string> take_delimited(Rest& rest) {
  const auto text = *rest;
  const auto end = text.find_first_of(" \t\r\n\"=");
  if (end == std::string_view::npos) {
    rest.reset();
    return std::string(text);
  }
  const auto skip_blanks = [](std::string_view from) {
    from.remove_prefix(std::min(from.find_first_not_of(blanks), from.size()));
    return from;
  };
  if (text[end] == '"') {
    const auto close = text.find('"', end + 1);
    if (close == std::string_view::npos) return std::nullopt;
    rest = skip_blanks(text.substr(close + 1));
    return std::string(text.substr(0, end)) + std::string(text.substr(end + 1, close - end - 1));
  }
  auto after = skip_blanks(text.substr(end + 1));
  if (text[end] != '=' && after.starts_with('=')) after = skip_blanks(after.substr(1));
  rest = after;
  return std::string(text.substr(0, end));
}

Error unfinished_quote() {
  return {Error::Kind::malformed, "a quote never ends"};
}

Result<std::vector<std::string>> split_delimited(std::string_view text) {
  std::vector<std::string> words;
  Rest rest = text;
  while (rest && !rest->empty()) {
    auto word = take_delimited(rest);
    if (!word) return std::unexpected(unfinished_quote());
    words.push_back(std::move(*word));
  }
  return words;
}

Result<std::vector<std::string>> split_quoted(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  const auto character = [&](std::size_t index) { return index < text.size() ? text[index] : '\0'; };
  while (at < text.size()) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    if (text[at] == '#') break;
    std::string word;
    char quote = '\0';
    for (; at < text.size(); ++at) {
      const char c = text[at];
      const char next = character(at + 1);
      if (c == '\\' && (next == '\'' || next == '"' || next == '\\' || (quote == '\0' && next == ' '))) {
        word += next;
        ++at;
      } else if (quote == '\0' && (c == ' ' || c == '\t')) {
        break;
      } else if (quote == '\0' && (c == '"' || c == '\'') && c != '\\') {
        quote = c;
      } else if (quote != '\0' && c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    }
    if (quote != '\0') return std::unexpected(unfinished_quote());
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

Result<SshdLine> parse_sshd_line(std::string_view line, SshdDialect dialect) {
  if (line.find('\0') != std::string_view::npos) {
    return std::unexpected(Error{Error::Kind::malformed, "the line holds a NUL byte"});
  }
  if (dialect == SshdDialect::before_8_7) line = line.substr(0, line.find('#'));
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  while (line.size() > 1 && std::string_view(" \t\r\n\f").find(line.back()) != std::string_view::npos) {
    line.remove_suffix(1);
  }
  if (line.empty()) return SshdLine{};

  Rest rest = line;
  auto keyword = take_delimited(rest);
  if (keyword && keyword->empty() && rest) keyword = take_delimited(rest);
  if (!keyword || keyword->empty() || keyword->front() == '#') return SshdLine{};
  if (!rest || rest->empty()) {
    return std::unexpected(Error{Error::Kind::malformed, "no argument after keyword \"" + *keyword + "\""});
  }
  auto arguments = dialect == SshdDialect::since_8_7 ? split_quoted(*rest) : split_delimited(*rest);
  if (!arguments) return std::unexpected(arguments.error());
  return SshdLine{lower_case(*keyword), std::move(*arguments), std::string(*rest)};
}

std::optional<std::int64_t> parse_sshd_integer(std::string_view text) {
  const auto number = parse_integer(text);
  if (!number || *number < 0 || *number > largest_int) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parse_sshd_time(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    constexpr std::size_t most_digits = 10;
    if (digits == 0 || digits > most_digits) return std::nullopt;
    std::int64_t seconds = *parse_integer(text.substr(0, digits));
    text.remove_prefix(digits);
    if (!text.empty()) {
      const auto unit = std::string_view("smhdw").find(lower_case(text.substr(0, 1)));
      if (unit == std::string_view::npos) return std::nullopt;
      constexpr std::int64_t lengths[] = {1, 60, 3600, 86400, 604800};
      seconds *= lengths[unit];
      text.remove_prefix(1);
    }
    total += seconds;
    if (total > largest_int) return std::nullopt;
  }
  return total;
}

}  // namespace plimsoll::formats
