// Whether events of a kind are recorded after the next boot, and now: two fields of a record.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/formats/audit_coverage.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// What the filters of a question stand for on this host: "auid>=uid_min" with UID_MIN of login.defs(5).
[[nodiscard]] Result<std::vector<formats::AuditField>> audit_constraints(const TextList& filters,
                                                                         const sources::Sources& sources);

/// Sets a field to whether the rules that the next boot loads record all of these events. The kinds are parts of one
/// statement (one path on two architectures): the first that is not recorded decides.
[[nodiscard]] Field recorded_at_boot(std::span<const formats::AuditEvents> kinds, const sources::Sources& sources);
/// The same of the rules that the kernel holds.
[[nodiscard]] Field recorded_now(std::span<const formats::AuditEvents> kinds, const sources::Sources& sources);

/// The kinds of events in which a program or file is reached in these ways, one for each architecture of the host.
[[nodiscard]] std::vector<formats::AuditEvents> events_of_path(std::string_view path, std::uint32_t access,
                                                               const std::vector<formats::AuditField>& constraints,
                                                               const sources::Sources& sources);

}  // namespace plimsoll::probes
