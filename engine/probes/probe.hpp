// What a probe is: a schema, and one function from requests to records.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/core/plan.hpp"
#include "engine/core/record.hpp"
#include "engine/core/schema.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// Where records go as they are found. Nothing is kept here that does not decide, so a fact need not fit in memory.
/// All calls are thread-safe; `request` is the index into the span that the probe was given.
class RecordSink {
 public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  RecordSink& operator=(const RecordSink&) = delete;
  virtual ~RecordSink() = default;

  virtual void add(std::size_t request, Record record) = 0;

  /// Nothing (more) of this fact could be read. Records added before still count: a break that was seen is a break.
  virtual void fail(std::size_t request, Error why) = 0;

  /// What was looked at, as evidence when no record decides: "walked 551,204 entries of / (ext4), /home (xfs)",
  /// "no line in /etc/passwd". `source` is a path or interface. At most one of these is printed; the last one counts.
  virtual void looked_at(std::size_t request, std::string what, std::string source) = 0;

  /// A place that no check of this fact covers, for the report's limits: "/mnt/nfs", "nfs4: not a local file system".
  virtual void left_out(std::string what, std::string why, std::string remedy) = 0;
};

/// One question of a plan to a probe, and who will read the answer.
struct Request {
  const FactRequest* fact = nullptr;
  std::span<const Leaf> leaves = {};  ///< all leaves of the plan; `fact->leaves` are indexes into it
};

struct Probe {
  const ProbeSchema* schema = nullptr;

  /// Answers all requests to this probe in one call, so that what they share is read once. Each request gets its
  /// records through the sink, or `fail`. Never throws; reads only through `sources`; runs no program. Probes that name
  /// the same function are asked in one call, and tell the requests apart by `fact->probe`.
  void (*collect)(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) = nullptr;
};

/// All probes, in the order of the documentation.
[[nodiscard]] std::span<const Probe> all();
[[nodiscard]] std::span<const ProbeSchema* const> schemas();
[[nodiscard]] const Probe* find(std::string_view name);

}  // namespace plimsoll::probes
