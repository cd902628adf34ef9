#include "engine/formats/json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/core/value.hpp"

namespace plimsoll::formats {
namespace {

using Json = nlohmann::json;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

Error malformed(std::string what, Place place) {
  return Error{Error::Kind::malformed, std::move(what), {}, {"", place.line, place.column}};
}

// The library says what the tokens are but not where. This walks the text beside it, one token for each of its events,
// so it meets nothing that the library has not found well formed.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  /// The place of the next token; `token` becomes its text as written.
  Place next(std::string_view& token) {
    while (at_ < text_.size() && std::string_view(" \t\r\n,:").find(text_[at_]) != std::string_view::npos) pass();
    const std::size_t start = at_;
    const Place place = place_;
    if (at_ >= text_.size()) return place;
    if (text_[at_] == '"') {
      pass();
      while (at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '\\') pass();
        pass();
      }
      pass();
    } else if (std::string_view("{}[]").find(text_[at_]) != std::string_view::npos) {
      pass();
    } else {
      while (at_ < text_.size() && std::string_view(" \t\r\n,:{}[]").find(text_[at_]) == std::string_view::npos) pass();
    }
    token = text_.substr(start, at_ - start);
    return place;
  }

 private:
  void pass() {
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else {
      ++place_.column;
    }
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Place place_;
};

Place place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1: the text is one line
  return {lines + 1, static_cast<std::uint32_t>(before.size() - start) + 1};
}

// The library's clause without its place, which it counts otherwise, and without the text it read, which may be secret.
std::string clause_of(std::string_view what) {
  const auto column = what.find(", column ");
  const auto start = what.find(": ", column == std::string_view::npos ? 0 : column);
  if (start != std::string_view::npos) what.remove_prefix(start + 2);
  return std::string(what.substr(0, what.find("; last read: ")));
}

class TreeBuilder {
 public:
  using Number = Json::number_float_t;

  TreeBuilder(std::string_view text, const JsonLimits& limits) : text_(text), cursor_(text), limits_(limits) {}

  JsonNode take() { return std::move(document_); }
  Error error() { return std::move(error_); }

  bool null() { return scalar(JsonNode::Kind::null); }
  bool boolean(bool value) { return scalar(JsonNode::Kind::boolean, value ? "true" : "false"); }
  bool number_integer(Json::number_integer_t /*value*/) { return scalar(JsonNode::Kind::number); }
  bool number_unsigned(Json::number_unsigned_t /*value*/) { return scalar(JsonNode::Kind::number); }
  bool number_float(Number /*value*/, const std::string& /*text*/) { return scalar(JsonNode::Kind::number); }
  bool string(std::string& value) { return scalar(JsonNode::Kind::text, std::move(value)); }
  bool binary(Json::binary_t& /*value*/) { return false; }  // JSON has none

  bool start_object(std::size_t /*unknown*/) { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t /*unknown*/) { return open(JsonNode::Kind::array); }
  bool end_array() { return close(); }
  bool end_object() { return no_key_twice(open_.back()) && close(); }

  bool key(std::string& name) {
    std::string_view written;
    const Place place = cursor_.next(written);
    open_.back().entries.push_back({std::move(name), place.line, place.column, {}});
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/, const Json::exception& exception) {
    return refuse(clause_of(exception.what()), place_of(text_, position == 0 ? 0 : position - 1));
  }

 private:
  bool refuse(std::string what, Place place) {
    error_ = malformed(std::move(what), place);
    return false;
  }

  bool begin(JsonNode& node, JsonNode::Kind kind) {
    std::string_view written;
    const Place place = cursor_.next(written);
    node.kind = kind;
    node.line = place.line;
    node.column = place.column;
    if (kind == JsonNode::Kind::number) node.text = written;
    if (++values_ > limits_.values) return refuse(fmt::format("more than {} values", limits_.values), place);
    return true;
  }

  bool scalar(JsonNode::Kind kind, std::string text = {}) {
    JsonNode node;
    node.text = std::move(text);
    if (!begin(node, kind)) return false;
    attach(std::move(node));
    return true;
  }

  bool open(JsonNode::Kind kind) {
    JsonNode node;
    if (!begin(node, kind)) return false;
    if (open_.size() >= limits_.depth) {
      return refuse(fmt::format("nested more than {} deep", limits_.depth), {node.line, node.column});
    }
    open_.push_back(std::move(node));
    return true;
  }

  bool close() {
    std::string_view written;
    cursor_.next(written);
    JsonNode node = std::move(open_.back());
    open_.pop_back();
    attach(std::move(node));
    return true;
  }

  void attach(JsonNode node) {
    if (open_.empty()) {
      document_ = std::move(node);
    } else if (JsonNode& parent = open_.back(); parent.is_array()) {
      parent.items.push_back(std::move(node));
    } else {
      parent.entries.back().value = std::move(node);
    }
  }

  // Sorted by key and compared with the neighbour: an object of many keys must not cost their square.
  bool no_key_twice(const JsonNode& node) {
    std::vector<const JsonEntry*> sorted;
    sorted.reserve(node.entries.size());
    for (const auto& entry : node.entries) sorted.push_back(&entry);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto* left, const auto* right) { return left->key < right->key; });
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                          [](const auto* left, const auto* right) { return left->key == right->key; });
    if (twice == sorted.end()) return true;
    const JsonEntry& first = **twice;
    const JsonEntry& second = **(twice + 1);
    return refuse(fmt::format("this key stands in line {} already", first.line), {second.line, second.column});
  }

  std::string_view text_;
  Cursor cursor_;
  JsonLimits limits_;
  JsonNode document_;
  std::vector<JsonNode> open_;
  std::size_t values_ = 0;
  Error error_;
};

}  // namespace

const JsonNode* JsonNode::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [key](const auto& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

const JsonNode* JsonNode::find_path(std::initializer_list<std::string_view> keys) const {
  const JsonNode* node = this;
  for (const auto key : keys) {
    node = node->find(key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::optional<bool> JsonNode::boolean() const {
  if (kind != Kind::boolean) return std::nullopt;
  return text == "true";
}

std::optional<std::int64_t> JsonNode::integer() const {
  return is_number() ? parse_integer(text) : std::nullopt;
}

Result<JsonNode> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return std::unexpected(Error{Error::Kind::too_large, fmt::format("more than {} bytes of JSON", limits.bytes)});
  }
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  TreeBuilder builder(text, limits);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) return std::unexpected(builder.error());
  return builder.take();
}

}  // namespace plimsoll::formats
