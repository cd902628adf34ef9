// Zones of firewalld (firewalld.zone(5)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct FirewalldZone {
  std::string target = "default";  ///< "default", "ACCEPT", "DROP", "%%REJECT%%"
  std::vector<std::string> interfaces;
  std::vector<std::string> sources;
  std::vector<std::string> services;
  std::vector<std::string> ports;       ///< "443/tcp"
  std::vector<std::string> rich_rules;  ///< as firewall-cmd prints them, without parts that decide nothing
  bool drops_loopback_ipv4 = false;  ///< a rich rule drops or rejects what claims to come from 127.0.0.1 or its network
  bool drops_loopback_ipv6 = false;  ///< … from ::1
};

/// Errors: malformed, for text that is not XML or whose root is no zone.
[[nodiscard]] Result<FirewalldZone> parse_firewalld_zone(std::string_view text);

}  // namespace plimsoll::formats
