// getdents64(2) without a copy: names are views into the caller's buffer.
#pragma once

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>

namespace plimsoll::sources {

/// Calls `each(name, d_type)` for every entry but "." and ".." until it answers false. `name` ends in NUL and is valid
/// during the call. Out: 0, or the errno that ended the listing early.
template <class Each>
int for_each_entry(int directory, std::span<char> buffer, Each&& each) {
  // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name (getdents(2)).
  constexpr std::size_t length_at = 16;
  constexpr std::size_t type_at = 18;
  constexpr std::size_t name_at = 19;
  for (;;) {
    const long got = ::syscall(SYS_getdents64, directory, buffer.data(), buffer.size());
    if (got < 0) return errno;
    if (got == 0) return 0;
    const char* const end = buffer.data() + got;
    for (const char* at = buffer.data(); at < end;) {
      unsigned short length = 0;
      std::memcpy(&length, at + length_at, sizeof length);
      const char* const name = at + name_at;
      const auto type = static_cast<unsigned char>(at[type_at]);
      at += length;
      if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'))) continue;
      if (!each(name, type)) return 0;
    }
  }
}

}  // namespace plimsoll::sources
