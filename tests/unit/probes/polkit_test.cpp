#include "engine/probes/polkit.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using plimsoll::Error;
using namespace plimsoll::probes;
using namespace plimsoll::tests;
using Texts = std::vector<std::string>;

namespace {

constexpr const char* given = R"(files:
  /etc/passwd: "root:x:0:0::/root:/bin/sh\n"
  /usr/share/polkit-1/actions/a.policy: |
    <policyconfig>
    <action id="org.example.mount"><defaults><allow_any>auth_admin</allow_any><allow_active>yes</allow_active></defaults></action>
    <action id="org.example.stop"/>
    </policyconfig>
  /usr/share/polkit-1/rules.d/50-default.rules: "polkit.addAdminRule(function(a, s) { return ['unix-group:sudo']; });\n"
)";

ProbeAnswer about(const Probe& probe, const std::string& difference = "files: {}") {
  return ask(probe, FakeRoot(tree_of(merged(world_of(given), world_of(difference)))));
}

}  // namespace

TEST_CASE("actions hold as declared where no rule decides", "[probes]") {
  const auto answer = about(polkit_action_probe);
  CHECK(answer.texts("id") == Texts{"org.example.mount", "org.example.stop"});
  CHECK(answer.texts("any") == Texts{"auth_admin", "no"});
  CHECK(answer.texts("inactive") == Texts{"no", "no"});
  CHECK(answer.texts("active") == Texts{"yes", "no"});
  CHECK(answer.text("changed_by").empty());
  CHECK(answer.records[0].source == "/usr/share/polkit-1/actions/a.policy");
}

TEST_CASE("what rules may decide is not known from what actions declare", "[probes]") {
  auto answer =
      about(polkit_action_probe, "files: { /etc/polkit-1/rules.d/10-x.rules: \"polkit.addRule(function() {});\" }");
  CHECK(answer.texts("any") == Texts{"(unreadable: unsupported)", "(unreadable: unsupported)"});
  CHECK(answer.texts("declared_any") == Texts{"auth_admin", "no"});
  CHECK(answer.text("changed_by") == "/etc/polkit-1/rules.d/10-x.rules");
  answer = about(polkit_action_probe, "files: { /etc/polkit-1/rules.d/10-x.rules: { error: denied } }");
  CHECK(answer.text("changed_by") == "/etc/polkit-1/rules.d/10-x.rules");
  answer = about(polkit_action_probe, "files: { /etc/polkit-1/rules.d: { type: directory, error: denied } }");
  CHECK(answer.text("any") == "(unreadable: denied)");
  CHECK(answer.text("changed_by") == "(unreadable: denied)");
  answer = about(polkit_action_probe, "files: { /usr/share/polkit-1/actions/b.policy: \"<x/>\" }");
  CHECK(answer.records.size() == 2);
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::malformed);
}

TEST_CASE("keys of local authority count where something reads them", "[probes]") {
  const std::string grant =
      "/etc/polkit-1/localauthority/50-local.d/x.pkla: \"[Some]\\nIdentity=unix-user:bob\\nAction=org.example.m*\\n"
      "ResultAny=yes\\n\"";
  CHECK(about(polkit_action_probe, "files: { " + grant + " }").text("any") == "auth_admin");
  CHECK(about(polkit_grant_probe, "files: { " + grant + " }").text("in_use") == "false");
  const auto with_program = "files: { /usr/bin/pkla-check-authorization: x, " + grant + " }";
  auto answer = about(polkit_action_probe, with_program);
  CHECK(answer.texts("any") == Texts{"(unreadable: unsupported)", "no"});
  CHECK(answer.text("changed_by") == "/etc/polkit-1/localauthority/50-local.d/x.pkla");
  CHECK(about(polkit_action_probe, "files: { /usr/share/polkit-1/rules.d: null, " + grant + " }").text("any") ==
        "(unreadable: unsupported)");
  answer = about(polkit_grant_probe, with_program);
  CHECK(answer.text("name") == "Some");
  CHECK(answer.text("identities") == "unix-user:bob");
  CHECK(answer.text("actions") == "org.example.m*");
  CHECK(answer.text("result_any") == "yes");
  CHECK(answer.text("result_active") == "(absent)");
  CHECK(answer.records[0].source == "/etc/polkit-1/localauthority/50-local.d/x.pkla:2");
  CHECK(about(polkit_grant_probe, "files: { /etc/polkit-1/localauthority/a/x.pkla: { error: denied } }").failure);
}

TEST_CASE("files of rules are listed in the order in which they are asked", "[probes]") {
  const auto answer = about(polkit_file_probe, R"(files:
  /etc/polkit-1/rules.d/60-x.rules: "polkit.addRule(f);"
  /etc/polkit-1/rules.d/50-default.rules: { content: "polkit.addRule(f);", mode: "0666" }
  /etc/polkit-1/rules.d/90-x.rules.bak: x
  /run/polkit-1/rules.d/10-x.rules: { error: denied }
  /var/lib/polkit-1/localauthority/10-vendor.d/v.pkla: "[X]\nAction=*\n"
)");
  CHECK(answer.texts("path") == Texts{"/run/polkit-1/rules.d/10-x.rules", "/etc/polkit-1/rules.d/50-default.rules",
                                      "/usr/share/polkit-1/rules.d/50-default.rules",
                                      "/etc/polkit-1/rules.d/60-x.rules",
                                      "/var/lib/polkit-1/localauthority/10-vendor.d/v.pkla"});
  CHECK(answer.texts("may_decide") == Texts{"(unreadable: denied)", "true", "false", "true", "false"});
  CHECK(answer.texts("in_use") == Texts{"true", "true", "true", "true", "false"});
  CHECK(answer.text("language", 4) == "keys");
  CHECK(answer.text("mode", 1) == "0666");
  CHECK(answer.text("owner", 1) == "root");
  const auto none = ask(polkit_file_probe, FakeRoot(FakeTree{}));
  CHECK(none.records.empty());
  CHECK_FALSE(none.failure);
}
