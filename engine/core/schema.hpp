// What a probe declares about itself. Checks are type-checked against it, and the field tables of the documentation and
// the JSON Schemas for editors are printed from it. All texts are string literals: schemas are constants.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/core/value.hpp"

namespace plimsoll {

struct ArgumentSchema {
  std::string_view name;
  ValueType type = ValueType::text;
  bool required = true;
  std::string_view meaning;                        ///< one sentence
  std::string_view fallback = {};                  ///< text of the default of an optional argument; empty: none
  std::span<const std::string_view> allowed = {};  ///< the only values a text argument may have; empty: any
};

struct FieldSchema {
  std::string_view name;
  ValueType type = ValueType::text;
  std::string_view meaning;                        ///< one sentence; says when the field is absent
  std::string_view unit = {};                      ///< "bytes", "seconds", "days"; empty: none
  std::span<const std::string_view> allowed = {};  ///< the only values a text field can have; empty: any
};

/// How many records a fact of this probe can have. Checks on `any` must say `if_empty`.
enum class Cardinality : std::uint8_t { exactly_one, any };

struct ProbeSchema {
  std::string_view name;     ///< "sysctl", "kernel.module"
  std::string_view summary;  ///< one sentence: what it reads, and what decides the values
  Cardinality cardinality = Cardinality::any;
  std::span<const ArgumentSchema> arguments;
  std::span<const FieldSchema> fields;
  /// The boolean field that says whether the thing is there, for the short form of `applies`; empty: none.
  std::string_view presence = {};
  std::span<const std::string_view> sources = {};  ///< the files and kernel interfaces it reads, for the documentation
};

/// The position of a field or argument by name, or -1.
[[nodiscard]] int field_index(const ProbeSchema& schema, std::string_view name);
[[nodiscard]] int argument_index(const ProbeSchema& schema, std::string_view name);

}  // namespace plimsoll
