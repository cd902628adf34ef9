#include "engine/probes/firewalld.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::firewalld_probe;
using probes::firewalld_zone_probe;

namespace {

constexpr const char* world = R"(files:
  /etc/firewalld/firewalld.conf: "# comment\nDefaultZone=work\nFirewallBackend=iptables\nDefaultZone=drop\n"
  /etc/firewalld/zones/trusted.xml: "<zone target=\"ACCEPT\"><interface name=\"lo\"/></zone>\n"
  /etc/firewalld/zones/work.xml: "<zone><service name=\"ssh\"/><port port=\"443\" protocol=\"tcp\"/></zone>\n"
  /etc/firewalld/zones/work.xml.old: "<zone><interface name=\"lo\"/></zone>\n"
  /usr/lib/firewalld/zones/dmz.xml: "<zone><source address=\"10.0.0.0/8\"/></zone>\n"
  /usr/lib/firewalld/zones/work.xml: "<zone><service name=\"telnet\"/></zone>\n"
)";

ProbeAnswer answer_of(const probes::Probe& probe, const std::string& difference) {
  return ask(probe, FakeRoot(tree_of(merged(world_of(world), world_of(difference)))));
}

}  // namespace

TEST_CASE("of several lines for a setting of firewalld the first counts", "[probes]") {
  const auto answer = answer_of(firewalld_probe, "files: {}");
  CHECK(answer.text("default_zone") == "work");
  CHECK(answer.text("backend") == "iptables");
  CHECK(answer.text("loopback_zone") == "trusted");
  CHECK(answer.records.at(0).fields.at(0).source == "/etc/firewalld/firewalld.conf:2");
}

TEST_CASE("what firewalld's file does not say, or cannot be read, is told apart", "[probes]") {
  struct Case {
    const char* what;
    const char* difference;
    const char* default_zone;
    const char* backend;
    const char* loopback_zone;
  };
  const auto c = GENERATE(values<Case>({
      {"no file", "files: { /etc/firewalld/firewalld.conf: null }", "public", "nftables", "trusted"},
      {"nothing set", "files: { /etc/firewalld/firewalld.conf: \"; x=y\\nword\\n\" }", "public", "nftables", "trusted"},
      {"keys and words of any case",
       "files: { /etc/firewalld/firewalld.conf: \" defaultzone = Home \\nFIREWALLBACKEND=NFTables\\n\" }", "Home",
       "nftables", "trusted"},
      {"a file that may not be read", "files: { /etc/firewalld/firewalld.conf: { error: denied } }",
       "(unreadable: denied)", "(unreadable: denied)", "trusted"},
      {"no zone names lo", "files: { /etc/firewalld/zones/trusted.xml: null }", "work", "iptables", "(absent)"},
      {"a zone that may not be read could",
       "files: { /etc/firewalld/zones/trusted.xml: null, /etc/firewalld/zones/dmz.xml: { error: denied } }", "work",
       "iptables", "(unreadable: denied)"},
      {"a zone that is no XML could", "files: { /etc/firewalld/zones/trusted.xml: \"<zone>\" }", "work", "iptables",
       "(unreadable: malformed)"},
      {"zones that may not be listed could", "files: { /etc/firewalld/zones: { type: directory, error: denied } }",
       "work", "iptables", "(unreadable: denied)"},
      {"another zone names it all the same", "files: { /etc/firewalld/zones/broken.xml: \"<zone>\" }", "work",
       "iptables", "trusted"},
  }));
  CAPTURE(c.what);
  const auto answer = answer_of(firewalld_probe, c.difference);
  REQUIRE_FALSE(answer.failure);
  CHECK(answer.text("default_zone") == c.default_zone);
  CHECK(answer.text("backend") == c.backend);
  CHECK(answer.text("loopback_zone") == c.loopback_zone);
}

TEST_CASE("a zone that an administrator changed hides the one of the package", "[probes]") {
  const auto answer = answer_of(firewalld_zone_probe, "files: {}");
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("name") == std::vector<std::string>{"trusted", "work", "dmz"});
  CHECK(answer.texts("services") == std::vector<std::string>{"", "ssh", ""});
  CHECK(answer.texts("ports") == std::vector<std::string>{"", "443/tcp", ""});
  CHECK(answer.texts("target") == std::vector<std::string>{"ACCEPT", "default", "default"});
  CHECK(answer.texts("default") == std::vector<std::string>{"false", "true", "false"});
  CHECK(answer.records.at(1).source == "/etc/firewalld/zones/work.xml");
}

TEST_CASE("packets of others come to the default zone and to those that name more than lo", "[probes]") {
  CHECK(answer_of(firewalld_zone_probe, "files: {}").texts("network") ==
        std::vector<std::string>{"false", "true", "true"});
  const auto named =
      answer_of(firewalld_zone_probe,
                "files: { /etc/firewalld/zones/trusted.xml: \"<zone><interface name=\\\"lo\\\"/><interface "
                "name=\\\"eth0\\\"/></zone>\" }");
  CHECK(named.text("network") == "true");
  const auto unknown = answer_of(firewalld_zone_probe, "files: { /etc/firewalld/firewalld.conf: { error: denied } }");
  CHECK(unknown.texts("default") == std::vector<std::string>(3, "(unreadable: denied)"));
  CHECK(unknown.texts("network") == std::vector<std::string>{"(unreadable: denied)", "(unreadable: denied)", "true"});
}

TEST_CASE("a zone that cannot be read keeps its name, and says why the rest is missing", "[probes]") {
  const auto answer = answer_of(firewalld_zone_probe, "files: { /etc/firewalld/zones/work.xml: \"<zone>\" }");
  CHECK(answer.text("name", 1) == "work");
  CHECK(answer.text("default", 1) == "true");
  CHECK(answer.text("network", 1) == "true");
  CHECK(answer.text("target", 1) == "(unreadable: malformed)");
  CHECK(answer.text("spoofed_loopback_dropped", 1) == "(unreadable: malformed)");
}

TEST_CASE("zones that may not be listed are an error, beside those that were read", "[probes]") {
  const auto answer =
      answer_of(firewalld_zone_probe, "files: { /etc/firewalld/zones: { type: directory, error: denied } }");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
  CHECK(answer.texts("name") == std::vector<std::string>{"dmz", "work"});
}

TEST_CASE("without files there are no zones", "[probes]") {
  const FakeRoot root(tree_of(world_of("files: {}")));
  const auto answer = ask(firewalld_zone_probe, root);
  CHECK_FALSE(answer.failure);
  CHECK(answer.records.empty());
  CHECK(answer.looked_at == "0 zones");
}

TEST_CASE("whether the zones in the kernel are those of the configuration", "[probes]") {
  struct Case {
    const char* what;
    const char* difference;
    std::string rules;
    const char* loaded_default_zone;
    const char* as_configured;
  };
  const std::string named = "iifname lo goto filter_IN_trusted; ";
  const auto firewalld = [](const std::string& rules, const std::string& chain = "filter_INPUT_ZONES") {
    return "table inet firewalld { chain filter_IN_work { }; chain filter_IN_drop { }; chain filter_IN_trusted { }\n"
           "chain filter_IN_policy_x { }; chain " +
           chain + " { " + rules + " }\nchain filter_INPUT { type filter hook input priority 10; policy accept; jump " +
           chain + "; }; }";
  };
  const std::string newer =
      "iifname lo jump filter_IN_policy_x; iifname lo jump filter_IN_trusted; iifname lo accept; "
      "jump filter_IN_policy_x; jump filter_IN_work; drop; ";
  const char* nothing = "files: {}";
  const auto c = GENERATE_COPY(values<Case>({
      {"as configured", nothing, firewalld(named + "goto filter_IN_work;"), "work", "true"},
      {"as later versions build it", nothing, firewalld(newer, "filter_INPUT_POLICIES"), "work", "true"},
      {"an interface of NetworkManager's on top", nothing,
       firewalld(named + "iifname eth0 goto filter_IN_drop; goto filter_IN_work;"), "work", "true"},
      {"another default zone", nothing, firewalld(named + "goto filter_IN_drop;"), "drop", "false"},
      {"an interface is missing", nothing, firewalld("goto filter_IN_work;"), "work", "false"},
      {"an interface is in another zone", nothing, firewalld("iifname lo goto filter_IN_drop; goto filter_IN_work;"),
       "work", "false"},
      {"what comes from an address is no interface", nothing,
       firewalld("iifname lo ip saddr 10.0.0.1 goto filter_IN_trusted; goto filter_IN_work;"), "work", "false"},
      {"a wildcard", "files: { /etc/firewalld/zones/drop.xml: \"<zone><interface name=\\\"eth+\\\"/></zone>\" }",
       firewalld(named + "iifname \"eth*\" goto filter_IN_drop; goto filter_IN_work;"), "work", "true"},
      {"no rules of firewalld", nothing, "table inet filter { }", "(absent)", "false"},
      {"a table that is built otherwise", nothing, "table inet firewalld { }", "(unreadable: unsupported)",
       "(unreadable: unsupported)"},
      {"no zone for the rest", nothing, firewalld(named), "(unreadable: unsupported)", "(unreadable: unsupported)"},
      {"a zone that cannot be read", "files: { /etc/firewalld/zones/trusted.xml: { error: denied } }",
       firewalld(named + "goto filter_IN_work;"), "work", "(unreadable: denied)"},
      {"a zone that cannot be read, but another default zone",
       "files: { /etc/firewalld/zones/trusted.xml: { error: denied } }", firewalld("goto filter_IN_drop;"), "drop",
       "false"},
      {"the configuration cannot be read", "files: { /etc/firewalld/firewalld.conf: { error: denied } }",
       firewalld(named + "goto filter_IN_work;"), "work", "(unreadable: denied)"},
      {"rules of iptables", "files: { /etc/firewalld/firewalld.conf: \"FirewallBackend=iptables\" }",
       firewalld(named + "goto filter_IN_work;"), "(unreadable: unsupported)", "(unreadable: unsupported)"},
      {"the kernel does not tell", "netfilter: { error: denied }", "", "(unreadable: denied)", "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  auto here = merged(merged(world_of(world), world_of("files: { /proc/sys/kernel/ostype: x, "
                                                      "/etc/firewalld/firewalld.conf: \"DefaultZone=work\\n\" }")),
                     world_of(c.difference));
  if (!c.rules.empty()) here.netfilter = c.rules;
  const auto tree = tree_of(here);
  const FakeNetfilter filter(tree);
  const auto answer = ask(firewalld_probe, FakeRoot(tree), {}, {}, {&filter});
  CHECK(answer.text("loaded_default_zone") == c.loaded_default_zone);
  CHECK(answer.text("loaded_as_configured") == c.as_configured);
}
