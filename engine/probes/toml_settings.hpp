// Settings from TOML files that are laid over each other: which value counts, where it stands, and what it overrides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/formats/toml.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// A value, or a table of more.
struct Setting {
  formats::TomlNode::Kind kind = formats::TomlNode::Kind::table;
  std::string text;    ///< as TomlNode::text
  TextList items;      ///< of an array the texts of its items; tables in it have none
  bool texts = true;   ///< of an array: every item is a text
  std::string source;  ///< "/etc/crio/crio.conf:12"; of a table the first that holds anything
  std::vector<Overridden> overridden;
  std::map<std::string, Setting, std::less<>> entries;

  [[nodiscard]] bool is_table() const { return kind == formats::TomlNode::Kind::table; }
  /// What stands below several keys, or nullptr.
  [[nodiscard]] const Setting* find(std::span<const std::string_view> keys) const;
  [[nodiscard]] const Setting* find(std::initializer_list<std::string_view> keys) const;
};

/// Whether the table at these keys takes the place of an earlier one as a whole.
using ReplacesTable = std::function<bool(std::span<const std::string> keys)>;

/// Lays a file over what is there: values and arrays take the place of earlier ones, tables add up.
void lay_over(Setting& settings, const formats::TomlNode& table, const std::string& path,
              const ReplacesTable& replaces = {});

/// A value given by an option or the like. One that is not of the type it should be stays a text.
void lay_over(Setting& settings, std::span<const std::string_view> keys, std::string text, ValueType type,
              std::string source);
void lay_over(Setting& settings, std::span<const std::string_view> keys, TextList items, std::string source);

/// A file of TOML. Errors: those of Root::read, and malformed with "path:line: what".
[[nodiscard]] Result<formats::TomlNode> read_toml(const sources::Root& root, const std::string& path);

/// The field that a setting gives: the fallback where nothing is set, absent without one, and unreadable where the
/// value is of another type. Types: boolean, integer, text, list (one text counts as a list of one).
[[nodiscard]] Field field_of(const Setting* setting, ValueType type, std::optional<Value> fallback,
                             std::string_view fallback_source);

}  // namespace plimsoll::probes
