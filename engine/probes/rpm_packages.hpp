// The rpm database of a root: found, brought up to date by its write-ahead log, and opened once per run.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/rpm_header.hpp"
#include "engine/probes/package_databases.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// What it says of the names; empty where there is none.
[[nodiscard]] std::optional<PackageDatabase> read_rpm_database(const sources::Sources& sources,
                                                               std::span<const std::string_view> names);

struct RpmPackages {
  std::string place;  ///< "/var/lib/rpm/rpmdb.sqlite"
  std::vector<formats::RpmPackage> packages;
};

/// Every installed package, read once per run. Errors: those of the database; not_found where there is none.
[[nodiscard]] Result<const RpmPackages*> rpm_packages_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
