#include "engine/sources/file_status.hpp"

#include <dirent.h>

namespace plimsoll::sources {

FileType type_of_mode(unsigned mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return FileType::regular;
    case S_IFDIR:
      return FileType::directory;
    case S_IFLNK:
      return FileType::symlink;
    case S_IFIFO:
      return FileType::fifo;
    case S_IFSOCK:
      return FileType::socket;
    case S_IFCHR:
      return FileType::character_device;
    case S_IFBLK:
      return FileType::block_device;
    default:
      return FileType::unknown;
  }
}

FileType type_of_dirent(unsigned char d_type) {
  return type_of_mode(static_cast<unsigned>(DTTOIF(d_type)));
}

FileStatus status_of(const struct statx& raw) {
  FileStatus status;
  status.type = type_of_mode(raw.stx_mode);
  status.mode = raw.stx_mode & 07777U;
  status.uid = raw.stx_uid;
  status.gid = raw.stx_gid;
  status.size = raw.stx_size;
  status.modified = raw.stx_mtime.tv_sec;
  status.device = device_number(raw.stx_dev_major, raw.stx_dev_minor);
  status.inode = raw.stx_ino;
  return status;
}

std::uint64_t mount_id_of([[maybe_unused]] const struct statx& raw) {
#ifdef STATX_MNT_ID
  if ((raw.stx_mask & STATX_MNT_ID) != 0) return raw.stx_mnt_id;
#endif
  return 0;
}

}  // namespace plimsoll::sources
