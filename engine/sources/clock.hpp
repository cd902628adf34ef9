// The clock, so that tests and bundles can stand still.
#pragma once

#include <cstdint>

namespace plimsoll::sources {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  /// Milliseconds since 1970-01-01T00:00:00Z.
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ms() const override;
};

}  // namespace plimsoll::sources
