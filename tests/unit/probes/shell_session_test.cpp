#include "engine/probes/shell_session.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using plimsoll::Error;
using plimsoll::Value;
using plimsoll::probes::shell_path_probe;
using plimsoll::probes::shell_setting_probe;
using namespace plimsoll::tests;

namespace {

ProbeAnswer setting(const std::string& name, const std::string& user, const std::string& yaml) {
  return ask(shell_setting_probe, FakeRoot(tree_of(world_of(yaml))), {{"name", Value{name}}, {"user", Value{user}}});
}
ProbeAnswer path(const std::string& yaml) {
  return ask(shell_path_probe, FakeRoot(tree_of(world_of(yaml))));
}

}  // namespace

TEST_CASE("the last mask counts, and what it overrides is named", "[probes][shell]") {
  const auto answer = setting("umask", "anybody", R"(
files:
  /etc/profile: "umask 022\nfor i in /etc/profile.d/*.sh; do . $i; done\n"
  /etc/profile.d/mask.sh: "umask u=rwx,g=rx,o=\n"
)");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("value") == "u=rwx,g=rx,o=");
  CHECK(answer.text("leaves") == "0750");
  CHECK(answer.text("certain") == "true");
  CHECK(answer.text("seconds") == "(absent)");
  CHECK(answer.records.at(0).source == "/etc/profile.d/mask.sh:1");
  REQUIRE(answer.records.at(0).fields.at(0).overridden.size() == 1);
  CHECK(answer.records.at(0).fields.at(0).overridden.at(0).source == "/etc/profile:1");
}

TEST_CASE("all statements that may have the last word are records", "[probes][shell]") {
  const auto answer = setting("umask", "root", R"(
files:
  /etc/profile: "umask 022\numask 027\nif [ \"$X\" ]; then umask 077; fi\n"
  /root/.profile: "[ \"$Y\" ] && umask $Y\n"
  /root/.bash_login: "umask -S g+w\n"
)");
  REQUIRE(answer.records.size() == 1);  // .bash_login comes before .profile
  CHECK(answer.text("leaves") == "(unreadable: malformed)");
  const auto others = setting("umask", "anybody", R"(
files: { /etc/profile: "umask 022\numask 027\nif [ \"$X\" ]; then umask 077; fi\n" }
)");
  CHECK(others.texts("leaves") == std::vector<std::string>{"0750", "0700"});
  CHECK(others.texts("certain") == std::vector<std::string>{"true", "false"});
}

TEST_CASE("what is read-only stays", "[probes][shell]") {
  const auto answer = setting("TMOUT", "anybody", R"(
files:
  /etc/profile: "readonly TMOUT=600; export TMOUT\nTMOUT=0\nunset TMOUT\n"
)");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("seconds") == "600");
  CHECK(answer.text("read_only") == "true");
  CHECK(answer.text("exported") == "true");
}

TEST_CASE("what is taken back is not set", "[probes][shell]") {
  const auto answer = setting("TMOUT", "anybody", "files: { /etc/profile: \"TMOUT=600\\nunset TMOUT\\n\" }");
  CHECK(answer.records.empty());
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at == "no statement about TMOUT in /etc/profile");
}

TEST_CASE("computed values and unreadable files are no answer", "[probes][shell]") {
  const auto computed = setting("TMOUT", "anybody", "files: { /etc/profile: \"TMOUT=$(cat /x)\\n\" }");
  REQUIRE(computed.records.size() == 1);
  CHECK(computed.text("seconds") == "(unreadable: unsupported)");
  const auto denied = setting("TMOUT", "anybody", "files: { /etc/profile: { error: denied } }");
  REQUIRE(denied.failure);
  CHECK(denied.failure->kind == Error::Kind::denied);
  const auto anything = setting("TMOUT", "anybody", "files: { /etc/profile: \"eval $X\\n\" }");
  REQUIRE(anything.failure);
  CHECK(anything.failure->kind == Error::Kind::unsupported);
}

TEST_CASE("the elements of root's PATH, those that a condition adds as well", "[probes][shell]") {
  const auto answer = path(R"(
files:
  /etc/passwd: "root:x:0:0::/home/root:/bin/bash\n"
  /etc/environment: "PATH=\"/old\"\n"
  /etc/profile: "if [ \"$(id -u)\" -eq 0 ]; then PATH=\"/usr/sbin:/usr/bin\"; else PATH=/games; fi\n"
  /home/root/.bash_profile: "PATH=$PATH:$HOME/bin::\n[ \"$X\" ] && PATH=.:$PATH\n"
  /usr/sbin: { type: directory, mode: "0755" }
  /usr/bin: { type: directory, mode: "0775", owner: 1000 }
)");
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("element") == std::vector<std::string>{"/usr/sbin", "/usr/bin", "/home/root/bin", "", "."});
  CHECK(answer.texts("absolute") == std::vector<std::string>{"true", "true", "true", "false", "false"});
  CHECK(answer.texts("certain") == std::vector<std::string>{"true", "true", "true", "true", "false"});
  CHECK(answer.texts("is_directory") == std::vector<std::string>{"true", "true", "false", "false", "false"});
  CHECK(answer.text("mode", 1) == "0775");
  CHECK(answer.text("uid", 1) == "1000");
  CHECK(answer.records.at(0).source == "/etc/profile:1");
}

TEST_CASE("what a session starts with counts where nothing replaces it", "[probes][shell]") {
  const auto environment = path("files: { /etc/environment: \"PATH=/a:/b\\n\", /etc/profile: \"PATH=/c:$PATH\\n\" }");
  CHECK(environment.texts("element") == std::vector<std::string>{"/a", "/b", "/c"});
  const auto defs = path("files: { /etc/login.defs: \"ENV_SUPATH PATH=/x:/y\\n\" }");
  CHECK(defs.texts("element") == std::vector<std::string>{"/x", "/y"});
  CHECK(defs.records.at(0).source == "/etc/login.defs:1");
  const auto built_in = path("files: { /etc/passwd: \"\" }");
  CHECK(built_in.records.size() == 4);
  const auto computed = path("files: { /etc/profile: \"PATH=$(x):/a\\n\" }");
  REQUIRE(computed.failure);
  CHECK(computed.failure->kind == Error::Kind::unsupported);
}
