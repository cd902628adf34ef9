#include "engine/formats/rpm_header.hpp"

#include <fmt/core.h>

namespace plimsoll::formats {
namespace {

constexpr std::uint32_t max_entries = 0xffff;  // rpm's own limit for the index of a header
constexpr std::size_t entry_bytes = 16;

enum class Tag : std::uint32_t { name = 1000, version = 1001, release = 1002, epoch = 1003, architecture = 1022 };
constexpr std::uint32_t type_int32 = 4;
constexpr std::uint32_t type_string = 6;

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::unexpected<Error> malformed(std::string what) {
  return std::unexpected(Error{Error::Kind::malformed, std::move(what)});
}

/// The text at `offset`, without its ending NUL; empty when it does not end inside the bytes.
std::optional<std::string_view> text_at(std::string_view data, std::uint32_t offset) {
  if (offset >= data.size()) return {};
  const auto end = data.find('\0', offset);
  if (end == std::string_view::npos) return {};
  return data.substr(offset, end - offset);
}

}  // namespace

std::string RpmPackage::full_version() const {
  const std::string tail = release.empty() ? version : fmt::format("{}-{}", version, release);
  return epoch.value_or(0) == 0 ? tail : fmt::format("{}:{}", *epoch, tail);
}

Result<RpmPackage> parse_rpm_header(std::string_view bytes) {
  if (bytes.size() < 8) return malformed("rpm header: too short");
  const auto count = big_endian(bytes, 0);
  const auto data_bytes = big_endian(bytes, 4);
  if (count > max_entries || 8 + count * entry_bytes > bytes.size() ||
      data_bytes > bytes.size() - 8 - count * entry_bytes) {
    return malformed("rpm header: index and data do not fit its length");
  }
  const auto data = bytes.substr(8 + count * entry_bytes, data_bytes);
  RpmPackage package;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto entry = 8 + i * entry_bytes;
    const auto type = big_endian(bytes, entry + 4);
    const auto offset = big_endian(bytes, entry + 8);
    std::string* text = nullptr;
    switch (big_endian(bytes, entry)) {
      case static_cast<std::uint32_t>(Tag::name):
        text = &package.name;
        break;
      case static_cast<std::uint32_t>(Tag::version):
        text = &package.version;
        break;
      case static_cast<std::uint32_t>(Tag::release):
        text = &package.release;
        break;
      case static_cast<std::uint32_t>(Tag::architecture):
        text = &package.architecture;
        break;
      case static_cast<std::uint32_t>(Tag::epoch):
        if (type != type_int32 || data.size() < 4 || offset > data.size() - 4)
          return malformed("rpm header: bad epoch");
        package.epoch = big_endian(data, offset);
        continue;
      default:
        continue;
    }
    const auto value = text_at(data, offset);
    if (type != type_string || !value) return malformed("rpm header: a text does not lie inside its data");
    *text = *value;
  }
  if (package.name.empty() || package.version.empty()) return malformed("rpm header: no name or version");
  return package;
}

}  // namespace plimsoll::formats
