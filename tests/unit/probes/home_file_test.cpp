#include "engine/probes/home_file.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using plimsoll::Error;
using plimsoll::probes::home_file_probe;
using namespace plimsoll::tests;

namespace {

ProbeAnswer ask_world(const std::string& more) {
  return ask(home_file_probe, FakeRoot(tree_of(world_of(R"(
files:
  /etc/passwd: "alice:x:1000:1000::/home/alice/:/bin/bash\nmail:x:8:8::/var/mail:/usr/sbin/nologin\ngone:x:1001:1001::/home/gone:/bin/bash\nodd:x:7:7::nowhere:/bin/bash\n"
  /etc/group: "root:x:0:\n"
  /etc/shells: "/bin/bash\n"
  /home/alice/.bashrc: { owner: 1000, group: 1000, mode: "0640", content: "x" }
  /home/alice/notes: { owner: 1000, group: 1000, content: "x" }
  /home/alice/.ssh: { type: directory, owner: 1000, group: 0, mode: "0700" }
  /var/mail/.rhosts: "+ +\n"
)" + more))));
}

}  // namespace

TEST_CASE("hidden names of every home directory, with whose they ought to be", "[probes][home_file]") {
  const auto answer = ask_world("");
  CHECK_FALSE(answer.failure);
  REQUIRE(answer.records.size() == 3);
  CHECK(answer.texts("path") ==
        std::vector<std::string>{"/home/alice/.bashrc", "/home/alice/.ssh", "/var/mail/.rhosts"});
  CHECK(answer.texts("user") == std::vector<std::string>{"alice", "alice", "mail"});
  CHECK(answer.texts("type") == std::vector<std::string>{"file", "directory", "file"});
  CHECK(answer.texts("owner_is_user") == std::vector<std::string>{"true", "true", "false"});
  CHECK(answer.texts("group_is_users_group") == std::vector<std::string>{"true", "false", "false"});
  CHECK(answer.texts("login_shell") == std::vector<std::string>{"true", "true", "false"});
}

TEST_CASE("a link that leads nowhere has no owner to compare", "[probes][home_file]") {
  const auto answer = ask_world("  /home/alice/.bash_history: { target: /dev/nothing }\n");
  REQUIRE(answer.records.size() == 4);
  CHECK(answer.text("exists", 0) == "false");
  CHECK(answer.text("owner_is_user", 0) == "(absent)");
}

TEST_CASE("a home directory that may not be read is a gap, and the others still count", "[probes][home_file]") {
  const auto answer = ask_world("  /home/gone: { type: directory, error: denied }\n");
  CHECK(answer.records.size() == 3);
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
}

TEST_CASE("without passwd nobody knows where the homes are", "[probes][home_file]") {
  const auto answer = ask(home_file_probe, FakeRoot(tree_of(world_of("files: { /etc/passwd: { error: denied } }"))));
  REQUIRE(answer.failure);
  CHECK(answer.records.empty());
}
