// Single values of GLib's GVariant: as people write them in key files, and as programs store them.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct Variant {
  std::string type;  ///< "b", "u", "s" …; empty for a container in text form, whose type is not worked out
  std::string text;  ///< true, 900, a string without its quotes; a container as it is written
  bool operator==(const Variant&) const = default;
};

/// The text format ("GVariant Text Format" of GLib's manual): `true`, `900`, `uint32 900`, `@u 900`, `'a string'`. A
/// number without a type is an int32, or a double with a point or an exponent. Containers (arrays, tuples,
/// dictionaries, variants) are kept as they are written. Errors: malformed, for what GLib would refuse of the others.
[[nodiscard]] Result<Variant> parse_variant_text(std::string_view text);

/// The stored form of a value inside a variant: its bytes, a NUL, its type. `big_endian` is how numbers are stored.
/// Errors: malformed, for bytes that are none; unsupported, for containers, which are not made out.
[[nodiscard]] Result<Variant> parse_variant_bytes(std::string_view bytes, bool big_endian);

}  // namespace plimsoll::formats
