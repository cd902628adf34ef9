// Reads each small file once, however many probes ask for it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/sources/root.hpp"

namespace plimsoll::sources {

/// A root that remembers what it read: content of at most `max_kept_bytes`, and errors, for as long as it lives.
/// Several threads that ask for one file wait for the one that reads it. Files of the kernel (/proc, /sys) change while
/// they are read and are passed through, and so are all calls but read().
class CachingRoot final : public Root {
 public:
  static constexpr std::size_t max_kept_bytes = 64U << 10U;

  /// `inner` must outlive this.
  explicit CachingRoot(const Root& inner) : inner_(inner) {}

  [[nodiscard]] Result<std::string> read(std::string_view path, std::size_t max_bytes) const override;
  [[nodiscard]] Result<FileStatus> status(std::string_view path) const override { return inner_.status(path); }
  [[nodiscard]] Result<FileStatus> link_status(std::string_view path) const override {
    return inner_.link_status(path);
  }
  [[nodiscard]] Result<std::string> read_link(std::string_view path) const override { return inner_.read_link(path); }
  [[nodiscard]] Result<std::vector<DirectoryEntry>> list(std::string_view path) const override {
    return inner_.list(path);
  }
  [[nodiscard]] Result<std::string> attribute(std::string_view path, std::string_view name) const override {
    return inner_.attribute(path, name);
  }
  [[nodiscard]] Result<WalkOutcome> walk(const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                         std::stop_token stop) const override {
    return inner_.walk(visit, threads, std::move(stop));
  }
  [[nodiscard]] bool live() const override { return inner_.live(); }
  [[nodiscard]] std::string_view name() const override { return inner_.name(); }

 private:
  struct Slot;

  const Root& inner_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<Slot>, std::less<>> slots_;
};

}  // namespace plimsoll::sources
