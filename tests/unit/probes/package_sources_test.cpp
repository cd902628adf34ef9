#include <fmt/core.h>

#include "engine/probes/apt.hpp"
#include "engine/probes/apt_update.hpp"
#include "engine/probes/dnf.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll::probes;
using namespace plimsoll::tests;

namespace {

ProbeAnswer about(const Probe& probe, const char* yaml, const Arguments& arguments = {}) {
  return ask(probe, FakeRoot(tree_of(world_of(yaml))), arguments);
}

}  // namespace

TEST_CASE("sources of apt in both formats are records", "[probes][apt]") {
  const auto answer = about(apt_source_probe, R"(
files:
  /etc/apt/sources.list: "deb [trusted=no check-valid-until=no] https://u:p@a/ stable main\n"
  /etc/apt/sources.list.d/b.sources: "Types: deb\nURIs: https://b\nSuites: x y\nComponents: main\nSigned-By: /k.gpg ABCD\n"
  /etc/apt/sources.list.d/c.list.save: "nonsense"
)");
  REQUIRE(answer.records.size() == 2);
  CHECK_FALSE(answer.failure);
  CHECK(answer.text("uris", 0) == "https://***@a/");
  CHECK(answer.text("trusted", 0) == "false");
  CHECK(answer.text("check_valid_until", 0) == "false");
  CHECK(answer.text("signed_by", 0) == "(absent)");
  CHECK(answer.text("format", 0) == "one-line");
  CHECK(answer.records[0].source == "/etc/apt/sources.list:1");
  CHECK(answer.text("suites", 1) == "x, y");
  CHECK(answer.text("signed_by", 1) == "/k.gpg, ABCD");
  CHECK(answer.text("trusted", 1) == "(absent)");
  CHECK(answer.text("allow_weak", 1) == "false");
  CHECK(answer.text("format", 1) == "deb822");
}

TEST_CASE("a file that apt refuses fails the fact and keeps the others", "[probes][apt]") {
  const auto answer = about(apt_source_probe, R"(
files:
  /etc/apt/sources.list: "nonsense\n"
  /etc/apt/sources.list.d/b.list: "deb https://b stable main\n"
)");
  CHECK(answer.records.size() == 1);
  REQUIRE(answer.failure);
  CHECK(answer.failure->what.starts_with("/etc/apt/sources.list: line 1"));
}

TEST_CASE("key files are those that sources in use name, and those for all", "[probes][apt]") {
  const auto answer = about(apt_key_file_probe, R"(
files:
  /etc/apt/sources.list: "deb [signed-by=/k/a.gpg] https://a stable main\ndeb [signed-by=/k/a.gpg] https://b stable main\n"
  /etc/apt/sources.list.d/b.sources: "Enabled: no\nTypes: deb\nURIs: https://b\nSuites: ./\nSigned-By: /k/b.gpg\n"
  /etc/apt/trusted.gpg.d/all.gpg: { mode: "0600", content: key }
)");
  CHECK(answer.texts("path") == std::vector<std::string>{"/etc/apt/trusted.gpg.d/all.gpg", "/k/a.gpg"});
  CHECK(answer.texts("exists") == std::vector<std::string>{"true", "false"});
  CHECK(answer.texts("mode") == std::vector<std::string>{"0600", "(absent)"});
  CHECK(answer.texts("for_all_sources") == std::vector<std::string>{"true", "false"});
  CHECK(answer.text("named_by", 1) == "/etc/apt/sources.list:1, /etc/apt/sources.list:2");
}

TEST_CASE("a setting of apt that is no truth leaves apt its default", "[probes][apt]") {
  const auto answer = about(apt_setting_probe, R"(
files: { /etc/apt/apt.conf: "A::B \"perhaps\";\n" }
)",
                            {{"name", std::string("A::B")}});
  CHECK(answer.text("value") == "perhaps");
  CHECK(answer.text("enabled") == "(absent)");
  CHECK(answer.records[0].fields[0].source == "/etc/apt/apt.conf:1");
}

TEST_CASE("a repository's own word beats that of the main section", "[probes][dnf]") {
  const auto* const yaml = R"(
files:
  /etc/dnf/dnf.conf: "[main]\ngpgcheck=1\n"
  /etc/yum.repos.d/a.repo: "[a]\ngpgcheck=0\nbaseurl=https://u:p@a/\n[b]\nenabled=no\nsslverify=maybe\n"
)";
  const auto answer = about(dnf_repository_probe, yaml);
  CHECK(answer.texts("id") == std::vector<std::string>{"a", "b"});
  CHECK(answer.texts("enabled") == std::vector<std::string>{"true", "false"});
  CHECK(answer.texts("gpgcheck") == std::vector<std::string>{"false", "true"});
  CHECK(answer.texts("gpgcheck_own") == std::vector<std::string>{"false", "(absent)"});
  CHECK(answer.texts("sslverify") == std::vector<std::string>{"true", "(unreadable: malformed)"});
  CHECK(answer.text("locations") == "https://***@a/");
  const auto& gpgcheck = answer.records[0].fields[2];
  REQUIRE(gpgcheck.overridden.size() == 1);
  CHECK(gpgcheck.overridden[0].source == "/etc/dnf/dnf.conf:2");
  const auto main = about(dnf_probe, yaml);
  CHECK(main.text("gpgcheck") == "true");
  CHECK(main.text("localpkg_gpgcheck") == "false");
  CHECK(main.text("install_weak_deps") == "true");
}

TEST_CASE("an update is the newest version that some list holds", "[probes][apt]") {
  const auto answer = about(apt_update_probe, R"(
packages: { a: { version: "1" }, b: { version: "2", status: hold ok installed }, c: { version: "3" } }
files:
  /etc/apt/preferences.d/x: "Package: *"
  /var/lib/apt/lists/h_dists_x_main_binary-amd64_Packages: "Package: a\nArchitecture: amd64\nVersion: 1.5\n\nPackage: b\nArchitecture: amd64\nVersion: 3\nPhased-Update-Percentage: 50\n"
  /var/lib/apt/lists/h_dists_x-security_main_binary-amd64_Packages: "Package: a\nArchitecture: amd64\nVersion: 1.2\n\nPackage: c\nArchitecture: amd64\nVersion: 3\n"
)");
  CHECK(answer.texts("package") == std::vector<std::string>{"a", "b"});
  CHECK(answer.texts("available") == std::vector<std::string>{"1.5", "3"});
  CHECK(answer.texts("installed") == std::vector<std::string>{"1", "2"});
  CHECK(answer.texts("held") == std::vector<std::string>{"false", "true"});
  CHECK(answer.texts("phased") == std::vector<std::string>{"false", "true"});
  CHECK(answer.texts("security") == std::vector<std::string>{"true", "false"});
  CHECK(answer.texts("pinned") == std::vector<std::string>{"true", "true"});
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at == "compared 3 packages with 2 lists");
}

TEST_CASE("lists that stay packed are read", "[probes][apt]") {
  const auto* const yaml = R"(
packages: {{ a: {{ version: "1" }} }}
files:
  /var/lib/apt/lists/h_dists_x_main_binary-amd64_Packages.{0}: {{ content: "Package: a\nArchitecture: amd64\nVersion: 2\n\n", packed: {1} }}
)";
  const auto [ending, packing] =
      GENERATE(table<const char*, const char*>({{"gz", "gzip"}, {"xz", "xz"}, {"lz4", "lz4"}, {"zst", "zstd"}}));
  const auto answer = about(apt_update_probe, fmt::format(fmt::runtime(yaml), ending, packing).c_str());
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("available") == std::vector<std::string>{"2"});
  CHECK(answer.looked_at == "compared 1 packages with 1 lists");
}

TEST_CASE("a list that comes in many blocks is compared whole", "[probes][apt]") {
  // Paragraphs of 59 bytes fall across the ends of blocks in every way; each 100th is of an installed package.
  std::string list;
  std::string installed;
  for (int i = 0; i < 20'000; ++i) {
    list += fmt::format("Package: p{:05}\\nArchitecture: amd64\\nVersion: {:05}\\nSize: 1\\n\\n", i, i + 1);
    if (i % 100 == 0)
      installed += fmt::format("{}p{:05}: {{ version: \"{:05}\" }}", installed.empty() ? "" : ", ", i, i);
  }
  const auto packing = GENERATE(values<const char*>({"gzip", "xz", "lz4", "zstd"}));
  const auto answer = about(apt_update_probe, fmt::format(R"(
packages: {{ {} }}
files:
  /var/lib/apt/lists/h_dists_x_main_binary-amd64_Packages.x: {{ content: "{}", packed: {} }}
)",
                                                          installed, list, packing)
                                                  .c_str());
  CHECK_FALSE(answer.failure);
  REQUIRE(answer.records.size() == 200);
  const auto& last = answer.records.back();
  CHECK(answer.texts("available").back() == "19901");
  CHECK(last.fields[3].source == "/var/lib/apt/lists/h_dists_x_main_binary-amd64_Packages.x:99501");
}

TEST_CASE("a list whose name says that it is packed, and is not, is an error", "[probes][apt]") {
  const auto answer = about(apt_update_probe, R"(
packages: { a: { version: "1" } }
files: { /var/lib/apt/lists/h_dists_x_main_binary-amd64_Packages.lzma: "Package: a\nVersion: 2\n" }
)");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == plimsoll::Error::Kind::unsupported);
}
