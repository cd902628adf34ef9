// Fields of a record that are each one setting of a TOML configuration, as rows of a table.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "engine/core/record.hpp"
#include "engine/core/schema.hpp"
#include "engine/probes/toml_settings.hpp"

namespace plimsoll::probes {

/// Where a setting stands: trailing empty keys are none.
using SettingKeys = std::array<std::string_view, 5>;
[[nodiscard]] std::span<const std::string_view> used_keys(const SettingKeys& keys);

struct SettingField {
  FieldSchema schema;
  SettingKeys keys;
  std::string_view fallback = {};  ///< as fallback_value() reads it
  std::string_view option = {};    ///< of the command line, without its dashes; empty: there is none
};

/// Nothing for an empty text (the field is absent where nothing is set). A list is written with commas, an empty text
/// `""`, an empty list `[]`.
[[nodiscard]] std::optional<Value> fallback_value(std::string_view text, ValueType type);

/// The schemas of `plain` and then those of the rows.
template <std::size_t Plain, std::size_t Rows>
[[nodiscard]] constexpr std::array<FieldSchema, Plain + Rows> joined_schemas(
    const std::array<FieldSchema, Plain>& plain, const std::array<SettingField, Rows>& rows) {
  std::array<FieldSchema, Plain + Rows> made = {};
  for (std::size_t i = 0; i < Plain; ++i) made[i] = plain[i];
  for (std::size_t i = 0; i < Rows; ++i) made[Plain + i] = rows[i].schema;
  return made;
}

/// Sets the fields of the rows, the first of which is the field `first`.
void set_fields(Record& record, std::size_t first, std::span<const SettingField> rows, const Setting& settings,
                std::string_view fallback_source);

/// Lays the options of a command line over the settings.
void lay_options_over(Setting& settings, std::span<const SettingField> rows, std::span<const std::string> words,
                      const std::string& source);

}  // namespace plimsoll::probes
