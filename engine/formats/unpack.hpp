// Files that are packed by gzip, xz, zstd or lz4: they come part by part, and go on block by block as they unpack.
// Wraps libarchive; xz has unpack_xz.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

enum class Packing : std::uint8_t { none, gzip, xz, zstd, lz4, bzip2, zchunk };

/// By the first bytes; `none` for whatever is not known.
[[nodiscard]] Packing packing_of(std::string_view bytes);

/// Gives the packed bytes in their order, wherever they are cut; nothing at their end. The view lives until the next
/// call. An error ends the unpacking and is handed on.
using NextPart = std::function<Result<std::string_view>()>;

struct Packed {
  NextPart next;
  std::uint64_t size = 0;  ///< how much there is, as far as that is known before all of it was given
};

/// What is beyond these is no list of packages, and ends the unpacking.
struct UnpackLimits {
  std::uint64_t bytes = std::uint64_t{1} << 30U;
  std::uint64_t ratio = 200;                            ///< unpacked bytes to each packed one …
  std::uint64_t ratio_from = std::uint64_t{16} << 20U;  ///< … once so many were unpacked
  /// What unpacking itself may take. xz alone needs it: its files say how much they want, up to 4 GiB; zstd stops at
  /// 128 MiB, lz4 and gzip need less.
  std::uint64_t memory = std::uint64_t{128} << 20U;
  bool may_be_plain = true;   ///< false: what is not packed is unsupported
  std::stop_token stop = {};  ///< looked at with every part and every block
};

/// Gets the unpacked bytes in their order; an error ends the unpacking and is handed on. The view lives during the
/// call.
using TakeBlock = std::function<Result<void>(std::string_view)>;

/// Bytes that are not packed are handed on as they are. Errors: malformed, also for bytes that end too early;
/// too_large; timed_out; unsupported for bzip2 and zchunk; those of `packed` and `take`.
[[nodiscard]] Result<void> unpack(const Packed& packed, const UnpackLimits& limits, const TakeBlock& take);

}  // namespace plimsoll::formats
