// One package header as the rpm database keeps it (rpm's doc/manual/format_header.md): big-endian, without the magic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct RpmPackage {
  std::string name;
  std::optional<std::uint32_t> epoch;
  std::string version;
  std::string release;
  std::string architecture;  ///< empty for headers without one, such as imported keys

  /// "1:2.06-70.el9": as rpm prints it; an epoch of zero is left out.
  [[nodiscard]] std::string full_version() const;
  bool operator==(const RpmPackage&) const = default;
};

/// Errors: malformed, for counts, offsets or types that do not fit the bytes, and for a header without name or version.
[[nodiscard]] Result<RpmPackage> parse_rpm_header(std::string_view bytes);

}  // namespace plimsoll::formats
