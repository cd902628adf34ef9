// A machine made of text: what probes see in unit tests and scenarios.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sources/clock.hpp"
#include "engine/sources/netfilter.hpp"
#include "engine/sources/root.hpp"
#include "engine/sources/socket_diag.hpp"

namespace plimsoll::tests {

struct FakeFile {
  /// What goes wrong with it. `denied` on a directory also hides everything below it; the other kinds concern reading.
  enum class Trouble : std::uint8_t { none, denied, failed, timed_out, too_large, vanishes };

  sources::FileType type = sources::FileType::regular;
  std::string content = {};
  std::optional<std::uint32_t> mode = {};  ///< default: 0755 for directories, 0777 for links, else 0644
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string target = {};                 ///< link: its text
  std::optional<std::uint64_t> size = {};  ///< default: that of the content; a greater one reads as zeros at its end
  std::int64_t modified = 0;               ///< seconds since the epoch
  std::map<std::string, std::string> attributes = {};
  Trouble trouble = Trouble::none;
};

struct FakeSocket {
  formats::Transport transport = formats::Transport::tcp;
  formats::SocketLine line;
};

struct FakeTree {
  std::map<std::string, FakeFile> files;  ///< by absolute path; directories above them need not be named
  bool live = true;
  bool as_root = false;  ///< true: a file without any read bit can be read all the same, as root can
  std::vector<sources::LeftOut> left_out = {};  ///< what a walk does not enter
  std::optional<std::string> netfilter = {};    ///< the kernel's rules in nft's language; none: cannot be asked
  bool netfilter_denied = false;
  std::string iptables_legacy = {};  ///< what the kernel holds of iptables-legacy, as iptables-save prints it
  std::string ip6tables_legacy = {};
  std::optional<std::vector<FakeSocket>> sockets = {};  ///< what sock_diag tells; none: the kernel refuses
};

/// Serves a FakeTree by the rules of sources::Root. A file without a read bit is denied, and so is a directory without
/// one (listing) or without an x bit (passing through), unless `as_root`. /proc and /sys are file systems of their own,
/// which walks leave out. Links under /proc/PID with an absolute target are magic: they can be read as links, not
/// followed. A file that is read in parts comes in many small ones, so that their ends fall anywhere.
class FakeRoot final : public sources::Root {
 public:
  static constexpr std::size_t part_bytes = 61;

  explicit FakeRoot(FakeTree tree);

  [[nodiscard]] Result<std::string> read(std::string_view path, std::size_t max_bytes) const override;
  [[nodiscard]] Result<std::unique_ptr<sources::Parts>> open(std::string_view path,
                                                             std::size_t max_bytes) const override;
  [[nodiscard]] Result<sources::FileStatus> status(std::string_view path) const override;
  [[nodiscard]] Result<sources::FileStatus> link_status(std::string_view path) const override;
  [[nodiscard]] Result<std::string> read_link(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<sources::DirectoryEntry>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> attribute(std::string_view path, std::string_view name) const override;
  [[nodiscard]] Result<sources::WalkOutcome> walk(const std::function<void(const sources::WalkEntry&)>& visit,
                                                  unsigned threads, std::stop_token stop) const override;
  [[nodiscard]] bool live() const override { return tree_.live; }
  [[nodiscard]] std::string_view name() const override { return tree_.live ? "/" : "/mnt/image"; }

 private:
  using Place = std::map<std::string, FakeFile>::const_iterator;
  [[nodiscard]] Result<Place> find(std::string_view path, bool follow_last, std::string_view doing) const;
  [[nodiscard]] sources::FileStatus status_of(Place place) const;
  [[nodiscard]] bool refuses(const FakeFile& file, std::uint32_t bits) const;

  FakeTree tree_;
  std::map<std::string, std::uint64_t> inodes_;
};

/// Passes everything on and counts: counters show what a wall clock hides.
class CountingRoot final : public sources::Root {
 public:
  explicit CountingRoot(const sources::Root& inner) : inner_(inner) {}

  [[nodiscard]] Result<std::string> read(std::string_view path, std::size_t max_bytes) const override;
  [[nodiscard]] Result<std::unique_ptr<sources::Parts>> open(std::string_view path,
                                                             std::size_t max_bytes) const override;
  [[nodiscard]] Result<sources::FileStatus> status(std::string_view path) const override;
  [[nodiscard]] Result<sources::FileStatus> link_status(std::string_view path) const override;
  [[nodiscard]] Result<std::string> read_link(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<sources::DirectoryEntry>> list(std::string_view path) const override;
  [[nodiscard]] Result<std::string> attribute(std::string_view path, std::string_view name) const override;
  [[nodiscard]] Result<sources::WalkOutcome> walk(const std::function<void(const sources::WalkEntry&)>& visit,
                                                  unsigned threads, std::stop_token stop) const override;
  [[nodiscard]] bool live() const override { return inner_.live(); }
  [[nodiscard]] std::string_view name() const override { return inner_.name(); }

  [[nodiscard]] std::map<std::string, unsigned> reads() const;  ///< path → how often read() or open() was asked for it
  [[nodiscard]] unsigned opens() const { return opens_; }       ///< reads, whole and in parts, and listings
  [[nodiscard]] unsigned looks() const { return looks_; }       ///< status, link_status, read_link, attribute
  [[nodiscard]] unsigned walks() const { return walks_; }

 private:
  void count_read(std::string_view path) const;

  const sources::Root& inner_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, unsigned> reads_;
  mutable std::atomic<unsigned> opens_ = 0;
  mutable std::atomic<unsigned> looks_ = 0;
  mutable std::atomic<unsigned> walks_ = 0;
};

/// The kernel's packet filter, from a tree's text.
class FakeNetfilter final : public sources::Netfilter {
 public:
  explicit FakeNetfilter(const FakeTree& tree)
      : text_(tree.netfilter),
        denied_(tree.netfilter_denied),
        legacy_(tree.iptables_legacy),
        legacy6_(tree.ip6tables_legacy) {}
  [[nodiscard]] Result<formats::PacketFilter> rules() const override;
  /// A table that the tree does not have: failed, as from a kernel that should not have been asked.
  [[nodiscard]] Result<std::vector<formats::PacketChain>> legacy_chains(formats::IpFamily family,
                                                                        const std::string& table) const override;

 private:
  std::optional<std::string> text_;
  bool denied_;
  std::string legacy_;
  std::string legacy6_;
};

/// The kernel's sockets, from a tree.
class FakeSocketDiag final : public sources::SocketDiag {
 public:
  explicit FakeSocketDiag(const FakeTree& tree) : sockets_(tree.sockets) {}
  [[nodiscard]] Result<std::vector<formats::SocketLine>> waiting(formats::Transport transport) const override;

 private:
  std::optional<std::vector<FakeSocket>> sockets_;
};

class FixedClock final : public sources::Clock {
 public:
  explicit FixedClock(std::int64_t milliseconds) : milliseconds_(milliseconds) {}
  [[nodiscard]] std::int64_t now_ms() const override { return milliseconds_; }

 private:
  std::int64_t milliseconds_;
};

}  // namespace plimsoll::tests
