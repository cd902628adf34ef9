#include "engine/formats/apt_sources.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/formats/apt_conf.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

std::unexpected<Error> malformed(std::uint32_t line, std::string_view what) {
  return std::unexpected(Error{Error::Kind::malformed, fmt::format("line {}: {}", line, what)});
}

/// A word of the one-line format: quotes and brackets hold blanks together (ParseQuoteWord). Empty at the end.
std::string take_list_word(std::string_view& rest) {
  while (!rest.empty() && is_white(rest.front())) rest.remove_prefix(1);
  std::string word;
  char closing = 0;
  while (!rest.empty() && (closing != 0 || !is_white(rest.front()))) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (closing != 0 && c == closing) {
      closing = 0;
      if (c == ']') word += c;
    } else if (closing == 0 && c == '"') {
      closing = c;
    } else {
      if (closing == 0 && c == '[') closing = ']';
      word += c;
    }
  }
  return word;
}

/// "[ arch=amd64 signed-by=/x ]" to options, by their names in the other format.
bool read_options(std::string_view text, AptSource& source) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> names = {
      {{"arch", "architectures"}, {"lang", "languages"}, {"target", "targets"}}};
  for (const auto& word : apt_words(text)) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) return false;
    auto name = lower_case(std::string_view(word).substr(0, equals));
    auto value = word.substr(equals + 1);
    std::string_view change;
    if (name.ends_with('+')) change = "-add";
    if (name.ends_with('-')) change = "-remove";
    if (!change.empty()) name.pop_back();
    for (const auto& [short_name, long_name] : names) {
      if (name == short_name) name = long_name;
    }
    name += change;
    for (auto& c : value) {
      if (c == ',') c = ' ';
    }
    source.options[std::move(name)] = std::move(value);
  }
  return true;
}

}  // namespace

std::vector<std::string> apt_words(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
    if (text.empty()) return words;
    std::size_t end = 0;
    while (end < text.size() && !is_white(text[end])) ++end;
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

Result<std::vector<AptSource>> parse_apt_list(std::string_view text) {
  std::vector<AptSource> sources;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    // A comment starts at any `#` outside brackets; addresses have none.
    const auto bracket = line.find(']');
    const auto comment =
        line.find('#', bracket == std::string_view::npos || line.find('#') < line.find('[') ? 0 : bracket);
    auto rest = trimmed(line.substr(0, comment));
    if (rest.empty()) continue;
    AptSource source;
    source.line = lines.number();
    source.types = {take_list_word(rest)};
    if (source.types.front() != "deb" && source.types.front() != "deb-src") {
      return malformed(source.line, "the type of a source is neither deb nor deb-src");
    }
    rest = trimmed(rest);
    if (rest.starts_with('[')) {
      const auto end = rest.find(']');
      if (end == std::string_view::npos || !read_options(rest.substr(1, end - 1), source)) {
        return malformed(source.line, "the options of a source cannot be made out");
      }
      rest.remove_prefix(end + 1);
    }
    source.uris = {take_list_word(rest)};
    source.suites = {take_list_word(rest)};
    if (source.uris.front().empty() || source.suites.front().empty()) {
      return malformed(source.line, "a source lacks its address or its suite");
    }
    for (auto word = take_list_word(rest); !word.empty(); word = take_list_word(rest)) {
      source.components.push_back(std::move(word));
    }
    if (source.components.empty() != source.suites.front().ends_with('/')) {
      return malformed(source.line, "a source needs components, or a suite that is an exact path");
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

namespace {

/// What one stanza of the deb822 format comes to.
Result<void> finish(AptSource& stanza, std::vector<AptSource>& sources) {
  if (stanza.options.empty()) return {};
  const auto take = [&](std::string_view name) {
    const auto found = stanza.options.find(name);
    if (found == stanza.options.end()) return std::vector<std::string>();
    auto words = apt_words(found->second);
    stanza.options.erase(found);
    return words;
  };
  const auto enabled = take("enabled");
  stanza.enabled = enabled.empty() || apt_truth(enabled.front()).value_or(true);
  stanza.types = take("types");
  stanza.uris = take("uris");
  stanza.suites = take("suites");
  stanza.components = take("components");
  if (stanza.enabled && (stanza.types.empty() || stanza.uris.empty() || stanza.suites.empty())) {
    return malformed(stanza.line, "a source lacks its type, its address or its suite");
  }
  sources.push_back(std::move(stanza));
  stanza = {};
  return {};
}

}  // namespace

Result<std::vector<AptSource>> parse_apt_sources(std::string_view text) {
  std::vector<AptSource> sources;
  AptSource stanza;
  std::string* value = nullptr;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (line.starts_with('#')) continue;
    if (trimmed(line).empty()) {
      if (const auto done = finish(stanza, sources); !done) return std::unexpected(done.error());
      value = nullptr;
      continue;
    }
    if (line.front() == ' ' || line.front() == '\t') {
      if (value == nullptr) return malformed(lines.number(), "there is no field that this line could continue");
      *value += fmt::format("\n{}", trimmed(line));
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return malformed(lines.number(), "this is no field");
    if (stanza.options.empty()) stanza.line = lines.number();
    // Of a field that stands twice apt takes the last.
    value = &stanza.options[lower_case(trimmed(line.substr(0, colon)))];
    *value = trimmed(line.substr(colon + 1));
  }
  if (const auto done = finish(stanza, sources); !done) return std::unexpected(done.error());
  return sources;
}

}  // namespace plimsoll::formats
