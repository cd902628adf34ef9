// GVDB: the hash tables on disk in which dconf keeps its databases.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/formats/gvariant.hpp"

namespace plimsoll::formats {

/// One table of a file. Its views are into the bytes that were handed in.
struct GvdbTable {
  std::string_view file;         ///< the whole file
  std::string_view bloom_words;  ///< a filter: a key that it does not let through is not found
  std::string_view buckets;      ///< for each hash modulo the number of buckets, the first of its items
  std::string_view items;
  bool big_endian = false;  ///< how values are stored; the tables themselves are always little-endian
};

/// Errors: malformed, for a file that is none. As in gvdb-reader.c, a root that does not fit the file is an empty
/// table.
[[nodiscard]] Result<GvdbTable> open_gvdb(std::string_view bytes);

/// The stored value of a key, found as gvdb's own reader finds it: by hash, so that an item in the wrong bucket is not
/// there for us either. Empty when the table has none. Errors: those of parse_variant_bytes; malformed, for a value
/// that lies outside the file.
[[nodiscard]] Result<std::optional<Variant>> gvdb_value(const GvdbTable& table, std::string_view key);

/// The bytes of a stored value, as parse_variant_bytes takes them; empty when the table has none that fits the file.
[[nodiscard]] std::optional<std::string_view> gvdb_bytes(const GvdbTable& table, std::string_view key);

/// Whether the table has a value of that key, whatever its type.
[[nodiscard]] bool gvdb_has(const GvdbTable& table, std::string_view key);

/// A table inside the table (".locks"); empty when there is none.
[[nodiscard]] std::optional<GvdbTable> gvdb_subtable(const GvdbTable& table, std::string_view key);

/// The hash of a key (Bernstein's, over signed bytes).
[[nodiscard]] std::uint32_t gvdb_hash(std::string_view key);

}  // namespace plimsoll::formats
