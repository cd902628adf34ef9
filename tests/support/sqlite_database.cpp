#include "tests/support/sqlite_database.hpp"

#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace plimsoll::tests {
namespace {

void demand(int status, sqlite3* database) {
  if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW) {
    throw std::runtime_error(sqlite3_errmsg(database));
  }
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

struct SqliteDatabase::State {
  std::filesystem::path folder;
  sqlite3* database = nullptr;
};

SqliteDatabase::SqliteDatabase() : state_(std::make_unique<State>()) {
  auto pattern = (std::filesystem::temp_directory_path() / "plimsoll-sqlite-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  state_->folder = pattern;
  demand(sqlite3_open((state_->folder / "db.sqlite").c_str(), &state_->database), state_->database);
}

SqliteDatabase::~SqliteDatabase() {
  sqlite3_close(state_->database);
  std::error_code ignored;
  std::filesystem::remove_all(state_->folder, ignored);
}

void SqliteDatabase::run(const std::string& statements) {
  demand(sqlite3_exec(state_->database, statements.c_str(), nullptr, nullptr, nullptr), state_->database);
}

void SqliteDatabase::insert(const std::string& statement, std::string_view blob, std::string_view text) {
  sqlite3_stmt* prepared = nullptr;
  demand(sqlite3_prepare_v2(state_->database, statement.c_str(), -1, &prepared, nullptr), state_->database);
  demand(sqlite3_bind_blob(prepared, 1, blob.data(), static_cast<int>(blob.size()), SQLITE_STATIC), state_->database);
  if (!text.empty()) {
    demand(sqlite3_bind_text(prepared, 2, text.data(), static_cast<int>(text.size()), SQLITE_STATIC), state_->database);
  }
  demand(sqlite3_step(prepared), state_->database);
  sqlite3_finalize(prepared);
}

std::string SqliteDatabase::bytes() const {
  return content_of(state_->folder / "db.sqlite");
}
std::string SqliteDatabase::log_bytes() const {
  return content_of(state_->folder / "db.sqlite-wal");
}

std::string SqliteDatabase::query(std::string image, const std::string& statement) {
  image[18] = image[19] = 1;  // a database in memory has no log beside it
  sqlite3* database = nullptr;
  demand(sqlite3_open(":memory:", &database), database);
  const auto size = static_cast<sqlite3_int64>(image.size());
  demand(sqlite3_deserialize(database, "main", reinterpret_cast<unsigned char*>(image.data()), size, size,
                             SQLITE_DESERIALIZE_READONLY),
         database);
  sqlite3_stmt* prepared = nullptr;
  demand(sqlite3_prepare_v2(database, statement.c_str(), -1, &prepared, nullptr), database);
  std::string out;
  for (int status = sqlite3_step(prepared); status != SQLITE_DONE; status = sqlite3_step(prepared)) {
    demand(status, database);
    out.append(reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0))).push_back('\n');
  }
  sqlite3_finalize(prepared);
  sqlite3_close(database);
  return out;
}

}  // namespace plimsoll::tests
