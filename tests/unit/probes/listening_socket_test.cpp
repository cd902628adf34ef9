#include "engine/probes/listening_socket.hpp"

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
