// One value of each type, made once however many threads ask: what several probes need (accounts, the mount table) is
// read and parsed a single time per run.
#pragma once

#include <any>
#include <map>
#include <memory>
#include <mutex>
#include <typeindex>

namespace plimsoll::sources {

class Memo {
 public:
  /// The value of type T, made by `make` on first use. `make` runs once; other threads wait for it. `make` may ask for
  /// values of other types, never of its own. The reference lives as long as the memo.
  template <class T, class Make>
  const T& get(Make&& make) const {
    Slot* slot = nullptr;
    {
      const std::lock_guard lock(mutex_);
      auto& held = slots_[std::type_index(typeid(T))];
      if (!held) held = std::make_unique<Slot>();
      slot = held.get();
    }
    std::call_once(slot->once, [&] { slot->value = std::make_shared<T>(make()); });
    return **std::any_cast<std::shared_ptr<T>>(&slot->value);
  }

 private:
  struct Slot {
    std::once_flag once;
    std::any value;
  };
  mutable std::mutex mutex_;
  mutable std::map<std::type_index, std::unique_ptr<Slot>> slots_;
};

}  // namespace plimsoll::sources
