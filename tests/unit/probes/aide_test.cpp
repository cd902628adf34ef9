#include "engine/probes/aide.hpp"

#include <fmt/core.h>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::aide_probe;

namespace {

using List = std::vector<std::string>;

ProbeAnswers about(const TextList& paths, std::string_view files) {
  return ask_all(aide_probe, FakeRoot(tree_of(world_of(fmt::format("files: {{{}}}", files)))), {{{"paths", paths}}});
}

}  // namespace

TEST_CASE("aide: each file has the rule that decides", "[probes]") {
  const auto answer = about({"/usr/sbin/auditd", "/usr/sbin/none", "/etc/x"},
                            "/etc/aide/aide.conf: \"Tools = p+sha512\\n/usr/sbin Tools\\n\", /usr/sbin/auditd: x")
                          .answers.at(0);
  CHECK(answer.texts("exists") == List{"true", "false", "false"});
  CHECK(answer.texts("selected") == List{"true", "true", "false"});
  CHECK(answer.texts("attributes") == List{"p, sha512", "p, sha512", "(absent)"});
  CHECK(answer.records.at(0).fields.at(2).source == "/etc/aide/aide.conf:2");
  CHECK(answer.records.at(2).fields.at(2).source == "/etc/aide/aide.conf");
}

TEST_CASE("aide: Debian's place comes before the other", "[probes]") {
  constexpr std::string_view other = "/etc/aide.conf: \"/usr/sbin p\\n\"";
  CHECK(about({"/usr/sbin/a"}, other).answers.at(0).text("selected") == "true");
  CHECK(about({"/usr/sbin/a"}, fmt::format("/etc/aide/aide.conf: \"\", {}", other)).answers.at(0).text("selected") ==
        "false");
}

TEST_CASE("aide: links above a file are followed, as AIDE sees only what is there", "[probes]") {
  const auto answer = about({"/sbin/auditctl"},
                            "/etc/aide/aide.conf: \"/usr/sbin p\\n\", /sbin: { target: usr/sbin }, "
                            "/usr/sbin/auditctl: x")
                          .answers.at(0);
  CHECK(answer.text("path") == "/usr/sbin/auditctl");
  CHECK(answer.text("selected") == "true");
  CHECK(answer.records.at(0).resource == "/sbin/auditctl");
}

TEST_CASE("aide: a script may say more, and is named", "[probes]") {
  constexpr std::string_view files =
      "/etc/aide/aide.conf: \"/etc p\\n@@x_include /etc/aide/aide.conf.d ^[a-z]+$\\n\", "
      "/etc/aide/aide.conf.d/more: { mode: \"0755\", content: \"#!/bin/sh\\n\" }";
  const auto answers = about({"/etc/x", "/usr/x"}, files);
  CHECK(answers.answers.at(0).texts("selected") == List{"true", "(unreadable: unsupported)"});
  REQUIRE(answers.left_out.size() == 1);
  CHECK(answers.left_out[0].what == "/etc/aide/aide.conf.d/more");
}

TEST_CASE("aide: what cannot be read decides nothing", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* told;
  };
  const auto c = GENERATE(values<Case>({
      {"denied", "/etc/aide/aide.conf: { error: denied }", "(unreadable: denied)"},
      {"a line that AIDE refuses", "/etc/aide/aide.conf: \"/usr p+nonsense\\n\"", "(unreadable: malformed)"},
      {"an included file that is denied",
       "/etc/aide/aide.conf: \"/usr p\\n@@include /etc/aide/x\\n\", /etc/aide/x: { error: denied }",
       "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  const auto answer = about({"/usr/sbin/auditd"}, c.files).answers.at(0);
  CHECK(answer.text("selected") == c.told);
  CHECK(answer.text("exists") == "false");
}

TEST_CASE("aide: without a configuration nothing is selected", "[probes]") {
  const auto answer = about({"/usr/sbin/auditd"}, "/usr/sbin/auditd: x").answers.at(0);
  CHECK(answer.text("selected") == "false");
  CHECK(answer.looked_at_source == "/etc/aide/aide.conf");
}
