// What a PAM stack lets through: which of its lines are reached, which decide, and what leads around them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/formats/pam_conf.hpp"

namespace plimsoll::formats {

/// A set of values that a module may return: bit N stands for the value N.
using PamReturns = std::uint32_t;
[[nodiscard]] constexpr PamReturns returns(PamReturn value) {
  return PamReturns{1} << static_cast<unsigned>(value);
}
/// Anything but `incomplete`, with which a module asks to be called again.
inline constexpr PamReturns any_return = 0x7FFF'FFFF;

/// One line of a stack with all its files put together.
struct PamStep {
  PamActions actions = {};
  PamReturns possible = any_return;  ///< none: the mark of a substack, which calls nothing
  std::uint32_t level = 0;           ///< how many substacks it stands in
};

struct PamStepOutcome {
  bool reached = false;   ///< some run of the stack calls it
  bool enforced = false;  ///< when it denies, the stack denies, whatever the other modules return
  /// The lines with which a run that ends in success goes around it: they end the stack, or jump.
  std::vector<std::size_t> bypassed_by;
};

struct PamStackOutcome {
  std::vector<PamStepOutcome> steps;  ///< of every line
  bool grants = false;                ///< whether any run ends in success: if not, nobody gets past the stack
};

/// By trying all that the modules may return (libpam/pam_dispatch.c). `denials` are the values with which modules of
/// this type deny. A `reset` in a substack may be taken for more than it is. An empty stack denies.
[[nodiscard]] PamStackOutcome analyse_pam_stack(std::span<const PamStep> steps, PamReturns denials);

}  // namespace plimsoll::formats
