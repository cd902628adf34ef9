#include "engine/sources/walk.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

#include "engine/sources/directory_stream.hpp"
#include "engine/sources/file_status.hpp"
#include "engine/sources/system_error.hpp"
#include "engine/sources/work_pool.hpp"

namespace plimsoll::sources {
namespace {

constexpr std::size_t buffer_bytes = 32768;
constexpr long max_held = 256;  // directories kept open for those in them, beside one for each thread
constexpr unsigned entry_mask = STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID | mount_id_mask;
// No synchronisation: a network file system answers from what it knows, and is not asked whether that is still so.
constexpr int entry_flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;

// A directory to be read.
struct Job {
  std::string path;  // "/usr/bin"; "" for the root
  std::uint64_t device = 0;
  std::uint64_t mount_id = 0;
  bool new_mount = false;  // a mount point that the plan does not know: its type is asked for
  // The directory it stands in, open, while few enough are held; else it is opened by its path, which takes longer.
  std::shared_ptr<const Descriptor> parent = {};
};

bool vanished(int problem) {
  return problem == ENOENT || problem == ENOTDIR || problem == ELOOP || problem == ESTALE;
}

class Walk {
 public:
  Walk(const Resolver& resolver, WalkPlan plan, const std::function<void(const WalkEntry&)>& visit, unsigned threads,
       std::stop_token stop)
      : resolver_(resolver),
        plan_(std::move(plan)),
        visit_(visit),
        stop_(std::move(stop)),
        pool_(threads),
        threads_(threads) {
    for (const auto& tree : plan_.trees) tops_.insert({tree.top.device, tree.top.inode});
  }

  Result<WalkOutcome> run();

 private:
  // What one thread has, so that threads share nothing but the pool.
  struct Worker {
    std::vector<Job> own;
    std::vector<char> buffer = std::vector<char>(buffer_bytes);
    std::uint64_t entries = 0;
    std::vector<LeftOut> left_out;
  };

  void work(Worker& worker);
  void read_directory(Worker& worker, const Job& job);
  void meet(Worker& worker, const Job& job, int directory, const char* name, bool& complained);
  std::expected<Descriptor, int> open(const Job& job) const;
  void hold(Worker& worker, std::size_t first, Descriptor directory);
  bool may_enter_new_mount(Worker& worker, const Job& job, int directory);
  bool belongs_to_another_tree(const struct statx& raw);
  WalkOutcome outcome(std::vector<Worker>& workers);

  const Resolver& resolver_;
  WalkPlan plan_;
  const std::function<void(const WalkEntry&)>& visit_;
  std::stop_token stop_;
  WorkPool<Job> pool_;
  unsigned threads_;
  std::atomic<long> held_ = 0;
  std::set<std::pair<std::uint64_t, std::uint64_t>> tops_;  // device and inode of each tree's top
  std::mutex new_mounts_mutex_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> new_mounts_;
};

Result<WalkOutcome> Walk::run() {
  std::vector<Worker> workers(threads_);
  for (const auto& tree : plan_.trees) {
    const auto slash = tree.path.rfind('/');
    const std::string directory = tree.path.empty() ? "" : tree.path.substr(0, slash);
    const std::string name = tree.path.empty() ? "" : tree.path.substr(slash + 1);
    visit_({directory, name, tree.top.type, tree.top.mode, tree.top.uid, tree.top.gid});
    ++workers[0].entries;
    pool_.add({tree.path, tree.top.device, tree.mount_id, false});
  }
  {
    std::vector<std::jthread> helpers;
    for (unsigned index = 1; index < threads_; ++index) {
      try {
        helpers.emplace_back([this, &worker = workers[index]] { work(worker); });
      } catch (const std::system_error&) {
        pool_.one_worker_less();  // a limit on threads makes the walk slower, not wrong
      }
    }
    work(workers[0]);
  }
  if (stop_.stop_requested()) {
    return std::unexpected(
        Error{Error::Kind::timed_out, "the walk of the file systems was stopped before it was done"});
  }
  return outcome(workers);
}

void Walk::work(Worker& worker) {
  Job job;
  while (pool_.next(worker.own, job)) {
    read_directory(worker, job);
    if (stop_.stop_requested()) pool_.end();
    pool_.share(worker.own);
  }
}

void Walk::read_directory(Worker& worker, const Job& job) {
  auto directory = open(job);
  if (!directory) {
    if (!vanished(directory.error())) {
      worker.left_out.push_back({job.path.empty() ? "/" : job.path, reason(directory.error()), false});
    }
    return;
  }
  if (job.new_mount && !may_enter_new_mount(worker, job, directory->number())) return;
  const std::vector<std::string>* points = nullptr;
  if (!plan_.points.empty()) {
    if (const auto found = plan_.points.find(job.path); found != plan_.points.end()) points = &found->second;
  }
  const std::size_t first = worker.own.size();
  bool complained = false;
  std::size_t met = 0;
  const int problem = for_each_entry(directory->number(), worker.buffer, [&](const char* name, unsigned char) {
    if (points != nullptr && std::find(points->begin(), points->end(), name) != points->end()) return true;
    meet(worker, job, directory->number(), name, complained);
    // One huge directory must neither hold up the others nor an interrupt.
    if (++met % 1024 != 0) return true;
    pool_.share(worker.own);
    return !stop_.stop_requested();
  });
  hold(worker, first, std::move(*directory));
  if (problem != 0 && !vanished(problem)) {
    worker.left_out.push_back({job.path.empty() ? "/" : job.path, reason(problem), false});
  }
}

std::expected<Descriptor, int> Walk::open(const Job& job) const {
  if (!job.parent) return resolver_.open_directory_unlinked(job.path);
  const char* name = job.path.c_str() + job.path.rfind('/') + 1;
  const int number = ::openat(job.parent->number(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (number < 0) return std::unexpected(errno);
  return Descriptor(number);
}

// Keeps `directory` open for the jobs from `first` on, which stand in it. Sharing may have taken some of them away.
void Walk::hold(Worker& worker, std::size_t first, Descriptor directory) {
  if (worker.own.size() <= first || held_.load(std::memory_order_relaxed) >= max_held) return;
  held_.fetch_add(1, std::memory_order_relaxed);
  const std::shared_ptr<const Descriptor> parent(new Descriptor(std::move(directory)), [this](const Descriptor* held) {
    delete held;
    held_.fetch_sub(1, std::memory_order_relaxed);
  });
  for (std::size_t at = first; at < worker.own.size(); ++at) worker.own[at].parent = parent;
}

void Walk::meet(Worker& worker, const Job& job, int directory, const char* name, bool& complained) {
  struct statx raw;  // the kernel fills it
  if (::statx(directory, name, entry_flags, entry_mask, &raw) != 0) {
    if (!vanished(errno) && !complained) {
      complained = true;
      worker.left_out.push_back({job.path.empty() ? "/" : job.path, "its entries: " + reason(errno), false});
    }
    return;
  }
  const bool is_directory = S_ISDIR(raw.stx_mode);
  if (is_directory && belongs_to_another_tree(raw)) return;
  ++worker.entries;
  visit_({job.path, name, type_of_mode(raw.stx_mode), raw.stx_mode & 07777U, raw.stx_uid, raw.stx_gid});
  if (!is_directory) return;
  Job next;
  next.path.reserve(job.path.size() + 1 + std::strlen(name));
  next.path += job.path;
  next.path += '/';
  next.path += name;
  next.device = device_number(raw.stx_dev_major, raw.stx_dev_minor);
  next.mount_id = mount_id_of(raw);
  // Another device on the same mount is a btrfs subvolume.
  const bool ids_known = next.mount_id != 0 && job.mount_id != 0;
  next.new_mount = ids_known ? next.mount_id != job.mount_id : next.device != job.device;
  worker.own.push_back(std::move(next));
}

bool Walk::may_enter_new_mount(Worker& worker, const Job& job, int directory) {
  struct statfs system{};
  if (::fstatfs(directory, &system) != 0) return true;
  const auto type = type_of_magic(static_cast<std::uint64_t>(system.f_type));
  if (const auto why = why_not_walked(type); !why.empty()) {
    worker.left_out.push_back({job.path, fmt::format("{}: {}", type, why), true});
    return false;
  }
  struct statx raw{};
  if (::statx(directory, "", AT_EMPTY_PATH, STATX_INO, &raw) != 0) return true;
  const std::lock_guard lock(new_mounts_mutex_);
  return new_mounts_.insert({device_number(raw.stx_dev_major, raw.stx_dev_minor), raw.stx_ino}).second;
}

// A directory that is also the top of a tree: the tree shows it. statx always gives the inode.
bool Walk::belongs_to_another_tree(const struct statx& raw) {
  if (tops_.size() < 2) return false;
  return tops_.contains({device_number(raw.stx_dev_major, raw.stx_dev_minor), raw.stx_ino});
}

WalkOutcome Walk::outcome(std::vector<Worker>& workers) {
  WalkOutcome outcome;
  for (const auto& tree : plan_.trees) {
    std::string line = tree.path.empty() ? "/" : tree.path;
    if (!tree.type.empty()) line += fmt::format(" ({})", tree.type);
    outcome.trees.push_back(std::move(line));
  }
  outcome.left_out = std::move(plan_.left_out);
  for (auto& worker : workers) {
    outcome.entries += worker.entries;
    std::move(worker.left_out.begin(), worker.left_out.end(), std::back_inserter(outcome.left_out));
  }
  std::sort(outcome.left_out.begin(), outcome.left_out.end(), [](const LeftOut& left, const LeftOut& right) {
    return std::tie(left.path, left.why) < std::tie(right.path, right.why);
  });
  return outcome;
}

}  // namespace

Result<WalkOutcome> walk_plan(const Resolver& resolver, WalkPlan plan,
                              const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                              std::stop_token stop) {
  return Walk(resolver, std::move(plan), visit, std::max(threads, 1U), std::move(stop)).run();
}

Result<WalkOutcome> walk_trees(const Resolver& resolver, const std::function<void(const WalkEntry&)>& visit,
                               unsigned threads, std::stop_token stop) {
  // The root must be readable, or nothing would have been walked.
  const auto top = resolver.open_directory_unlinked("");
  if (!top) return std::unexpected(system_error(top.error(), "cannot walk the root"));
  auto plan = plan_walk(resolver);
  if (!plan) return std::unexpected(plan.error());
  return walk_plan(resolver, std::move(*plan), visit, threads, std::move(stop));
}

}  // namespace plimsoll::sources
