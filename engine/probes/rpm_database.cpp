#include "engine/probes/rpm_database.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include <memory>
#include <mutex>
#include <utility>

namespace plimsoll::probes {
namespace {

constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr std::size_t smallest_database = 512;
constexpr int steps_between_looks = 10'000;
constexpr int max_looks = 20'000;  // of a query over a database that was made to never end

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

struct Patience {
  std::stop_token stop;
  int looks = 0;
};

int give_up(void* context) {
  auto& patience = *static_cast<Patience*>(context);
  return patience.stop.stop_requested() || ++patience.looks > max_looks ? 1 : 0;
}

/// While it lives, queries end when patience does.
class PatientQueries {
 public:
  PatientQueries(sqlite3* database, Patience& patience) : database_(database) {
    sqlite3_progress_handler(database_, steps_between_looks, give_up, &patience);
  }
  PatientQueries(const PatientQueries&) = delete;
  PatientQueries& operator=(const PatientQueries&) = delete;
  ~PatientQueries() { sqlite3_progress_handler(database_, 0, nullptr, nullptr); }

 private:
  sqlite3* database_;
};

Error malformed(std::string_view why) {
  return Error{Error::Kind::malformed, fmt::format("the rpm database cannot be read: {}", why)};
}

Error error_of(sqlite3* database, const Patience& patience) {
  if (patience.stop.stop_requested()) return Error{Error::Kind::timed_out, "stopped while reading the rpm database"};
  return malformed(sqlite3_errmsg(database));
}

/// Opens the image where it lies. A database file that was written with a log says so in its header, and SQLite would
/// look for that log: bytes 18 and 19 set to 1 say that there is none (sqlite.org/fileformat2.html, section 1.3).
Result<Database> open_image(std::string& image) {
  if (image.size() < smallest_database || !image.starts_with(magic)) {
    return std::unexpected(malformed("it is no SQLite database"));
  }
  image[18] = image[19] = 1;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK) return std::unexpected(malformed("SQLite does not start"));
  // The schema inside the file is as hostile as the rest of it.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  const auto size = static_cast<sqlite3_int64>(image.size());
  auto* bytes = reinterpret_cast<unsigned char*>(image.data());
  if (sqlite3_deserialize(raw, "main", bytes, size, size, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK) {
    return std::unexpected(malformed(sqlite3_errmsg(raw)));
  }
  return database;
}

Result<Statement> prepare(sqlite3* database, std::string_view text, const Patience& patience) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, text.data(), static_cast<int>(text.size()), &raw, nullptr) != SQLITE_OK) {
    return std::unexpected(error_of(database, patience));
  }
  return Statement(raw);
}

constexpr std::string_view imported_key = "gpg-pubkey";

Result<formats::RpmPackage> package_of(sqlite3_stmt* row) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, 0));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, 0));
  return formats::parse_rpm_header(std::string_view(bytes, bytes == nullptr ? 0 : size));
}

Result<void> look_up(sqlite3* database, sqlite3_stmt* query, std::string_view name, const Patience& patience,
                     std::vector<formats::RpmPackage>& found) {
  sqlite3_reset(query);
  if (sqlite3_bind_text(query, 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC) != SQLITE_OK) {
    return std::unexpected(error_of(database, patience));
  }
  int status = sqlite3_step(query);
  for (; status == SQLITE_ROW; status = sqlite3_step(query)) {
    auto package = package_of(query);
    if (!package) return std::unexpected(malformed(fmt::format("{}: {}", name, package.error().what)));
    if (package->name != name) {
      return std::unexpected(malformed(fmt::format("its index has {} where {} is", name, package->name)));
    }
    found.push_back(std::move(*package));
  }
  if (status != SQLITE_DONE) return std::unexpected(error_of(database, patience));
  return {};
}

}  // namespace

struct RpmDatabase::Opened {
  std::string image;  ///< `database` reads from it
  std::mutex mutex;
  Database database;
};

RpmDatabase::RpmDatabase(std::unique_ptr<Opened> opened) : opened_(std::move(opened)) {}
RpmDatabase::RpmDatabase(RpmDatabase&&) noexcept = default;
RpmDatabase& RpmDatabase::operator=(RpmDatabase&&) noexcept = default;
RpmDatabase::~RpmDatabase() = default;

Result<RpmDatabase> RpmDatabase::open(std::string image) {
  auto opened = std::make_unique<Opened>();
  opened->image = std::move(image);
  auto database = open_image(opened->image);
  if (!database) return std::unexpected(database.error());
  opened->database = std::move(*database);
  return RpmDatabase(std::move(opened));
}

Result<RpmScan> RpmDatabase::scan(std::span<const std::string_view> names, std::stop_token stop) const {
  const std::lock_guard lock(opened_->mutex);
  auto* const database = opened_->database.get();
  Patience patience{std::move(stop)};
  const PatientQueries patient(database, patience);
  const auto any = prepare(database, "SELECT 1 FROM Packages LIMIT 1", patience);
  if (!any) return std::unexpected(any.error());
  // rpm looks packages up by the same index, whose keys are text (or, in some versions, the same bytes as a blob).
  const auto query = prepare(database,
                             "SELECT p.blob FROM Name AS n JOIN Packages AS p ON p.hnum = n.hnum WHERE n.key IN (?1, "
                             "CAST(?1 AS BLOB)) ORDER BY p.hnum",
                             patience);
  if (!query) return std::unexpected(query.error());

  RpmScan scan;
  const int first = sqlite3_step(any->get());
  if (first != SQLITE_ROW && first != SQLITE_DONE) return std::unexpected(error_of(database, patience));
  scan.any_package = first == SQLITE_ROW;
  for (const auto name : names) {
    if (name == imported_key) continue;
    const auto done = look_up(database, query->get(), name, patience, scan.found);
    if (!done) return std::unexpected(done.error());
  }
  return scan;
}

Result<std::vector<formats::RpmPackage>> RpmDatabase::all(std::stop_token stop) const {
  const std::lock_guard lock(opened_->mutex);
  auto* const database = opened_->database.get();
  Patience patience{std::move(stop)};
  const PatientQueries patient(database, patience);
  const auto query = prepare(database, "SELECT blob FROM Packages ORDER BY hnum", patience);
  if (!query) return std::unexpected(query.error());
  std::vector<formats::RpmPackage> packages;
  int status = sqlite3_step(query->get());
  for (; status == SQLITE_ROW; status = sqlite3_step(query->get())) {
    auto package = package_of(query->get());
    if (!package) {
      return std::unexpected(malformed(fmt::format("package {}: {}", packages.size() + 1, package.error().what)));
    }
    if (package->name != imported_key) packages.push_back(std::move(*package));
  }
  if (status != SQLITE_DONE) return std::unexpected(error_of(database, patience));
  return packages;
}

}  // namespace plimsoll::probes
