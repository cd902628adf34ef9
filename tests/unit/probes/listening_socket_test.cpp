#include "engine/probes/listening_socket.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::listening_socket_probe;

namespace {

constexpr const char* world =
    "files:\n"
    "  /proc/sys/kernel/ostype: x\n"
    "  /etc/passwd: \"root:x:0:0::/:/bin/sh\\n\"\n"
    "  /proc/1/net/tcp: \"head\\n   0: 00000000:0016 00000000:0000 0A 0:0 00:0 0 0 0 77 1\\n   1: 0100007F:0019 "
    "00000000:0000 0A 0:0 "
    "00:0 0 105 0 78 1\\n\"\n"
    "  /proc/1/net/udp: \"head\\n   0: 00000000:0044 00000000:0000 07 0:0 00:0 0 0 0 79 1\\n\"\n"
    "  /proc/812/comm: \"sshd\\n\"\n"
    "  /proc/812/fd/3: { target: \"socket:[77]\" }\n"
    "  /proc/812/fd/4: { target: /dev/null }\n"
    "  /proc/813/comm: \"secret\\n\"\n";

/// A leaf that reads the fields of these names.
std::vector<Leaf> reading(std::initializer_list<std::string_view> names) {
  Leaf leaf;
  for (const auto name : names) {
    leaf.show.push_back(
        static_cast<decltype(leaf.show)::value_type>(field_index(*listening_socket_probe.schema, name)));
  }
  return {leaf};
}

}  // namespace

TEST_CASE("sockets are found with who made and who holds them", "[probes]") {
  const FakeRoot root(tree_of(world_of(world)));
  const auto answer = ask(listening_socket_probe, root, {}, reading({"process"}));
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("address") == std::vector<std::string>{"0.0.0.0", "127.0.0.1", "0.0.0.0"});
  CHECK(answer.texts("port") == std::vector<std::string>{"22", "25", "68"});
  CHECK(answer.texts("scope") == std::vector<std::string>{"network", "loopback", "network"});
  CHECK(answer.texts("user") == std::vector<std::string>{"root", "(absent)", "root"});
  CHECK(answer.texts("process") == std::vector<std::string>{"sshd (812)", "(absent)", "(absent)"});
}

TEST_CASE("a process that may not be looked into could hold any socket", "[probes]") {
  const FakeRoot root(
      tree_of(merged(world_of(world), world_of("files: { /proc/813/fd: { type: directory, error: denied } }"))));
  const auto answer = ask(listening_socket_probe, root, {}, reading({"process"}));
  CHECK(answer.texts("process") ==
        std::vector<std::string>{"sshd (812)", "(unreadable: denied)", "(unreadable: denied)"});
}

TEST_CASE("nobody's processes are looked into where no check asks for them", "[probes]") {
  const FakeRoot inner(tree_of(world_of(world)));
  const CountingRoot root(inner);
  (void)ask(listening_socket_probe, root, {}, reading({"port"}));
  CHECK_FALSE(root.reads().contains("/proc/812/comm"));
}

TEST_CASE("rules that cannot be asked leave open whether they cover a port", "[probes]") {
  const FakeRoot root(tree_of(world_of(world)));
  CHECK(ask(listening_socket_probe, root, {}, reading({"covered_by_rule"})).text("covered_by_rule") ==
        "(unreadable: unobservable)");
}

TEST_CASE("the kernel is asked where it is the host's and would load nothing for the answer", "[probes]") {
  struct Case {
    const char* what;
    const char* difference;
    std::vector<std::string> ports;
  };
  const std::string tables =
      "  /proc/1/net/tcp: \"head\\n   0: 00000000:0016 00000000:0000 0A 0:0 00:0 0 0 0 77 1\\n\"\n"
      "  /proc/1/net/udp: \"head\\n   0: 00000000:0044 00000000:0000 07 0:0 00:0 0 0 0 79 1\\n\"\n";
  const std::string given =
      "sockets: [tcp 0.0.0.0:80, udp 0.0.0.0:53, udp 0.0.0.0:0]\n"
      "files:\n  /proc/sys/kernel/ostype: x\n  /proc/sys/kernel/osrelease: \"6.1\\n\"\n" +
      tables;
  const auto c = GENERATE(values<Case>({
      {"a kernel without modules", "files: {}", {"80", "53"}},
      {"the modules are loaded",
       "files: { /proc/modules: \"udp_diag 1 0 - Live 0x0\\ntcp_diag 1 0 - Live 0x0\\n\" }",
       {"80", "53"}},
      {"the modules are part of the kernel",
       "files: { /proc/modules: \"loop 1 0 - Live 0x0\\n\", /lib/modules/6.1/modules.builtin: "
       "\"kernel/net/ipv4/tcp_diag.ko\\nkernel/net/ipv4/udp_diag.ko\\n\" }",
       {"80", "53"}},
      {"one of them is loaded", "files: { /proc/modules: \"tcp_diag 1 0 - Live 0x0\\n\" }", {"80", "68"}},
      {"none is loaded", "files: { /proc/modules: \"loop 1 0 - Live 0x0\\n\" }", {"22", "68"}},
      {"the list of modules may not be read", "files: { /proc/modules: { error: denied } }", {"22", "68"}},
      {"another network name space than that of the first process",
       "files: { /proc/self: { target: \"7\" }, /proc/7/net/tcp: \"head\\n\" }",
       {"22", "68"}},
      {"a root that is not running", "live: false", {"22", "68"}},
  }));
  CAPTURE(c.what);
  const auto tree = tree_of(merged(world_of(given), world_of(c.difference)));
  const FakeRoot root(tree);
  const FakeSocketDiag kernel(tree);
  const auto answer = ask(listening_socket_probe, root, {}, reading({"port"}), {&kernel});
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("port") == c.ports);
  CHECK(answer.records.front().source == (c.ports[0] == "80" ? "sock_diag (netlink)" : "/proc/1/net/tcp"));
}

TEST_CASE("a kernel that refuses leaves the tables in /proc", "[probes]") {
  auto tree = tree_of(merged(world_of(world), world_of("sockets: []")));
  const FakeRoot root(tree);
  tree.sockets.reset();
  const FakeSocketDiag kernel(tree);
  const auto answer = ask(listening_socket_probe, root, {}, reading({"port"}), {&kernel});
  CHECK(answer.texts("port") == std::vector<std::string>{"22", "25", "68"});
}

TEST_CASE("a socket at :: is among those that take IPv4, unless the kernel says otherwise", "[probes]") {
  struct Case {
    const char* what;
    const char* sockets;
    const char* takes_ipv4;
    std::vector<std::string> over_ipv4, over_ipv6;
  };
  const auto c = GENERATE(values<Case>({
      {"both", "\"tcp [::]:80\"", "true", {"80"}, {"80"}},
      {"IPv6 alone", "\"tcp [::]:80 ipv6only\"", "false", {}, {"80"}},
      {"one address of IPv6", "\"tcp [2001:db8::1]:80\"", "false", {}, {"80"}},
      {"an IPv4 address inside IPv6", "\"tcp [::ffff:192.0.2.1]:80\"", "true", {"80"}, {}},
      {"IPv4", "\"tcp 0.0.0.0:80\"", "true", {"80"}, {}},
  }));
  CAPTURE(c.what);
  const auto tree =
      tree_of(world_of("files: { /proc/sys/kernel/ostype: x }\nsockets: [" + std::string(c.sockets) + "]\n"));
  const FakeRoot root(tree);
  const FakeSocketDiag kernel(tree);
  const auto answers = ask_all(listening_socket_probe, root, {{}, {{"over", "ipv4"}}, {{"over", "ipv6"}}},
                               reading({"takes_ipv4"}), {&kernel});
  REQUIRE(answers.answers.size() == 3);
  CHECK(answers.answers[0].text("takes_ipv4") == c.takes_ipv4);
  CHECK(answers.answers[1].texts("port") == c.over_ipv4);
  CHECK(answers.answers[2].texts("port") == c.over_ipv6);
}

TEST_CASE("the table of IPv6 in /proc does not tell who takes IPv4, so that each at :: does", "[probes]") {
  const auto tree = tree_of(merged(
      world_of(world), world_of("files: { /proc/1/net/tcp6: \"head\\n   0: 00000000000000000000000000000000:0050 "
                                "00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 80 1\\n\" }")));
  const FakeRoot root(tree);
  const auto answer = ask(listening_socket_probe, root, {{"over", "ipv4"}}, reading({"takes_ipv4"}));
  CHECK(answer.texts("port") == std::vector<std::string>{"22", "25", "80", "68"});
  CHECK(answer.texts("takes_ipv4") == std::vector<std::string>{"true", "true", "true", "true"});
}

TEST_CASE("a rule decides about a port only if it does for every protocol that reaches it", "[probes]") {
  struct Case {
    const char* what;
    const char* socket;
    const char* rules;
    std::vector<std::string> covered;  ///< over any, ipv4, ipv6
  };
  const auto c = GENERATE(values<Case>({
      {"both have one",
       "tcp [::]:22",
       "table inet f { chain i { type filter hook input priority 0; tcp dport 22 accept; }; }",
       {"true", "true", "true"}},
      {"IPv6 alone has one",
       "tcp [::]:22",
       "table ip6 f { chain i { type filter hook input priority 0; tcp dport 22 accept; }; }",
       {"false", "false", "true"}},
      {"IPv4 alone has one",
       "tcp [::]:22",
       "table ip f { chain i { type filter hook input priority 0; tcp dport 22 accept; }; }",
       {"false", "true", "false"}},
      {"IPv6 alone has one, and alone reaches it",
       "tcp [::]:22 ipv6only",
       "table ip6 f { chain i { type filter hook input priority 0; tcp dport 22 accept; }; }",
       {"true", "true"}},
      {"one of IPv4 is not understood",
       "tcp [::]:22",
       "table ip6 f { chain i { type filter hook input priority 0; tcp dport 22 accept; }; }\n"
       "table ip g { set s { type inet_service; flags dynamic; }; chain i { type filter hook input priority 0; tcp "
       "dport @s accept; }; }",
       {"(unreadable: unsupported)", "(unreadable: unsupported)", "true"}},
      {"one of IPv4 is not understood, and IPv6 has none",
       "tcp [::]:22",
       "table ip g { set s { type inet_service; flags dynamic; }; chain i { type filter hook input priority 0; tcp "
       "dport @s accept; }; }",
       {"false", "(unreadable: unsupported)", "false"}},
  }));
  CAPTURE(c.what);
  auto state = world_of("files: { /proc/sys/kernel/ostype: x }\nsockets: [\"" + std::string(c.socket) + "\"]\n");
  state.netfilter = c.rules;
  const auto tree = tree_of(state);
  const FakeRoot root(tree);
  const FakeSocketDiag kernel(tree);
  const FakeNetfilter filter(tree);
  KernelSide sides(&kernel);
  sides.netfilter = &filter;
  const auto answers = ask_all(listening_socket_probe, root, {{}, {{"over", "ipv4"}}, {{"over", "ipv6"}}},
                               reading({"covered_by_rule"}), sides);
  std::vector<std::string> covered;
  for (const auto& answer : answers.answers) {
    for (const auto& text : answer.texts("covered_by_rule")) covered.push_back(text);
  }
  CHECK(covered == c.covered);
}

TEST_CASE("a table that may not be read is an error, and no kernel without IPv6", "[probes]") {
  const FakeRoot root(tree_of(merged(world_of(world), world_of("files: { /proc/1/net/tcp6: { error: denied } }"))));
  const auto answer = ask(listening_socket_probe, root);
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
}
