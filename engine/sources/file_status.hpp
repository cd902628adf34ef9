// statx(2) in our words.
#pragma once

#include <sys/stat.h>

#include "engine/sources/root.hpp"

namespace plimsoll::sources {

[[nodiscard]] FileType type_of_mode(unsigned mode);  ///< from the S_IFMT bits
[[nodiscard]] FileType type_of_dirent(unsigned char d_type);
[[nodiscard]] FileStatus status_of(const struct statx& raw);

/// STATX_MNT_ID, which the headers of older distributions lack; kernels before 5.8 ignore the request.
inline constexpr unsigned mount_id_mask = 0x1000U;
[[nodiscard]] std::uint64_t mount_id_of(const struct statx& raw);  ///< 0: the kernel did not say

/// The device number as one integer, comparable with those of the mount table.
[[nodiscard]] constexpr std::uint64_t device_number(std::uint64_t major, std::uint64_t minor) {
  return (major << 32U) | minor;
}

}  // namespace plimsoll::sources
