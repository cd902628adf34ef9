#include "engine/sources/clock.hpp"

#include <chrono>

namespace plimsoll::sources {

std::int64_t SystemClock::now_ms() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace plimsoll::sources
