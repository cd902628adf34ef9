#include "engine/probes/packed_file.hpp"

#include <fmt/core.h>

#include <utility>

namespace plimsoll::probes {

Result<void> unpack_file(sources::Parts& file, std::string_view path, const formats::UnpackLimits& limits,
                         const formats::TakeBlock& take, std::string_view remedy) {
  bool could_read = true;
  const auto next = [&] {
    auto part = file.next();
    could_read = part.has_value();
    return part;
  };
  auto done = formats::unpack({next, file.size()}, limits, take);
  if (done || !could_read) return done;
  auto error = std::move(done.error());
  error.what = fmt::format("{}: {}", path, error.what);
  if (!remedy.empty()) error.remedy = remedy;
  return std::unexpected(std::move(error));
}

}  // namespace plimsoll::probes
