// Asks the audited host each thing once, however many probes want to know it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/sources/answers.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::sources {

/// A root that remembers, for as long as it lives, what it was told: content of at most `max_kept_bytes`, lists of at
/// most `max_kept_entries`, status, links, attributes, and errors. Several threads that ask one thing wait for the one
/// that looks. What the kernel makes up (/proc, /sys) changes meanwhile and is passed through, and so
/// are walks and files that are read in parts.
class CachingRoot final : public Root {
 public:
  static constexpr std::size_t max_kept_bytes = 64U << 10U;
  static constexpr std::size_t max_kept_entries = 10'000;

  /// `inner` must outlive this.
  explicit CachingRoot(const Root& inner) : inner_(inner) {}

  [[nodiscard]] Result<std::string> read(std::string_view path, std::size_t max_bytes) const override;
  [[nodiscard]] Result<std::unique_ptr<Parts>> open(std::string_view path, std::size_t max_bytes) const override {
    return inner_.open(path, max_bytes);
  }
  [[nodiscard]] Result<FileStatus> status(std::string_view path) const override;
  [[nodiscard]] Result<FileStatus> link_status(std::string_view path) const override;
  [[nodiscard]] Result<std::string> read_link(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<DirectoryEntry>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> attribute(std::string_view path, std::string_view name) const override;
  [[nodiscard]] Result<WalkOutcome> walk(const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                         std::stop_token stop) const override {
    return inner_.walk(visit, threads, std::move(stop));
  }
  [[nodiscard]] bool live() const override { return inner_.live(); }
  [[nodiscard]] std::string_view name() const override { return inner_.name(); }

 private:
  const Root& inner_;
  mutable Answers<std::string> contents_;
  mutable Answers<FileStatus> statuses_;
  mutable Answers<FileStatus> link_statuses_;
  mutable Answers<std::string> links_;
  mutable Answers<std::vector<DirectoryEntry>> lists_;
  mutable Answers<std::string> attributes_;
};

}  // namespace plimsoll::sources
