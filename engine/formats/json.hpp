// JSON (RFC 8259) to a tree that keeps places and numbers as written. Wraps nlohmann's SAX parser.
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

struct JsonEntry;

struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, number, text, array, object };
  Kind kind = Kind::null;
  std::uint32_t line = 0;          ///< 1-based
  std::uint32_t column = 0;        ///< 1-based, in bytes
  std::string text;                ///< text: unescaped; number: as written; boolean: "true" or "false"; else empty
  std::vector<JsonNode> items;     ///< array
  std::vector<JsonEntry> entries;  ///< object, in file order; no key stands twice

  /// The value of the key, or nullptr (also when this is no object).
  [[nodiscard]] const JsonNode* find(std::string_view key) const;
  /// The value below several keys, each an object's, or nullptr: `find_path({"Swarm", "Cluster", "ID"})`.
  [[nodiscard]] const JsonNode* find_path(std::initializer_list<std::string_view> keys) const;

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_number() const { return kind == Kind::number; }
  [[nodiscard]] bool is_text() const { return kind == Kind::text; }
  [[nodiscard]] bool is_array() const { return kind == Kind::array; }
  [[nodiscard]] bool is_object() const { return kind == Kind::object; }

  /// Empty when this is no boolean.
  [[nodiscard]] std::optional<bool> boolean() const;
  /// Empty when this is no number, has a fraction or exponent, or does not fit.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
};

/// One `"key": value` of an object.
struct JsonEntry {
  std::string key;
  std::uint32_t line = 0;  ///< of the key
  std::uint32_t column = 0;
  JsonNode value;
};

/// What is beyond these is refused: depth and values as malformed, bytes as too large.
struct JsonLimits {
  std::size_t bytes = std::size_t{16} * 1024 * 1024;
  std::size_t values = 250'000;  ///< each takes some hundred bytes
  std::size_t depth = 100;
};

/// The one value of a JSON text; a byte order mark before it is passed over. Comments, trailing commas, keys that stand
/// twice in one object (readers differ on which counts) and text that is not UTF-8 are refused. Errors: malformed, with
/// `where.line` and `where.column` (the caller adds the file name); too_large. No error quotes the text.
[[nodiscard]] Result<JsonNode> parse_json(std::string_view text, const JsonLimits& limits = {});

}  // namespace plimsoll::formats
