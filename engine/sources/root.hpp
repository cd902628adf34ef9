// Read access to one machine's files: the live host, a mounted image, or a fake in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::sources {

enum class FileType : std::uint8_t {
  regular,
  directory,
  symlink,
  fifo,
  socket,
  character_device,
  block_device,
  unknown,  ///< the file system did not say, and it could not be asked
};
[[nodiscard]] std::string_view name_of(FileType type);  ///< "file", "directory", "link", "fifo", "socket", …

/// What statx(2) says. Modes are the permission, set-id and sticky bits (07777); times are seconds since the epoch.
struct FileStatus {
  FileType type = FileType::unknown;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileStatus&) const = default;
};

struct DirectoryEntry {
  std::string name;                   ///< bytes as the kernel gave them; may be invalid UTF-8
  FileType type = FileType::unknown;  ///< of the entry itself, links not followed
  bool operator==(const DirectoryEntry&) const = default;
};

/// One entry met by a walk. Views are valid only during the call.
struct WalkEntry {
  std::string_view directory;  ///< path of the directory on the audited host, without trailing slash ("" for the root)
  std::string_view name;       ///< empty for the start of the walk itself
  FileType type = FileType::unknown;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  [[nodiscard]] std::string path() const;  ///< "/var/tmp/x"
};

/// A place that a walk did not enter or could not read.
struct LeftOut {
  std::string path;
  std::string why;  ///< "proc: not a local file system", "permission denied"
  bool by_design =
      true;  ///< false: it should have been read and could not be, so absence of findings proves nothing there
  bool operator==(const LeftOut&) const = default;
};

struct WalkOutcome {
  std::uint64_t entries = 0;       ///< looked at, directories included
  std::vector<std::string> trees;  ///< mount points walked, with type: "/ (ext4)"
  std::vector<LeftOut> left_out;   ///< by path
};

/// A file that was opened, read once from its beginning: what is too large to be held whole. For one thread at a time.
class Parts {
 public:
  static constexpr std::size_t max_part_bytes = std::size_t{64} << 10U;

  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  virtual ~Parts() = default;

  /// The next bytes, wherever they are cut; empty at the end. The view lives until the next call.
  /// Errors: too_large (it grew beyond the limit that it was opened with), failed. There is no next part behind an
  /// error.
  [[nodiscard]] virtual Result<std::string_view> next() = 0;

  /// How many bytes it held when it was opened.
  [[nodiscard]] virtual std::uint64_t size() const = 0;
};

/// Read access to one machine's files. Paths are the audited host's own ("/etc/ssh/sshd_config"); symbolic links, also
/// absolute ones and `..`, are resolved inside the root (openat2(2), RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS).
/// There is no writing call. All calls are thread-safe.
class Root {
 public:
  Root() = default;
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  virtual ~Root() = default;

  /// The whole content of a regular file (or a /proc or /sys file). Opened without blocking.
  /// Errors: not_found (also a link that leads nowhere), denied, unsupported (not a regular file; says what it is),
  /// too_large (over `max_bytes`; nothing is returned then), failed (a link loop, an I/O error).
  [[nodiscard]] virtual Result<std::string> read(std::string_view path, std::size_t max_bytes) const = 0;

  /// A regular file, to be read in parts; not for /proc and /sys, whose files come whole. Opened without blocking, and
  /// no longer looked for by its path: a file that vanishes or is replaced meanwhile is still read as it was.
  /// Errors: those of read(), of which some may come only with a part.
  [[nodiscard]] virtual Result<std::unique_ptr<Parts>> open(std::string_view path, std::size_t max_bytes) const = 0;

  /// Of what the path leads to, links followed. Errors: not_found, denied, failed.
  [[nodiscard]] virtual Result<FileStatus> status(std::string_view path) const = 0;

  /// Of the last component itself, a link included. Errors: not_found, denied, failed.
  [[nodiscard]] virtual Result<FileStatus> link_status(std::string_view path) const = 0;

  /// The text of a symbolic link, unresolved. Errors: not_found, denied, unsupported (not a link), failed.
  [[nodiscard]] virtual Result<std::string> read_link(std::string_view path) const = 0;

  /// The entries of a directory, sorted by name, without "." and "..". Errors: not_found, denied, unsupported, failed.
  [[nodiscard]] virtual Result<std::vector<DirectoryEntry>> list(std::string_view path) const = 0;

  /// One extended attribute (xattr(7)) of what the path leads to. Errors: not_found (no such attribute, or the file
  /// system has none), denied, failed.
  [[nodiscard]] virtual Result<std::string> attribute(std::string_view path, std::string_view name) const = 0;

  /// Visits every entry of every local file system under the root once; `visit` is called from several threads at once.
  /// Local means: every mount but network and kernel pseudo file systems, and the root itself whatever its type; each
  /// file system once, however often it is bind-mounted. Never follows links. An entry that vanishes meanwhile is no
  /// error. Errors: timed_out when `stop` was requested; denied when the root itself cannot be opened.
  [[nodiscard]] virtual Result<WalkOutcome> walk(const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                                 std::stop_token stop) const = 0;

  /// True when this is the running host's own root, so that what the kernel says of itself is about the audited host.
  /// A root that holds its own /proc (a host mounted into a pod) is not live, yet its kernel is visible.
  [[nodiscard]] virtual bool live() const = 0;

  /// Where the root stands, for people: "/" or the --root directory.
  [[nodiscard]] virtual std::string_view name() const = 0;
};

/// Limits for reads. Configuration beyond these is not what an administrator wrote.
inline constexpr std::size_t max_config_bytes = 4U << 20U;      ///< one configuration file
inline constexpr std::size_t max_proc_bytes = 1U << 20U;        ///< one /proc or /sys file
inline constexpr std::size_t max_database_bytes = 256U << 20U;  ///< package databases

/// Whether kernel facts (/proc/sys, /proc/modules, …) of the audited host can be seen under this root.
[[nodiscard]] bool kernel_visible(const Root& root);

/// The error for a kernel fact where kernel_visible() is false: unobservable, with `what` naming the interface.
[[nodiscard]] Error kernel_not_visible(std::string_view interface_name);

/// The live host at "/", or the directory `path`. Errors: not_found, unsupported (not a directory), denied.
[[nodiscard]] Result<std::unique_ptr<Root>> open_root(const std::string& path);

}  // namespace plimsoll::sources
