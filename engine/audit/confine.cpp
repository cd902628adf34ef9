#include "engine/audit/confine.hpp"

#include <fmt/core.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "engine/audit/capabilities.hpp"
#include "engine/audit/landlock.hpp"
#include "engine/audit/syscall_filter.hpp"
#include "engine/sources/system_error.hpp"

namespace plimsoll::audit {
namespace {

constexpr std::uint64_t bit(int capability) {
  return std::uint64_t{1} << static_cast<unsigned>(capability);
}

std::uint64_t capabilities_for(const ConfineRequest& request) {
  std::uint64_t wanted = 0;
  if (request.keep_reading_capabilities) wanted |= bit(CAP_DAC_READ_SEARCH);
  if (request.keep_reading_capabilities && request.reads_other_processes) wanted |= bit(CAP_SYS_PTRACE);
  if (request.reads_packet_filter) wanted |= bit(CAP_NET_ADMIN);
  // `sudo plimsoll … --report html=report.html` in one's own home directory.
  if (!std::all_of(request.writable_directories.begin(), request.writable_directories.end(), writable_by_mode)) {
    wanted |= bit(CAP_DAC_OVERRIDE);
  }
  return wanted;
}

}  // namespace

std::vector<Limit> confine(const ConfineRequest& request) {
  std::vector<Limit> limits;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    limits.push_back(
        {"no_new_privs", fmt::format("the kernel refuses: {}", sources::reason(errno)), "Linux 3.5 or later"});
  }
  if (request.reads_other_processes) {
    limits.push_back({"confinement with Landlock",
                      "left out, because it would hide other processes' executables and name spaces from this audit",
                      "audit without the checks on processes to have it"});
  } else {
    restrict_with_landlock(request.writable_directories, limits);
  }
  if (auto limit = keep_only_capabilities(capabilities_for(request))) limits.push_back(std::move(*limit));
  if (auto limit = filter_system_calls()) limits.push_back(std::move(*limit));
  return limits;
}

}  // namespace plimsoll::audit
