#include "engine/sources/directory_root.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>

#include "engine/core/ascii.hpp"
#include "engine/sources/contents.hpp"
#include "engine/sources/directory_stream.hpp"
#include "engine/sources/file_status.hpp"
#include "engine/sources/system_error.hpp"
#include "engine/sources/walk.hpp"

namespace plimsoll::sources {
namespace {

constexpr long proc_magic = 0x9fa0;  // statfs(2)
constexpr long sys_magic = 0x62656572;
constexpr unsigned status_mask = STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID | STATX_SIZE | STATX_MTIME | STATX_INO;

// The descriptor of a directory of the root, when a file system of this kind is mounted there.
Descriptor open_mounted(int root, const char* name, long magic, bool kernel_resolves) {
  if (!kernel_resolves) return {};
  const int number = call_openat2(root, name, O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH);
  if (number < 0) return {};
  Descriptor directory(number);
  struct statfs system{};
  if (::fstatfs(number, &system) != 0 || static_cast<long>(system.f_type) != magic) return {};
  return directory;
}

// Whether /dev is a mount of its own, as it is wherever the kernel or a container runtime makes the device files.
bool devices_are_apart(int root) {
  struct statx top{};
  struct statx devices{};
  return ::statx(root, "", AT_EMPTY_PATH, mount_id_mask, &top) == 0 &&
         ::statx(root, "dev", AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_TYPE | mount_id_mask, &devices) == 0 &&
         S_ISDIR(devices.stx_mode) && mount_id_of(top) != 0 && mount_id_of(devices) != 0 &&
         mount_id_of(top) != mount_id_of(devices);
}

bool has_own_proc() {
  struct statfs system{};
  return ::statfs("/proc/self/fd", &system) == 0 && static_cast<long>(system.f_type) == proc_magic;
}

std::array<char, 32> own_descriptor_path(int number) {
  std::array<char, 32> text{};
  *fmt::format_to_n(text.data(), text.size() - 1, "/proc/self/fd/{}", number).out = '\0';
  return text;
}

Error path_error(int number, std::string_view doing, std::string_view path) {
  if (number == EXDEV) {
    return Error{Error::Kind::unsupported, fmt::format("{} {}: it leads through a magic link of /proc", doing, path)};
  }
  std::string tried;
  tried.reserve(doing.size() + 1 + path.size());
  tried.append(doing).append(1, ' ').append(path);
  return system_error(number, tried);
}

Result<FileStatus> status_of_descriptor(int descriptor, std::string_view path) {
  struct statx raw{};
  if (::statx(descriptor, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT, status_mask, &raw) != 0) {
    return std::unexpected(system_error(errno, fmt::format("cannot look at {}", path)));
  }
  return status_of(raw);
}

// The first bytes of a name as a number that sorts as they do; a shorter name is filled up with zeros, which no name
// holds.
std::uint64_t beginning_of(std::string_view name) {
  std::uint64_t number = 0;
  name.copy(reinterpret_cast<char*>(&number), sizeof number);
  if constexpr (std::endian::native == std::endian::little) number = __builtin_bswap64(number);
  return number;
}

Error no_file(std::string_view path, FileType type) {
  return {Error::Kind::unsupported, fmt::format("cannot read {}: it is a {}, not a file", path, name_of(type))};
}

// "/proc/4711/exe", "/proc/4711/ns/net", "/proc/4711/fd/0": no component before the last can be a magic link, so the
// path needs no resolver. A process audit reads a dozen of these for every process.
bool is_process_link(std::string_view path) {
  constexpr std::string_view proc = "/proc/";
  if (!path.starts_with(proc)) return false;
  path.remove_prefix(proc.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos || !is_number(path.substr(0, slash))) return false;
  path.remove_prefix(slash + 1);
  if (path.starts_with("ns/") || path.starts_with("fd/")) path.remove_prefix(3);
  return !path.empty() && path.find('/') == std::string_view::npos && path != "." && path != "..";
}

}  // namespace

DirectoryRoot::DirectoryRoot(Descriptor root, std::string name, bool live, bool kernel_resolves)
    : resolver_(std::move(root), kernel_resolves),
      name_(std::move(name)),
      live_(live),
      own_proc_(has_own_proc()),
      devices_apart_(live && resolver_.kernel_resolves() && devices_are_apart(resolver_.root())),
      proc_(open_mounted(resolver_.root(), "proc", proc_magic, resolver_.kernel_resolves())),
      sys_(open_mounted(resolver_.root(), "sys", sys_magic, resolver_.kernel_resolves())) {}

// In a real procfs or sysfs, without links that leave it, there is nothing but directories and files that may be
// opened: so one open is enough, where elsewhere the type is looked at first.
std::expected<Descriptor, int> DirectoryRoot::open_kernel_file(std::string_view path) const {
  constexpr std::string_view proc = "/proc/";
  constexpr std::string_view sys = "/sys/";
  const Descriptor* base = nullptr;
  if (proc_.open() && path.starts_with(proc)) {
    base = &proc_;
    path.remove_prefix(proc.size());
  } else if (sys_.open() && path.starts_with(sys)) {
    base = &sys_;
    path.remove_prefix(sys.size());
  }
  std::array<char, 512> text;
  if (base == nullptr || path.empty() || path.size() >= text.size() || path.find('\0') != std::string_view::npos) {
    return std::unexpected(EXDEV);
  }
  text[path.copy(text.data(), path.size())] = '\0';
  const int number = call_openat2(base->number(), text.data(), O_RDONLY | O_NONBLOCK,
                                  RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
  if (number < 0) return std::unexpected(-number);
  return Descriptor(number);
}

Result<std::string> DirectoryRoot::read(std::string_view path, std::size_t max_bytes) const {
  const auto kernel = open_kernel_file(path);
  if (kernel) {
    const auto ending = path.starts_with("/proc/sys/") ? Ending::one_read : Ending::empty_read;
    return read_all(kernel->number(), path, 0, max_bytes, ending);
  }
  // EXDEV: not below /proc or /sys, or it leads out of them; ELOOP: through a magic link. Both are for the resolver to
  // judge.
  if (kernel.error() != EXDEV && kernel.error() != ELOOP) {
    return std::unexpected(path_error(kernel.error(), "cannot read", path));
  }
  const auto file = open_regular(path, max_bytes);
  if (!file) return std::unexpected(file.error());
  return read_all(file->descriptor.number(), path, file->size, max_bytes, Ending::at_size);
}

Result<std::unique_ptr<Parts>> DirectoryRoot::open(std::string_view path, std::size_t max_bytes) const {
  auto file = open_regular(path, max_bytes);
  if (!file) return std::unexpected(file.error());
  return parts_of(std::move(file->descriptor), path, file->size, max_bytes);
}

// On the live host's own mount no link of a user can lead to a device: those lie on the mount of /dev, and only root
// could have made one elsewhere. So a file there may be opened at once, without looking first. EXDEV: not on that
// mount.
std::expected<Descriptor, int> DirectoryRoot::open_beside_devices(std::string_view path) const {
  std::array<char, 512> text;
  const bool fits = path.size() > 1 && path.size() < text.size() && path.find('\0') == std::string_view::npos;
  if (!devices_apart_ || !fits) return std::unexpected(EXDEV);
  text[path.copy(text.data(), path.size())] = '\0';
  const int number = call_openat2(resolver_.root(), text.data(), O_RDONLY | O_NONBLOCK | O_NOCTTY,
                                  RESOLVE_IN_ROOT | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
  if (number < 0) return std::unexpected(-number);
  return Descriptor(number);
}

// Opening a device can do things (a tape rewinds, a watchdog starts), so the type is looked at before anything is
// opened.
Result<DirectoryRoot::OpenFile> DirectoryRoot::open_regular(std::string_view path, std::size_t max_bytes) const {
  auto at_once = open_beside_devices(path);
  if (at_once) {
    const auto status = status_of_descriptor(at_once->number(), path);
    if (!status) return std::unexpected(status.error());
    if (status->type != FileType::regular) return std::unexpected(no_file(path, status->type));
    if (status->size > max_bytes) return std::unexpected(too_large(path, max_bytes));
    return OpenFile{std::move(*at_once), status->size};
  }
  if (at_once.error() == ENOENT) return std::unexpected(path_error(ENOENT, "cannot read", path));
  const auto seen = resolver_.open(path, O_PATH, Resolver::Last::follow);
  if (!seen) return std::unexpected(path_error(seen.error(), "cannot read", path));
  const auto status = status_of_descriptor(seen->number(), path);
  if (!status) return std::unexpected(status.error());
  if (status->type != FileType::regular) return std::unexpected(no_file(path, status->type));
  if (status->size > max_bytes) return std::unexpected(too_large(path, max_bytes));
  auto file = reopen(*seen, path, *status);
  if (!file) return std::unexpected(path_error(file.error(), "cannot read", path));
  return OpenFile{std::move(*file), status->size};
}

// Through our own /proc/self/fd this opens the very file that was looked at. Without a /proc the path is resolved again
// and must lead to the same file.
std::expected<Descriptor, int> DirectoryRoot::reopen(const Descriptor& seen, std::string_view path,
                                                     const FileStatus& expected) const {
  if (own_proc_) {
    const auto own = own_descriptor_path(seen.number());
    const int number = ::open(own.data(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (number < 0) return std::unexpected(errno);
    return Descriptor(number);
  }
  auto again = resolver_.open(path, O_RDONLY | O_NONBLOCK, Resolver::Last::follow);
  if (!again) return again;
  const auto status = status_of_descriptor(again->number(), path);
  if (!status || status->device != expected.device || status->inode != expected.inode ||
      status->type != FileType::regular) {
    return std::unexpected(ESTALE);
  }
  return again;
}

// There is nothing outside the live root to be led to, so for what does not open anything one call will do; only /proc
// has links that jump.
bool DirectoryRoot::may_go_direct(std::string_view path, Resolver::Last last) const {
  return live_ && path.size() < PATH_MAX && path.starts_with('/') && path.find('\0') == std::string_view::npos &&
         (!path.starts_with("/proc/") || (last == Resolver::Last::keep && is_process_link(path)));
}

Result<FileStatus> DirectoryRoot::status_of_path(std::string_view path, Resolver::Last last) const {
  if (may_go_direct(path, last)) {
    std::array<char, PATH_MAX> text;
    text[path.copy(text.data(), path.size())] = '\0';
    struct statx raw{};
    const int flags = AT_NO_AUTOMOUNT | (last == Resolver::Last::keep ? AT_SYMLINK_NOFOLLOW : 0);
    if (::statx(AT_FDCWD, text.data(), flags, status_mask, &raw) == 0) return status_of(raw);
    return std::unexpected(path_error(errno, "cannot look at", path));
  }
  const auto seen = resolver_.open(path, O_PATH, last);
  if (!seen) return std::unexpected(path_error(seen.error(), "cannot look at", path));
  return status_of_descriptor(seen->number(), path);
}

Result<FileStatus> DirectoryRoot::status(std::string_view path) const {
  return status_of_path(path, Resolver::Last::follow);
}

Result<FileStatus> DirectoryRoot::link_status(std::string_view path) const {
  return status_of_path(path, Resolver::Last::keep);
}

Result<std::string> DirectoryRoot::read_link(std::string_view path) const {
  std::array<char, PATH_MAX> text;
  ssize_t length = -1;
  int problem = 0;
  if (proc_.open() && path.size() < 64 && is_process_link(path) && path.find('\0') == std::string_view::npos) {
    const std::string relative(path.substr(6));
    length = ::readlinkat(proc_.number(), relative.c_str(), text.data(), text.size());
    problem = errno;
  } else if (may_go_direct(path, Resolver::Last::keep)) {
    length = ::readlink(std::string(path).c_str(), text.data(), text.size());
    problem = errno;
  } else {
    const auto seen = resolver_.open(path, O_PATH, Resolver::Last::keep);
    if (!seen) return std::unexpected(path_error(seen.error(), "cannot read the link", path));
    length = ::readlinkat(seen->number(), "", text.data(), text.size());
    // With an empty path ENOENT says that the descriptor, which is open, is not a link.
    problem = errno == ENOENT ? EINVAL : errno;
  }
  if (length >= 0) return std::string(text.data(), static_cast<std::size_t>(length));
  if (problem == EINVAL) {
    return std::unexpected(
        Error{Error::Kind::unsupported, fmt::format("cannot read the link {}: it is not a link", path)});
  }
  return std::unexpected(path_error(problem, "cannot read the link", path));
}

Result<std::vector<DirectoryEntry>> DirectoryRoot::list(std::string_view path) const {
  const auto directory = resolver_.open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, Resolver::Last::follow);
  if (!directory) {
    if (directory.error() == ENOTDIR) {
      const auto what = status(path);
      if (what) {
        return std::unexpected(
            Error{Error::Kind::unsupported,
                  fmt::format("cannot list {}: it is a {}, not a directory", path, name_of(what->type))});
      }
    }
    return std::unexpected(path_error(directory.error(), "cannot list", path));
  }
  // Sorted as views of one text, which move more cheaply than entries do; most names differ in their first bytes.
  struct Found {
    std::uint64_t beginning;
    std::size_t name;
    std::size_t length;
    FileType type;
  };
  std::string names;
  std::vector<Found> found;
  std::array<char, 32768> buffer;
  const int problem = for_each_entry(directory->number(), buffer, [&](const char* name, unsigned char d_type) {
    FileType type = type_of_dirent(d_type);
    if (type == FileType::unknown) {
      struct statx raw{};
      if (::statx(directory->number(), name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_TYPE, &raw) == 0) {
        type = type_of_mode(raw.stx_mode);
      } else if (errno == ENOENT) {
        return true;
      }
    }
    const std::string_view bytes = name;
    found.push_back({beginning_of(bytes), names.size(), bytes.size(), type});
    names += bytes;
    return true;
  });
  if (problem != 0) return std::unexpected(path_error(problem, "cannot list", path));
  const auto name_of_found = [&](const Found& one) { return std::string_view(names).substr(one.name, one.length); };
  std::ranges::sort(found, [&](const Found& one, const Found& other) {
    if (one.beginning != other.beginning) return one.beginning < other.beginning;
    return name_of_found(one) < name_of_found(other);
  });
  std::vector<DirectoryEntry> entries;
  entries.reserve(found.size());
  for (const auto& one : found) entries.push_back({std::string(name_of_found(one)), one.type});
  return entries;
}

Result<std::string> DirectoryRoot::attribute(std::string_view path, std::string_view name) const {
  const std::string terminated(name);
  std::array<char, 65536> value;  // XATTR_SIZE_MAX
  const auto answer = [&](ssize_t length, int problem) -> Result<std::string> {
    if (length >= 0) return std::string(value.data(), static_cast<std::size_t>(length));
    const std::string doing = fmt::format("cannot read the attribute {} of {}", name, path);
    if (problem == EOPNOTSUPP) {
      return std::unexpected(Error{Error::Kind::not_found, doing + ": the file system has none"});
    }
    return std::unexpected(system_error(problem, doing));
  };
  if (may_go_direct(path, Resolver::Last::follow)) {
    const ssize_t length = ::getxattr(std::string(path).c_str(), terminated.c_str(), value.data(), value.size());
    return answer(length, errno);
  }
  const auto seen = resolver_.open(path, O_PATH, Resolver::Last::follow);
  if (!seen) return std::unexpected(path_error(seen.error(), "cannot look at", path));
  if (!own_proc_) {
    return std::unexpected(Error{Error::Kind::unobservable,
                                 fmt::format("cannot read the attributes of {}: this process has no /proc", path),
                                 "mount /proc where plimsoll runs"});
  }
  const auto own = own_descriptor_path(seen->number());
  const ssize_t length = ::getxattr(own.data(), terminated.c_str(), value.data(), value.size());
  return answer(length, errno);
}

Result<WalkOutcome> DirectoryRoot::walk(const std::function<void(const WalkEntry&)>& visit, unsigned threads,
                                        std::stop_token stop) const {
  return walk_trees(resolver_, visit, threads, std::move(stop));
}

Result<std::unique_ptr<Root>> open_root(const std::string& path) {
  const int number = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) {
    const int problem = errno;
    const std::string doing = fmt::format("cannot use {} as the root", path);
    if (problem == ENOENT) return std::unexpected(Error{Error::Kind::not_found, doing + ": it does not exist"});
    if (problem == ENOTDIR) return std::unexpected(Error{Error::Kind::unsupported, doing + ": it is not a directory"});
    return std::unexpected(system_error(problem, doing));
  }
  Descriptor root(number);
  struct statx given{};
  struct statx own{};
  const unsigned mask = STATX_INO | mount_id_mask;
  const bool live = ::statx(number, "", AT_EMPTY_PATH, mask, &given) == 0 &&
                    ::statx(AT_FDCWD, "/", 0, mask, &own) == 0 && given.stx_ino == own.stx_ino &&
                    given.stx_dev_major == own.stx_dev_major && given.stx_dev_minor == own.stx_dev_minor;
  return std::make_unique<DirectoryRoot>(std::move(root), live ? "/" : path, live);
}

}  // namespace plimsoll::sources
