// Programs that run with the rights of their owner or group, as the walk of `tree` meets them.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/core/schema.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

extern const ProbeSchema privileged_program_schema;

/// Takes in what a walk meets and makes the records of probe `privileged_program`. Thread-safe while it takes in.
class SetIdPrograms {
 public:
  void offer(const sources::WalkEntry& entry) {
    constexpr std::uint32_t set_id_bits = 06000;
    if (entry.type != sources::FileType::regular || (entry.mode & set_id_bits) == 0) return;
    auto path = entry.path();
    const std::lock_guard lock(mutex_);
    found_.push_back({std::move(path), entry.mode});
  }

  /// Sorted by path. Files where their bits or the whole file cannot take effect (mounted nosuid or noexec) are left
  /// out.
  [[nodiscard]] std::vector<Record> records(const sources::Sources& sources);

 private:
  struct Found {
    std::string path;
    std::uint32_t mode = 0;
  };
  std::mutex mutex_;
  std::vector<Found> found_;
};

}  // namespace plimsoll::probes
