// The rpm database of a root: found, brought up to date by its write-ahead log, and opened once per run.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/probes/package_databases.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// What it says of the names; empty where there is none.
[[nodiscard]] std::optional<PackageDatabase> read_rpm_database(const sources::Sources& sources,
                                                               std::span<const std::string_view> names);

}  // namespace plimsoll::probes
