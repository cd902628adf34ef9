// Compiled dconf databases, for tests of what reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/formats/gvariant.hpp"
#include "engine/formats/gvdb.hpp"

namespace plimsoll::tests {

/// The little-endian bytes of a number.
inline std::string little_endian_bytes(std::uint64_t value, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xffU);
  return bytes;
}

/// A value as a variant holds it: b, i, u, s; of other types the text stands where the bytes would.
inline std::string variant_bytes(const formats::Variant& value) {
  std::string bytes = value.text;
  if (value.type == "b") bytes = std::string(1, value.text == "true" ? '\1' : '\0');
  if (value.type == "i" || value.type == "u") {
    bytes = little_endian_bytes(static_cast<std::uint64_t>(std::stoll(value.text)), 4);
  }
  if (value.type == "s") bytes += '\0';
  return bytes + '\0' + value.type;
}

/// One table behind `out`, all in one bucket; the pointer to it is what is returned. `nested` is a table that was
/// written before, under the key ".locks".
inline std::string append_gvdb_table(std::string& out, const std::vector<std::pair<std::string, std::string>>& values,
                                     const std::string& nested = {}) {
  std::string items;
  const auto add = [&](std::string_view key, char type, const std::string& pointer) {
    items += little_endian_bytes(formats::gvdb_hash(key), 4) + little_endian_bytes(0xffffffffU, 4) +
             little_endian_bytes(out.size(), 4) + little_endian_bytes(key.size(), 2) + type + '\0' + pointer;
    out += key;
  };
  for (const auto& [key, bytes] : values) {
    out.resize((out.size() + 7) / 8 * 8);
    const auto pointer = little_endian_bytes(out.size(), 4) + little_endian_bytes(out.size() + bytes.size(), 4);
    out += bytes;
    add(key, 'v', pointer);
  }
  if (!nested.empty()) add(".locks", 'H', nested);
  out.resize((out.size() + 7) / 8 * 8);
  const auto start = out.size();
  out += little_endian_bytes(0, 4) + little_endian_bytes(1, 4) + little_endian_bytes(0, 4) + items;
  return little_endian_bytes(start, 4) + little_endian_bytes(out.size(), 4);
}

/// Compiled schemas: for each name its keys with their defaults. Its path is its name with slashes.
inline std::string gsettings_schema_bytes(
    const std::vector<std::pair<std::string, std::vector<std::pair<std::string, formats::Variant>>>>& schemas) {
  std::string out = "GVariant" + std::string(16, '\0');
  std::string tables;
  for (const auto& [name, keys] : schemas) {
    std::string path = "/" + name + "/";
    for (auto& c : path) c = c == '.' ? '/' : c;
    std::vector<std::pair<std::string, std::string>> values = {{".path", variant_bytes({"s", path})}};
    for (const auto& [key, value] : keys) {
      auto bytes = variant_bytes(value);
      bytes.insert(bytes.rfind('\0') + 1, "(");
      values.emplace_back(key, bytes + ")");
    }
    const auto table = append_gvdb_table(out, values);
    tables += little_endian_bytes(formats::gvdb_hash(name), 4) + little_endian_bytes(0xffffffffU, 4) +
              little_endian_bytes(out.size(), 4) + little_endian_bytes(name.size(), 2) + 'H' + '\0' + table;
    out += name;
  }
  out.resize((out.size() + 7) / 8 * 8);
  const auto start = out.size();
  out += little_endian_bytes(0, 4) + little_endian_bytes(1, 4) + little_endian_bytes(0, 4) + tables;
  return out.replace(16, 8, little_endian_bytes(start, 4) + little_endian_bytes(out.size(), 4));
}

/// A whole database: paths of settings with their values, and paths that are locked.
inline std::string dconf_database_bytes(const std::vector<std::pair<std::string, formats::Variant>>& settings,
                                        const std::vector<std::string>& locks = {}) {
  std::string out = "GVariant" + std::string(16, '\0');
  std::vector<std::pair<std::string, std::string>> locked;
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& key : locks) locked.emplace_back(key, variant_bytes({"s", ""}));
  for (const auto& [key, value] : settings) values.emplace_back(key, variant_bytes(value));
  const auto nested = locks.empty() ? std::string() : append_gvdb_table(out, locked);
  const auto root = append_gvdb_table(out, values, nested);
  return out.replace(16, 8, root);
}

}  // namespace plimsoll::tests
