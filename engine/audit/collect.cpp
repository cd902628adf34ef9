#include "engine/audit/collect.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "engine/core/text.hpp"

namespace plimsoll::audit {

namespace {

using Time = std::chrono::steady_clock::time_point;

// All requests to one probe, and its way into the fold. Once closed, what a late thread still says is dropped.
class Batch final : public probes::RecordSink {
 public:
  Batch(const Plan& plan, const probes::Probe& probe, evaluate::Fold& fold) : plan_(plan), probe_(probe), fold_(fold) {}

  void take(std::uint32_t fact) {
    facts_.push_back(fact);
    requests_.push_back({.fact = &plan_.facts[fact], .leaves = plan_.leaves});
  }

  void run(const sources::Sources& sources) {
    try {
      probe_.collect(requests_, sources, *this);
    } catch (const std::exception& slip) {
      // Probes do not throw; if one does, its facts are lost but not the run.
      fail_all({.kind = Error::Kind::failed, .what = fmt::format("probe {}: {}", name(), slip.what())});
    }
  }

  void add(std::size_t request, Record record) override {
    const std::lock_guard lock(mutex_);
    if (!closed_) fold_.add(facts_[request], record);
  }
  void fail(std::size_t request, Error why) override {
    const std::lock_guard lock(mutex_);
    if (!closed_) fold_.fail(facts_[request], std::move(why));
  }
  void looked_at(std::size_t request, std::string what, std::string source) override {
    const std::lock_guard lock(mutex_);
    if (!closed_) fold_.looked_at(facts_[request], std::move(what), std::move(source));
  }
  void left_out(std::string what, std::string why, std::string remedy) override {
    const std::lock_guard lock(mutex_);
    if (!closed_) limits_.push_back({presentable(what), presentable(why), presentable(remedy)});
  }

  void fail_all(const Error& why) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    for (const auto fact : facts_) fold_.fail(fact, why);
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

  [[nodiscard]] std::string_view name() const { return probe_.schema->name; }
  /// Probes that share their function share a call.
  [[nodiscard]] bool serves(const probes::Probe& probe) const { return probe.collect == probe_.collect; }
  [[nodiscard]] std::vector<Limit> limits() {
    const std::lock_guard lock(mutex_);
    return limits_;
  }

  enum class State : std::uint8_t { waiting, running, finished };
  State state = State::waiting;  // this and the next two are guarded by the crew's mutex
  Time started = {};
  std::stop_source stop;

 private:
  const Plan& plan_;
  const probes::Probe& probe_;
  evaluate::Fold& fold_;
  std::vector<std::uint32_t> facts_;
  std::vector<probes::Request> requests_;
  std::mutex mutex_;
  bool closed_ = false;
  std::vector<Limit> limits_;
};

// The threads of one collection. Shared with them, so that one that hangs in the kernel can be left behind.
struct Crew {
  explicit Crew(const sources::Sources& s) : sources(s) {}
  const sources::Sources& sources;
  std::vector<std::unique_ptr<Batch>> batches;
  std::mutex mutex;
  std::condition_variable changed;
  unsigned threads = 0;  // started
  unsigned ended = 0;
  unsigned hanging = 0;  // left behind in a batch that was given up
  bool watched = false;  // somebody wants to see each step; else the supervisor is only woken at the end
};

void work_through(const std::shared_ptr<Crew>& crew, std::unique_lock<std::mutex>& lock) {
  for (auto& batch : crew->batches) {
    if (batch->state != Batch::State::waiting) continue;
    batch->state = Batch::State::running;
    batch->started = std::chrono::steady_clock::now();
    if (crew->watched) crew->changed.notify_all();
    sources::Sources own = crew->sources;
    own.stop = batch->stop.get_token();
    lock.unlock();
    batch->run(own);
    lock.lock();
    const bool left_behind = batch->state == Batch::State::finished;
    batch->state = Batch::State::finished;
    if (crew->watched) crew->changed.notify_all();
    if (left_behind) return;  // another thread has taken this one's place
  }
}

void work(const std::shared_ptr<Crew>& crew) {
  std::unique_lock lock(crew->mutex);
  work_through(crew, lock);
  ++crew->ended;
  crew->changed.notify_all();
}

// Called with the crew's mutex held. False when the system gives no more threads.
bool start_thread(const std::shared_ptr<Crew>& crew) {
  try {
    std::thread(work, crew).detach();
  } catch (const std::system_error&) {
    return false;
  }
  ++crew->threads;
  return true;
}

std::vector<std::unique_ptr<Batch>> make_batches(const Plan& plan, evaluate::Fold& fold,
                                                 const probes::Probe* (*find_probe)(std::string_view)) {
  std::vector<std::unique_ptr<Batch>> batches;
  for (std::uint32_t i = 0; i < plan.facts.size(); ++i) {
    const auto name = plan.facts[i].probe->name;
    const auto* probe = find_probe(name);
    if (probe == nullptr) {
      fold.fail(i, {.kind = Error::Kind::unsupported, .what = fmt::format("there is no probe {}", name)});
      continue;
    }
    auto found = std::find_if(batches.begin(), batches.end(), [&](const auto& b) { return b->serves(*probe); });
    if (found == batches.end()) {
      batches.push_back(std::make_unique<Batch>(plan, *probe, fold));
      found = batches.end() - 1;
    }
    (*found)->take(i);
  }
  // The walk takes longest: it starts first.
  const auto* tree = find_probe("tree");
  const auto walk = std::find_if(batches.begin(), batches.end(),
                                 [tree](const auto& b) { return tree != nullptr && b->serves(*tree); });
  if (walk != batches.end()) std::rotate(batches.begin(), walk, walk + 1);
  return batches;
}

unsigned thread_count(unsigned wanted, std::size_t batches) {
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, 16U);
  return std::min<unsigned>(wanted == 0 ? cores : wanted, static_cast<unsigned>(batches));
}

void report(const Crew& crew, const Options& options) {
  if (!options.progress) return;
  Progress progress{.phase = Progress::Phase::collecting, .total = static_cast<unsigned>(crew.batches.size())};
  for (const auto& batch : crew.batches) {
    if (batch->state == Batch::State::finished) ++progress.done;
    if (batch->state == Batch::State::running && progress.current.empty()) progress.current = batch->name();
  }
  options.progress(progress);
}

// Waits until every batch has finished or was given up.
void supervise(const std::shared_ptr<Crew>& crew, const Options& options) {
  const auto give_up = [&](Batch& batch, const Error& why) {
    batch.stop.request_stop();
    batch.fail_all(why);
    batch.close();
    batch.state = Batch::State::finished;
  };
  const std::stop_callback interrupted(options.stop, [&crew] {
    const std::lock_guard guard(crew->mutex);
    crew->changed.notify_all();
  });
  std::unique_lock lock(crew->mutex);
  while (true) {
    report(*crew, options);
    auto next = Time::max();
    bool open = false;
    const auto now = std::chrono::steady_clock::now();
    for (auto& batch : crew->batches) {
      if (batch->state == Batch::State::finished) continue;
      open = true;
      if (options.stop.stop_requested()) {
        if (batch->state == Batch::State::running) ++crew->hanging;
        give_up(*batch, {.kind = Error::Kind::timed_out, .what = "the run was interrupted before this was read"});
      } else if (batch->state == Batch::State::running) {
        if (const auto deadline = batch->started + options.timeout; deadline > now) {
          next = std::min(next, deadline);
          continue;
        }
        give_up(*batch, {.kind = Error::Kind::timed_out,
                         .what = fmt::format("probe {} passed its time limit of {} s", batch->name(),
                                             std::chrono::duration_cast<std::chrono::seconds>(options.timeout).count()),
                         .remedy = "raise --timeout, or look for a file system that does not answer"});
        ++crew->hanging;
        start_thread(crew);  // in place of the one that hangs
        next = now;
      }
    }
    if (!open) return;
    // A batch that starts meanwhile has at least this long.
    crew->changed.wait_until(lock, std::min(next, now + options.timeout));
  }
}

}  // namespace

Collected collect(const Plan& plan, const sources::Sources& sources, evaluate::Fold& fold, const Options& options,
                  const probes::Probe* (*find_probe)(std::string_view)) {
  auto crew = std::make_shared<Crew>(sources);
  crew->watched = options.progress != nullptr;
  crew->batches = make_batches(plan, fold, find_probe);
  const unsigned threads = thread_count(options.jobs, crew->batches.size());
  {
    std::unique_lock lock(crew->mutex);
    for (unsigned i = 0; i < threads; ++i) start_thread(crew);
    if (crew->threads == 0) work_through(crew, lock);
  }
  supervise(crew, options);
  {
    std::unique_lock lock(crew->mutex);
    crew->changed.wait(lock, [&] { return crew->ended + crew->hanging >= crew->threads; });
  }

  Collected collected;
  {
    const std::lock_guard lock(crew->mutex);
    collected.thread_left_behind = crew->hanging > 0;
  }
  auto& limits = collected.limits;
  for (auto& batch : crew->batches) {
    for (auto& limit : batch->limits()) limits.push_back(std::move(limit));
  }
  const auto key = [](const Limit& limit) { return std::tie(limit.what, limit.why, limit.remedy); };
  std::sort(limits.begin(), limits.end(), [&](const Limit& a, const Limit& b) { return key(a) < key(b); });
  limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
  return collected;
}

}  // namespace plimsoll::audit
