#include "engine/probes/toml_settings.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <utility>

namespace plimsoll::probes {
namespace {

using Kind = formats::TomlNode::Kind;

std::string text_of(const Setting& setting) {
  if (setting.kind == Kind::array) return fmt::format("{}", fmt::join(setting.items, ", "));
  return setting.is_table() ? std::string("a table") : setting.text;
}

void replace(Setting& at, Setting by) {
  if (!at.source.empty()) {
    by.overridden = std::move(at.overridden);
    by.overridden.push_back({at.source, text_of(at)});
  }
  at = std::move(by);
}

Setting value_of(const formats::TomlNode& node, std::string source) {
  Setting setting;
  setting.kind = node.kind;
  setting.text = node.text;
  setting.source = std::move(source);
  for (const auto& item : node.items) {
    setting.texts = setting.texts && item.is_text();
    setting.items.push_back(item.text);
  }
  return setting;
}

// The depth is bounded by the reader of TOML.
void lay(Setting& settings, const formats::TomlNode& table, const std::string& path, const ReplacesTable& replaces,
         std::vector<std::string>& keys) {
  for (const auto& [key, node] : table.entries) {
    auto& at = settings.entries[key];
    const auto source = fmt::format("{}:{}", path, node.line);
    if (!node.is_table()) {
      replace(at, value_of(node, source));
      continue;
    }
    keys.push_back(key);
    if (!at.is_table() || (replaces && !at.source.empty() && replaces(keys))) replace(at, Setting{});
    if (at.source.empty()) at.source = source;
    lay(at, node, path, replaces, keys);
    keys.pop_back();
  }
}

Setting& made_at(Setting& settings, std::span<const std::string_view> keys) {
  Setting* at = &settings;
  for (const auto key : keys) at = &at->entries[std::string(key)];
  return *at;
}

std::optional<Value> read_as(const Setting& setting, ValueType type) {
  switch (type) {
    case ValueType::boolean:
      if (setting.kind == Kind::boolean) return setting.text == "true";
      return std::nullopt;
    case ValueType::integer:
      if (setting.kind != Kind::integer) return std::nullopt;
      if (const auto number = parse_integer(setting.text)) return *number;
      return std::nullopt;
    case ValueType::list:
      if (setting.kind == Kind::text) return TextList{setting.text};
      if (setting.kind == Kind::array && setting.texts) return setting.items;
      return std::nullopt;
    case ValueType::text:
    case ValueType::scalar:
    case ValueType::mode:
    case ValueType::time:
    case ValueType::version:
    case ValueType::address:
      if (setting.kind == Kind::text) return setting.text;
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

const Setting* Setting::find(std::span<const std::string_view> keys) const {
  const Setting* at = this;
  for (const auto key : keys) {
    const auto found = at->entries.find(key);
    if (found == at->entries.end()) return nullptr;
    at = &found->second;
  }
  return at;
}

const Setting* Setting::find(std::initializer_list<std::string_view> keys) const {
  return find(std::span(keys.begin(), keys.size()));
}

void lay_over(Setting& settings, const formats::TomlNode& table, const std::string& path,
              const ReplacesTable& replaces) {
  std::vector<std::string> keys;
  lay(settings, table, path, replaces, keys);
}

void lay_over(Setting& settings, std::span<const std::string_view> keys, std::string text, ValueType type,
              std::string source) {
  Setting by;
  const bool boolean = type == ValueType::boolean && (text == "true" || text == "false");
  const bool integer = type == ValueType::integer && parse_integer(text).has_value();
  by.kind = boolean ? Kind::boolean : integer ? Kind::integer : Kind::text;
  by.text = std::move(text);
  by.source = std::move(source);
  replace(made_at(settings, keys), std::move(by));
}

void lay_over(Setting& settings, std::span<const std::string_view> keys, TextList items, std::string source) {
  Setting by;
  by.kind = Kind::array;
  by.items = std::move(items);
  by.source = std::move(source);
  replace(made_at(settings, keys), std::move(by));
}

Result<formats::TomlNode> read_toml(const sources::Root& root, const std::string& path) {
  const auto text = root.read(path, sources::max_config_bytes);
  if (!text) return std::unexpected(text.error());
  auto tree = formats::parse_toml(*text);
  if (!tree) {
    auto error = tree.error();
    error.what = error.where.line > 0 ? fmt::format("{}:{}: {}", path, error.where.line, error.what)
                                      : fmt::format("{}: {}", path, error.what);
    error.where = {};
    return std::unexpected(std::move(error));
  }
  return tree;
}

Field field_of(const Setting* setting, ValueType type, std::optional<Value> fallback,
               std::string_view fallback_source) {
  if (setting == nullptr) {
    if (!fallback) return Field{Absent{}, {}, {}};
    return Field{std::move(*fallback), std::string(fallback_source), {}};
  }
  auto value = read_as(*setting, type);
  if (!value) {
    return Field{Unreadable{Error{Error::Kind::malformed,
                                  fmt::format("{}: the value is not of the type {}", setting->source, name_of(type))}},
                 setting->source, setting->overridden};
  }
  return Field{std::move(*value), setting->source, setting->overridden};
}

}  // namespace plimsoll::probes
