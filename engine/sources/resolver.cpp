#include "engine/sources/resolver.hpp"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <vector>

namespace plimsoll::sources {
namespace {

// openat2(2) refuses O_NOCTTY beside O_PATH.
constexpr int with_always(int flags) {
  return flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NOCTTY);
}

constexpr int max_links = 40;             // as the kernel: path_resolution(7)
constexpr std::size_t max_parents = 512;  // descriptors that one resolution in user space may hold
constexpr long proc_magic = 0x9fa0;       // PROC_SUPER_MAGIC, statfs(2)

bool has_nul(std::string_view path) {
  return path.find('\0') != std::string_view::npos;
}

std::expected<Descriptor, int> opened(int number) {
  if (number < 0) return std::unexpected(-number);
  return Descriptor(number);
}

int call_openat(int directory, const char* path, int flags) {
  for (;;) {
    const int number = ::openat(directory, path, with_always(flags));
    if (number >= 0) return number;
    if (errno != EINTR) return -errno;
  }
}

// The components still to be resolved, first one last.
void push_components(std::vector<std::string>& rest, std::string_view path) {
  while (!path.empty()) {
    const auto slash = path.find_last_of('/');
    const auto start = slash == std::string_view::npos ? 0 : slash + 1;
    if (start < path.size()) rest.emplace_back(path.substr(start));
    path = path.substr(0, start == 0 ? 0 : start - 1);
  }
}

// The links that procfs makes jump instead of resolving their text: /proc/PID/exe, cwd, root, fd/N, ns/… Their texts
// are absolute or name an object ("pipe:[4711]"), while those of ordinary links there ("self", "self/mounts") are
// relative.
bool is_magic(int link, std::string_view text) {
  struct statfs system{};
  if (::fstatfs(link, &system) != 0 || static_cast<long>(system.f_type) != proc_magic) return false;
  return text.empty() || text[0] == '/' || text[0] == '(' || text.find(':') != std::string_view::npos;
}

std::expected<std::string, int> text_of(int link) {
  std::array<char, PATH_MAX> text{};
  const auto length = ::readlinkat(link, "", text.data(), text.size());
  if (length < 0) return std::unexpected(errno);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace

int call_openat2(int directory, const char* path, int flags, unsigned long long resolve) {
  struct open_how how{};
  how.flags = static_cast<unsigned long long>(with_always(flags));
  how.resolve = resolve;
  for (int attempt = 0;; ++attempt) {
    const long number = ::syscall(SYS_openat2, directory, path, &how, sizeof how);
    if (number >= 0) return static_cast<int>(number);
    if (errno != EINTR && (errno != EAGAIN || attempt >= 64)) return -errno;
  }
}

Resolver::Resolver(Descriptor root, bool kernel_resolves) : root_(std::move(root)), kernel_resolves_(kernel_resolves) {
  if (!kernel_resolves_) return;
  const int number = call_openat2(root_.number(), ".", O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
  // A kernel before 5.6 answers ENOSYS, a seccomp filter of a container runtime ENOSYS or EPERM; nothing else asks
  // EPERM here.
  if (number == -ENOSYS || number == -EPERM) kernel_resolves_ = false;
  if (number >= 0) ::close(number);
}

std::expected<Descriptor, int> Resolver::open(std::string_view path, int flags, Last last) const {
  if (has_nul(path)) return std::unexpected(EINVAL);
  if (path.size() >= PATH_MAX) return std::unexpected(ENAMETOOLONG);
  if (last == Last::keep) flags |= O_NOFOLLOW;
  if (!kernel_resolves_) return open_in_user_space(path, flags, last);
  std::array<char, PATH_MAX + 1> terminated;
  terminated[path.copy(terminated.data(), path.size())] = '\0';
  const char* text = path.empty() ? "." : terminated.data();
  int number = call_openat2(root_.number(), text, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
  if (number == -ELOOP) {
    // A real loop and a refused magic link give the same errno; without NO_MAGICLINKS the latter gives EXDEV and still
    // does not lead out.
    const int why = call_openat2(root_.number(), text, O_PATH | (flags & O_NOFOLLOW), RESOLVE_IN_ROOT);
    if (why >= 0) ::close(why);
    if (why == -EXDEV) number = -EXDEV;
  }
  return opened(number);
}

std::expected<Descriptor, int> Resolver::open_in_user_space(std::string_view path, int flags, Last last) const {
  std::vector<std::string> rest;
  push_components(rest, path);
  std::vector<Descriptor> parents;  // from the root downwards; empty: at the root
  const auto here = [&] { return parents.empty() ? root_.number() : parents.back().number(); };
  for (int links = 0; !rest.empty();) {
    const std::string name = std::move(rest.back());
    rest.pop_back();
    if (name == ".") continue;
    if (name == "..") {
      if (!parents.empty()) parents.pop_back();
      continue;
    }
    auto next = opened(call_openat(here(), name.c_str(), O_PATH | O_NOFOLLOW));
    if (!next) return next;
    struct stat status{};
    if (::fstat(next->number(), &status) != 0) return std::unexpected(errno);
    const bool final = rest.empty();
    if (S_ISLNK(status.st_mode) && !(final && last == Last::keep)) {
      if (++links > max_links) return std::unexpected(ELOOP);
      const auto text = text_of(next->number());
      if (!text) return std::unexpected(text.error());
      if (is_magic(next->number(), *text)) return std::unexpected(EXDEV);
      if (text->starts_with('/')) parents.clear();
      push_components(rest, *text);
      continue;
    }
    if (final) {
      if ((flags & O_PATH) != 0 && (flags & O_DIRECTORY) == 0) return next;
      return opened(call_openat(here(), name.c_str(), flags | O_NOFOLLOW));
    }
    if (!S_ISDIR(status.st_mode)) return std::unexpected(ENOTDIR);
    if (parents.size() >= max_parents) return std::unexpected(ENAMETOOLONG);
    parents.push_back(std::move(*next));
  }
  return opened(call_openat(here(), ".", flags));
}

std::expected<Descriptor, int> Resolver::open_directory_unlinked(const std::string& path) const {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
  if (path.size() < 2) return opened(call_openat(root_.number(), ".", flags));
  if (kernel_resolves_ && path.size() <= PATH_MAX) {
    return opened(call_openat2(root_.number(), path.c_str() + 1, flags, RESOLVE_NO_SYMLINKS));
  }
  Descriptor held;
  std::string_view rest = std::string_view(path).substr(1);
  for (;;) {
    const auto slash = rest.find('/');
    const std::string name(rest.substr(0, slash));
    const int from = held.open() ? held.number() : root_.number();
    const bool final = slash == std::string_view::npos;
    auto next = opened(call_openat(from, name.c_str(), final ? flags : O_PATH | O_DIRECTORY | O_NOFOLLOW));
    if (!next || final) return next;
    held = std::move(*next);
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace plimsoll::sources
