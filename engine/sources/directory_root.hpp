// The live host, or a directory that holds another one, read through openat2(2).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/sources/resolver.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::sources {

class DirectoryRoot final : public Root {
 public:
  /// `root` is an O_PATH descriptor of the directory. `live`: it is the "/" of this process.
  DirectoryRoot(Descriptor root, std::string name, bool live, bool kernel_resolves = true);

  [[nodiscard]] Result<std::string> read(std::string_view path, std::size_t max_bytes) const override;
  [[nodiscard]] Result<std::unique_ptr<Parts>> open(std::string_view path, std::size_t max_bytes) const override;
  [[nodiscard]] Result<FileStatus> status(std::string_view path) const override;
  [[nodiscard]] Result<FileStatus> link_status(std::string_view path) const override;
  [[nodiscard]] Result<std::string> read_link(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<DirectoryEntry>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> attribute(std::string_view path, std::string_view name) const override;
  [[nodiscard]] Result<WalkOutcome> walk(const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                         std::stop_token stop) const override;
  [[nodiscard]] bool live() const override { return live_; }
  [[nodiscard]] std::string_view name() const override { return name_; }

 private:
  [[nodiscard]] std::expected<Descriptor, int> open_kernel_file(std::string_view path) const;
  [[nodiscard]] std::expected<Descriptor, int> open_beside_devices(std::string_view path) const;
  [[nodiscard]] bool may_go_direct(std::string_view path, Resolver::Last last) const;
  struct OpenFile {
    Descriptor descriptor;
    std::uint64_t size;
  };
  [[nodiscard]] Result<OpenFile> open_regular(std::string_view path, std::size_t max_bytes) const;
  [[nodiscard]] std::expected<Descriptor, int> reopen(const Descriptor& seen, std::string_view path,
                                                      const FileStatus& expected) const;
  [[nodiscard]] Result<FileStatus> status_of_path(std::string_view path, Resolver::Last last) const;

  Resolver resolver_;
  std::string name_;
  bool live_;
  bool own_proc_;       // this process has a /proc through which it can reopen its own descriptors
  bool devices_apart_;  // live, and device files lie on another mount than the root itself
  Descriptor proc_;     // the root's /proc and /sys, each only where that file system is really mounted there
  Descriptor sys_;
};

}  // namespace plimsoll::sources
