#include "engine/formats/sqlite_wal.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sqlite_database.hpp"

using plimsoll::Error;
using plimsoll::formats::apply_sqlite_wal;
using plimsoll::tests::SqliteDatabase;

namespace {

constexpr std::size_t limit = 1U << 24U;
const std::string log_mode = "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;";
const std::string names = "SELECT name FROM t ORDER BY name";

/// A database with `bash` in its file and `zsh` in its log alone.
struct TwoPlaces {
  SqliteDatabase database;
  TwoPlaces() {
    database.run("PRAGMA page_size=1024;" + log_mode + "CREATE TABLE t(name TEXT); INSERT INTO t VALUES('bash');");
    database.run("PRAGMA wal_checkpoint(TRUNCATE);");
    database.run("INSERT INTO t VALUES('zsh');");
  }
};

}  // namespace

TEST_CASE("what was committed to the log counts", "[formats][sqlite_wal]") {
  const TwoPlaces world;
  auto image = world.database.bytes();
  CHECK(SqliteDatabase::query(image, names) == "bash\n");
  const auto outcome = apply_sqlite_wal(image, world.database.log_bytes(), limit);
  REQUIRE(outcome);
  CHECK(outcome->commits == 1);
  CHECK(SqliteDatabase::query(image, names) == "bash\nzsh\n");
}

TEST_CASE("a database that grew or shrank in its log has its new size", "[formats][sqlite_wal]") {
  TwoPlaces world;
  world.database.run(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000) "
      "INSERT INTO t SELECT 'package-' || i FROM n;");
  auto grown = world.database.bytes();
  const auto before = grown.size();
  REQUIRE(apply_sqlite_wal(grown, world.database.log_bytes(), limit));
  CHECK(grown.size() > before);
  CHECK(SqliteDatabase::query(grown, "SELECT count(*) FROM t") == "2002\n");
  CHECK(SqliteDatabase::query(grown, "PRAGMA integrity_check") == "ok\n");

  world.database.run("DELETE FROM t WHERE name LIKE 'package-%'; VACUUM;");
  auto shrunk = world.database.bytes();
  REQUIRE(apply_sqlite_wal(shrunk, world.database.log_bytes(), limit));
  CHECK(shrunk.size() < grown.size());
  CHECK(SqliteDatabase::query(shrunk, names) == "bash\nzsh\n");
  CHECK(SqliteDatabase::query(shrunk, "PRAGMA integrity_check") == "ok\n");
}

TEST_CASE("a database that is in its log alone is read from there", "[formats][sqlite_wal]") {
  SqliteDatabase database;
  database.run(log_mode + "CREATE TABLE t(name TEXT); INSERT INTO t VALUES('bash');");
  auto image = database.bytes();
  REQUIRE(apply_sqlite_wal(image, database.log_bytes(), limit));
  CHECK(SqliteDatabase::query(image, names) == "bash\n");
}

TEST_CASE("a torn log counts up to its last whole commit", "[formats][sqlite_wal]") {
  TwoPlaces world;
  const auto one_commit = world.database.log_bytes().size();
  world.database.run("INSERT INTO t VALUES('fish');");
  const auto log = world.database.log_bytes();
  struct Case {
    const char* what;
    std::string log;
    const char* names;
  };
  auto damaged = log;
  damaged[one_commit + 24 + 100] = static_cast<char>(damaged[one_commit + 24 + 100] ^ 1);
  auto other_salt = log;
  other_salt[one_commit + 8] = static_cast<char>(other_salt[one_commit + 8] ^ 1);
  auto bad_header = log;
  bad_header[28] = static_cast<char>(bad_header[28] ^ 1);
  const auto c = GENERATE_COPY(values<Case>({
      {"whole", log, "bash\nfish\nzsh\n"},
      {"cut inside the second commit", log.substr(0, log.size() - 1), "bash\nzsh\n"},
      {"a damaged byte in the second commit", damaged, "bash\nzsh\n"},
      {"frames of an older log behind the first commit", other_salt, "bash\nzsh\n"},
      {"a damaged header", bad_header, "bash\n"},
      {"only a header", log.substr(0, 32), "bash\n"},
      {"shorter than a header", log.substr(0, 31), "bash\n"},
      {"empty", "", "bash\n"},
  }));
  CAPTURE(c.what);
  auto image = world.database.bytes();
  REQUIRE(apply_sqlite_wal(image, c.log, limit));
  CHECK(SqliteDatabase::query(image, names) == c.names);
}

TEST_CASE("a log that does not belong to its database changes nothing", "[formats][sqlite_wal]") {
  const TwoPlaces world;
  SqliteDatabase other;
  other.run("PRAGMA page_size=4096; CREATE TABLE t(name TEXT);");
  auto image = other.bytes();
  const auto before = image;
  const auto outcome = apply_sqlite_wal(image, world.database.log_bytes(), limit);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == Error::Kind::malformed);
  CHECK(image == before);

  auto small = world.database.bytes();
  const auto refused = apply_sqlite_wal(small, world.database.log_bytes(), 1024);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::too_large);
}
