#include "engine/probes/package.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/rpm_header_bytes.hpp"
#include "tests/support/sqlite_database.hpp"

using plimsoll::Error;
using plimsoll::Value;
using plimsoll::formats::RpmPackage;
using plimsoll::probes::package_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

ProbeAnswer package(const FakeTree& tree, const std::string& name) {
  return ask(package_probe, FakeRoot(tree), {{"name", Value{name}}});
}

FakeTree debian() {
  FakeTree tree;
  tree.files["/var/lib/dpkg/status"].content =
      "Package: aide\nStatus: hold ok installed\nArchitecture: amd64\nVersion: 0.18.3-1+deb12u3\n\n"
      "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9+deb12u8\n\n"
      "Package: libc6\nStatus: install ok installed\nArchitecture: i386\nVersion: 2.36-9+deb12u10\n\n"
      "Package: telnet\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 0.17-44\n\n"
      "Package: nis\nStatus: install reinstreq half-installed\nArchitecture: amd64\nVersion: 4\n\n"
      "Package: exim4\nStatus: install ok half-configured\nProvides: mail-transport-agent\nVersion: 4.96\n";
  return tree;
}

void add_rpm(SqliteDatabase& database, int number, const RpmPackage& package) {
  const auto id = std::to_string(number);
  database.insert("INSERT INTO Packages VALUES(" + id + ", ?1)", rpm_header_bytes(package));
  database.run("INSERT INTO Name VALUES('" + package.name + "', " + id + ", 0)");
}

/// An rpmdb.sqlite as rpm makes it: with a write-ahead log.
void make_rpm_tables(SqliteDatabase& database) {
  database.run(
      "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;"
      "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);"
      "CREATE TABLE 'Name'(key TEXT NOT NULL, hnum INTEGER NOT NULL, idxnum INTEGER NOT NULL);"
      "CREATE INDEX Name_key_idx ON 'Name'(key ASC);");
}

FakeTree host_of(const SqliteDatabase& database, const std::string& folder = "/var/lib/rpm") {
  FakeTree tree;
  tree.files[folder + "/rpmdb.sqlite"].content = database.bytes();
  tree.files[folder + "/rpmdb.sqlite-wal"].content = database.log_bytes();
  return tree;
}

}  // namespace

TEST_CASE("a status file that dpkg refuses says nothing about what it lacks", "[probes][package]") {
  auto cut = debian();
  cut.files["/var/lib/dpkg/status"].content.resize(150);
  const auto answer = package(cut, "telnet");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::malformed);
  auto journal = debian();
  journal.files["/var/lib/dpkg/updates/0001"].content = "Package: telnet\nStatus: install o";
  CHECK(package(journal, "telnet").failure);
}

TEST_CASE("dpkg says what is installed", "[probes][package]") {
  struct Case {
    const char* name;
    const char* installed;
    const char* version;
    const char* status;
    const char* architectures;
    const char* source;
  };
  const auto c = GENERATE(values<Case>({
      {"aide", "true", "0.18.3-1+deb12u3", "hold ok installed", "amd64", "/var/lib/dpkg/status:1"},
      {"libc6", "true", "2.36-9+deb12u10", "install ok installed", "amd64, i386", "/var/lib/dpkg/status:11"},
      {"exim4", "true", "4.96", "install ok half-configured", "", "/var/lib/dpkg/status:26"},
      {"telnet", "false", "(absent)", "deinstall ok config-files", "", "/var/lib/dpkg/status:16"},
      {"mail-transport-agent", "false", "(absent)", "(absent)", "", "/var/lib/dpkg/status"},
      {"zsh", "false", "(absent)", "(absent)", "", "/var/lib/dpkg/status"},
      {"nis", "(unreadable: malformed)", "(unreadable: malformed)", "install reinstreq half-installed",
       "(unreadable: malformed)", "/var/lib/dpkg/status:21"},
  }));
  CAPTURE(c.name);
  const auto answer = package(debian(), c.name);
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("installed") == c.installed);
  CHECK(answer.text("version") == c.version);
  CHECK(answer.text("status") == c.status);
  CHECK(answer.text("architectures") == c.architectures);
  CHECK(answer.text("manager") == "dpkg");
  CHECK(answer.records[0].source == c.source);
  CHECK(answer.records[0].resource == "package " + std::string(c.name));
}

TEST_CASE("the journal of an interrupted dpkg counts", "[probes][package]") {
  auto tree = debian();
  tree.files["/var/lib/dpkg/updates/0000"].content =
      "Package: telnet\nStatus: install ok unpacked\nArchitecture: amd64\nVersion: 0.17-45\n";
  tree.files["/var/lib/dpkg/updates/0001"].content =
      "Package: aide\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 0.18.3-1+deb12u3\n";
  tree.files["/var/lib/dpkg/updates/tmp.i"].content = "Package: zsh\nStatus: install ok installed\n";
  CHECK(package(tree, "telnet").text("installed") == "true");
  CHECK(package(tree, "aide").text("installed") == "false");
  CHECK(package(tree, "zsh").text("installed") == "false");
  tree.files["/var/lib/dpkg/updates/0002"].trouble = FakeFile::Trouble::denied;
  const auto unknown = package(tree, "zsh");
  REQUIRE(unknown.failure);
  CHECK(unknown.failure->kind == Error::Kind::denied);
}

TEST_CASE("an image without dpkg keeps its packages in status.d", "[probes][package]") {
  FakeTree tree;
  tree.files["/var/lib/dpkg/status.d/tzdata"].content =
      "Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n";
  tree.files["/var/lib/dpkg/status.d/tzdata.md5sums"].content = "Package: zsh\n";
  const auto tzdata = package(tree, "tzdata");
  CHECK(tzdata.text("installed") == "true");
  CHECK(tzdata.text("status") == "(absent)");
  CHECK(tzdata.records[0].source == "/var/lib/dpkg/status.d/tzdata:1");
  CHECK(package(tree, "zsh").text("installed") == "false");
}

TEST_CASE("a root whose packages nobody can know is an error, never a missing package", "[probes][package]") {
  struct Case {
    const char* what;
    FakeTree tree;
    Error::Kind kind;
  };
  FakeTree denied = debian();
  denied.files["/var/lib/dpkg/status"].trouble = FakeFile::Trouble::denied;
  FakeTree empty;
  empty.files["/var/lib/dpkg/status"].content = "";
  FakeTree noise;
  noise.files["/var/lib/rpm/rpmdb.sqlite"].content = std::string(5000, 'x');
  FakeTree berkeley;
  berkeley.files["/var/lib/rpm/Packages"].content = "x";
  FakeTree interrupted = noise;
  interrupted.files["/var/lib/rpm/rpmdb.sqlite-journal"].content = "x";
  FakeTree beside = debian();
  beside.files["/usr/lib/sysimage/rpm/rpmdb.sqlite"].trouble = FakeFile::Trouble::denied;
  FakeTree twice = noise;
  twice.files["/usr/lib/sysimage/rpm/rpmdb.sqlite"].content = "x";
  const auto c = GENERATE_COPY(values<Case>({
      {"no database at all", FakeTree{}, Error::Kind::not_found},
      {"a database that is denied", denied, Error::Kind::denied},
      {"an empty one", empty, Error::Kind::malformed},
      {"noise", noise, Error::Kind::malformed},
      {"an old format", berkeley, Error::Kind::unsupported},
      {"a change that was interrupted", interrupted, Error::Kind::unsupported},
      {"one that says no beside one that cannot be read", beside, Error::Kind::denied},
      {"two of the same kind", twice, Error::Kind::unsupported},
  }));
  CAPTURE(c.what);
  const auto answer = package(c.tree, "zsh");
  CHECK(answer.records.empty());
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == c.kind);
  CHECK_FALSE(answer.failure->what.empty());
}

TEST_CASE("rpm says what is installed, in its file and in its log", "[probes][package]") {
  SqliteDatabase database;
  make_rpm_tables(database);
  add_rpm(database, 1, {"bash", {}, "5.1.8", "9.el9", "x86_64"});
  add_rpm(database, 2, {"kernel", {}, "5.14.0", "70.el9", "x86_64"});
  add_rpm(database, 3, {"gpg-pubkey", {}, "fd431d51", "4ae0493b", ""});
  database.run("PRAGMA wal_checkpoint(TRUNCATE);");
  add_rpm(database, 4, {"kernel", {}, "5.14.0", "427.el9", "x86_64"});
  add_rpm(database, 5, {"grub2-common", 1, "2.06", "70.el9", "noarch"});
  const auto folder = GENERATE(as<std::string>{}, "/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm");
  const auto tree = host_of(database, folder);

  struct Case {
    const char* name;
    const char* installed;
    const char* version;
    const char* architectures;
  };
  const auto c = GENERATE(values<Case>({
      {"bash", "true", "5.1.8-9.el9", "x86_64"},
      {"kernel", "true", "5.14.0-427.el9", "x86_64"},
      {"grub2-common", "true", "1:2.06-70.el9", "noarch"},
      {"zsh", "false", "(absent)", ""},
      {"gpg-pubkey", "false", "(absent)", ""},
  }));
  CAPTURE(folder, c.name);
  const auto answer = package(tree, c.name);
  REQUIRE_FALSE(answer.failure);
  CHECK(answer.text("installed") == c.installed);
  CHECK(answer.text("version") == c.version);
  CHECK(answer.text("architectures") == c.architectures);
  CHECK(answer.text("manager") == "rpm");
  CHECK(answer.text("status") == "(absent)");
  CHECK(answer.records[0].source == folder + "/rpmdb.sqlite");
}

TEST_CASE("a package that the log removed is gone", "[probes][package]") {
  SqliteDatabase database;
  make_rpm_tables(database);
  add_rpm(database, 1, {"bash", {}, "5.1.8", "9.el9", "x86_64"});
  add_rpm(database, 2, {"telnet", {}, "0.17", "85.el9", "x86_64"});
  database.run(
      "PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM Packages WHERE hnum = 2; DELETE FROM Name WHERE hnum = 2;");
  CHECK(package(host_of(database), "telnet").text("installed") == "false");
}

TEST_CASE("links from the places of other distributions lead to the same database", "[probes][package]") {
  SqliteDatabase database;
  make_rpm_tables(database);
  add_rpm(database, 1, {"bash", {}, "5.2", "1.fc40", "x86_64"});
  auto tree = host_of(database, "/usr/lib/sysimage/rpm");
  tree.files["/var/lib/rpm"] = {.type = FileType::symlink, .target = "../../usr/lib/sysimage/rpm"};
  CHECK(package(tree, "bash").text("installed") == "true");
}

TEST_CASE("an rpm database made to deceive is an error", "[probes][package]") {
  SqliteDatabase database;
  make_rpm_tables(database);
  add_rpm(database, 1, {"bash", {}, "5.1.8", "9.el9", "x86_64"});
  const auto trouble = GENERATE(as<std::string>{}, "DROP TABLE Name", "UPDATE Packages SET blob = x'00ff'",
                                "UPDATE Name SET key = 'zsh'",
                                "DROP TABLE Name; CREATE VIEW Name AS SELECT 'zsh' AS key, 1 AS hnum, 0 AS idxnum");
  CAPTURE(trouble);
  database.run(trouble);
  const auto name = trouble.find("zsh") == std::string::npos ? "bash" : "zsh";
  const auto answer = package(host_of(database), name);
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::malformed);
}

TEST_CASE("an empty database beside the one that is used does not count", "[probes][package]") {
  SqliteDatabase database;
  make_rpm_tables(database);
  auto tree = debian();
  tree.files["/var/lib/rpm/rpmdb.sqlite"].content = database.bytes();
  tree.files["/var/lib/rpm/rpmdb.sqlite-wal"].content = database.log_bytes();
  const auto answer = package(tree, "zsh");
  REQUIRE_FALSE(answer.failure);
  CHECK(answer.text("installed") == "false");
  CHECK(answer.text("manager") == "dpkg");
}

TEST_CASE("apk says what is installed", "[probes][package]") {
  FakeTree tree;
  tree.files["/lib/apk/db/installed"].content = "C:Q1=\nP:busybox\nV:1.36.1-r5\nA:x86_64\n";
  const auto answer = package(tree, "busybox");
  CHECK(answer.text("installed") == "true");
  CHECK(answer.text("version") == "1.36.1-r5");
  CHECK(answer.text("manager") == "apk");
  CHECK(package(tree, "zsh").text("installed") == "false");
}

TEST_CASE("the database is read once for all names", "[probes][package]") {
  const FakeRoot inner(debian());
  const CountingRoot root(inner);
  const auto answers = ask_all(package_probe, root,
                               {{{"name", Value{std::string("zsh")}}},
                                {{"name", Value{std::string("aide")}}},
                                {{"name", Value{std::string("aide")}}}});
  CHECK(answers.answers[0].text("installed") == "false");
  CHECK(answers.answers[1].text("installed") == "true");
  CHECK(answers.answers[2].text("installed") == "true");
  CHECK(root.reads().at("/var/lib/dpkg/status") == 1);
}
