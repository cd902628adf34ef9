// Opening below a root directory so that no link, absolute or with `..`, leads out of it.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/sources/descriptor.hpp"

namespace plimsoll::sources {

/// Opens paths inside one directory: with openat2(2), RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS, where the kernel has it
/// (5.6) and no filter forbids it, else component by component in user space with the same outcome. Plain open(2) is
/// never used. Thread-safe.
class Resolver {
 public:
  enum class Last { follow, keep };  ///< whether a link in the last component is followed

  /// `root` is a descriptor of the root directory and stays open in here. `kernel_resolves` false: user space always.
  explicit Resolver(Descriptor root, bool kernel_resolves = true);

  /// `flags` as for open(2): O_PATH, or O_RDONLY with O_DIRECTORY, O_NONBLOCK. O_CLOEXEC and O_NOCTTY are added.
  /// Out: the descriptor. Error: an errno; EXDEV says that the path leads through a magic link of /proc.
  [[nodiscard]] std::expected<Descriptor, int> open(std::string_view path, int flags, Last last) const;

  /// Opens a directory whose path ("/usr/bin"; "" is the root), as a walk found it, holds no link: if one is there now,
  /// ELOOP or ENOTDIR. Paths longer than PATH_MAX are opened piece by piece.
  [[nodiscard]] std::expected<Descriptor, int> open_directory_unlinked(const std::string& path) const;

  [[nodiscard]] int root() const { return root_.number(); }
  [[nodiscard]] bool kernel_resolves() const { return kernel_resolves_; }

 private:
  [[nodiscard]] std::expected<Descriptor, int> open_in_user_space(std::string_view path, int flags, Last last) const;

  Descriptor root_;
  bool kernel_resolves_;
};

/// openat2(2). Retries EINTR, and EAGAIN (a rename raced with `..`) a bounded number of times. Returns -errno on
/// failure.
[[nodiscard]] int call_openat2(int directory, const char* path, int flags, unsigned long long resolve);

}  // namespace plimsoll::sources
