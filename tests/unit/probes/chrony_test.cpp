#include "engine/probes/chrony.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::chrony_probe;
using probes::chrony_source_probe;

namespace {

FakeRoot root_of(const std::string& files) {
  return FakeRoot(tree_of(world_of("files: {" + files + "}")));
}

}  // namespace

TEST_CASE("chrony's sources of time stand in several files", "[probes]") {
  const auto root = root_of(
      "/etc/chrony/chrony.conf: \"confdir /etc/chrony/conf.d /usr/share/chrony\\nserver a iburst\\n"
      "sourcedir /run/chrony-dhcp\\nsourcedir /etc/chrony/sources.d\\ninclude /etc/chrony/*.more\\n\", "
      "/etc/chrony/conf.d/10.conf: \"pool b\\n\", /usr/share/chrony/10.conf: \"pool hidden\\n\", "
      "/etc/chrony/conf.d/x.bak: \"pool hidden\\n\", "
      "/run/chrony-dhcp/eth0.sources: \"server c iburst\\nserver unfinished\", "
      "/etc/chrony/sources.d/x.conf: \"server hidden\\n\", /etc/chrony/a.more: \"refclock PHC /dev/ptp0\\n\"");
  const auto answer = ask(chrony_source_probe, root);
  CHECK(answer.texts("address") == std::vector<std::string>{"b", "a", "c", "PHC"});
  CHECK(answer.texts("kind") == std::vector<std::string>{"pool", "server", "server", "refclock"});
  CHECK(answer.texts("dynamic") == std::vector<std::string>{"false", "false", "true", "false"});
  CHECK(answer.records.at(2).source == "/run/chrony-dhcp/eth0.sources:1");
  CHECK(ask(chrony_probe, root).text("sources") == "pool b, server a iburst, server c iburst, refclock PHC /dev/ptp0");
}

TEST_CASE("chronyd's user comes from an option before a directive", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* user;
  };
  constexpr const char* unit =
      "/usr/lib/systemd/system/chronyd.service: \"[Service]\\nEnvironmentFile=-/etc/sysconfig/chronyd\\n"
      "ExecStart=/usr/sbin/chronyd $OPTIONS\\n\", ";
  const auto c = GENERATE(values<Case>({
      {"nobody says", "/etc/chrony.conf: \"server a\\n\"", "(absent)"},
      {"the file", "/etc/chrony.conf: \"User root\\n\"", "root"},
      {"the last line", "/etc/chrony.conf: \"user root\\nuser chrony\\n\"", "chrony"},
      {"an option", "/etc/chrony.conf: \"user chrony\\n\", /etc/sysconfig/chronyd: \"OPTIONS=\\\"-F 2 -u root\\\"\\n\"",
       "root"},
      {"an option behind others",
       "/etc/chrony.conf: \"\", /etc/sysconfig/chronyd: \"OPTIONS=\\\"-4su root -t 1\\\"\\n\"", "root"},
      {"the value of another option",
       "/etc/chrony.conf: \"\", /etc/sysconfig/chronyd: \"OPTIONS=\\\"-l -uroot\\\"\\n\"", "(absent)"},
      {"another file", "/etc/x.conf: \"user ntp\\n\", /etc/sysconfig/chronyd: \"OPTIONS=\\\"-f /etc/x.conf\\\"\\n\"",
       "ntp"},
      {"a file that may not be read", "/etc/chrony.conf: { error: denied }", "(unreadable: denied)"},
      {"options that may not be read", "/etc/chrony.conf: \"\", /etc/sysconfig/chronyd: { error: denied }",
       "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  CHECK(ask(chrony_probe, root_of(std::string(unit) + c.files)).text("user") == c.user);
}

TEST_CASE("files of chrony that include each other come to an end", "[probes]") {
  const auto answer = ask(chrony_source_probe, root_of("/etc/chrony.conf: \"server a\\ninclude /etc/chrony.conf\\n\""));
  CHECK(answer.failure.has_value());
  CHECK(answer.records.size() <= 12);
  const auto none = ask(chrony_source_probe, root_of("/etc/hostname: x"));
  CHECK(none.records.empty());
  CHECK_FALSE(none.failure.has_value());
  CHECK(ask(chrony_probe, root_of("/etc/hostname: x")).text("exists") == "false");
}
