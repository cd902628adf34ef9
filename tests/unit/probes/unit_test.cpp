#include "engine/probes/unit.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Value;
using plimsoll::probes::unit_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

const std::string vendor = "/usr/lib/systemd/system/";
const std::string local = "/etc/systemd/system/";
const std::string wants = "[Service]\nExecStart=/bin/x\n[Install]\nWantedBy=multi-user.target\n";

FakeFile link(std::string target) {
  return {.type = FileType::symlink, .target = std::move(target)};
}

ProbeAnswer unit(const FakeTree& tree, const std::string& name) {
  return ask(unit_probe, FakeRoot(tree), {{"name", Value{name}}});
}

}  // namespace

TEST_CASE("states are those of systemctl is-enabled", "[probes][unit]") {
  FakeTree tree;
  for (const std::string name : {"on", "off", "run", "masked", "masked-empty", "masked-run", "other"}) {
    tree.files[vendor + name + ".service"].content = wants;
  }
  tree.files[local + "multi-user.target.wants/on.service"] = link(vendor + "on.service");
  tree.files["/run/systemd/system/multi-user.target.wants/run.service"] = link(vendor + "run.service");
  tree.files[local + "masked.service"] = link("/dev/null");
  tree.files[local + "masked-empty.service"].content = "";
  tree.files["/run/systemd/system/masked-run.service"] = link("/dev/null");
  tree.files[local + "another-name.service"] = link(vendor + "other.service");
  tree.files[vendor + "static.service"].content = "[Service]\nExecStart=/bin/x\n";
  tree.files[vendor + "static-alias.service"] = link("static.service");
  tree.files[vendor + "also.service"].content = "[Service]\nExecStart=/bin/x\n[Install]\nAlso=on.service\n";
  tree.files[vendor + "tty@.service"].content = "[Service]\n[Install]\nWantedBy=x.target\nDefaultInstance=one\n";
  tree.files[local + "x.target.wants/tty@two.service"] = link(vendor + "tty@.service");
  tree.files["/opt/linked.service"].content = wants;
  tree.files[local + "linked.service"] = link("/opt/linked.service");
  tree.files["/run/systemd/generator.late/made.service"].content = "[Service]\nExecStart=/bin/x\n";
  tree.files[local + "dead.service"] = link("/nowhere");

  struct Case {
    const char* name;
    const char* state;
    const char* enabled;
    const char* exists;
  };
  const auto c = GENERATE(values<Case>({
      {"on.service", "enabled", "true", "true"},
      {"off.service", "disabled", "false", "true"},
      {"run.service", "enabled-runtime", "false", "true"},
      {"masked.service", "masked", "false", "true"},
      {"masked-empty.service", "masked", "false", "true"},
      {"masked-run.service", "masked-runtime", "false", "true"},
      {"other.service", "indirect", "false", "true"},
      {"static.service", "static", "false", "true"},
      {"static-alias.service", "alias", "false", "true"},
      {"also.service", "indirect", "false", "true"},
      {"tty@two.service", "enabled", "true", "true"},
      {"tty@three.service", "disabled", "false", "true"},
      {"linked.service", "linked", "false", "true"},
      {"made.service", "generated", "false", "true"},
      {"dead.service", "not-found", "false", "false"},
      {"nothing.service", "not-found", "false", "false"},
  }));
  CAPTURE(c.name);
  const auto answer = unit(tree, c.name);
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("enabled_state") == c.state);
  CHECK(answer.text("enabled") == c.enabled);
  CHECK(answer.text("exists") == c.exists);
}

TEST_CASE("a mask below /run is gone after a reboot, and the links are not", "[probes][unit]") {
  FakeTree tree;
  tree.files[vendor + "a.service"].content = wants;
  tree.files[local + "multi-user.target.wants/a.service"] = link(vendor + "a.service");
  const auto mask =
      GENERATE(values<std::string>({"/run/systemd/system/a.service", "/run/systemd/system.control/a.service"}));
  CAPTURE(mask);
  tree.files[mask] = link("/dev/null");
  const auto answer = unit(tree, "a.service");
  CHECK(answer.text("enabled_state") == "masked-runtime");
  CHECK(answer.text("masked") == "true");
  CHECK(answer.text("enabled") == "true");
}

TEST_CASE("a mask that a generator makes comes again at the next boot", "[probes][unit]") {
  FakeTree tree;
  tree.files[vendor + "a.service"].content = wants;
  tree.files[local + "multi-user.target.wants/a.service"] = link(vendor + "a.service");
  tree.files["/run/systemd/generator.early/a.service"] = link("/dev/null");
  CHECK(unit(tree, "a.service").text("enabled") == "false");
}

TEST_CASE("a vendor link starts a static unit at boot", "[probes][unit]") {
  FakeTree tree;
  tree.files[vendor + "early.service"].content = "[Service]\nExecStart=/bin/x\n";
  tree.files[vendor + "sysinit.target.wants/early.service"] = link("../early.service");
  const auto answer = unit(tree, "early.service");
  CHECK(answer.text("enabled_state") == "static");
  CHECK(answer.text("enabled") == "true");
  CHECK(answer.text("wanted_by") == "sysinit.target");
}

TEST_CASE("an alias is resolved, and drop-ins add conditions", "[probes][unit]") {
  FakeTree tree;
  tree.files[vendor + "ssh.service"].content =
      "[Unit]\nConditionPathExists=!/etc/x\n[Service]\nExecStart=/bin/x\n[Install]\nAlias=sshd.service\n";
  tree.files[local + "sshd.service"] = link(vendor + "ssh.service");
  tree.files[local + "ssh.service.d/10.conf"].content = "[Unit]\nConditionVirtualization=no\n";
  tree.files[vendor + "ssh.service.d/10.conf"].content = "[Unit]\nConditionPathExists=\n";
  const auto answer = unit(tree, "sshd.service");
  CHECK(answer.text("load_path") == vendor + "ssh.service");
  CHECK(answer.text("enabled") == "true");
  CHECK(answer.text("drop_ins") == local + "ssh.service.d/10.conf");
  CHECK(answer.text("conditions") == "ConditionPathExists=!/etc/x, ConditionVirtualization=no");
}

TEST_CASE("only links that the next boot obeys make a unit enabled", "[probes][unit]") {
  struct Case {
    const char* what;
    std::string path;
    FakeFile entry;
    const char* enabled;
  };
  const std::string pulled = "multi-user.target.wants/a.service";
  const auto c = GENERATE_COPY(values<Case>({
      {"a link of the administrator", local + pulled, link(vendor + "a.service"), "true"},
      {"a link of a generator", "/run/systemd/generator/" + pulled, link(vendor + "a.service"), "true"},
      {"a link that is gone after a reboot", "/run/systemd/system/" + pulled, link(vendor + "a.service"), "false"},
      {"a link to nothing", local + pulled, link("/dev/null"), "false"},
      {"a file instead of a link", local + pulled, FakeFile{.content = "x"}, "false"},
  }));
  CAPTURE(c.what);
  FakeTree tree;
  tree.files[vendor + "a.service"].content = wants;
  tree.files[c.path] = c.entry;
  CHECK(unit(tree, "a.service").text("enabled") == c.enabled);
}

TEST_CASE("a link to nothing in /etc hides the vendor's link", "[probes][unit]") {
  FakeTree tree;
  tree.files[vendor + "a.service"].content = wants;
  tree.files[vendor + "multi-user.target.wants/a.service"] = link("../a.service");
  CHECK(unit(tree, "a.service").text("enabled") == "true");
  tree.files[local + "multi-user.target.wants/a.service"] = link("/dev/null");
  CHECK(unit(tree, "a.service").text("enabled") == "false");
  CHECK(unit(tree, "a.service").text("wanted_by") == "");
}

TEST_CASE("a service that its socket starts shows it", "[probes][unit]") {
  FakeTree tree;
  tree.files[vendor + "ssh.service"].content = wants;
  tree.files[vendor + "ssh.socket"].content = "[Socket]\nListenStream=22\n[Install]\nWantedBy=sockets.target\n";
  tree.files[local + "sockets.target.wants/ssh.socket"] = link(vendor + "ssh.socket");
  const auto answer = unit(tree, "ssh.service");
  CHECK(answer.text("enabled") == "false");
  CHECK(answer.text("activated_by") == "ssh.socket");
}

TEST_CASE("whether a unit runs is only known where systemd runs", "[probes][unit]") {
  FakeTree tree;
  tree.files[vendor + "a.service"].content = wants;
  CHECK(unit(tree, "a.service").text("active") == "(unreadable: unobservable)");
  tree.files["/run/systemd/system"].type = FileType::directory;
  CHECK(unit(tree, "a.service").text("active") == "false");
  tree.files["/run/systemd/units/invocation:a.service"] = link("0123456789abcdef0123456789abcdef");
  CHECK(unit(tree, "a.service").text("active") == "true");
}

TEST_CASE("an init script without a unit is started by its links", "[probes][unit]") {
  FakeTree tree;
  tree.files["/etc/init.d/old"] = {.content = "#!/bin/sh\n", .mode = 0755};
  CHECK(unit(tree, "old.service").text("enabled_state") == "disabled (init script)");
  tree.files["/etc/rc3.d/S01old"] = link("../init.d/old");
  const auto answer = unit(tree, "old.service");
  CHECK(answer.text("exists") == "true");
  CHECK(answer.text("enabled") == "true");
  CHECK(answer.text("enabled_state") == "enabled (init script)");
}

TEST_CASE("unit directories that cannot be listed fail the fact", "[probes][unit]") {
  FakeTree tree;
  tree.files["/etc/systemd/system"] = {.type = FileType::directory, .trouble = FakeFile::Trouble::denied};
  const auto answer = unit(tree, "a.service");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == plimsoll::Error::Kind::denied);
}

TEST_CASE("aliases that lead in circles are an error", "[probes][unit]") {
  FakeTree tree;
  tree.files[local + "a.service"] = link("b.service");
  tree.files[local + "b.service"] = link("a.service");
  CHECK_FALSE(unit(tree, "a.service").text("exists") == "true");
}
