#include "engine/probes/podman.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"
#include "tests/support/yaml_text.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::podman_config_probe;

namespace {

struct File {
  std::string path;
  std::string text;
};

const std::string four = "packages: { podman: { version: 4.3.1+ds1-8 } }\n";
const std::string six = "packages: { podman: { version: 6.0.0-1 } }\n";

FakeRoot root_of(const std::string& release, const std::vector<File>& files, const std::string& more = {}) {
  std::string world =
      release + "files:\n  /etc/passwd: \"root:x:0:0::/root:/bin/sh\\nu:x:1000:1000::/home/u:/bin/sh\\n\"\n";
  for (const auto& [path, text] : files) world += "  " + path + ": " + yaml_text(text) + "\n";
  return FakeRoot(tree_of(world_of(world + more)));
}

const std::vector<File> layers = {
    {"/usr/share/containers/containers.conf", "[containers]\npids_limit = 1\numask = \"0077\"\n"},
    {"/etc/containers/containers.conf", "[containers]\npids_limit = 2\nread_only = true\n"},
    {"/etc/containers/containers.conf.d/b.conf", "[containers]\npids_limit = 3\n"},
    {"/etc/containers/containers.conf.d/c.bak", "[containers]\npids_limit = 4\n"},
    {"/etc/containers/containers.rootless.conf.d/1000/z.conf", "[containers]\npids_limit = 5\n"},
    {"/home/u/.config/containers/containers.conf", "[containers]\nnetns = \"host\"\n"},
    {"/home/u/.config/containers/containers.conf.d/b.conf", "[containers]\nprivileged = true\n"},
};

}  // namespace

TEST_CASE("files of Podman add up, for root and for each user who has some", "[probes]") {
  const auto answer = ask(podman_config_probe, root_of(four, layers));
  CHECK(answer.texts("user") == std::vector<std::string>{"root", "u"});
  CHECK(answer.texts("pids_limit") == std::vector<std::string>{"3", "5"});
  CHECK(answer.texts("umask") == std::vector<std::string>{"0077", "0077"});
  CHECK(answer.texts("read_only") == std::vector<std::string>{"true", "true"});
  CHECK(answer.texts("netns") == std::vector<std::string>{"private", "host"});
  CHECK(answer.texts("privileged") == std::vector<std::string>{"false", "true"});
  CHECK(answer.records.at(0).source == "/etc/containers/containers.conf.d/b.conf");
}

TEST_CASE("since Podman 6 the nearest main file counts alone, and drop-ins replace each other by name", "[probes]") {
  const auto answer = ask(podman_config_probe, root_of(six, layers));
  CHECK(answer.texts("pids_limit") == std::vector<std::string>{"3", "5"});
  CHECK(answer.texts("umask") == std::vector<std::string>{"0022", "0022"});
  CHECK(answer.texts("read_only") == std::vector<std::string>{"true", "false"});
  CHECK(answer.texts("netns") == std::vector<std::string>{"private", "host"});
}

TEST_CASE("where no package tells the release of Podman, what both read alike is known", "[probes]") {
  const auto answer = ask(podman_config_probe, root_of("packages: [bash]\n", layers));
  CHECK(answer.texts("pids_limit") == std::vector<std::string>{"3", "5"});
  CHECK(answer.texts("read_only") == std::vector<std::string>{"true", "(unreadable: unobservable)"});
}

TEST_CASE("lists of containers.conf replace, or say that they append", "[probes]") {
  struct Case {
    const char* what;
    const char* later;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"a plain one", "devices = [\"/dev/b\"]\n", "/dev/b"},
      {"one that appends", "devices = [\"/dev/b\", {append = true}]\n", "/dev/a, /dev/b"},
      {"one that says it does not", "devices = [\"/dev/b\", {append = false}]\n", "/dev/b"},
      {"none", "", "/dev/a"},
  }));
  CAPTURE(c.what);
  const auto root = root_of(four, {{"/usr/share/containers/containers.conf", "[containers]\ndevices = [\"/dev/a\"]\n"},
                                   {"/etc/containers/containers.conf", std::string("[containers]\n") + c.later}});
  CHECK(ask(podman_config_probe, root).text("devices") == c.value);
}

TEST_CASE("what appends to a list of Podman goes on doing so, and adds to the default", "[probes]") {
  const auto root = root_of(
      four,
      {{"/usr/share/containers/containers.conf",
        "[containers]\ndevices = [{append = true}, \"/dev/a\"]\ndefault_capabilities = [\"CAP_X\", {append = true}]\n"},
       {"/etc/containers/containers.conf", "[containers]\ndevices = [\"/dev/b\"]\n"}});
  const auto answer = ask(podman_config_probe, root);
  CHECK(answer.text("devices") == "/dev/a, /dev/b");
  CHECK(answer.text("default_capabilities").starts_with("CAP_CHOWN, "));
  CHECK(answer.text("default_capabilities").ends_with(", CAP_X"));
}

TEST_CASE("storage.conf and mounts.conf of Podman are one file each", "[probes]") {
  const auto root =
      root_of(four, {{"/usr/share/containers/storage.conf",
                      "[storage]\ndriver = \"vfs\"\n[storage.options]\nadditionalimagestores = [\"/x\"]\n"},
                     {"/etc/containers/storage.conf",
                      "[storage]\ndriver = \"overlay\"\n[storage.options.overlay]\nmountopt = \"nodev\"\n"},
                     {"/home/u/.config/containers/storage.conf", "[storage]\ndriver = \"btrfs\"\n"},
                     {"/usr/share/containers/mounts.conf", "/a:/b\n"},
                     {"/home/u/.config/containers/mounts.conf", "# none\n"}});
  const auto answer = ask(podman_config_probe, root);
  CHECK(answer.texts("storage_driver") == std::vector<std::string>{"overlay", "btrfs"});
  CHECK(answer.texts("additional_image_stores") == std::vector<std::string>{"", ""});
  CHECK(answer.texts("mount_options") == std::vector<std::string>{"nodev", ""});
  CHECK(answer.texts("mounts") == std::vector<std::string>{"/a:/b", ""});
}

TEST_CASE("what of Podman cannot be read or understood", "[probes]") {
  const auto denied = root_of(four, {}, "  /etc/containers/containers.conf: { error: denied }\n");
  CHECK(ask(podman_config_probe, denied).text("privileged") == "(unreadable: denied)");
  const auto malformed = root_of(four, {{"/etc/containers/containers.conf", "[containers]\nprivileged = yes\n"}});
  CHECK(ask(podman_config_probe, malformed).text("privileged") == "(unreadable: malformed)");
  const auto home = root_of(four, {}, "  /home/u/.config: { type: directory, error: denied }\n");
  CHECK(ask(podman_config_probe, home).failure.has_value());
}

TEST_CASE("a host without Podman and its files has no configuration of it", "[probes]") {
  CHECK(ask(podman_config_probe, root_of("packages: [bash]\n", {})).records.empty());
  CHECK(ask(podman_config_probe, root_of(four, {})).text("privileged") == "false");
}
