// Everything that an open descriptor has to give, within a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/sources/descriptor.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::sources {

/// How a descriptor behaves at its end.
enum class Ending {
  at_size,     ///< a regular file: a read that reaches the size that was announced was the last one
  one_read,    ///< /proc/sys: the whole value comes with the first read when the buffer has room for it
  empty_read,  ///< anything else: only a read of nothing is the end
};

/// `size` is what statx announced; 0 when it means nothing, as in /proc. `path` is for messages.
/// Errors: too_large (over `max_bytes`), not_found (a process that ended), denied, unsupported (a directory), failed.
[[nodiscard]] Result<std::string> read_all(int descriptor, std::string_view path, std::uint64_t size,
                                           std::size_t max_bytes, Ending ending);

/// What a regular file has to give, part by part.
[[nodiscard]] std::unique_ptr<Parts> parts_of(Descriptor descriptor, std::string_view path, std::uint64_t size,
                                              std::size_t max_bytes);

[[nodiscard]] Error too_large(std::string_view path, std::size_t max_bytes);

}  // namespace plimsoll::sources
