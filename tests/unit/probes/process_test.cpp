#include "engine/probes/process.hpp"

#include <fmt/core.h>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::probes::process_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

std::string status(std::string_view name, int parent, int uid, std::string_view more = "", char state = 'S') {
  return fmt::format(
      "Name:\t{}\nUmask:\t0022\nState:\t{} (sleeping)\nTgid:\t1\nPPid:\t{}\nUid:\t7\t{}\t7\t7\nGid:\t8\t{}\t8\t8\n{}",
      name, state, parent, uid, uid, more);
}

void add_process(FakeTree& tree, int pid, const std::string& status_text, const std::string& command_line,
                 const std::string& executable) {
  const auto folder = fmt::format("/proc/{}", pid);
  tree.files[folder + "/status"].content = status_text;
  tree.files[folder + "/cmdline"].content = command_line;
  if (!executable.empty()) tree.files[folder + "/exe"] = {.type = FileType::symlink, .target = executable};
}

FakeTree host() {
  FakeTree tree;
  tree.files["/etc/passwd"].content = "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n";
  tree.files["/etc/group"].content = "root:x:0:\n";
  tree.files["/proc/sys/kernel/ostype"].content = "Linux\n";
  tree.files["/proc/self"] = {.type = FileType::symlink, .target = "99"};
  add_process(tree, 1, status("systemd", 0, 0), std::string("/sbin/init\0splash\0", 18), "/usr/lib/systemd/systemd");
  return tree;
}

}  // namespace

TEST_CASE("a process is described by what the kernel says of it", "[probes][process]") {
  auto tree = host();
  add_process(tree, 20, status("nginx", 1, 33), std::string("nginx: worker\0--password\0x\0", 27),
              "/usr/sbin/nginx (deleted)");
  const auto answer = ask(process_probe, FakeRoot(tree));
  REQUIRE(answer.records.size() == 2);
  CHECK(answer.text("pid", 1) == "20");
  CHECK(answer.text("name", 1) == "nginx");
  CHECK(answer.text("executable", 1) == "/usr/sbin/nginx");
  CHECK(answer.text("executable_deleted", 1) == "true");
  CHECK(answer.text("arguments", 1) == "nginx: worker, --password, <masked>");
  CHECK(answer.text("uid", 1) == "33");
  CHECK(answer.text("gid", 1) == "33");
  CHECK(answer.text("user", 1) == "www-data");
  CHECK(answer.text("parent", 1) == "1");
  CHECK(answer.text("kernel_thread", 1) == "false");
  CHECK(answer.text("state", 1) == "S");
  CHECK(answer.records[1].source == "/proc/20");
  CHECK(answer.records[1].resource == "process 20 (nginx)");
  CHECK(answer.text("executable", 0) == "/usr/lib/systemd/systemd");
  CHECK(answer.text("executable_deleted", 0) == "false");
  CHECK(answer.looked_at == "2 processes");
  CHECK_FALSE(answer.failure);
}

TEST_CASE("kernel threads are told from processes that wiped their command line", "[probes][process]") {
  const auto stat = [](std::string_view name, unsigned flags) {
    return fmt::format("2 ({}) S 0 0 0 0 -1 {} 0 0 0\n", name, flags);
  };
  auto tree = host();
  add_process(tree, 2, status("kthreadd", 0, 0, "Kthread:\t1\n"), "", "");
  add_process(tree, 3, status("kworker/0:1) R", 2, 0), "", "");
  tree.files["/proc/3/stat"].content = stat("kworker/0:1) R", 69238880);
  add_process(tree, 4, status("wiped", 1, 0), "", "/usr/bin/wiped");
  tree.files["/proc/4/stat"].content = stat("wiped", 4194304);
  add_process(tree, 5, status("odd", 1, 0), "", "/usr/bin/odd");
  tree.files["/proc/5/stat"].content = "noise";
  const auto answer = ask(process_probe, FakeRoot(tree));
  CHECK(answer.texts("kernel_thread") ==
        std::vector<std::string>{"false", "true", "true", "false", "(unreadable: malformed)"});
  CHECK(answer.texts("executable") ==
        std::vector<std::string>{"/usr/lib/systemd/systemd", "(absent)", "(absent)", "/usr/bin/wiped", "/usr/bin/odd"});
}

TEST_CASE("processes that end meanwhile, zombies and plimsoll itself are no records", "[probes][process]") {
  auto tree = host();
  add_process(tree, 30, "", "", "");
  tree.files["/proc/30/status"].trouble = FakeFile::Trouble::vanishes;
  add_process(tree, 31, status("half", 1, 0), "x", "/x");
  tree.files["/proc/31/cmdline"].trouble = FakeFile::Trouble::vanishes;
  add_process(tree, 32, status("zombie", 1, 0, "", 'Z'), "", "");
  add_process(tree, 99, status("plimsoll", 1, 0), "plimsoll", "/usr/bin/plimsoll");
  const auto answer = ask(process_probe, FakeRoot(tree));
  CHECK(answer.texts("name") == std::vector<std::string>{"systemd"});
  CHECK_FALSE(answer.failure);
}

TEST_CASE("what a process hides is unreadable, and the rest of it counts", "[probes][process]") {
  auto tree = host();
  add_process(tree, 40, status("closed", 1, 0), "x", "/x");
  tree.files["/proc/40/exe"].trouble = FakeFile::Trouble::denied;
  add_process(tree, 41, "", "", "");
  tree.files["/proc/41/status"].trouble = FakeFile::Trouble::denied;
  add_process(tree, 42, "noise", "", "");
  const auto answer = ask(process_probe, FakeRoot(tree));
  REQUIRE(answer.records.size() == 4);
  CHECK(answer.text("executable", 1) == "(unreadable: denied)");
  CHECK(answer.text("arguments", 1) == "x");
  CHECK(answer.text("pid", 2) == "41");
  CHECK(answer.text("name", 2) == "(unreadable: denied)");
  CHECK(answer.text("name", 3) == "(unreadable: malformed)");
}

TEST_CASE("processes that cannot be seen are an error, not an empty list", "[probes][process]") {
  auto hidden = host();
  std::erase_if(hidden.files, [](const auto& entry) { return entry.first.starts_with("/proc/1/"); });
  add_process(hidden, 50, status("own", 1, 33), "own", "/own");
  const auto partly = ask(process_probe, FakeRoot(hidden));
  CHECK(partly.texts("name") == std::vector<std::string>{"own"});
  REQUIRE(partly.failure);
  CHECK(partly.failure->kind == Error::Kind::denied);

  FakeTree image;
  image.live = false;
  const auto offline = ask(process_probe, FakeRoot(image));
  CHECK(offline.records.empty());
  REQUIRE(offline.failure);
  CHECK(offline.failure->kind == Error::Kind::unobservable);
}

TEST_CASE("a host mounted with its own /proc shows its processes", "[probes][process]") {
  auto tree = host();
  tree.live = false;
  add_process(tree, 99, status("theirs", 1, 0), "theirs", "/usr/bin/theirs");
  CHECK(ask(process_probe, FakeRoot(tree)).texts("name") == std::vector<std::string>{"systemd", "theirs"});
}

TEST_CASE("a process says what confines it", "[probes][process]") {
  struct Case {
    const char* what;
    std::optional<std::string> label;
    FakeFile::Trouble trouble = FakeFile::Trouble::none;
    const char* expected;
  };
  const auto c = GENERATE(values<Case>({
      {"a context of SELinux", std::string("system_u:system_r:init_t:s0\0", 28), {}, "system_u:system_r:init_t:s0"},
      {"a profile of AppArmor", "man_groff (enforce)\n", {}, "man_groff (enforce)"},
      {"nothing", "", {}, "(absent)"},
      {"no module that labels processes", {}, FakeFile::Trouble::failed, "(absent)"},
      {"a kernel without modules", {}, {}, "(absent)"},
      {"it may not be read", {}, FakeFile::Trouble::denied, "(unreadable: denied)"},
  }));
  CAPTURE(c.what);
  auto tree = host();
  if (c.label) tree.files["/proc/1/attr/current"].content = *c.label;
  if (c.trouble != FakeFile::Trouble::none) tree.files["/proc/1/attr/current"].trouble = c.trouble;
  CHECK(ask(process_probe, FakeRoot(tree)).text("security_label") == c.expected);
}
