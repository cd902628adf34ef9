// Real SQLite databases in a temporary folder, and the bytes of their files, for tests of what reads them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace plimsoll::tests {

/// A database `db.sqlite` that lives as long as this does. Failing statements throw std::runtime_error.
class SqliteDatabase {
 public:
  SqliteDatabase();
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  void run(const std::string& statements);
  /// INSERT with one blob for `?1` and, when given, one text for `?2`.
  void insert(const std::string& statement, std::string_view blob, std::string_view text = {});
  [[nodiscard]] std::string bytes() const;      ///< of the database file as it stands on disk now
  [[nodiscard]] std::string log_bytes() const;  ///< of its write-ahead log; empty when there is none

  /// What a query over the image of a database gives, as one text; each row ends with a newline.
  static std::string query(std::string image, const std::string& statement);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plimsoll::tests
