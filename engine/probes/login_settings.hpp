// /etc/login.defs, parsed once per run: several probes ask for a setting of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/formats/login_defs.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

inline constexpr std::string_view login_defs_path = "/etc/login.defs";

/// Errors: those of Root::read, not_found too.
[[nodiscard]] const Result<formats::LoginDefs>& login_defs_of(const sources::Sources& sources);

/// UID_MIN: the least user id of ordinary accounts; 1000 where nothing is set (login.defs(5)). Errors: those of
/// Root::read but for not_found; malformed for what is no number.
[[nodiscard]] Result<std::int64_t> least_user_id(const sources::Sources& sources);

}  // namespace plimsoll::probes
