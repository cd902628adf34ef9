#include "engine/probes/files.hpp"

#include <fmt/core.h>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::Value;
using plimsoll::probes::files_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

FakeTree host() {
  FakeTree tree;
  tree.files["/etc/passwd"].content = "root:x:0:0::/root:/bin/sh\n";
  tree.files["/etc/group"].content = "root:x:0:\n";
  tree.files["/etc/ssh/ssh_host_rsa_key"] = {.mode = 0600};
  tree.files["/etc/ssh/ssh_host_rsa_key.pub"] = {};
  tree.files["/etc/ssh/ssh_host_ed25519_key"] = {.type = FileType::symlink, .target = "/keys/ed25519"};
  tree.files["/etc/ssh/ssh_host_gone_key"] = {.type = FileType::symlink, .target = "/keys/gone"};
  tree.files["/keys/ed25519"] = {.mode = 0644};
  tree.files["/etc/ssh/.hidden_key"] = {};
  tree.files["/etc/ssh/sub_key/deep_key"] = {};
  tree.files["/etc/ssh/elsewhere"] = {.type = FileType::symlink, .target = "/keys"};
  tree.files["/etc/link"] = {.type = FileType::symlink, .target = "ssh"};
  return tree;
}

Arguments arguments(std::string directory, std::string name = "*", std::string type = "file", bool recursive = false) {
  return {{"directory", Value{std::move(directory)}},
          {"name", Value{std::move(name)}},
          {"type", Value{std::move(type)}},
          {"recursive", Value{recursive}}};
}

}  // namespace

TEST_CASE("entries are taken by name and by what they lead to", "[probes][files]") {
  using Names = std::vector<std::string>;
  struct Case {
    const char* what;
    Arguments arguments;
    Names paths;
  };
  const auto c = GENERATE(values<Case>({
      {"files, a link to one and a hidden one among them, no link that leads nowhere",
       arguments("/etc/ssh", "*_key"),
       {"/etc/ssh/.hidden_key", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_rsa_key"}},
      {"a set of letters",
       arguments("/etc/ssh", "*_[r]sa_key*"),
       {"/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_rsa_key.pub"}},
      {"directories, and a link to one",
       arguments("/etc/ssh", "*", "directory"),
       {"/etc/ssh/elsewhere", "/etc/ssh/sub_key"}},
      {"links themselves",
       arguments("/etc/ssh", "*", "link"),
       {"/etc/ssh/elsewhere", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_gone_key"}},
      {"anything, a link that leads nowhere too",
       arguments("/etc/ssh", "ssh_host_[gr]*_key", "any"),
       {"/etc/ssh/ssh_host_gone_key", "/etc/ssh/ssh_host_rsa_key"}},
      {"below, but not through links",
       arguments("/etc/ssh", "*[di]*", "file", true),
       {"/etc/ssh/.hidden_key", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/sub_key/deep_key"}},
      {"the directory itself may be a link, and end with a slash",
       arguments("/etc/link/", "*.pub"),
       {"/etc/link/ssh_host_rsa_key.pub"}},
      {"in the root", arguments("/", "*", "directory"), {"/etc", "/keys"}},
  }));
  CAPTURE(c.what);
  const FakeRoot root(host());
  const auto answer = ask(files_probe, root, c.arguments);
  CHECK(answer.texts("path") == c.paths);
  CHECK_FALSE(answer.failure);
}

TEST_CASE("an entry is described as the probe file describes it", "[probes][files]") {
  const FakeRoot root(host());
  const auto answer = ask(files_probe, root, arguments("/etc/ssh", "ssh_host_ed25519_key"));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("name") == "ssh_host_ed25519_key");
  CHECK(answer.text("mode") == "0644");
  CHECK(answer.text("is_link") == "true");
  CHECK(answer.text("owner") == "root");
  CHECK(answer.looked_at == "7 entries, 1 of them named ssh_host_ed25519_key");
  CHECK(answer.looked_at_source == "/etc/ssh");
}

TEST_CASE("a directory that is not there has no entries", "[probes][files]") {
  const FakeRoot root(host());
  const auto answer = ask(files_probe, root, arguments("/etc/nothing"));
  CHECK(answer.records.empty());
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at == "/etc/nothing does not exist");
}

TEST_CASE("a directory that may not be read is an error, and what was seen beside it counts", "[probes][files]") {
  auto tree = host();
  tree.files["/etc/ssh/sub_key"] = {.type = FileType::directory, .trouble = FakeFile::Trouble::denied};
  const FakeRoot root(tree);
  const auto answer = ask(files_probe, root, arguments("/etc/ssh", "*rsa_key", "file", true));
  CHECK(answer.texts("path") == std::vector<std::string>{"/etc/ssh/ssh_host_rsa_key"});
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);

  const auto file = ask(files_probe, root, arguments("/etc/passwd"));
  REQUIRE(file.failure);
  CHECK(file.failure->kind == Error::Kind::unsupported);
}

TEST_CASE("a search is bounded in width and depth", "[probes][files]") {
  FakeTree wide;
  for (int i = 0; i <= 100'000; ++i) wide.files[fmt::format("/d/{:06}", i)] = {};
  const auto too_wide = ask(files_probe, FakeRoot(wide), arguments("/d", "000001"));
  CHECK(too_wide.records.size() == 1);
  REQUIRE(too_wide.failure);
  CHECK(too_wide.failure->kind == Error::Kind::too_large);

  FakeTree deep;
  std::string path = "/d";
  for (int i = 0; i < 70; ++i) path += "/d";
  deep.files[path + "/file"] = {};
  const auto too_deep = ask(files_probe, FakeRoot(deep), arguments("/d", "file", "file", true));
  REQUIRE(too_deep.failure);
  CHECK(too_deep.failure->kind == Error::Kind::too_large);
}
