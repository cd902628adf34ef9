// Work that makes more work, shared out among threads: each keeps its own, and gives half away when another has none.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace plimsoll::sources {

template <class Job>
class WorkPool {
 public:
  /// `workers` threads will call next().
  explicit WorkPool(unsigned workers) : workers_(workers) {}

  void add(Job job) {
    const std::lock_guard lock(mutex_);
    shared_.push_back(std::move(job));
    some_.notify_one();
  }

  /// A job from `own`, else from the others. False when there is none left and none can come, or after end().
  bool next(std::vector<Job>& own, Job& job) {
    if (own.empty() && !refill(own)) return false;
    if (ended_.load(std::memory_order_relaxed)) return false;
    job = std::move(own.back());
    own.pop_back();
    return true;
  }

  /// Gives the older half of `own` away when somebody waits for work. Costs one load when nobody does.
  void share(std::vector<Job>& own) {
    if (waiting_.load(std::memory_order_relaxed) == 0 || own.size() < 2) return;
    const auto half = static_cast<std::ptrdiff_t>(own.size() / 2);
    {
      const std::lock_guard lock(mutex_);
      std::move(own.begin(), own.begin() + half, std::back_inserter(shared_));
    }
    some_.notify_all();
    own.erase(own.begin(), own.begin() + half);
  }

  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    some_.notify_all();
  }

  /// One of the threads could not be started.
  void one_worker_less() {
    const std::lock_guard lock(mutex_);
    --workers_;
    if (waiting_ == workers_ && shared_.empty()) {
      ended_ = true;
      some_.notify_all();
    }
  }

 private:
  bool refill(std::vector<Job>& own) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    if (waiting_ == workers_ && shared_.empty()) {
      ended_ = true;
      some_.notify_all();
    }
    some_.wait(lock, [&] { return ended_ || !shared_.empty(); });
    --waiting_;
    if (ended_) return false;
    // Some are left for the others that wait.
    const std::size_t take = std::max<std::size_t>(1, shared_.size() / (waiting_ + 1));
    std::move(shared_.end() - static_cast<std::ptrdiff_t>(take), shared_.end(), std::back_inserter(own));
    shared_.resize(shared_.size() - take);
    return true;
  }

  std::mutex mutex_;
  std::condition_variable some_;
  std::vector<Job> shared_;
  std::atomic<unsigned> waiting_ = 0;
  std::atomic<bool> ended_ = false;
  unsigned workers_;
};

}  // namespace plimsoll::sources
