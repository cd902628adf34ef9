#include "engine/formats/sysctl_d.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("a written key means one path below /proc/sys", "[formats]") {
  struct Case {
    const char* written;
    const char* path;
  };
  const auto c = GENERATE(values<Case>({
      {"net.ipv4.ip_forward", "net/ipv4/ip_forward"},
      {"net/ipv4/ip_forward", "net/ipv4/ip_forward"},
      {"net.ipv4.conf.eth0/100.rp_filter", "net/ipv4/conf/eth0.100/rp_filter"},
      {"net/ipv4/conf/eth0.100/rp_filter", "net/ipv4/conf/eth0.100/rp_filter"},
      {"/kernel/panic", "kernel/panic"},
      {"kernel//panic/", "kernel/panic"},
      {"panic", "panic"},
  }));
  CHECK(sysctl_key(c.written) == c.path);
}

TEST_CASE("a written value is compared as the kernel would give it back", "[formats]") {
  struct Case {
    const char* written;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"1", "1"},
      {"0x10", "16"},
      {"010", "8"},
      {"0", "0"},
      {"-1", "-1"},
      {"4096\t131072  6291456", "4096 131072 6291456"},
      {"1 # routers only", "1"},
      {"1#x", "1#x"},
      {"08", "08"},
      {"|/usr/share/apport/apport -p%p", "|/usr/share/apport/apport -p%p"},
      {"99999999999999999999999", "99999999999999999999999"},
      {"", ""},
  }));
  CAPTURE(c.written);
  CHECK(sysctl_value(c.written) == c.value);
}

TEST_CASE("sysctl.d lines are cut as systemd-sysctl cuts them", "[formats]") {
  const auto lines = parse_sysctl_d(
      "# comment\n"
      "  ; comment\n"
      "\n"
      "net.ipv4.ip_forward=0\r\n"
      "  -kernel.panic  =  10  \n"
      "-net.ipv4.conf.eth0.rp_filter\n"
      "not an assignment\n"
      "= 5\n"
      "kernel.core_pattern = a=b");
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].key == "net/ipv4/ip_forward");
  CHECK(lines[0].value == "0");
  CHECK(lines[0].line == 4);
  CHECK(lines[1].key == "kernel/panic");
  CHECK(lines[1].value == "10");
  CHECK(lines[2].key == "net/ipv4/conf/eth0/rp_filter");
  CHECK_FALSE(lines[2].value.has_value());
  CHECK(lines[3].value == "a=b");
  CHECK(lines[3].line == 9);
}

TEST_CASE("of all settings for a key the one counts that systemd-sysctl writes last", "[formats]") {
  struct Case {
    const char* what;
    std::vector<std::string> files;
    const char* value;   // null: nothing, or an exclusion
    const char* source;  // null: nothing names or matches it
  };
  const auto c = GENERATE(values<Case>({
      {"nothing at all", {}, nullptr, nullptr},
      {"the last assignment", {"a.b.c=1\na.b.c=2\n", "a/b/c=3\n"}, "3", "f1:1"},
      {"a plain key beats a later glob", {"a.b.c=1\n", "a.b.*=2\n"}, "1", "f0:1"},
      {"a glob where no plain key is", {"a.*.c=2\n"}, "2", "f0:1"},
      {"a glob does not cross slashes", {"a.*=2\n"}, nullptr, nullptr},
      {"the later of two globs", {"a.*.c=1\n", "a.b.?=2\n"}, "2", "f1:1"},
      {"an exclusion keeps globs away", {"a.b.*=2\n-a.b.c\n"}, nullptr, "f0:2"},
      {"an exclusion takes back an earlier assignment", {"a.b.c=2\n-a.b.c\n"}, nullptr, "f0:2"},
      {"an assignment takes back an exclusion", {"-a.b.c\n", "a.b.c=2\n"}, "2", "f1:1"},
      {"a glob set again to the same value keeps its place", {"a.*.c=1\na.b.*=2\na.*.c=1\n"}, "2", "f0:2"},
      {"a glob set again to another value moves to the end", {"a.*.c=1\na.b.*=2\na.*.c=3\n"}, "3", "f0:3"},
      {"braces count in globs", {"a.{x,b}.c*=4\n"}, "4", "f0:1"},
      {"an excluded glob no longer sets", {"a.b.*=1\n-a.b.*\n"}, nullptr, nullptr},
  }));
  CAPTURE(c.what);
  SysctlSettings settings;
  for (std::size_t i = 0; i < c.files.size(); ++i) settings.add(i, "f" + std::to_string(i), c.files[i]);
  const auto outcome = settings.of("a/b/c");
  if (c.source == nullptr) {
    CHECK(outcome.setting == nullptr);
    return;
  }
  REQUIRE(outcome.setting != nullptr);
  CHECK(outcome.setting->source == c.source);
  CHECK(outcome.setting->value.has_value() == (c.value != nullptr));
  if (c.value != nullptr) CHECK(outcome.setting->value == c.value);
}

TEST_CASE("what does not count is listed with its place, in reading order", "[formats]") {
  SysctlSettings settings;
  settings.add(0, "f0", "a.*.c=1\na.b.c=2\n");
  settings.add(1, "f1", "a.b.c=3\n");
  const auto outcome = settings.of("a/b/c");
  REQUIRE(outcome.overridden.size() == 2);
  CHECK(outcome.overridden[0]->source == "f0:1");
  CHECK(outcome.overridden[1]->source == "f0:2");
  CHECK(outcome.overridden[1]->value == "2");
}
