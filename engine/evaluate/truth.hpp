// Three-valued logic: what could not be read stays unknown and never becomes a pass.
#pragma once

#include <cstdint>

namespace plimsoll::evaluate {

enum class Truth : std::uint8_t { holds, breaks, unknown };

[[nodiscard]] constexpr Truth negated(Truth truth) {
  switch (truth) {
    case Truth::holds:
      return Truth::breaks;
    case Truth::breaks:
      return Truth::holds;
    case Truth::unknown:
      return Truth::unknown;
  }
  return Truth::unknown;
}

/// `all`: breaks beats unknown beats holds.
[[nodiscard]] constexpr Truth both(Truth left, Truth right) {
  if (left == Truth::breaks || right == Truth::breaks) return Truth::breaks;
  if (left == Truth::unknown || right == Truth::unknown) return Truth::unknown;
  return Truth::holds;
}

/// `any`: holds beats unknown beats breaks.
[[nodiscard]] constexpr Truth either(Truth left, Truth right) {
  return negated(both(negated(left), negated(right)));
}

[[nodiscard]] constexpr Truth truth_of(bool condition) {
  return condition ? Truth::holds : Truth::breaks;
}

}  // namespace plimsoll::evaluate
