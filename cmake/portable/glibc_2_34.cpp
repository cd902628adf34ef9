// Lets the one-file build start where glibc is 2.34 (RHEL 9; Ubuntu 22.04 has 2.35), though it is built where glibc is
// newer.
//
// A newer glibc has functions that static libraries (libgcc, libstdc++, SQLite, abseil) call once they were built
// against it. Each such function that is reached is defined here, by older means. Being part of the program and hidden,
// the definitions come before libc's and are seen by nobody else. tests/release/symbols_test fails when one is missing.
// Linked into static builds alone.
#include <features.h>
#include <link.h>
#include <sys/random.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#define PLIMSOLL_HIDDEN extern "C" __attribute__((visibility("hidden")))

// What the mathematics of SQL and XPath became (cmake/PlimsollDependencies.cmake).
#define PLIMSOLL_NO(name)                       \
  PLIMSOLL_HIDDEN double plimsoll_no_##name();  \
  PLIMSOLL_HIDDEN double plimsoll_no_##name() { \
    std::abort();                               \
  }
PLIMSOLL_NO(acos)
PLIMSOLL_NO(acosh)
PLIMSOLL_NO(asin)
PLIMSOLL_NO(asinh)
PLIMSOLL_NO(atan)
PLIMSOLL_NO(atan2)
PLIMSOLL_NO(atanh)
PLIMSOLL_NO(ceil)
PLIMSOLL_NO(cos)
PLIMSOLL_NO(cosh)
PLIMSOLL_NO(exp)
PLIMSOLL_NO(floor)
PLIMSOLL_NO(fmod)
PLIMSOLL_NO(log)
PLIMSOLL_NO(log10)
PLIMSOLL_NO(log2)
PLIMSOLL_NO(pow)
PLIMSOLL_NO(sin)
PLIMSOLL_NO(sinh)
PLIMSOLL_NO(sqrt)
PLIMSOLL_NO(tan)
PLIMSOLL_NO(tanh)
PLIMSOLL_NO(trunc)

// std::from_chars of double asks libm how numbers are rounded, to set it to nearest for a while. That is how a program
// starts, and nothing here changes it. FE_TONEAREST is 0 on x86-64 and arm64. (Built-in functions cannot be hidden.)
extern "C" int fegetround() noexcept {
  return 0;
}
extern "C" int fesetround(int mode) noexcept {
  return mode == 0 ? 0 : -1;
}

#if __GLIBC_PREREQ(2, 35)
// _dl_find_object (2.35): the unwinder asks which object holds an address, and where its unwind table is. Before 2.35
// it walked the objects with dl_iterate_phdr for that, and so does this.
#include <dlfcn.h>

namespace {

struct Search {
  std::uintptr_t address;
  dl_find_object* answer;
};

int look(dl_phdr_info* object, std::size_t, void* data) {
  auto* search = static_cast<Search*>(data);
  const ElfW(Phdr)* table = nullptr;
  std::uintptr_t first = UINTPTR_MAX;
  std::uintptr_t last = 0;
  bool holds = false;
  for (ElfW(Half) i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = object->dlpi_phdr[i];
    if (header.p_type == PT_GNU_EH_FRAME) table = &header;
    if (header.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = object->dlpi_addr + header.p_vaddr;
    const std::uintptr_t end = begin + header.p_memsz;
    if (begin < first) first = begin;
    if (end > last) last = end;
    if (search->address >= begin && search->address < end) holds = true;
  }
  if (!holds) return 0;
  if (table == nullptr) return -1;
  // libgcc reads only where the table is. There is no link_map to give without 2.35's help.
  *search->answer = {};
  search->answer->dlfo_map_start = reinterpret_cast<void*>(first);
  search->answer->dlfo_map_end = reinterpret_cast<void*>(last);
  search->answer->dlfo_eh_frame = reinterpret_cast<void*>(object->dlpi_addr + table->p_vaddr);
  return 1;
}

}  // namespace

PLIMSOLL_HIDDEN int _dl_find_object(void* address, dl_find_object* answer) noexcept {
  Search search{reinterpret_cast<std::uintptr_t>(address), answer};
  return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
#endif

#if __GLIBC_PREREQ(2, 36)
// arc4random (2.36): std::random_device. No randomness is no reason to go on: glibc's aborts then too.
PLIMSOLL_HIDDEN std::uint32_t arc4random() noexcept {
  std::uint32_t number = 0;
  if (getentropy(&number, sizeof number) != 0) std::abort();
  return number;
}

// arc4random_buf (2.36): expat's hash tables, so that nobody can choose names that collide.
PLIMSOLL_HIDDEN void arc4random_buf(void* bytes, std::size_t size) noexcept {
  constexpr std::size_t most = 256;  // of one call of getentropy(3)
  for (auto* at = static_cast<unsigned char*>(bytes); size > 0;) {
    const std::size_t part = size < most ? size : most;
    if (getentropy(at, part) != 0) std::abort();
    at += part;
    size -= part;
  }
}
#endif

#if __GLIBC_PREREQ(2, 38)
// __isoc23_strtol and its kin (2.38): C23's forms, which also take 0b101. The older ones, under their own names, are
// what every glibc has; the headers would rename them, hence the labels.
#define PLIMSOLL_OLDER(type, name)                                                        \
  extern "C" type plimsoll_older_##name(const char*, char**, int) __asm__(#name);         \
  PLIMSOLL_HIDDEN type __isoc23_##name(const char* text, char** end, int base) noexcept;  \
  PLIMSOLL_HIDDEN type __isoc23_##name(const char* text, char** end, int base) noexcept { \
    return plimsoll_older_##name(text, end, base);                                        \
  }
PLIMSOLL_OLDER(long, strtol)
PLIMSOLL_OLDER(long long, strtoll)
PLIMSOLL_OLDER(unsigned long, strtoul)
PLIMSOLL_OLDER(unsigned long long, strtoull)

extern "C" int plimsoll_older_vsscanf(const char*, const char*, std::va_list) __asm__("vsscanf");
PLIMSOLL_HIDDEN int __isoc23_sscanf(const char* text, const char* format, ...) noexcept;
PLIMSOLL_HIDDEN int __isoc23_sscanf(const char* text, const char* format, ...) noexcept {
  std::va_list arguments;
  va_start(arguments, format);
  const int count = plimsoll_older_vsscanf(text, format, arguments);
  va_end(arguments);
  return count;
}
#endif
