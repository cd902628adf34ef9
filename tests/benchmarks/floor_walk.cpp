// The floor that the walk is measured against: visits every entry below a directory on one file system, on one thread,
// with openat, getdents64 and statx relative to the directory, and judges nothing.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace {

struct Entry {  // struct linux_dirent64 of getdents64(2)
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short length;
  unsigned char type;
};
constexpr std::size_t name_offset = 19;

}  // namespace

int main(int argc, char** argv) {
  const char* start = argc > 1 ? argv[1] : "/";
  std::vector<std::string> pending = {start};
  std::vector<char> buffer(32768);
  unsigned long long entries = 1;
  struct statx root = {};
  if (statx(AT_FDCWD, start, 0, STATX_BASIC_STATS, &root) != 0) return 1;
  unsigned long long set_id = 0;
  while (!pending.empty()) {
    const std::string path = std::move(pending.back());
    pending.pop_back();
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW | O_NOATIME);
    if (fd < 0) continue;
    while (true) {
      const auto got = syscall(SYS_getdents64, fd, buffer.data(), buffer.size());
      if (got <= 0) break;
      for (long at = 0; at < got;) {
        Entry entry{};
        std::memcpy(&entry, buffer.data() + at, name_offset);
        const char* name = buffer.data() + at + name_offset;
        at += entry.length;
        if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
        struct statx status = {};
        if (statx(fd, name, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID,
                  &status) != 0) {
          continue;
        }
        ++entries;
        if ((status.stx_mode & 06000U) != 0) ++set_id;
        const bool same = status.stx_dev_major == root.stx_dev_major && status.stx_dev_minor == root.stx_dev_minor;
        if (S_ISDIR(status.stx_mode) && same) pending.push_back(path + (path.back() == '/' ? "" : "/") + name);
      }
    }
    close(fd);
  }
  std::printf("%llu entries, %llu with a set-id bit\n", entries, set_id);
  return 0;
}
