#include "engine/formats/toml.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <spanstream>
#include <toml.hpp>
#include <tuple>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/encoding.hpp"

namespace plimsoll::formats {
namespace {

struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

Error malformed(std::string what, Place place) {
  return Error{Error::Kind::malformed, std::move(what), {}, {"", place.line, place.column}};
}

// The library recurses for each bracket and each part of a dotted key, and looks through the whole text for the line of
// each value. So depth and number of values are bounded before it reads anything. Where this and the library could
// disagree on what is a string, a quote stands where TOML allows none, and the library stops at it.
class Guard {
 public:
  Guard(std::string_view text, const TomlLimits& limits) : text_(text), limits_(limits) {}

  Result<void> check() {
    while (at_ < text_.size()) {
      const char letter = text_[at_];
      if (letter == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      if (letter == '"' || letter == '\'') {
        pass_string(letter);
        last_ = letter;
        continue;
      }
      count(letter);
      if (std::string_view(" \t\r\n").find(letter) == std::string_view::npos) last_ = letter;
      if (depth_ + dots_ > limits_.depth) return refuse(fmt::format("nested more than {} deep", limits_.depth));
      if (values_ > limits_.values) return refuse(fmt::format("more than {} values", limits_.values));
      ++at_;
    }
    return {};
  }

  /// Where lists without items end, each at its closing bracket.
  [[nodiscard]] const std::vector<std::size_t>& empty_lists() const { return empty_lists_; }

 private:
  struct Bracket {
    std::size_t levels = 0;  // that it stands for
    bool of_value = false;   // else of a header
  };

  void count(char letter) {
    switch (letter) {
      case '[':
      case '{':
        open_.push_back(
            {dots_ + 1, last_ == '=' || last_ == ',' || (last_ == '[' && !open_.empty() && open_.back().of_value)});
        depth_ += dots_ + 1;
        dots_ = 0;
        ++values_;
        break;
      case ']':
      case '}':
        dots_ = 0;
        if (open_.empty()) break;
        if (letter == ']' && last_ == '[' && open_.back().of_value) empty_lists_.push_back(at_);
        depth_ -= open_.back().levels;
        open_.pop_back();
        break;
      case '.':
        ++dots_;
        break;
      case '=':
        ++values_;
        break;
      case ',':
        dots_ = 0;
        ++values_;
        break;
      case '\n':
        dots_ = 0;
        break;
      default:
        break;
    }
  }

  // At the opening quote; ends behind the closing one. A string of one line ends with the line at the latest.
  void pass_string(char quote) {
    const std::string three(3, quote);
    const bool many_lines = text_.substr(at_).starts_with(three);
    at_ += many_lines ? 3 : 1;
    while (at_ < text_.size()) {
      const char letter = text_[at_];
      if (letter == '\\' && quote == '"') {
        at_ = std::min(at_ + 2, text_.size());
      } else if (many_lines && text_.substr(at_).starts_with(three)) {
        at_ += 3;
        // Up to two quotes may stand before the closing three.
        for (int more = 0; more < 2 && at_ < text_.size() && text_[at_] == quote; ++more) ++at_;
        return;
      } else if (!many_lines && (letter == quote || letter == '\n')) {
        at_ += letter == quote ? 1 : 0;
        return;
      } else {
        ++at_;
      }
    }
  }

  [[nodiscard]] Result<void> refuse(std::string what) const {
    const auto before = text_.substr(0, at_);
    const auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1: the text is one line
    return std::unexpected(
        malformed(std::move(what), {lines + 1, static_cast<std::uint32_t>(before.size() - start) + 1}));
  }

  std::string_view text_;
  TomlLimits limits_;
  std::size_t at_ = 0;
  std::vector<Bracket> open_;
  std::vector<std::size_t> empty_lists_;
  char last_ = '\n';  // what is neither white space nor comment
  std::size_t depth_ = 0;
  std::size_t dots_ = 0;  // of the key that is being written
  std::size_t values_ = 0;
};

// The library's title without its level and function, and without the lines of the text below it.
std::string clause_of(std::string_view what) {
  what = what.substr(0, what.find('\n'));
  for (const std::string_view prefix : {"[error] ", "toml::"}) {
    if (!what.starts_with(prefix)) continue;
    what.remove_prefix(prefix == "toml::" ? std::min(what.find(": ") + 2, what.size()) : prefix.size());
  }
  return what.empty() ? "not valid TOML" : std::string(what);
}

#if TOML11_VERSION_MAJOR >= 4

Place place_of(const toml::source_location& location) {
  return {static_cast<std::uint32_t>(location.first_line_number()),
          static_cast<std::uint32_t>(location.first_column_number())};
}

const std::string& text_of(const toml::value& value) {
  return value.as_string();
}

bool is_mark(const toml::value& /*item*/) {
  return false;
}

Result<toml::value> read(std::string_view text, const std::vector<std::size_t>& /*empty_lists*/) {
  auto read = toml::try_parse(std::vector<unsigned char>(text.begin(), text.end()), "");
  if (read.is_ok()) return std::move(read.unwrap());
  const auto& errors = read.unwrap_err();
  if (errors.empty() || errors.front().locations().empty()) return std::unexpected(malformed("not valid TOML", {}));
  return std::unexpected(
      malformed(clause_of(errors.front().title()), place_of(errors.front().locations().front().first)));
}

#else

Place place_of(const toml::source_location& location) {
  return {location.line(), location.column()};
}

const std::string& text_of(const toml::value& value) {
  return value.as_string().str;
}

// Most errors of version 3 carry the place where it began, and the place that is meant only in their text: the number
// of a line before it, and below it a mark under what is wrong. Of several the last is where it went wrong.
Place place_in(std::string_view what, Place place) {
  std::string_view number;
  while (!what.empty()) {
    const auto row = what.substr(0, what.find('\n'));
    what.remove_prefix(std::min(row.size() + 1, what.size()));
    const auto bar = row.find(" | ");
    if (bar == std::string_view::npos) continue;
    const auto before = trimmed(row.substr(0, bar));
    const auto mark = row.find_first_of("^~", bar);
    if (const auto line = parse_integer(before); line && *line > 0) {
      number = before;
    } else if (before.empty() && mark != std::string_view::npos && !number.empty()) {
      place = {static_cast<std::uint32_t>(*parse_integer(number)), static_cast<std::uint32_t>(mark - bar - 2)};
      number = {};
    }
  }
  return place;
}

// Version 3 looks at the first item of a list that a later key goes into (`a = []`, then `a.b = 1`), also when it has
// none. So lists without items get one for as long as it reads.
constexpr std::string_view written_mark = R"("\u0001plimsoll")";
constexpr std::string_view mark = "\x01plimsoll";

bool is_mark(const toml::value& item) {
  return item.is_string() && text_of(item) == mark;
}

std::string marked(std::string_view text, const std::vector<std::size_t>& empty_lists) {
  std::string made;
  std::size_t done = 0;
  for (const auto end : empty_lists) {
    made.append(text.substr(done, end - done)).append(written_mark);
    done = end;
  }
  return made.append(text.substr(done));
}

Result<toml::value> read(std::string_view text, const std::vector<std::size_t>& empty_lists) {
  try {
    const auto whole = marked(text, empty_lists);
    std::ispanstream stream{std::span<const char>{whole.data(), whole.size()}};
    return toml::parse(stream, "");
  } catch (const toml::exception& exception) {
    const std::string_view what = exception.what();
    return std::unexpected(malformed(clause_of(what), place_in(what, place_of(exception.location()))));
  } catch (const std::exception& exception) {
    return std::unexpected(malformed(clause_of(exception.what()), {}));
  }
}

#endif

// The depth is bounded by Guard.
Result<TomlNode> node_of(const toml::value& value);

Result<void> add_entries(TomlNode& node, const toml::value& value) {
  for (const auto& [key, inner] : value.as_table()) {
    auto made = node_of(inner);
    if (!made) return std::unexpected(made.error());
    node.entries.push_back({key, std::move(*made)});
  }
  std::sort(node.entries.begin(), node.entries.end(), [](const TomlEntry& left, const TomlEntry& right) {
    return std::tie(left.value.line, left.value.column, left.key) <
           std::tie(right.value.line, right.value.column, right.key);
  });
  return {};
}

Result<TomlNode> node_of(const toml::value& value) {
  TomlNode node;
  const Place place = place_of(value.location());
  node.line = place.line;
  node.column = place.column;
  if (value.is_table()) {
    node.kind = TomlNode::Kind::table;
    if (auto added = add_entries(node, value); !added) return std::unexpected(added.error());
  } else if (value.is_array()) {
    node.kind = TomlNode::Kind::array;
    for (const auto& item : value.as_array()) {
      if (is_mark(item)) continue;
      auto made = node_of(item);
      if (!made) return made;
      node.items.push_back(std::move(*made));
    }
  } else if (value.is_boolean()) {
    node.kind = TomlNode::Kind::boolean;
    node.text = value.as_boolean() ? "true" : "false";
  } else if (value.is_integer()) {
    // Version 3 takes a number that does not fit for the largest one.
    if (value.as_integer() == std::numeric_limits<std::int64_t>::max()) {
      return std::unexpected(malformed("this number is too large", place));
    }
    node.kind = TomlNode::Kind::integer;
    node.text = fmt::format("{}", value.as_integer());
  } else if (value.is_string()) {
    node.kind = TomlNode::Kind::text;
    node.text = text_of(value);
  } else {
    node.kind = value.is_floating() ? TomlNode::Kind::floating : TomlNode::Kind::time;
  }
  return node;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [key](const auto& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

const TomlNode* TomlNode::find_path(std::initializer_list<std::string_view> keys) const {
  const TomlNode* node = this;
  for (const auto key : keys) {
    node = node->find(key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::optional<bool> TomlNode::boolean() const {
  if (kind != Kind::boolean) return std::nullopt;
  return text == "true";
}

std::optional<std::int64_t> TomlNode::integer() const {
  return kind == Kind::integer ? parse_integer(text) : std::nullopt;
}

Result<TomlNode> parse_toml(std::string_view text, const TomlLimits& limits) {
  if (text.size() > limits.bytes) {
    return std::unexpected(Error{Error::Kind::too_large, fmt::format("more than {} bytes of TOML", limits.bytes)});
  }
  if (auto encoding = check_utf8(text); !encoding) return std::unexpected(encoding.error());
  Guard guard(text, limits);
  if (auto guarded = guard.check(); !guarded) return std::unexpected(guarded.error());
  const auto read_value = read(text, guard.empty_lists());
  if (!read_value) return std::unexpected(read_value.error());
  auto root = node_of(*read_value);
  if (root) root->line = root->column = 1;
  return root;
}

}  // namespace plimsoll::formats
