#include "engine/probes/network_interface.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::network_interface_probe;

namespace {

constexpr const char* world = R"(files:
  /proc/sys/kernel/ostype: x
  /sys/class/net/bonding_masters: ""
  /sys/class/net/eth0: { target: ../../devices/pci0/net/eth0 }
  /sys/devices/pci0/net/eth0/flags: "0x1003\n"
  /sys/devices/pci0/net/eth0/device/driver: { target: ../../../../bus/pci/drivers/e1000e }
  /sys/class/net/lo/flags: "0x9\n"
  /sys/class/net/wlan0/flags: "0x1002\n"
  /sys/class/net/wlan0/phy80211/rfkill0/soft: "1\n"
  /sys/class/net/wlan0/phy80211/rfkill0/hard: "0\n"
)";

ProbeAnswer answer_of(const std::string& difference) {
  return ask(network_interface_probe, FakeRoot(tree_of(merged(world_of(world), world_of(difference)))));
}

}  // namespace

TEST_CASE("interfaces are told, and files beside them are none", "[probes]") {
  const auto answer = answer_of("files: {}");
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("name") == std::vector<std::string>{"eth0", "lo", "wlan0"});
  CHECK(answer.texts("wireless") == std::vector<std::string>{"false", "false", "true"});
  CHECK(answer.texts("up") == std::vector<std::string>{"true", "true", "false"});
  CHECK(answer.texts("radio_blocked") == std::vector<std::string>{"(absent)", "(absent)", "true"});
  CHECK(answer.texts("driver") == std::vector<std::string>{"e1000e", "(absent)", "(absent)"});
  CHECK(answer.looked_at == "3 interfaces");
}

TEST_CASE("a radio is off when any of its switches is", "[probes]") {
  struct Case {
    const char* what;
    const char* difference;
    const char* blocked;
  };
  const auto c = GENERATE(values<Case>({
      {"by software", "files: {}", "true"},
      {"by a switch",
       "files: { /sys/class/net/wlan0/phy80211/rfkill0/soft: \"0\\n\", "
       "/sys/class/net/wlan0/phy80211/rfkill0/hard: \"1\\n\" }",
       "true"},
      {"not at all", "files: { /sys/class/net/wlan0/phy80211/rfkill0/soft: \"0\\n\" }", "false"},
      {"it has no switch",
       "files: { /sys/class/net/wlan0/phy80211/rfkill0: null, "
       "/sys/class/net/wlan0/phy80211/name: x }",
       "(absent)"},
      {"a switch that may not be read", "files: { /sys/class/net/wlan0/phy80211/rfkill0/soft: { error: denied } }",
       "(unreadable: denied)"},
      {"switches that may not be listed",
       "files: { /sys/class/net/wlan0/phy80211: { type: directory, mode: \"0000\" } }", "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  CHECK(answer_of(c.difference).text("radio_blocked", 2) == c.blocked);
}

TEST_CASE("old drivers tell that they are of a radio by another folder", "[probes]") {
  const auto answer =
      answer_of("files: { /sys/class/net/wlan0/phy80211: null, /sys/class/net/wlan0/wireless/status: \"0\\n\" }");
  CHECK(answer.text("wireless", 2) == "true");
  CHECK(answer.text("radio_blocked", 2) == "(absent)");
}

TEST_CASE("flags that cannot be read leave open whether an interface is up", "[probes]") {
  struct Case {
    const char* flags;
    const char* up;
  };
  const auto c = GENERATE(values<Case>({
      {"\"0x1003\\n\"", "true"},
      {"\"1003\\n\"", "true"},
      {"\"0x1002\\n\"", "false"},
      {"\"\"", "(unreadable: malformed)"},
      {"\"0x\\n\"", "(unreadable: malformed)"},
      {"\"0x1003 up\\n\"", "(unreadable: malformed)"},
      {"\"0x123456789abcdef01\\n\"", "(unreadable: malformed)"},
      {"{ error: denied }", "(unreadable: denied)"},
      {"null", "(unreadable: not_found)"},
  }));
  CAPTURE(c.flags);
  CHECK(answer_of(std::string("files: { /sys/class/net/wlan0/flags: ") + c.flags + " }").text("up", 2) == c.up);
}

TEST_CASE("where interfaces cannot be seen, there is no answer", "[probes]") {
  struct Case {
    const char* what;
    const char* difference;
    Error::Kind kind;
  };
  const auto c = GENERATE(values<Case>({
      {"a root that is not running", "live: false\nfiles: { /proc: null }", Error::Kind::unobservable},
      {"no such folder", "files: { /sys: null }", Error::Kind::not_found},
      {"a closed folder", "files: { /sys/class/net: { type: directory, error: denied } }", Error::Kind::denied},
  }));
  CAPTURE(c.what);
  const auto answer = answer_of(c.difference);
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == c.kind);
  CHECK(answer.records.empty());
}
