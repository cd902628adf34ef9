#include "engine/probes/network_namespace.hpp"

namespace plimsoll::probes {

std::optional<bool> in_host_network(const sources::Root& root) {
  if (!root.live()) return false;
  // Each name space has files of its own below /proc/PID/net. To compare the links in /proc/PID/ns would take the right
  // to trace the first process.
  const auto own = root.status("/proc/self/net/tcp");
  const auto first = root.status("/proc/1/net/tcp");
  if (!own || !first) return {};
  return own->device == first->device && own->inode == first->inode;
}

}  // namespace plimsoll::probes
