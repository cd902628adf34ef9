// Which network the kernel speaks of when this process asks it.
#pragma once

#include <optional>

#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// Whether this process is in the network name space of the host's first process, so that what the kernel answers it is
/// about the host. Empty: that cannot be seen. Under a root that is not live: false.
[[nodiscard]] std::optional<bool> in_host_network(const sources::Root& root);

}  // namespace plimsoll::probes
