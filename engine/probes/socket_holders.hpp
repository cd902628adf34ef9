// Which process holds which socket.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// Names of processes by inode of the sockets that they have open, from /proc/PID/fd in one pass.
struct SocketHolders {
  std::map<std::uint64_t, std::vector<std::string>> names;  ///< "sshd (812)"
  std::optional<Error> gap;                                 ///< some process could not be looked into
};
[[nodiscard]] const SocketHolders& socket_holders(const sources::Sources& sources);

}  // namespace plimsoll::probes
