// limits.conf(5): what pam_limits sets at login.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct LimitLine {
  std::string domain;  ///< "*", "alice", "@admins", "%", "1000:2000"
  std::string type;    ///< "hard", "soft" or "-" (both), in lower case
  std::string item;    ///< "core", in lower case; empty for "DOMAIN -", which lifts all limits
  std::string value;   ///< as written: "0", "unlimited"
  std::uint32_t line = 0;
};

/// The lines that pam_limits takes, in order: four words, or a domain and "-". `#` starts a comment anywhere.
[[nodiscard]] std::vector<LimitLine> parse_limits_conf(std::string_view text);

}  // namespace plimsoll::formats
