// Questions to a packet filter whose answers are about many packets.
#pragma once

#include "engine/core/error.hpp"
#include "engine/formats/packet_filter.hpp"

namespace plimsoll::probes {

/// Why nobody can say what becomes of a packet that may be accepted and may be dropped.
[[nodiscard]] Error why_open(const formats::PacketFate& fate);

/// Whether every new TCP connection over the interface lo is let through, into the host or out of it. Errors:
/// unsupported where a rule that is not understood may decide; too_large where the rules tell apart more than is tried.
[[nodiscard]] Result<bool> accepts_loopback(const formats::PacketJudge& judge, formats::IpFamily of,
                                            formats::PacketHook at);

/// Whether every new TCP connection from an address of the loopback network, but over another interface, is dropped.
/// Errors as above.
[[nodiscard]] Result<bool> drops_spoofed(const formats::PacketJudge& judge, formats::IpFamily of);

}  // namespace plimsoll::probes
