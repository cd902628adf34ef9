#include "engine/probes/limit.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::Value;
using plimsoll::probes::limit_probe;
using namespace plimsoll::tests;
using Texts = std::vector<std::string>;

namespace {

ProbeAnswer limits_with(const std::map<std::string, std::string>& files, const std::string& denied = {}) {
  FakeTree tree;
  for (const auto& [path, content] : files) tree.files[path].content = content;
  if (!denied.empty()) {
    auto& file = tree.files[denied];
    file.trouble = FakeFile::Trouble::denied;
    if (denied.ends_with(".d")) file.type = plimsoll::sources::FileType::directory;
  }
  return ask(limit_probe, FakeRoot(tree), {{"item", Value{std::string("core")}}});
}

}  // namespace

TEST_CASE("everybody's limit, and those of users and groups with lines of their own", "[probes][limit]") {
  const auto answer = limits_with({{"/etc/security/limits.conf", "* hard core 0\n@dev soft core 5\n* hard nofile 7\n"},
                                   {"/etc/security/limits.d/10-a.conf", "ann - core unlimited\n% hard core 9\n"},
                                   {"/etc/security/limits.d/20-b.conf", "bob -\n* - \n"},
                                   {"/etc/security/limits.d/30-c.bak", "* hard core 8\n"}});
  CHECK(answer.texts("domain") == Texts{"*", "@dev", "ann", "bob"});
  CHECK(answer.texts("hard") == Texts{"0", "0", "-1", "(absent)"});
  CHECK(answer.texts("soft") == Texts{"(absent)", "5", "-1", "(absent)"});
  CHECK(answer.texts("exempt") == Texts{"false", "false", "false", "true"});
}

TEST_CASE("the last line of the last file counts", "[probes][limit]") {
  const auto answer = limits_with({{"/etc/security/limits.conf", "* hard core 1\n* hard core 2\n"},
                                   {"/etc/security/limits.d/b.conf", "* hard core 4\n"},
                                   {"/etc/security/limits.d/a.conf", "* hard core 3\n"}});
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("hard") == "4");
  const auto& field = answer.records[0].fields[2];
  CHECK(field.source == "/etc/security/limits.d/b.conf:1");
  REQUIRE(field.overridden.size() == 3);
  CHECK(field.overridden[2].source == "/etc/security/limits.d/a.conf:1");
}

TEST_CASE("no file, no limit", "[probes][limit]") {
  const auto answer = limits_with({});
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("hard") == "(absent)");
  CHECK(answer.records[0].source == "/etc/security/limits.conf");
}

TEST_CASE("a file that cannot be read leaves nothing certain", "[probes][limit]") {
  for (const auto* path : {"/etc/security/limits.conf", "/etc/security/limits.d/a.conf", "/etc/security/limits.d"}) {
    const auto answer = limits_with({}, path);
    REQUIRE(answer.failure);
    CHECK(answer.failure->kind == Error::Kind::denied);
  }
}
