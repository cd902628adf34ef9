// Collects the facts of a plan: one call for each probe, in parallel, each with a time limit.
#pragma once

#include <vector>

#include "engine/audit/audit.hpp"
#include "engine/core/plan.hpp"
#include "engine/core/results.hpp"
#include "engine/evaluate/evaluate.hpp"
#include "engine/probes/probe.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::audit {

struct Collected {
  std::vector<Limit> limits;  ///< places that were left out, sorted, each once
  bool thread_left_behind =
      false;  ///< one hangs in the kernel: plan, fold and sources must live until the process ends
};

/// Feeds `fold` with the records of every fact of `plan`. `find_probe` tells the code behind a schema; tests hand in
/// their own.
[[nodiscard]] Collected collect(const Plan& plan, const sources::Sources& sources, evaluate::Fold& fold,
                                const Options& options, const probes::Probe* (*find_probe)(std::string_view));

}  // namespace plimsoll::audit
