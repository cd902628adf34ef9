// SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4), applied to an image of its database in memory:
// what a reader of the live database would see, without writing a byte beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct WalOutcome {
  std::uint32_t frames = 0;  ///< pages taken from the log
  std::uint32_t commits = 0;
};

/// Replaces pages of `database` by those that the log has committed. As SQLite's recovery does, reading stops at the
/// first frame whose salt or checksum is wrong, and what follows the last commit before it does not count; a log whose
/// header is wrong is empty. Errors: malformed, when the page sizes differ or a page is in neither; too_large, when the
/// database would exceed `max_bytes`. `database` is untouched on error.
[[nodiscard]] Result<WalOutcome> apply_sqlite_wal(std::string& database, std::string_view log, std::size_t max_bytes);

}  // namespace plimsoll::formats
