// The package databases of a root (dpkg, rpm, apk), each read once for all names asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/dpkg_status.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// What one database says of one architecture and version of a package.
struct PackageEntry {
  enum class State : std::uint8_t { installed, not_installed, broken };
  std::string name;
  State state = State::installed;
  std::string version;
  std::string architecture;  ///< empty: it does not say
  std::string status;        ///< dpkg's three words; empty: the database has none
  std::string source;        ///< "/var/lib/dpkg/status:120"
};

struct PackageDatabase {
  std::string_view manager;           ///< "dpkg", "rpm", "apk"
  std::string place;                  ///< "/var/lib/dpkg/status"
  bool any_package = false;           ///< an empty database is what a package manager leaves that nobody uses here
  std::vector<PackageEntry> entries;  ///< of the names asked for
  std::optional<Error> error;         ///< it is there and could not be read
};

/// The databases that are there. `names` must be sorted. Of dpkg: the status file with its journal of updates
/// (/var/lib/dpkg/updates), and status.d of images without dpkg. Of rpm: rpmdb.sqlite with its write-ahead log.
[[nodiscard]] std::vector<PackageDatabase> read_package_databases(const sources::Sources& sources,
                                                                  std::span<const std::string_view> names);

/// Every paragraph of dpkg's status file as it stands there, parsed once per run; its journal of updates is not in it.
/// Errors: those of Root::read; malformed where dpkg would refuse the file.
[[nodiscard]] Result<std::span<const formats::DpkgPackage>> dpkg_packages_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
