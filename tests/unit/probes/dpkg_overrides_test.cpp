#include "engine/probes/dpkg_overrides.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using plimsoll::Error;
using namespace plimsoll::probes;
using namespace plimsoll::tests;

namespace {

ProbeAnswer about(const Probe& probe, const char* yaml) {
  return ask(probe, FakeRoot(tree_of(world_of(yaml))));
}

}  // namespace

TEST_CASE("diversions say who asked for them", "[probes]") {
  const auto answer = about(dpkg_diversion_probe, R"(files:
  /var/lib/dpkg/diversions: "/bin/sh\n/bin/sh.distrib\ndash\n/sbin/ss\n/sbin/ss.real\n:\n"
)");
  CHECK(answer.texts("path") == std::vector<std::string>{"/bin/sh", "/sbin/ss"});
  CHECK(answer.texts("local") == std::vector<std::string>{"false", "true"});
  CHECK(answer.texts("package") == std::vector<std::string>{"dash", "(absent)"});
  CHECK(answer.text("diverted_to", 1) == "/sbin/ss.real");
  CHECK(answer.records[1].source == "/var/lib/dpkg/diversions:4");
}

TEST_CASE("overrides of modes are read", "[probes]") {
  const auto answer = about(dpkg_stat_override_probe, R"(files:
  /var/lib/dpkg/statoverride: "root crontab 2755 /usr/bin/crontab\n"
)");
  CHECK(answer.text("mode") == "2755");
  CHECK(answer.text("owner") == "root");
  CHECK(answer.text("group") == "crontab");
  CHECK(answer.text("path") == "/usr/bin/crontab");
}

TEST_CASE("files of dpkg that are not there hold nothing, and those that cannot be read are an error", "[probes]") {
  for (const auto* probe : {&dpkg_diversion_probe, &dpkg_stat_override_probe}) {
    const auto none = about(*probe, "files: { /etc/hostname: x }");
    CHECK(none.records.empty());
    CHECK_FALSE(none.failure);
    CHECK(none.looked_at == "there is no such file");
    const auto denied = about(*probe, R"(files:
  /var/lib/dpkg/diversions: { error: denied }
  /var/lib/dpkg/statoverride: { error: denied }
)");
    REQUIRE(denied.failure);
    CHECK(denied.failure->kind == Error::Kind::denied);
    const auto malformed = about(*probe, R"(files:
  /var/lib/dpkg/diversions: "/a\n"
  /var/lib/dpkg/statoverride: "a\n"
)");
    REQUIRE(malformed.failure);
    CHECK(malformed.failure->kind == Error::Kind::malformed);
  }
}
