// One walk of everything below a root, by several threads.
#pragma once

#include <functional>
#include <stop_token>

#include "engine/sources/mounts.hpp"
#include "engine/sources/resolver.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::sources {

/// Root::walk. `threads` of 0 counts as 1; each holds one open directory at a time.
[[nodiscard]] Result<WalkOutcome> walk_trees(const Resolver& resolver,
                                             const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                             std::stop_token stop);

/// The same with a plan that was made before.
[[nodiscard]] Result<WalkOutcome> walk_plan(const Resolver& resolver, WalkPlan plan,
                                            const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                            std::stop_token stop);

}  // namespace plimsoll::sources
