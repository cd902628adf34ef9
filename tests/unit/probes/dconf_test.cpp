#include "engine/probes/dconf.hpp"

#include "engine/probes/gdm.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using plimsoll::Error;
using plimsoll::probes::dconf_probe;
using plimsoll::probes::gdm_probe;
using namespace plimsoll::tests;

namespace {

ProbeAnswer about(const char* key, const char* yaml) {
  return ask(dconf_probe, FakeRoot(tree_of(world_of(yaml))),
             {{"profile", std::string("user")}, {"key", std::string(key)}});
}

}  // namespace

TEST_CASE("compiled databases and key files are two answers", "[probes][dconf]") {
  const auto answer = about("/a/b/number", R"(
files:
  /etc/dconf/profile/user: "user-db:user\nsystem-db:local\nsystem-db:site\n"
  /etc/dconf/db/local: { modified: 100, dconf: { settings: { /a/b/number: "uint32 5" }, locks: [/a/b/number] } }
  /etc/dconf/db/site: { modified: 100, dconf: { settings: { /a/b/number: "7" } } }
  /etc/dconf/db/local.d/10-first: { modified: 200, content: "[a/b]\nnumber=uint32 6\n" }
)");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("value") == "5");
  CHECK(answer.text("type") == "u");
  CHECK(answer.text("locked") == "true");
  CHECK(answer.text("after_update") == "6");
  CHECK(answer.text("after_update_type") == "u");
  CHECK(answer.text("locked_after_update") == "false");
  CHECK(answer.text("outdated") == "true");
  CHECK(answer.text("databases") == "user-db:user, system-db:local, system-db:site");
  const auto& fields = answer.records[0].fields;
  CHECK(fields[0].source == "/etc/dconf/db/local");
  REQUIRE(fields[0].overridden.size() == 1);
  CHECK(fields[0].overridden[0].source == "/etc/dconf/db/site");
  CHECK(fields[0].overridden[0].value == "7");
  CHECK(fields[3].source == "/etc/dconf/db/local.d/10-first:2");
}

TEST_CASE("without a profile people have their own database alone", "[probes][dconf]") {
  const auto user = about("/a/b", "files: {}");
  CHECK(user.text("value") == "(absent)");
  CHECK(user.text("locked") == "false");
  CHECK(user.text("outdated") == "false");
  CHECK(user.text("databases") == "user-db:user");
  const auto gdm = ask(dconf_probe, FakeRoot({}), {{"profile", std::string("gdm")}, {"key", std::string("/a/b")}});
  CHECK(gdm.text("databases") == "");
  CHECK(gdm.text("value") == "(absent)");
}

TEST_CASE("a database that cannot be read leaves unknown what stands behind it, not before", "[probes][dconf]") {
  const auto* const yaml = R"(
files:
  /etc/dconf/profile/user: "user-db:user\nsystem-db:local\nsystem-db:site\n"
  /etc/dconf/db/local: { dconf: { settings: { /a/b: "true" } } }
  /etc/dconf/db/site: { error: denied }
)";
  CHECK(about("/a/b", yaml).text("value") == "true");
  CHECK(about("/a/b", yaml).text("locked") == "(unreadable: denied)");
  CHECK(about("/a/c", yaml).text("value") == "(unreadable: denied)");
}

TEST_CASE("a value that is no value breaks its whole directory", "[probes][dconf]") {
  const auto* const yaml = R"(
files:
  /etc/dconf/profile/user: "user-db:user\nsystem-db:local\n"
  /etc/dconf/db/local: { dconf: { settings: { /a/b: "true" } } }
  /etc/dconf/db/local.d/00: "[a]\nb=false\n"
  /etc/dconf/db/local.d/10: "[x]\ny=no value\n"
  /etc/dconf/db/local.d/.hidden: "nonsense"
)";
  const auto answer = about("/a/b", yaml);
  CHECK(answer.text("value") == "true");
  CHECK(answer.text("after_update") == "(unreadable: malformed)");
}

TEST_CASE("GDM's files are records, and none is an answer", "[probes][gdm]") {
  const auto answer = ask(gdm_probe, FakeRoot(tree_of(world_of(R"(
files:
  /etc/gdm3/custom.conf: "[daemon]\nAutomaticLoginEnable=true\nWaylandEnable=FALSE\nAutomaticLoginEnable=0\n[xdmcp]\nEnable=true \n"
)"))));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("automatic_login") == "false");
  CHECK(answer.records[0].fields[2].source == "/etc/gdm3/custom.conf:4");
  REQUIRE(answer.records[0].fields[2].overridden.size() == 1);
  CHECK(answer.records[0].fields[2].overridden[0].source == "/etc/gdm3/custom.conf:2");
  CHECK(answer.text("wayland_enabled") == "false");
  CHECK(answer.text("xdmcp_enabled") == "false");  // a blank behind it makes it no truth
  CHECK(answer.text("timed_login") == "false");

  const auto none = ask(gdm_probe, FakeRoot({}));
  CHECK(none.records.empty());
  CHECK_FALSE(none.failure);
  CHECK_FALSE(none.looked_at.empty());
}

TEST_CASE("the default of a setting is that of its schema", "[probes][dconf]") {
  const auto of_world = [](const std::string& files) {
    return about("/org/example/number",
                 ("files: { /etc/dconf/profile/user: \"user-db:user\\n\", " + files + " }").c_str());
  };
  const std::string installed =
      "/usr/share/glib-2.0/schemas/gschemas.compiled: { schemas: { org.example: { number: \"uint32 5\" } } }";
  auto answer = of_world(installed);
  CHECK(answer.text("default") == "5");
  CHECK(answer.text("value") == "(absent)");
  CHECK(answer.records[0].fields.back().source == "/usr/share/glib-2.0/schemas/gschemas.compiled");
  answer = of_world(installed +
                    ", /usr/local/share/glib-2.0/schemas/gschemas.compiled: { schemas: { org.example: { number: "
                    "\"uint32 6\" } } }");
  CHECK(answer.text("default") == "6");
  CHECK(of_world("/etc/hostname: x").text("default") == "(unreadable: unobservable)");
  CHECK(of_world("/usr/share/glib-2.0/schemas/gschemas.compiled: x").text("default") == "(unreadable: malformed)");
  CHECK(of_world("/usr/share/glib-2.0/schemas/gschemas.compiled: { error: denied }").text("default") ==
        "(unreadable: denied)");
}
