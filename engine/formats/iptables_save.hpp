// What iptables-save(8) writes and iptables-restore(8) reads: /etc/iptables/rules.v4, /etc/sysconfig/iptables, the
// files of ufw.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {

struct IptablesFile {
  std::string path;
  std::string text;
};

/// Adds the tables of the files to a filter, in order; a table that stands in several is one. A match that is not
/// understood becomes a condition nobody can judge.
/// Errors: malformed, with "path:line", for a line that iptables-restore would refuse.
[[nodiscard]] Result<void> parse_iptables_save(std::span<const IptablesFile> files, IpFamily family,
                                               PacketFilter& filter);

}  // namespace plimsoll::formats
