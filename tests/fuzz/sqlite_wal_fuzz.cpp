// Write-ahead logs of SQLite: the first half of the input is the database.
#include "engine/formats/sqlite_wal.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  std::string database(text.substr(0, text.size() / 2));
  (void)apply_sqlite_wal(database, text.substr(text.size() / 2), std::size_t{8} << 20U);
}
