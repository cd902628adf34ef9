// The user or group ids that a host knows, for asking about every entry of a file system.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace plimsoll::probes {

/// Small ids are one bit each; the few large ones are searched.
class IdSet {
 public:
  /// `ids`: sorted.
  explicit IdSet(const std::vector<std::uint32_t>& ids) : small_(std::make_unique<std::bitset<limit>>()) {
    for (const auto id : ids) {
      if (id < limit) {
        small_->set(id);
      } else {
        large_.push_back(id);
      }
    }
  }
  [[nodiscard]] bool has(std::uint32_t id) const {
    return id < limit ? (*small_)[id] : std::binary_search(large_.begin(), large_.end(), id);
  }

 private:
  static constexpr std::size_t limit = 65536;
  std::unique_ptr<std::bitset<limit>> small_;
  std::vector<std::uint32_t> large_;
};

}  // namespace plimsoll::probes
