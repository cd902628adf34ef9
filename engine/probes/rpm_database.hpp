// Packages out of the bytes of an rpmdb.sqlite. The only file that knows SQLite.
#pragma once

#include <memory>
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

/// The image of a database, its log already applied (formats/sqlite_wal.hpp).
class RpmDatabase {
 public:
  /// Errors: malformed.
  [[nodiscard]] static Result<RpmDatabase> open(std::string image);

  RpmDatabase(RpmDatabase&&) noexcept;
  RpmDatabase& operator=(RpmDatabase&&) noexcept;
  ~RpmDatabase();

  /// Looks names up; one thread at a time, others wait. Imported keys (gpg-pubkey) are no packages. Errors: malformed,
  /// also for a query that does not end; timed_out.
  [[nodiscard]] Result<RpmScan> scan(std::span<const std::string_view> names, std::stop_token stop) const;

  /// Every package, in the order of the database; otherwise as scan().
  [[nodiscard]] Result<std::vector<formats::RpmPackage>> all(std::stop_token stop) const;

 private:
  struct Opened;
  explicit RpmDatabase(std::unique_ptr<Opened> opened);
  std::unique_ptr<Opened> opened_;
};

}  // namespace plimsoll::probes
