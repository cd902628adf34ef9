#include "engine/audit/capabilities.hpp"

#include <fmt/core.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "engine/sources/system_error.hpp"

namespace plimsoll::audit {
namespace {

Limit limit(int number) {
  return {"dropping capabilities", fmt::format("the kernel refuses: {}", sources::reason(number)),
          "allow capset(2) to plimsoll"};
}

}  // namespace

std::optional<Limit> keep_only_capabilities(std::uint64_t wanted) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return limit(errno);
  // The bounding set says what a program that is run could gain; the filter forbids to run one. So it is dropped where
  // that is allowed, and no harm is done where not.
  int capability = 0;
  while (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) ++capability;
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (std::size_t word = 0; word < sets.size(); ++word) {
    const auto keep = sets[word].permitted & static_cast<std::uint32_t>(wanted >> (32 * word));
    sets[word] = {.effective = keep, .permitted = keep, .inheritable = 0};
  }
  if (::syscall(SYS_capset, &header, sets.data()) != 0) return limit(errno);
  return std::nullopt;
}

bool writable_by_mode(const std::string& directory) {
  struct stat status{};
  if (::stat(directory.c_str(), &status) != 0) return true;  // what is wrong there will show when it is written to
  constexpr unsigned write_and_pass = 3;
  const auto allows = [&](unsigned shift) { return ((status.st_mode >> shift) & write_and_pass) == write_and_pass; };
  if (status.st_uid == ::geteuid()) return allows(6);
  if (status.st_gid == ::getegid()) return allows(3);
  return allows(0);
}

}  // namespace plimsoll::audit
