// Package headers as rpm writes them, for tests of what reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/formats/rpm_header.hpp"

namespace plimsoll::tests {

inline void append_big_endian(std::string& out, std::uint32_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>((value >> shift) & 0xffU);
}

/// The header blob of one package: the five tags that identify it, and one tag that a reader must step over.
inline std::string rpm_header_bytes(const formats::RpmPackage& package) {
  std::string index;
  std::string data;
  std::uint32_t count = 0;
  const auto entry = [&](std::uint32_t tag, std::uint32_t type) {
    append_big_endian(index, tag);
    append_big_endian(index, type);
    append_big_endian(index, static_cast<std::uint32_t>(data.size()));
    append_big_endian(index, 1);
    ++count;
  };
  const auto text = [&](std::uint32_t tag, std::string_view value) {
    entry(tag, 6);
    data.append(value).push_back('\0');
  };
  text(1000, package.name);
  text(1001, package.version);
  text(1002, package.release);
  if (package.epoch) {
    data.resize((data.size() + 3) / 4 * 4);
    entry(1003, 4);
    append_big_endian(data, *package.epoch);
  }
  text(1014, "MIT");
  if (!package.architecture.empty()) text(1022, package.architecture);
  std::string out;
  append_big_endian(out, count);
  append_big_endian(out, static_cast<std::uint32_t>(data.size()));
  return out + index + data;
}

}  // namespace plimsoll::tests
