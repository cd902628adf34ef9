#include "engine/catalog/load.hpp"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/catalog/compile.hpp"
#include "engine/catalog/state.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/catalog/toy_probes.hpp"

using namespace plimsoll;
using catalog::Catalog;

namespace {

namespace fs = std::filesystem;

Catalog loaded(const std::vector<catalog::SourceFile>& sources, const Catalog* base = nullptr) {
  auto outcome = toy::load_texts(sources, base);
  for (const auto& diagnostic : outcome.diagnostics) UNSCOPED_INFO(to_text(diagnostic));
  REQUIRE(outcome.catalog);
  return std::move(*outcome.catalog);
}

Catalog sound() {
  return loaded({toy::checks_file(toy::sound_checks), toy::profile_file(toy::sound_profile)});
}

bool has_code(const catalog::LoadOutcome& outcome, std::string_view code) {
  return std::any_of(outcome.diagnostics.begin(), outcome.diagnostics.end(),
                     [&](const Diagnostic& diagnostic) { return diagnostic.code == code; });
}

std::string one_check(std::string_view id, std::string_view check) {
  return fmt::format("- id: {}\n  title: A title\n  rationale: A reason\n  remediation: A remedy\n{}", id, check);
}

// A directory that goes away with the test.
class Directory {
 public:
  Directory() {
    std::string name = (fs::temp_directory_path() / "plimsoll-catalog-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { fs::remove_all(path_); }
  std::string put(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("a catalog tells what its checks are", "[catalog]") {
  const Catalog catalog = sound();
  REQUIRE(catalog.check_count() == 4);
  CHECK(catalog.check(0).id == "ip-forward");
  CHECK(catalog.check(3).id == "ssh-root-login");
  CHECK_FALSE(catalog.find_check("ip-forwad"));
  const auto check = catalog.check(*catalog.find_check("ip-forward"));
  CHECK(check.title == "The host does not route packets between interfaces");
  CHECK(check.severity == Severity::medium);
  CHECK(check.references == std::vector<std::string_view>{"sysctl.d(5)"});
  CHECK(check.tags == std::vector<std::string_view>{"network"});
  CHECK(check.controls == std::vector<Control>{{"nist-800-53", "SC-7"}, {"nist-800-53", "CM-7(1)"}});
  CHECK(check.probes == std::vector<std::string_view>{"sysctl"});
  REQUIRE(check.parameters.size() == 1);
  CHECK(check.parameters[0].name == "expected");
  CHECK(check.parameters[0].type == ValueType::integer);
  CHECK(check.parameters[0].fallback == "0");
  CHECK(check.parameters[0].meaning == "1 on routers");
  CHECK(check.file == "checks/sound.yaml");
  CHECK(check.line == 2);
  CHECK(check.source ==
        "check:\n"
        "  all:\n"
        "    - { probe: sysctl, name: net.ipv4.ip_forward, every: { runtime: $expected } }\n"
        "    - { probe: sysctl, name: net.ipv4.ip_forward, every: { at_boot: $expected } }\n");
  const auto ssh = catalog.check(*catalog.find_check("ssh-root-login"));
  CHECK(ssh.severity == Severity::high);
  CHECK(ssh.probes == std::vector<std::string_view>{"package", "sshd"});
  CHECK(ssh.source.starts_with("applies: { package: { name: openssh-server } }\ncheck:\n"));
  const auto keys = catalog.check(*catalog.find_check("keys-private"));
  CHECK(keys.parameters[0].fallback == "/etc/ssl/private, /etc/ssh");
  CHECK(keys.parameters[1].fallback == "0600");
}

TEST_CASE("a catalog tells what its profiles are, for each role", "[catalog]") {
  const Catalog catalog = sound();
  REQUIRE(catalog.profile_count() == 1);
  const auto profile = catalog.profile(0);
  CHECK(profile.id == "example-linux-3.0");
  CHECK(profile.version == "3.0");
  CHECK(profile.roles == std::vector<std::string_view>{"server", "workstation"});
  CHECK(profile.has_applies);
  CHECK_FALSE(profile.fallback);
  CHECK_FALSE(profile.beside);
  CHECK(profile.coverage.rows == 5);  // of all roles
  CHECK(profile.coverage.automated + profile.coverage.manual == 5);
  const auto server = catalog.rows(0, "");
  REQUIRE(server.size() == 4);  // 5.10 is for workstations only
  CHECK(server[0].id == "3.1.1");
  CHECK(server[0].section == "3.1 Kernel settings");
  CHECK(server[1].level == 1);
  CHECK(server[1].question == "Is each needed?");
  CHECK(server[2].section == "3 Network");
  CHECK(server[2].gap == "needs a radio");
  CHECK(server[3].section == "5 Access");
  const auto workstation = catalog.rows(0, "workstation");
  REQUIRE(workstation.size() == 4);
  CHECK(workstation[1].level == 2);
  CHECK(workstation[3].id == "5.10");
  CHECK(workstation[3].checks == std::vector<std::string_view>{"ip-forward"});
}

TEST_CASE("what is compiled comes back equal", "[catalog]") {
  const Catalog catalog = sound();
  const auto& view = catalog.state().view;
  const auto first = catalog::Decoder(view, toy::schemas()).model();
  REQUIRE(first);
  const std::string image = catalog::compile(*first, catalog.version());
  CHECK(image == catalog.state().owned);
  CHECK(catalog.digest().size() == 7 + 64);
  CHECK(catalog.digest().starts_with("sha256:"));
  CHECK(loaded({toy::checks_file(toy::sound_checks)}).digest() != catalog.digest());
  CHECK(sound().digest() == catalog.digest());
}

TEST_CASE("an image of other probes is refused", "[catalog]") {
  const Catalog catalog = sound();
  auto other = toy::sshd;
  other.fields = other.fields.first(3);
  const std::vector<const ProbeSchema*> schemas = {&toy::sysctl, &toy::package, &other, &toy::files, &toy::listener};
  CHECK_FALSE(catalog::Decoder(catalog.state().view, schemas).model());
  const auto outcome = catalog::make_plan(catalog, {.profiles = {{"example-linux-3.0", ""}}}, schemas);
  CHECK_FALSE(outcome.plan);
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems[0].find("other probes") != std::string::npos);
}

TEST_CASE("the same id in a user's catalog replaces what is shipped", "[catalog]") {
  const Catalog base = sound();
  const auto own = one_check("ssh-root-login", "  check: { probe: sshd, every: { max_auth_tries: 4 } }\n");
  const Catalog merged = loaded({toy::checks_file(own, "checks/own.yaml")}, &base);
  CHECK(merged.check_count() == 4);
  CHECK(merged.profile_count() == 1);
  CHECK(merged.check(*merged.find_check("ssh-root-login")).title == "A title");
  CHECK(merged.check(*merged.find_check("ssh-root-login")).file == "checks/own.yaml");

  const Catalog policy =
      loaded({toy::profile_file("profile: example-linux-3.0\ntitle: Ours\nextends: example-linux-3.0\n"
                                "exclude:\n  - { id: \"5.1\", reason: Not here }\n")},
             &base);
  CHECK(policy.profile_count() == 1);
  CHECK(policy.profile(0).title == "Ours");
  CHECK(policy.profile(0).version == "3.0");
  CHECK(policy.rows(0, "").back().gap == "excluded by example-linux-3.0: Not here");
}

TEST_CASE("a replaced check has to serve the shipped rows that name it", "[catalog]") {
  const Catalog base = sound();
  const auto without = one_check("ip-forward", "  check: { probe: sshd, every: { max_auth_tries: 4 } }\n");
  const auto renamed = toy::load_texts({toy::checks_file(without, "checks/own.yaml")}, &base);
  CHECK(has_code(renamed, "replaced-check"));
  CHECK_FALSE(renamed.catalog);
  const auto shows = one_check("ssh-root-login", "  check: { probe: sshd, show: [banner] }\n");
  CHECK(has_code(toy::load_texts({toy::checks_file(shows, "checks/own.yaml")}, &base), "replaced-check"));
}

TEST_CASE("a site policy sets, excludes, replaces and adds", "[catalog]") {
  const Catalog base = sound();
  const Catalog merged = loaded({toy::profile_file(R"(
profile: our-servers
title: Our servers
extends: example-linux-3.0
set: { ip-forward.expected: 1, mode: "0640" }
exclude:
  - { id: "3.1.2", reason: Reviewed each quarter }
recommendations:
  - { id: "5.1", level: 1, checks: [keys-private], set: { mode: "0400" } }
  - { id: "9.1", level: 1, checks: [ip-forward] }
)")},
                                &base);
  REQUIRE(merged.profile_count() == 2);
  const auto rows = merged.rows(*merged.find_profile("our-servers"), "server");
  REQUIRE(rows.size() == 5);
  CHECK(rows[1].checks.empty());
  CHECK(rows[1].assessment == Assessment::manual);
  CHECK(rows[1].gap == "excluded by our-servers: Reviewed each quarter");
  CHECK(rows[3].checks == std::vector<std::string_view>{"keys-private"});
  CHECK(rows[3].section == "5 Access");
  CHECK(rows[4].id == "9.1");

  const auto outcome = catalog::make_plan(merged, {.profiles = {{"our-servers", ""}}}, toy::schemas());
  REQUIRE(outcome.plan);
  REQUIRE(outcome.plan->checks.size() == 2);
  CHECK(outcome.plan->checks[0].parameters == std::vector<std::pair<std::string, std::string>>{{"expected", "1"}});
  CHECK(outcome.plan->checks[1].parameters[1] == std::pair<std::string, std::string>{"mode", "0400"});
}

TEST_CASE("profiles may stand in any order, and circles are found", "[catalog]") {
  const auto extending = [](std::string_view id, std::string_view base) {
    return toy::profile_file(fmt::format("profile: {}\ntitle: T\nextends: {}\n", id, base),
                             fmt::format("profiles/{}.yaml", id));
  };
  const Catalog chain = loaded({toy::checks_file(toy::sound_checks), extending("a", "b"),
                                extending("b", "example-linux-3.0"), toy::profile_file(toy::sound_profile)});
  CHECK(chain.rows(*chain.find_profile("a"), "").size() == 4);
  const auto circle = toy::load_texts({toy::checks_file(toy::sound_checks), extending("a", "b"), extending("b", "a")});
  REQUIRE(circle.diagnostics.size() == 1);
  CHECK(circle.diagnostics[0].code == "extends-loop");
}

TEST_CASE("problems of all files come at once, in order of place", "[catalog]") {
  const auto bad = one_check("one", "  check: { probe: sshd, every: { max_auth_tries: x, bannr: y } }\n");
  const auto outcome = toy::load_texts({toy::checks_file(bad, "checks/b.yaml"), toy::checks_file("x", "checks/a.yaml"),
                                        toy::profile_file("profile: p", "profiles/p.yaml")});
  CHECK_FALSE(outcome.catalog);
  REQUIRE(outcome.diagnostics.size() == 6);
  CHECK(outcome.diagnostics[0].where.file == "checks/a.yaml");
  CHECK(outcome.diagnostics[1].where.file == "checks/b.yaml");
  CHECK(outcome.diagnostics[2].code == "unknown-field");
  CHECK(outcome.diagnostics[3].where.file == "profiles/p.yaml");
}

TEST_CASE("directories are read as catalogs or as loose files", "[catalog]") {
  const Directory directory;
  const std::vector<std::string> paths = {directory.path()};
  const auto load = [&] { return catalog::load(paths, nullptr, toy::schemas()); };
  SECTION("checks/ and profiles/, whatever lies deeper or beside them") {
    directory.put("checks/host/a.yaml", toy::sound_checks);
    directory.put("checks/schema.json", "{}");
    directory.put("checks/.hidden.yaml", "nonsense: [");
    directory.put("profiles/x/p.yml", toy::sound_profile);
    directory.put("notes.yaml", "nonsense: [");
    const auto outcome = load();
    REQUIRE(outcome.catalog);
    CHECK(outcome.catalog->check_count() == 4);
    CHECK(outcome.catalog->profile_count() == 1);
    CHECK(outcome.catalog->check(0).file == "checks/host/a.yaml");
    CHECK(outcome.catalog->version() == directory.path());
    const auto merged = catalog::load(paths, &*outcome.catalog, toy::schemas());
    REQUIRE(merged.catalog);
    CHECK(merged.catalog->version() == directory.path() + " with " + directory.path());
  }
  SECTION("loose files, told apart by their keys") {
    directory.put("mine.yaml", toy::sound_checks);
    directory.put("policy.yaml", toy::sound_profile);
    const auto outcome = load();
    REQUIRE(outcome.catalog);
    CHECK(outcome.catalog->profile_count() == 1);
  }
  SECTION("diagnostics name the file as it can be opened") {
    const auto path = directory.put("checks/a.yaml", "- id: x\n");
    const auto outcome = load();
    REQUIRE_FALSE(outcome.diagnostics.empty());
    CHECK(outcome.diagnostics[0].where.file == path);
  }
  SECTION("an empty directory is a slip") {
    CHECK(has_code(load(), "empty-file"));
  }
  SECTION("a missing directory") {
    const std::vector<std::string> missing = {directory.path() + "/missing"};
    CHECK(has_code(catalog::load(missing, nullptr, toy::schemas()), "unreadable-file"));
  }
  SECTION("a file where a directory should be") {
    const std::vector<std::string> file = {directory.put("a.yaml", toy::sound_checks)};
    CHECK(has_code(catalog::load(file, nullptr, toy::schemas()), "unreadable-file"));
  }
  SECTION("a FIFO is not waited for") {
    directory.put("checks/a.yaml", toy::sound_checks);
    REQUIRE(mkfifo((directory.path() + "/checks/b.yaml").c_str(), 0600) == 0);
    CHECK(has_code(load(), "unreadable-file"));
  }
  SECTION("a dangling link is not overlooked") {
    directory.put("checks/a.yaml", toy::sound_checks);
    fs::create_symlink("nowhere", directory.path() + "/checks/b.yaml");
    CHECK(has_code(load(), "unreadable-file"));
  }
}
