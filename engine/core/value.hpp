// The values that probes observe and checks expect.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace plimsoll {

using TextList = std::vector<std::string>;

/// An observed or expected value. How to read it (an integer as mode bits, a text as a version) is its ValueType's say.
using Value = std::variant<bool, std::int64_t, std::string, TextList>;

/// The declared type of a field, an argument or a parameter.
enum class ValueType : std::uint8_t {
  boolean,  ///< bool
  integer,  ///< std::int64_t; its unit stands in the schema
  text,     ///< std::string
  list,     ///< TextList
  scalar,   ///< std::string that checks may also compare with integers (a sysctl: "1", "4096 131072 6291456")
  mode,     ///< std::int64_t, the permission, set-id and sticky bits (07777); written "0640"
  time,     ///< std::int64_t, seconds since 1970-01-01T00:00:00Z
  version,  ///< std::string, ordered as dpkg orders versions (deb-version(7))
  address,  ///< std::string, an IPv4 or IPv6 address, or a network in CIDR notation
};

/// "boolean", "integer", … as catalog, schemas and documentation write it.
[[nodiscard]] std::string_view name_of(ValueType type);
[[nodiscard]] std::optional<ValueType> value_type_named(std::string_view name);

/// How a person reads the value: true, 3, "text" without quotes, "a, b", "0640", "2026-11-23T19:45:12Z".
[[nodiscard]] std::string to_text(const Value& value, ValueType type);

/// Octal text ("0640", "640") to mode bits; empty when it has another digit, is empty, or exceeds 07777.
[[nodiscard]] std::optional<std::int64_t> parse_mode(std::string_view text);

/// A whole decimal integer with optional sign and nothing else around it; empty otherwise or when out of range.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

/// "90d", "12h", "30m", "45s", "2w" to seconds; empty for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text);

/// Orders two versions as dpkg does (deb-version(7)): negative, zero or positive. Epoch, upstream and revision count.
[[nodiscard]] int compare_versions(std::string_view left, std::string_view right);

}  // namespace plimsoll
