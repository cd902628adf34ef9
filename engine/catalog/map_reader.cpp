#include "engine/catalog/map_reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "engine/catalog/literal.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::catalog {

using formats::YamlNode;

void report_duplicate_keys(const YamlNode& map, const Reporter& reporter) {
  std::set<std::string_view> seen;
  for (const auto& [key, value] : map.entries) {
    if (!seen.insert(key.text).second) {
      reporter.add("duplicate-key", key, fmt::format("`{}` stands here a second time", key.text),
                   fmt::format("the first is in line {}",
                               std::find_if(map.entries.begin(), map.entries.end(), [&](const auto& entry) {
                                 return entry.first.text == key.text;
                               })->first.line));
    }
  }
}

bool is_id(std::string_view text, bool dots) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [dots](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || (dots && c == '.');
  });
}

MapReader::MapReader(const YamlNode& node, std::string_view what, std::span<const std::string_view> keys,
                     const Reporter& reporter)
    : node_(&node), what_(what), reporter_(&reporter) {
  if (!node.is_map()) {
    reporter.add("wrong-shape", node, fmt::format("{} is a map, not {}", what, described(node)));
    return;
  }
  report_duplicate_keys(node, reporter);
  for (const auto& [key, value] : node.entries) {
    if (std::find(keys.begin(), keys.end(), key.text) != keys.end()) continue;
    reporter.add("unknown-key", key, fmt::format("{} has no key `{}`", what, key.text), suggestion(key.text, keys));
  }
}

std::string MapReader::text(std::string_view key) const {
  const YamlNode* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_scalar() || trimmed(value->text).empty()) {
    const std::string given = value->is_scalar() ? "a blank one" : described(*value);
    reporter_->add("wrong-shape", *value, fmt::format("`{}` is a text, not {}", key, given));
    return {};
  }
  return std::string(trimmed(value->text));
}

std::string MapReader::required_text(std::string_view key) const {
  return required(key) == nullptr ? std::string() : text(key);
}

const YamlNode* MapReader::required(std::string_view key) const {
  const YamlNode* value = find(key);
  if (value == nullptr && is_map()) {
    reporter_->add("missing-key", *node_, fmt::format("{} needs `{}`", what_, key));
  }
  return value;
}

std::vector<const YamlNode*> MapReader::texts(std::string_view key) const {
  std::vector<const YamlNode*> found;
  const YamlNode* value = find(key);
  if (value == nullptr) return found;
  if (value->is_scalar()) return {value};
  if (!value->is_sequence()) {
    reporter_->add("wrong-shape", *value, fmt::format("`{}` is a list of texts, not {}", key, described(*value)));
    return found;
  }
  for (const auto& item : value->items) {
    if (item.is_scalar() && !trimmed(item.text).empty()) {
      found.push_back(&item);
    } else {
      reporter_->add("wrong-shape", item, fmt::format("an item of `{}` is a text, not {}", key, described(item)));
    }
  }
  return found;
}

std::optional<bool> MapReader::boolean(std::string_view key) const {
  const YamlNode* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto parsed = parse_literal(*value, Wanted::boolean, fmt::format("`{}`", key));
  if (parsed) return std::get<bool>(*parsed);
  reporter_->add(parsed.error().code, *value, parsed.error().message, parsed.error().hint);
  return std::nullopt;
}

}  // namespace plimsoll::catalog
