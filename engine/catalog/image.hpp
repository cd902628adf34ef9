// The catalog as one flat block of bytes: tables of fixed-size rows that name each other by number, and one pool of
// texts. Position-independent, in the byte order of the machine; it belongs to the program that it was built with, so
// probes, fields and operators stand in it as numbers (guarded by a fingerprint of each probe's schema).
//
// A damaged block is refused, or gives wrong texts, but never leads out of its bounds: `open` checks header and table
// bounds once, and every access checks its own number.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/controls.hpp"
#include "engine/core/results.hpp"

namespace plimsoll::catalog::image {

using Number = std::uint32_t;
inline constexpr Number nothing = 0xFFFFFFFF;
inline constexpr Number format_version = 3;
inline constexpr std::array<char, 8> magic = {'p', 'l', 'i', 'm', 's', 'o', 'l', 'l'};

struct Text {
  Number offset = 0, length = 0;  ///< in the pool
};
struct Range {
  Number first = 0, count = 0;  ///< in the table that the comment names
};

enum class Table : Number {
  texts,
  links,
  probes,
  values,
  conditions,
  leaves,
  expressions,
  parameters,
  checks,
  settings,
  row_checks,
  role_levels,
  rows,
  profiles
};
inline constexpr std::size_t table_count = 14;

struct TextRow {
  static constexpr Table table = Table::texts;
  Text text;
};
struct LinkRow {  ///< numbers of conditions, expressions or fields, for those that name several
  static constexpr Table table = Table::links;
  Number target = 0;
};
struct ProbeRow {
  static constexpr Table table = Table::probes;
  Text name;
  Number fingerprint = 0;
};
struct ValueRow {
  static constexpr Table table = Table::values;
  enum class Kind : Number { none, boolean, integer, text, list, parameter };
  Kind kind = Kind::none;
  Number a = 0,
         b = 0;  ///< boolean; low and high half; offset and length; first and count in texts; parameter and Wanted
};
struct ConditionRow {
  static constexpr Table table = Table::conditions;
  Number kind = 0, field = 0, op = 0;
  Range operands;  ///< values
  Range parts;     ///< links to conditions
};
struct LeafRow {
  static constexpr Table table = Table::leaves;
  Number probe = 0;
  Range arguments;  ///< values; one for each argument of the schema
  Number quantifier = 0, where = 0, expect = 0;
  Range limits;  ///< values: two of them, at_least and at_most
  Range show;    ///< links to fields
  Number if_empty = 0;
};
struct ExpressionRow {
  static constexpr Table table = Table::expressions;
  Number kind = 0, leaf = nothing;
  Range parts;  ///< links to expressions
};
struct ParameterRow {
  static constexpr Table table = Table::parameters;
  Text name, meaning, fallback_text;  ///< the default, as a person reads it
  Number type = 0, fallback = 0;      ///< fallback: a value
};
struct CheckRow {
  static constexpr Table table = Table::checks;
  Text id, title, rationale, remediation, file, source;
  Number line = 0, severity = 0;
  Range references, tags;  ///< texts
  Range controls;          ///< texts: standard and id in turn
  Range parameters;        ///< parameters
  Number applies = nothing, expression = nothing;
  Range probes;  ///< links to probes
};
struct SettingRow {
  static constexpr Table table = Table::settings;
  Text name;
  Number value = 0;
};
struct RowCheckRow {
  static constexpr Table table = Table::row_checks;
  Number check = 0;
  Range settings;
};
struct RoleLevelRow {
  static constexpr Table table = Table::role_levels;
  Number role = 0, level = 0;
};
struct RowRow {
  static constexpr Table table = Table::rows;
  Text id, topic, section, question, gap;
  Number assessment = 0, level = 0, roles = 0;
  Range role_levels, checks;  ///< role_levels; row_checks
};
struct ProfileRow {
  static constexpr Table table = Table::profiles;
  Text id, title, version, description, file;
  Number line = 0, fallback = 0, beside = 0, applies = nothing;
  Range roles;  ///< texts
  Range rows;
};

using Digest = std::array<unsigned char, 32>;

struct Header {
  std::array<char, 8> magic = image::magic;
  Number version = format_version;
  Number bytes = 0;  ///< of the whole block
  Digest digest{};   ///< SHA-256 of all that follows the header; zeros: not sealed
  Text catalog_version;
  Number pool_offset = 0, pool_bytes = 0;
  std::array<Number, table_count> offsets{};
  std::array<Number, table_count> counts{};
};

/// Reads a block that it does not own.
class View {
 public:
  View() = default;
  /// Empty when this is no block of this format version, or a table leaves it.
  [[nodiscard]] static std::optional<View> open(std::string_view block);

  template <class Row>
  [[nodiscard]] Number count() const {
    return header_.counts[static_cast<std::size_t>(Row::table)];
  }
  /// The row, or one of default values when there is no such number.
  template <class Row>
  [[nodiscard]] Row row(Number number) const {
    Row row;
    if (number < count<Row>()) {
      const std::size_t offset =
          header_.offsets[static_cast<std::size_t>(Row::table)] + std::size_t{number} * sizeof(Row);
      std::memcpy(&row, block_.data() + offset, sizeof(Row));
    }
    return row;
  }
  /// The range, cut to what the table holds.
  template <class Row>
  [[nodiscard]] Range within(Range range) const {
    const Number have = count<Row>();
    if (range.first > have) return {};
    return {range.first, range.count < have - range.first ? range.count : have - range.first};
  }
  /// The text, or an empty one when it leaves the pool.
  [[nodiscard]] std::string_view text(Text text) const {
    if (text.offset > header_.pool_bytes || text.length > header_.pool_bytes - text.offset) return {};
    return block_.substr(std::size_t{header_.pool_offset} + text.offset, text.length);
  }
  [[nodiscard]] std::vector<std::string_view> texts(Range range) const;
  /// Of texts that are a standard and an id in turn.
  [[nodiscard]] std::vector<Control> controls(Range range) const;
  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] std::string_view block() const { return block_; }

 private:
  std::string_view block_;
  Header header_;
};

/// The role's number in its profile; an empty name is the default role. Empty when the profile has no such role.
[[nodiscard]] std::optional<Number> role_number(const View& view, const ProfileRow& profile, std::string_view role);

[[nodiscard]] Assessment assessment_of(const RowRow& row);

/// The row's level for a role, 0 when it names none; empty when the row is not for this role.
[[nodiscard]] std::optional<std::uint8_t> level_for(const View& view, const RowRow& row, Number role);

/// The digest of a block. It costs as much as a tenth of reading the YAML, so a block is sealed where it is kept.
[[nodiscard]] Digest digest_of(std::string_view block);
/// Writes the digest into the header.
void seal(std::string& block);

/// Builds a block, not sealed. Equal texts are stored once.
class Writer {
 public:
  Writer();
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  [[nodiscard]] Text text(std::string_view text);
  template <class Row>
  Number add(const Row& row) {
    return append(Row::table, reinterpret_cast<const char*>(&row), sizeof(Row));
  }
  [[nodiscard]] std::string finish(std::string_view catalog_version);

 private:
  Number append(Table table, const char* bytes, std::size_t size);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plimsoll::catalog::image
