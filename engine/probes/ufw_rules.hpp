// The rules that ufw(8) loads when it starts, worked out from its files.
#pragma once

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// The filter tables of both families: policies from /etc/default/ufw, then before.rules, user.rules and after.rules as
/// ufw-init chains them. Empty when /etc/ufw/ufw.conf does not switch ufw on. Errors: what reading a file fails with;
/// malformed; unsupported where a setting is code that only a shell could tell.
[[nodiscard]] Result<formats::PacketFilter> ufw_rules(const sources::Root& root);

}  // namespace plimsoll::probes
