#include "engine/sources/caching_root.hpp"

#include <fmt/core.h>

#include <optional>

namespace plimsoll::sources {

struct CachingRoot::Slot {
  std::mutex mutex;
  bool asked = false;
  std::optional<Result<std::string>> answer;  // empty once asked: too large to keep
};

Result<std::string> CachingRoot::read(std::string_view path, std::size_t max_bytes) const {
  if (path.starts_with("/proc/") || path.starts_with("/sys/")) return inner_.read(path, max_bytes);
  std::shared_ptr<Slot> slot;
  {
    const std::lock_guard lock(mutex_);
    auto found = slots_.find(path);
    if (found == slots_.end()) found = slots_.emplace(std::string(path), std::make_shared<Slot>()).first;
    slot = found->second;
  }
  const std::lock_guard lock(slot->mutex);
  if (!slot->asked) {
    auto text = inner_.read(path, max_bytes);
    slot->asked = true;
    // What was too large for one reader may be small enough for another.
    const bool keep = text ? text->size() <= max_kept_bytes : text.error().kind != Error::Kind::too_large;
    if (keep) slot->answer = text;
    return text;
  }
  if (!slot->answer) return inner_.read(path, max_bytes);
  if (*slot->answer && (*slot->answer)->size() > max_bytes) {
    return std::unexpected(
        Error{.kind = Error::Kind::too_large, .what = fmt::format("{} is larger than {} bytes", path, max_bytes)});
  }
  return *slot->answer;
}

}  // namespace plimsoll::sources
