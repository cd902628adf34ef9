#include "engine/probes/limit.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::limit_probe;

TEST_CASE("limits are told as pam_limits sets them", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* field;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"for everybody", "/etc/security/limits.conf: \"* hard core 0\\n\"", "hard", "0"},
      {"both at once", "/etc/security/limits.conf: \"* - core 0\\n\"", "hard", "0"},
      {"both at once, soft", "/etc/security/limits.conf: \"* - core 0\\n\"", "soft", "0"},
      {"soft only", "/etc/security/limits.conf: \"* soft core 0\\n\"", "hard", "(absent)"},
      {"capitals", "/etc/security/limits.conf: \"*\\tHARD  Core\\t0\\n\"", "hard", "0"},
      {"a comment", "/etc/security/limits.conf: \"# * hard core 0\\n\"", "hard", "(absent)"},
      {"a remark behind it", "/etc/security/limits.conf: \"* hard core 0 # never\\n\"", "hard", "0"},
      {"another item", "/etc/security/limits.conf: \"* hard nproc 0\\n\"", "hard", "(absent)"},
      {"a value that is missing", "/etc/security/limits.conf: \"* hard core\\n\"", "hard", "(absent)"},
      {"a type that is none", "/etc/security/limits.conf: \"* firm core 0\\n\"", "hard", "(absent)"},
      {"the last line counts", "/etc/security/limits.conf: \"* hard core 0\\n* hard core unlimited\\n\"", "hard",
       "unlimited"},
      {"the directory comes after the file",
       "/etc/security/limits.conf: \"* hard core 0\", /etc/security/limits.d/a.conf: \"* hard core 5\"", "hard", "5"},
      {"other names in it do not count",
       "/etc/security/limits.conf: \"* hard core 0\", /etc/security/limits.d/a.conf.bak: \"* hard core 5\"", "hard",
       "0"},
      {"no exception", "/etc/security/limits.conf: \"* hard core 0\"", "exceptions", ""},
      {"exceptions",
       "/etc/security/limits.conf: \"bob hard core 9\\n@ops - core unlimited\\n* hard core 0\\nann soft core 9\"",
       "exceptions", "@ops unlimited, bob 9"},
      {"one without any limit", "/etc/security/limits.conf: \"bob -\\n\"", "exceptions", "bob unlimited"},
      {"no file", "/etc/hostname: x", "hard", "(absent)"},
      {"a file that may not be read",
       "/etc/security/limits.conf: \"* hard core 0\", /etc/security/limits.d/a.conf: { error: denied }", "hard",
       "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  const FakeRoot root(tree_of(world_of(std::string("files: { ") + c.files + " }")));
  CHECK(ask(limit_probe, root, {{"item", std::string("core")}}).text(c.field) == c.value);
}

TEST_CASE("a limit says what it overrides", "[probes]") {
  const FakeRoot root(tree_of(world_of("files: { /etc/security/limits.conf: \"* hard core 7\\n* hard core 0\\n\" }")));
  const auto answer = ask(limit_probe, root, {{"item", std::string("core")}});
  const auto& field = answer.records.at(0).fields[0];
  CHECK(field.source == "/etc/security/limits.conf:2");
  REQUIRE(field.overridden.size() == 1);
  CHECK(field.overridden[0].value == "7");
}
