// The floor that an audit without the walk is measured against: learns from the system the same facts about the same
// paths, each once and as cheaply as it can be had, and judges nothing. Standard input holds one question a line: a
// letter and a path.
//     r /etc/passwd     its bytes, to the end
//     l /etc/ssh        its names
//     s /etc/shadow     its status, links followed        S: of the link itself
//     t /etc/localtime  the text of the link
//     x /etc/shadow     its access control list
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace {

std::array<char, 65536> buffer;  // more would cost more: the kernel clears every page that is touched first

std::vector<std::string> lines_of_standard_input() {
  std::string text;
  for (ssize_t got = 0; (got = read(STDIN_FILENO, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = text.find('\n', start);
    lines.push_back(text.substr(start, end - start));
    if (end == std::string::npos) break;
    start = end + 1;
  }
  return lines;
}

unsigned long long read_through(const char* path, bool directory) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (directory ? O_DIRECTORY : 0));
  if (fd < 0) return 0;
  unsigned long long bytes = 0;
  while (true) {
    const auto got =
        directory ? syscall(SYS_getdents64, fd, buffer.data(), buffer.size()) : read(fd, buffer.data(), buffer.size());
    if (got <= 0) break;
    bytes += static_cast<unsigned long long>(got);
  }
  close(fd);
  return bytes;
}

unsigned long long answer(char question, const char* path) {
  struct statx status{};
  constexpr unsigned wanted = STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID | STATX_SIZE | STATX_MTIME | STATX_INO;
  switch (question) {
    case 'r':
    case 'l':
      return read_through(path, question == 'l');
    case 's':
    case 'S':
      return statx(AT_FDCWD, path, question == 'S' ? AT_SYMLINK_NOFOLLOW : 0, wanted, &status) == 0 ? 1 : 0;
    case 't':
      return readlink(path, buffer.data(), buffer.size()) > 0 ? 1 : 0;
    case 'x':
      return getxattr(path, "system.posix_acl_access", buffer.data(), buffer.size()) > 0 ? 1 : 0;
    default:
      return 0;
  }
}

}  // namespace

int main() {
  unsigned long long sum = 0;
  unsigned asked = 0;
  for (const auto& line : lines_of_standard_input()) {
    if (line.size() < 3) continue;
    ++asked;
    sum += answer(line.front(), line.c_str() + 2);
  }
  std::printf("%u questions, %llu\n", asked, sum);
  return 0;
}
