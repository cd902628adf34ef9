#include "reports/ocsf_words.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::reports;

TEST_CASE("a source is taken apart into path, name and line", "[reports]") {
  struct Case {
    const char* source;
    const char* path;
    const char* name;
    int line;
  };
  const auto c = GENERATE(values<Case>({
      {"/etc/sysctl.d/99-router.conf:3", "/etc/sysctl.d/99-router.conf", "99-router.conf", 3},
      {"/proc/modules", "/proc/modules", "modules", 0},
      {"/srv/a:b", "/srv/a:b", "a:b", 0},
      {"/srv/a:0", "/srv/a:0", "a:0", 0},
      {"/srv/", "/srv/", "/srv/", 0},
      {"/", "/", "/", 0},
      {"netlink", "", "", 0},
      {"", "", "", 0},
  }));
  CAPTURE(c.source);
  const auto place = ocsf_place(c.source);
  CHECK(place.path == c.path);
  CHECK(place.name == c.name);
  CHECK(place.line == c.line);
}

TEST_CASE("only a failure is as grave as its check", "[reports]") {
  CHECK(ocsf_event_severity(Verdict::fail, Severity::critical).id == 5);
  CHECK(ocsf_event_severity(Verdict::error, Severity::critical).id == 2);
  CHECK(ocsf_event_severity(Verdict::pass, Severity::critical).id == 1);
  CHECK(ocsf_event_severity(Verdict::manual, Severity::critical).id == 1);
  CHECK(ocsf_event_severity(Verdict::not_applicable, Severity::critical).id == 1);
}
