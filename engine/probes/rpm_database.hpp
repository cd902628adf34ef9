// Packages out of the bytes of an rpmdb.sqlite. The only file that knows SQLite.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/rpm_header.hpp"

namespace plimsoll::probes {

struct RpmScan {
  std::vector<formats::RpmPackage> found;  ///< one for each installed version and architecture of the names asked for
  bool any_package = false;                ///< whether the database holds a package at all
};

/// Looks names up in the image of a database, its log already applied (formats/sqlite_wal.hpp). Imported keys
/// (gpg-pubkey) are no packages. Errors: malformed, also for a query that does not end; timed_out.
[[nodiscard]] Result<RpmScan> scan_rpm_database(std::string image, std::span<const std::string_view> names,
                                                std::stop_token stop);

}  // namespace plimsoll::probes
