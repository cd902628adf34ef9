#include "tests/support/rpm_database_bytes.hpp"

#include <charconv>

#include "engine/formats/rpm_version.hpp"
#include "tests/support/rpm_header_bytes.hpp"
#include "tests/support/sqlite_database.hpp"

namespace plimsoll::tests {

std::optional<formats::RpmPackage> rpm_package_named(std::string_view text) {
  const auto dot = text.rfind('.');
  const auto release = text.substr(0, dot).rfind('-');
  if (dot == std::string_view::npos || release == std::string_view::npos || release == 0) return {};
  const auto version = text.rfind('-', release - 1);
  if (version == std::string_view::npos) return {};
  const auto parts = formats::rpm_version(text.substr(version + 1, dot - version - 1));
  formats::RpmPackage package;
  package.name = text.substr(0, version);
  package.version = parts.version;
  package.release = parts.release;
  package.architecture = text.substr(dot + 1);
  std::uint32_t epoch = 0;
  std::from_chars(parts.epoch.data(), parts.epoch.data() + parts.epoch.size(), epoch);
  if (epoch > 0) package.epoch = epoch;
  return package;
}

std::string rpm_database_bytes(std::span<const formats::RpmPackage> packages) {
  SqliteDatabase database;
  database.run("CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
  database.run("CREATE TABLE Name(key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)");
  database.run("BEGIN");
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const auto id = std::to_string(i + 1);
    database.insert("INSERT INTO Packages VALUES(" + id + ", ?1)", rpm_header_bytes(packages[i]));
    database.insert("INSERT INTO Name VALUES(CAST(?1 AS TEXT), " + id + ", 0)", packages[i].name);
  }
  database.run("COMMIT");
  return database.bytes();
}

}  // namespace plimsoll::tests
