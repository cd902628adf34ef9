#include "engine/probes/setting_fields.hpp"

#include <algorithm>

#include "engine/probes/daemon_commands.hpp"

namespace plimsoll::probes {
namespace {

TextList list_of(std::string_view text) {
  TextList items;
  while (!text.empty() && text != "[]") {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    items.emplace_back(part);
  }
  return items;
}

}  // namespace

std::span<const std::string_view> used_keys(const SettingKeys& keys) {
  return {keys.begin(), std::find(keys.begin(), keys.end(), std::string_view())};
}

std::optional<Value> fallback_value(std::string_view text, ValueType type) {
  if (text.empty()) return std::nullopt;
  if (type == ValueType::boolean) return text == "true";
  if (type == ValueType::integer) return parse_integer(text).value_or(0);
  if (type == ValueType::list) return list_of(text);
  return text == "\"\"" ? std::string() : std::string(text);
}

void set_fields(Record& record, std::size_t first, std::span<const SettingField> rows, const Setting& settings,
                std::string_view fallback_source) {
  for (const auto& row : rows) {
    record.fields.at(first++) = field_of(settings.find(used_keys(row.keys)), row.schema.type,
                                         fallback_value(row.fallback, row.schema.type), fallback_source);
  }
}

void lay_options_over(Setting& settings, std::span<const SettingField> rows, std::span<const std::string> words,
                      const std::string& source) {
  for (const auto& row : rows) {
    if (row.option.empty()) continue;
    if (row.schema.type == ValueType::list) {
      if (auto values = option_values(words, row.option); !values.empty()) {
        lay_over(settings, used_keys(row.keys), std::move(values), source);
      }
    } else if (auto value = option_value(words, row.option, {}, row.schema.type == ValueType::boolean)) {
      lay_over(settings, used_keys(row.keys), std::move(*value), row.schema.type, source);
    }
  }
}

}  // namespace plimsoll::probes
