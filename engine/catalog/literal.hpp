// What an author writes as a value, and what it means where it stands. Texts are never guessed into numbers.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/value.hpp"
#include "engine/formats/yaml.hpp"

namespace plimsoll::catalog {

/// What a value has to be. The first nine are the types of fields; the others are what some operators take.
enum class Wanted : std::uint8_t {
  boolean,
  integer,
  text,
  list,
  scalar,
  mode,
  time,
  version,
  address,
  duration,  ///< "90d"; becomes seconds
  pattern,   ///< RE2
};
inline constexpr Wanted last_wanted = Wanted::pattern;

[[nodiscard]] Wanted wanted_of(ValueType type);
[[nodiscard]] std::string_view phrase_of(Wanted wanted);  ///< "an integer", "a mode in quotes, like \"0640\""

/// A problem whose place the caller knows.
struct Mistake {
  std::string_view code;
  std::string message;
  std::string hint = {};
};

/// How the values of a catalog are checked beyond their type.
struct ValueRules {
  std::span<const std::string_view> allowed = {};            ///< the only texts that make sense; empty: any
  std::string (*check_pattern)(std::string_view) = nullptr;  ///< empty result: the pattern is fine
};

/// The value of a literal. `what` names the place for the message: "field `mode`".
[[nodiscard]] std::expected<Value, Mistake> parse_literal(const formats::YamlNode& node, Wanted wanted,
                                                          std::string_view what, const ValueRules& rules = {});

/// The value of a text from the command line: lists are separated by commas. The error is a clause: "`x` is not …".
[[nodiscard]] std::expected<Value, std::string> parse_value(std::string_view text, ValueType type);

/// Whether a parameter of this type can ever stand where `wanted` is needed; `many`: where a list of such values is.
[[nodiscard]] bool convertible(ValueType type, Wanted wanted, bool many);

/// A parameter's value in the form that is needed where it stands. Errors are clauses, as above.
[[nodiscard]] std::expected<Value, std::string> convert(const Value& value, ValueType type, Wanted wanted,
                                                        const ValueRules& rules = {});
/// The items of a list, each converted.
[[nodiscard]] std::expected<std::vector<Value>, std::string> convert_items(const TextList& items, Wanted wanted,
                                                                           const ValueRules& rules = {});

/// What a person reads of a YAML node in a message: "`0640`", "the text \"22\"", "a list".
[[nodiscard]] std::string described(const formats::YamlNode& node);

/// The parameter that a scalar refers to (`$name`), or empty. `$$x` and texts without a leading dollar refer to none.
[[nodiscard]] std::optional<std::string_view> parameter_named_by(const formats::YamlNode& node);

}  // namespace plimsoll::catalog
