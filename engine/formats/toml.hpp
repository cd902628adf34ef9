// TOML (1.0) to a tree that keeps places. Wraps toml11, of which versions 3 and 4 both serve.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct TomlEntry;

struct TomlNode {
  enum class Kind : std::uint8_t { boolean, integer, floating, text, time, array, table };
  Kind kind = Kind::table;
  std::uint32_t line = 0;          ///< 1-based; of a table the line of its header, or of the first that names it
  std::uint32_t column = 0;        ///< 1-based
  std::string text;                ///< text: unescaped; boolean: "true" or "false"; integer: decimal; else empty
  std::vector<TomlNode> items;     ///< array; tables under [[double brackets]] too
  std::vector<TomlEntry> entries;  ///< table, in file order; no key stands twice

  /// The value of the key, or nullptr (also when this is no table).
  [[nodiscard]] const TomlNode* find(std::string_view key) const;
  /// The value below several keys, each a table's, or nullptr: `find_path({"plugins", "io.containerd.grpc.v1.cri"})`.
  [[nodiscard]] const TomlNode* find_path(std::initializer_list<std::string_view> keys) const;

  [[nodiscard]] bool is_text() const { return kind == Kind::text; }
  [[nodiscard]] bool is_array() const { return kind == Kind::array; }
  [[nodiscard]] bool is_table() const { return kind == Kind::table; }

  /// Empty when this is no boolean.
  [[nodiscard]] std::optional<bool> boolean() const;
  /// Empty when this is no integer.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
};

/// One `key = value` of a table.
struct TomlEntry {
  std::string key;
  TomlNode value;
};

/// What is beyond these is refused: depth and values as malformed, bytes as too large. toml11 counts lines from the
/// start of the text for each value, so its time grows with the product of bytes and values.
struct TomlLimits {
  std::size_t bytes = std::size_t{512} * 1024;
  std::size_t values = 20'000;
  std::size_t depth = 50;  ///< of brackets and dotted keys together, below the header; and of a header
};

/// The table that a TOML text is; a byte order mark before it is passed over. Errors: malformed, with `where.line` and
/// `where.column` (the caller adds the file name); too_large. No error quotes the text.
[[nodiscard]] Result<TomlNode> parse_toml(std::string_view text, const TomlLimits& limits = {});

}  // namespace plimsoll::formats
