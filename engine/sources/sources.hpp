// All that a probe may touch.
#pragma once

#include <stop_token>

#include "engine/sources/audit_netlink.hpp"
#include "engine/sources/clock.hpp"
#include "engine/sources/memo.hpp"
#include "engine/sources/netfilter.hpp"
#include "engine/sources/root.hpp"
#include "engine/sources/socket_diag.hpp"

namespace plimsoll::sources {

struct Sources {
  const Root& root;
  const Clock& clock;
  const Memo& memo;
  unsigned walk_threads = 2;
  std::stop_token stop =
      {};  ///< requested when the fact's time limit passes or the user interrupts; long work looks at it
  const Netfilter* netfilter = nullptr;  ///< of the audited host's kernel; null where it cannot be seen
  const KernelAudit* audit = nullptr;    ///< what the kernel's audit system said; nullptr: it was not asked
  const SocketDiag* sockets = nullptr;   ///< of the audited host's kernel; null where it cannot be asked
};

}  // namespace plimsoll::sources
