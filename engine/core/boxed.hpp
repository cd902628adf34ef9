// A value that is seldom there, kept elsewhere: what has room for it stays small, and copies share it.
#pragma once

#include <memory>
#include <utility>

namespace plimsoll {

/// Holds a value that never changes, or none.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : held_(std::make_shared<const T>(std::move(value))) {}  // NOLINT(*-explicit-*): as std::optional's

  explicit operator bool() const { return held_ != nullptr; }
  const T& operator*() const { return *held_; }
  const T* operator->() const { return held_.get(); }

  bool operator==(const Boxed& other) const {
    return held_ == other.held_ || (held_ && other.held_ && *held_ == *other.held_);
  }

 private:
  std::shared_ptr<const T> held_;
};

}  // namespace plimsoll
