// Write-ahead logs of SQLite. The first byte of the input says how many pages of 512 bytes the database has; they
// follow, and then the log.
#include <algorithm>

#include "engine/formats/sqlite_wal.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  if (text.empty()) return;
  constexpr std::size_t page = 512;
  const auto bytes = std::min(text.size() - 1, page * static_cast<unsigned char>(text.front()));
  std::string database(text.substr(1, bytes));
  (void)apply_sqlite_wal(database, text.substr(1 + bytes), std::size_t{8} << 20U);
}
