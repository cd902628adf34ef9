// The run: find out what is there, collect facts in parallel, judge. Threads and time limits live only here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/catalog.hpp"
#include "engine/core/plan.hpp"
#include "engine/core/results.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::audit {

struct Progress {
  enum class Phase : std::uint8_t { detecting, collecting, judging };
  Phase phase = Phase::collecting;
  unsigned done = 0;  ///< groups of facts
  unsigned total = 0;
  std::string_view current = {};  ///< the probe that is at work; valid during the call
};

struct Options {
  std::chrono::milliseconds timeout{std::chrono::minutes{5}};  ///< for the facts of one probe
  unsigned jobs = 0;                                           ///< threads; 0: one for each processor, at most 16
  std::string command_line = {};
  std::string tool_version = {};
  std::string run_id = {};                             ///< empty: a random UUID
  std::function<void(const Progress&)> progress = {};  ///< called from one thread at a time
  std::stop_token stop = {};                           ///< requested: give up what is not read yet
  bool keep_work = false;  ///< a process that ends soon by _exit(2) need not take plan and observations apart
};

/// Which profiles apply to this host, and the facts that decided.
struct Chosen {
  std::vector<catalog::Selection::Profile> profiles;
  std::vector<std::string> not_chosen;  ///< one line each: "cis-debian-12: does not apply: …"
  std::string problem;                  ///< why none could be chosen; empty when one was. Never a guess.
};
[[nodiscard]] Chosen detect(const catalog::Catalog& catalog, const sources::Sources& sources, const Options& options);

/// Collects every fact of the plan, each probe once, in parallel, and judges. A probe that passes its time limit is
/// left behind: its facts are `timed_out`, its thread may still hang in the kernel, so the process should end by
/// _exit(2). `sources.stop` is replaced by tokens of this run's own.
[[nodiscard]] Results run(const catalog::Catalog& catalog, Plan plan, const sources::Sources& sources,
                          const Options& options);

}  // namespace plimsoll::audit
