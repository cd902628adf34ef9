#include "engine/probes/apparmor.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::apparmor_process_probe;
using probes::apparmor_profile_probe;

namespace {

ProbeAnswer about(const probes::Probe& probe, const std::string& yaml) {
  return ask(probe, FakeRoot(tree_of(world_of(yaml))));
}

const std::string on = "/sys/module/apparmor/parameters/enabled: \"Y\\n\", ";

}  // namespace

TEST_CASE("a profile is told as loaded and as the next boot will have it", "[probes]") {
  struct Case {
    const char* what;
    std::string files;
    const char* mode;
    const char* at_boot;
  };
  const std::string loaded = "/sys/kernel/security/apparmor/profiles: \"man (enforce)\\n\", ";
  const auto c = GENERATE_COPY(values<Case>({
      {"both", on + loaded + "/etc/apparmor.d/man: \"profile man /usr/bin/man {\\n}\\n\"", "enforce", "enforce"},
      {"complain after the next boot",
       on + loaded + "/etc/apparmor.d/man: \"profile man /usr/bin/man flags=(complain) {\\n}\\n\"", "enforce",
       "complain"},
      {"forced to complain",
       on + loaded +
           "/etc/apparmor.d/man: \"profile man /usr/bin/man {\\n}\\n\", "
           "/etc/apparmor.d/force-complain/man: { target: ../man }",
       "enforce", "complain"},
      {"disabled",
       on + loaded +
           "/etc/apparmor.d/man: \"profile man /usr/bin/man {\\n}\\n\", /etc/apparmor.d/disable/man: { target: ../man "
           "}",
       "enforce", "disabled"},
      {"loaded by a program", on + loaded + "/etc/apparmor.d: { type: directory }", "enforce", "(absent)"},
      {"not loaded",
       on + "/sys/kernel/security/apparmor/profiles: \"\", /etc/apparmor.d/man: \"profile man /usr/bin/man {\\n}\\n\"",
       "(absent)", "enforce"},
      {"AppArmor is off",
       "/sys/module/apparmor/parameters/enabled: \"N\\n\", /etc/apparmor.d/man: \"profile man /usr/bin/man {\\n}\\n\"",
       "(absent)", "enforce"},
      {"the kernel's list is denied",
       on +
           "/sys/kernel/security/apparmor/profiles: { error: denied }, /etc/apparmor.d/man: \"profile man /usr/bin/man "
           "{\\n}\\n\"",
       "(unreadable: denied)", "enforce"},
      {"securityfs is not mounted", on + "/etc/apparmor.d/man: \"profile man /usr/bin/man {\\n}\\n\"",
       "(unreadable: unobservable)", "enforce"},
      {"left-over files do not count",
       on + loaded + "/etc/apparmor.d/man.dpkg-old: \"profile man /usr/bin/man flags=(complain) {\\n}\\n\"", "enforce",
       "(absent)"},
      {"nor do abstractions",
       on + loaded + "/etc/apparmor.d/abstractions/man: \"profile man /usr/bin/man flags=(complain) {\\n}\\n\"",
       "enforce", "(absent)"},
      {"one of a snap", on + loaded + "/var/lib/snapd/apparmor/profiles/x: \"profile \\\"man\\\" {\\n}\\n\"", "enforce",
       "enforce"},
  }));
  CAPTURE(c.what);
  const auto answer = about(apparmor_profile_probe, "files: { " + c.files + " }");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("name") == "man");
  CHECK(answer.text("mode") == c.mode);
  CHECK(answer.text("at_boot") == c.at_boot);
}

TEST_CASE("a profile file that cannot be read is a failure, and others still count", "[probes]") {
  const auto answer = about(apparmor_profile_probe, "files: { " + on +
                                                        "/sys/kernel/security/apparmor/profiles: \"a (enforce)\\n\", "
                                                        "/etc/apparmor.d/b: { error: denied } }");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("at_boot") == "(unreadable: denied)");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
}

TEST_CASE("processes that a profile is for are found, confined or not", "[probes]") {
  struct Case {
    const char* what;
    const char* label;
    const char* program;
    std::vector<std::string> confined;
    const char* mode;
  };
  const auto c = GENERATE(values<Case>({
      {"confined", "man (enforce)\\n", "/usr/bin/man", {"true"}, "enforce"},
      {"confined, but only watched", "man (complain)\\n", "/usr/bin/man", {"true"}, "complain"},
      {"not confined", "unconfined\\n", "/usr/bin/man", {"false"}, "enforce"},
      {"not confined, by a variable", "unconfined\\n", "/usr/sbin/tuned", {"false"}, "complain"},
      {"not confined, by its name", "unconfined\\n", "/usr/sbin/cupsd", {"false"}, "enforce"},
      {"its program was replaced", "unconfined\\n", "/usr/bin/man (deleted)", {"false"}, "enforce"},
      {"no profile is for it", "unconfined\\n", "/usr/bin/bash", {}, ""},
      {"the one for it is not loaded", "unconfined\\n", "/usr/bin/idle", {}, ""},
  }));
  CAPTURE(c.what);
  const auto answer = about(
      apparmor_process_probe,
      "files: { " + on +
          "/sys/kernel/security/apparmor/profiles: \"man (enforce)\\ntuned (complain)\\n/usr/sbin/cupsd "
          "(enforce)\\n\", "
          "/etc/apparmor.d/man: \"profile man /usr/{,local/}bin/man {\\n}\\n\", "
          "/etc/apparmor.d/tuned: \"profile tuned @{sbin}/tuned {\\n}\\n\", "
          "/etc/apparmor.d/idle: \"profile idle /usr/bin/idle {\\n}\\n\", "
          "/etc/apparmor.d/tunables/global: \"@{sbin} = /sbin /usr/sbin\\n\", "
          "/proc/1/status: \"Name:\\tx\\nState:\\tS\\nPPid:\\t0\\nUid:\\t0\\t0\\t0\\t0\\nGid:\\t0\\t0\\t0\\t0\\n\", "
          "/proc/1/attr/current: \"" +
          c.label + "\", /proc/1/exe: { target: \"" + c.program + "\" } }");
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("confined") == c.confined);
  if (!c.confined.empty()) {
    CHECK(answer.text("mode") == c.mode);
    CHECK(answer.records[0].resource == "process 1 (x)");
  }
}

TEST_CASE("processes cannot be told where AppArmor cannot be asked", "[probes]") {
  CHECK(about(apparmor_process_probe, "files: { /sys/module/apparmor/parameters/enabled: \"N\" }").records.empty());
  CHECK_FALSE(about(apparmor_process_probe, "files: { /sys/module/apparmor/parameters/enabled: \"N\" }").failure);
  REQUIRE(about(apparmor_process_probe, "{ live: false, files: { /etc/hostname: x } }").failure);
  REQUIRE(
      about(apparmor_process_probe, "files: { /sys/module/apparmor/parameters/enabled: { error: denied } }").failure);
  const auto denied =
      about(apparmor_process_probe, "files: { " + on +
                                        "/sys/kernel/security/apparmor/profiles: \"\", "
                                        "/proc/1/exe: { target: /x }, /proc/1/attr/current: { error: denied } }");
  REQUIRE(denied.records.size() == 1);
  CHECK(denied.text("confined") == "(unreadable: denied)");
}
