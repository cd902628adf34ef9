// YAML 1.2 to a tree that keeps places, quoting and duplicate keys. Wraps yaml-cpp's event parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct YamlEntry;

struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };
  Kind kind = Kind::null;
  bool quoted = false;             ///< scalar: written in quotes, or as a block, so it is text whatever it looks like
  std::uint32_t line = 0;          ///< 1-based
  std::uint32_t column = 0;        ///< 1-based
  std::string text;                ///< scalar, as written after unescaping; never converted to a number
  std::vector<YamlNode> items;     ///< sequence
  std::vector<YamlEntry> entries;  ///< map, in file order, duplicates included; keys are scalars

  /// The value of the first entry with this key, or nullptr (also when this is no map).
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
};

/// One `first: second` of a map. (A std::pair would need both types whole before YamlNode is.)
struct YamlEntry {
  YamlNode first;
  YamlNode second;
};

/// Limits against hostile or broken input (engine/formats/yaml.cpp refuses what is beyond them as malformed).
inline constexpr int max_yaml_depth = 100;
inline constexpr std::size_t max_yaml_nodes = 2'000'000;  ///< written out and copied by aliases
inline constexpr std::size_t max_yaml_copies = 100'000;   ///< of these, copied by aliases

/// The one document of a YAML text; an empty text is a null node. Aliases are expanded (bounded); tags are ignored; map
/// keys must be scalars. Errors: malformed, with `where.line` and `where.column` (the caller adds the file name).
[[nodiscard]] Result<YamlNode> parse_yaml(std::string_view text);

}  // namespace plimsoll::formats
