#include "engine/sources/root.hpp"

#include <fmt/core.h>

namespace plimsoll::sources {

std::string_view name_of(FileType type) {
  switch (type) {
    case FileType::regular:
      return "file";
    case FileType::directory:
      return "directory";
    case FileType::symlink:
      return "link";
    case FileType::fifo:
      return "fifo";
    case FileType::socket:
      return "socket";
    case FileType::character_device:
      return "character_device";
    case FileType::block_device:
      return "block_device";
    case FileType::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string WalkEntry::path() const {
  std::string text;
  text.reserve(directory.size() + 1 + name.size());
  text += directory;
  if (!name.empty()) {
    text += '/';
    text += name;
  }
  if (text.empty()) text = "/";
  return text;
}

bool kernel_visible(const Root& root) {
  if (root.live()) return true;
  // A mounted /proc is a file system of its own. A directory that an image happens to hold there is not the kernel.
  const auto top = root.status("/");
  const auto proc = root.status("/proc/sys");
  return top && proc && proc->type == FileType::directory && proc->device != top->device;
}

Error kernel_not_visible(std::string_view interface_name) {
  return Error{
      Error::Kind::unobservable,
      fmt::format("cannot see {}: the audited root is not running and holds no /proc of its own", interface_name),
      "run plimsoll on the host itself, or mount the host's root with its /proc and /sys"};
}

}  // namespace plimsoll::sources
