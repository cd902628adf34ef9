// Compiled policies of SELinux, as the kernel loads them (policy.33): what they leave unconfined.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct SelinuxPolicy {
  std::uint32_t version = 0;
  std::vector<std::string> permissive_types;  ///< domains whose breaks of the policy are logged and let through; sorted
};

/// Reads as far as the list of types. Errors: malformed, for bytes that are no policy of the kernel or end early;
/// unsupported, for versions that are older than permissive domains or newer than 35.
[[nodiscard]] Result<SelinuxPolicy> parse_selinux_policy(std::string_view bytes);

}  // namespace plimsoll::formats
