// What was asked of a path, and the answer: the first asker looks, the others wait for what it saw.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/core/error.hpp"

namespace plimsoll::sources {

template <class T>
class Answers {
 public:
  /// The answer that is kept for the path, or what `look` gives now. It is kept if `keep` says so. Thread-safe; two
  /// paths never wait for each other.
  template <class Look, class Keep>
  Result<T> get(std::string_view path, const Look& look, const Keep& keep) {
    auto& slot = slot_of(path);
    const std::lock_guard lock(slot.mutex);
    if (slot.answer) return *slot.answer;
    auto answer = look();
    if (keep(answer)) slot.answer = answer;
    return answer;
  }

 private:
  struct Slot {
    std::mutex mutex;
    std::optional<Result<T>> answer;
  };

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  // Slots never leave, and never move.
  Slot& slot_of(std::string_view path) {
    const std::lock_guard lock(mutex_);
    const auto found = slots_.find(path);
    return found != slots_.end() ? found->second : slots_.try_emplace(std::string(path)).first->second;
  }

  std::mutex mutex_;
  std::unordered_map<std::string, Slot, Hash, std::equal_to<>> slots_;
};

}  // namespace plimsoll::sources
