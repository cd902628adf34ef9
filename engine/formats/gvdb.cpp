#include "engine/formats/gvdb.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t header_bytes = 24;  // signature, version, options, start and end of the root table
constexpr std::size_t item_bytes = 24;
constexpr std::size_t key_start_at = 8;
constexpr std::size_t key_size_at = 12;
constexpr std::size_t type_at = 14;
constexpr std::size_t value_at = 16;
constexpr std::uint32_t no_parent = 0xffffffffU;
constexpr std::uint32_t bloom_count_mask = (1U << 27U) - 1;

std::uint32_t little_endian(std::string_view bytes, std::size_t at, std::size_t count = 4) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = (value << 8U) | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

/// The bytes from the first to the second of two offsets at `at`; empty when they do not fit the file.
std::optional<std::string_view> part_at(std::string_view file, std::string_view pointer, std::size_t alignment) {
  const auto start = little_endian(pointer, 0);
  const auto end = little_endian(pointer, 4);
  if (start > end || end > file.size() || start % alignment != 0) return {};
  return file.substr(start, end - start);
}

GvdbTable table_at(std::string_view file, std::string_view pointer, bool big_endian) {
  GvdbTable table;
  table.file = file;
  table.big_endian = big_endian;
  auto rest = part_at(file, pointer, 4).value_or("");
  if (rest.size() < 8) return table;
  const std::size_t blooms = little_endian(rest, 0) & bloom_count_mask;
  const std::size_t buckets = little_endian(rest, 4);
  rest.remove_prefix(8);
  if (blooms > rest.size() / 4) return table;
  const auto bloom_words = rest.substr(0, blooms * 4);
  rest.remove_prefix(blooms * 4);
  if (buckets > rest.size() / 4) return table;
  const auto bucket_words = rest.substr(0, buckets * 4);
  rest.remove_prefix(buckets * 4);
  if (rest.size() % item_bytes != 0) return table;
  table.bloom_words = bloom_words;
  table.buckets = bucket_words;
  table.items = rest;
  return table;
}

bool bloom_lets_through(const GvdbTable& table, std::uint32_t hash) {
  const auto words = table.bloom_words.size() / 4;
  if (words == 0) return true;
  const auto mask = 1U << (hash & 31U);
  return (little_endian(table.bloom_words, (hash / 32) % words * 4) & mask) == mask;
}

/// An item holds the end of its key, and names the item that holds what stands before it. Each step takes at least one
/// byte off the key, so a ring of items ends.
bool is_named(const GvdbTable& table, std::size_t item, std::string_view key) {
  while (true) {
    const auto bytes = table.items.substr(item * item_bytes, item_bytes);
    const std::size_t start = little_endian(bytes, key_start_at);
    const std::size_t size = little_endian(bytes, key_size_at, 2);
    if (start + size > table.file.size() || !key.ends_with(table.file.substr(start, size))) return false;
    key.remove_suffix(size);
    const auto parent = little_endian(bytes, 4);
    if (parent == no_parent) return key.empty();
    if (size == 0 || parent >= table.items.size() / item_bytes) return false;
    item = parent;
  }
}

std::optional<std::string_view> find_item(const GvdbTable& table, std::string_view key, char type) {
  const auto buckets = table.buckets.size() / 4;
  const auto count = table.items.size() / item_bytes;
  const auto hash = gvdb_hash(key);
  if (buckets == 0 || count == 0 || !bloom_lets_through(table, hash)) return {};
  const auto bucket = hash % buckets;
  std::size_t last = count;
  if (bucket + 1 < buckets) {
    const auto next = little_endian(table.buckets, (bucket + 1) * 4);
    if (next <= count) last = next;
  }
  for (std::size_t item = little_endian(table.buckets, bucket * 4); item < last; ++item) {
    const auto bytes = table.items.substr(item * item_bytes, item_bytes);
    if (little_endian(bytes, 0) != hash || !is_named(table, item, key)) continue;
    if (bytes[type_at] != type) return {};
    return bytes;
  }
  return {};
}

}  // namespace

std::uint32_t gvdb_hash(std::string_view key) {
  std::uint32_t hash = 5381;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    hash = hash * 33 + byte - (byte >= 128 ? 256U : 0U);
  }
  return hash;
}

Result<GvdbTable> open_gvdb(std::string_view bytes) {
  const bool little = bytes.starts_with("GVariant");
  const bool big = bytes.starts_with("raVGtnai");
  if (bytes.size() < header_bytes || (!little && !big) || little_endian(bytes, 8) != 0) {
    return std::unexpected(Error{Error::Kind::malformed, "it is no GVDB file of version 0"});
  }
  return table_at(bytes, bytes.substr(16, 8), big);
}

Result<std::optional<Variant>> gvdb_value(const GvdbTable& table, std::string_view key) {
  const auto item = find_item(table, key, 'v');
  if (!item) return std::nullopt;
  const auto bytes = part_at(table.file, item->substr(value_at, 8), 8);
  if (!bytes) return std::unexpected(Error{Error::Kind::malformed, "a value lies outside the file"});
  auto value = parse_variant_bytes(*bytes, table.big_endian);
  if (!value) return std::unexpected(value.error());
  return std::move(*value);
}

std::optional<std::string_view> gvdb_bytes(const GvdbTable& table, std::string_view key) {
  const auto item = find_item(table, key, 'v');
  if (!item) return std::nullopt;
  return part_at(table.file, item->substr(value_at, 8), 8);
}

bool gvdb_has(const GvdbTable& table, std::string_view key) {
  return gvdb_bytes(table, key).has_value();
}

std::optional<GvdbTable> gvdb_subtable(const GvdbTable& table, std::string_view key) {
  const auto item = find_item(table, key, 'H');
  if (!item) return {};
  return table_at(table.file, item->substr(value_at, 8), table.big_endian);
}

}  // namespace plimsoll::formats
