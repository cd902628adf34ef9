// Giving up rights that reading does not need, before anything of the audited host is parsed.
#pragma once

#include <string>
#include <vector>

#include "engine/core/results.hpp"

namespace plimsoll::audit {

struct ConfineRequest {
  /// Where reports go: the only directories that can still be written to.
  std::vector<std::string> writable_directories;

  /// Keep CAP_DAC_READ_SEARCH, where this process has it: without it root reads only what file modes let root read.
  bool keep_reading_capabilities = false;

  /// The run follows the kernel's view of other processes: /proc/PID/exe, ns/…, root, environ, maps; or /proc is
  /// mounted with hidepid. Those ask ptrace(2)'s permission: CAP_SYS_PTRACE is kept then, and Landlock, which forbids
  /// them to every process that it confines whatever its capabilities (landlock(7)), must be left out. That comes back
  /// as a Limit.
  bool reads_other_processes = false;

  /// The run asks the kernel for the rules of its packet filter, which it tells to CAP_NET_ADMIN alone.
  bool reads_packet_filter = false;
};

/// Confines this process for good: no_new_privs; Landlock (read everywhere, write below the given directories, run
/// nothing, serve no TCP, signal nobody); no capabilities but those asked for; a seccomp filter that answers EPERM to
/// running programs, starting processes, and whatever changes the machine. Root keeps CAP_DAC_OVERRIDE as well when a
/// writable directory belongs to somebody else who alone may write there. Landlock, capabilities and the filter hold
/// for the calling thread and the threads that it starts: call before the first. Out: what could not be done, each with
/// why; empty when all of it was.
[[nodiscard]] std::vector<Limit> confine(const ConfineRequest& request);

}  // namespace plimsoll::audit
