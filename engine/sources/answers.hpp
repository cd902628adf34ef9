// What was asked of a path, and the answer: the first asker looks, the others wait for what it saw.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::sources {

template <class T>
class Answers {
 public:
  /// The answer that is kept for the path, or what `look` gives now. It is kept if `keep` says so. Thread-safe; two
  /// paths never wait for each other.
  template <class Look, class Keep>
  Result<T> get(std::string_view path, const Look& look, const Keep& keep) {
    const auto slot = slot_of(path);
    const std::lock_guard lock(slot->mutex);
    if (slot->answer) return *slot->answer;
    auto answer = look();
    if (keep(answer)) slot->answer = answer;
    return answer;
  }

 private:
  struct Slot {
    std::mutex mutex;
    std::optional<Result<T>> answer;
  };

  std::shared_ptr<Slot> slot_of(std::string_view path) {
    const std::lock_guard lock(mutex_);
    auto found = slots_.find(path);
    if (found == slots_.end()) found = slots_.emplace(std::string(path), std::make_shared<Slot>()).first;
    return found->second;
  }

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Slot>, std::less<>> slots_;
};

}  // namespace plimsoll::sources
