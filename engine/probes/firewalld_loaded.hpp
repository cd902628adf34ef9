// What firewalld has put into the kernel: which zone packets are handed to by where they come in.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/core/error.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct FirewalldLoaded {
  std::string default_zone;                       ///< of packets of all interfaces that are not named
  std::map<std::string, std::string> interfaces;  ///< to their zones; a name may end in `*`
};

/// From firewalld's table of nf_tables. Empty where the kernel holds none. Errors: those of asking the kernel for its
/// rules; unsupported, where the table does not hand packets on as firewalld's own does.
[[nodiscard]] Result<std::optional<FirewalldLoaded>> firewalld_loaded(const sources::Sources& sources);

}  // namespace plimsoll::probes
