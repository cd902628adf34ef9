#include "engine/probes/containerd.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"
#include "tests/support/yaml_text.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::containerd_config_probe;
using probes::containerd_runtime_probe;

namespace {

constexpr const char* one = "packages: { containerd: { version: 1.7.24-0ubuntu1 } }\n";
constexpr const char* two = "packages: { containerd.io: { version: 2.1.4-1 } }\n";
constexpr const char* two_three = "packages: { containerd.io: { version: 2.3.0-1 } }\n";

FakeRoot root_of(const std::string& world) {
  return FakeRoot(tree_of(world_of(world)));
}

std::string yaml_line(std::string_view text) {
  return yaml_text(text) + "\n";
}

FakeRoot with_file(const std::string& release, const std::string& text, const std::string& more = {}) {
  return root_of(release + "files:\n  /etc/containerd/config.toml: " + yaml_line(text) + more);
}

std::string process(int pid, const std::string& uid, const std::string& arguments, const std::string& ns = {}) {
  const auto folder = "  /proc/" + std::to_string(pid);
  return folder + "/status: \"Name:\\tcontainerd\\nState:\\tS\\nPid:\\t1\\nPPid:\\t1\\nUid:\\t" + uid + "\\t" + uid +
         "\\t" + uid + "\\t" + uid + "\\nGid:\\t0\\t0\\t0\\t0\\n" + ns + "\"\n" + folder + "/cmdline: \"" + arguments +
         "\"\n";
}
constexpr const char* init =
    "  /proc/1/status: \"Name:\\tinit\\nState:\\tS\\nPPid:\\t0\\nUid:\\t0\\t0\\t0\\t0\\nGid:\\t0\\t0\\t0\\t0\\n\"\n";

}  // namespace

TEST_CASE("settings of containerd stand in other places in each version", "[probes]") {
  struct Case {
    const char* what;
    const char* release;
    const char* file;
    const char* without_devices;
    const char* apparmor_off;
    const char* config_path;
  };
  const auto c = GENERATE(values<Case>({
      {"version 1", one,
       "[plugins.cri]\ndisable_apparmor = true\n[plugins.cri.registry]\nconfig_path = \"/r\"\n"
       "[plugins.cri.containerd.runtimes.runc]\nprivileged_without_host_devices = true\n",
       "true", "true", "/r"},
      {"version 1 with a new release", two,
       "[plugins.cri]\ndisable_apparmor = true\n[plugins.cri.registry]\nconfig_path = \"/r\"\n"
       "[plugins.cri.containerd.runtimes.runc]\nprivileged_without_host_devices = true\n",
       "true", "true", "/r"},
      {"version 2", one,
       "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = true\n"
       "[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/r\"\n"
       "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\nprivileged_without_host_devices = true\n",
       "true", "true", "/r"},
      {"version 3", two,
       "version = 3\n[plugins.\"io.containerd.cri.v1.runtime\"]\ndisable_apparmor = true\n"
       "[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = \"/r\"\n"
       "[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.runc]\nprivileged_without_host_devices = true\n",
       "true", "true", "/r"},
      {"the old name in version 3 is passed over", two,
       "version = 3\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = true\n", "false", "false", "(absent)"},
      {"the old name in version 3 counts again in 2.3", two_three,
       "version = 3\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = true\n", "false", "true", "(absent)"},
      {"the old name in version 3 where the release is unknown", "",
       "version = 3\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = true\n", "false",
       "(unreadable: unobservable)", "(absent)"},
      {"the short name in version 2 is another plugin", one, "version = 2\n[plugins.cri]\ndisable_apparmor = true\n",
       "false", "false", "(absent)"},
      {"nothing is set", one, "version = 2\n", "false", "false", "(absent)"},
      {"a value of another type", one,
       "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = \"yes\"\n", "false",
       "(unreadable: malformed)", "(absent)"},
  }));
  CAPTURE(c.what);
  const auto root = with_file(c.release, c.file);
  CHECK(ask(containerd_runtime_probe, root).text("privileged_without_host_devices") == c.without_devices);
  CHECK(ask(containerd_config_probe, root).text("disable_apparmor") == c.apparmor_off);
  CHECK(ask(containerd_config_probe, root).text("registry_config_path") == c.config_path);
}

TEST_CASE("imports of containerd are merged as its release does", "[probes]") {
  struct Case {
    const char* what;
    const char* release;
    const char* import;
    const char* selinux;
    const char* apparmor_off;
    const char* level;
  };
  const auto c = GENERATE(values<Case>({
      {"1.x puts the section of a plugin in place of the other", one,
       "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = true\n", "false", "true", "warn"},
      {"2.x merges", two, "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = true\n", "true",
       "true", "warn"},
      {"nobody knows which", "", "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\ndisable_apparmor = true\n",
       "(unreadable: unobservable)", "true", "warn"},
      {"a later false counts in a plugin", two,
       "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\nenable_selinux = false\n", "false", "false", "warn"},
      {"a later empty text does not count outside of plugins", two, "version = 2\n[debug]\nlevel = \"\"\n", "true",
       "false", "warn"},
      {"a later text does", one, "version = 2\n[debug]\nlevel = \"debug\"\n", "true", "false", "debug"},
      {"a file that is no TOML", two, "version = \n", "(unreadable: malformed)", "(unreadable: malformed)",
       "(unreadable: malformed)"},
  }));
  CAPTURE(c.what);
  const auto root =
      with_file(c.release,
                "version = 2\nimports = [\"conf.d/*.toml\"]\n[debug]\nlevel = \"warn\"\n"
                "[plugins.\"io.containerd.grpc.v1.cri\"]\nenable_selinux = true\n",
                "  /etc/containerd/conf.d/a.toml: " + yaml_line(c.import) + "  /etc/containerd/conf.d/b.bak: x\n");
  const auto answer = ask(containerd_config_probe, root);
  CHECK(answer.text("enable_selinux") == c.selinux);
  CHECK(answer.text("disable_apparmor") == c.apparmor_off);
  CHECK(answer.text("debug_level") == c.level);
}

TEST_CASE("an import of containerd that is not there is an error, a pattern without files is none", "[probes]") {
  CHECK(ask(containerd_config_probe, with_file(two, "version = 3\nimports = [\"/etc/x.toml\"]\n")).text("root") ==
        "(unreadable: not_found)");
  CHECK(ask(containerd_config_probe, with_file(two, "version = 3\nimports = [\"/etc/x/*.toml\"]\n")).text("root") ==
        "/var/lib/containerd");
  CHECK(ask(containerd_config_probe, with_file(two, "imports = [\"config.toml\"]\n")).text("root") ==
        "/var/lib/containerd");
}

TEST_CASE("the directory conf.d of containerd counts only where a file imports it", "[probes]") {
  const auto root =
      with_file(two_three, "version = 3\n",
                "  /etc/containerd/conf.d/a.toml: " + yaml_line("version = 3\n[debug]\nlevel = \"trace\"\n"));
  CHECK(ask(containerd_config_probe, root).text("debug_level") == "info");
}

TEST_CASE("sockets of containerd, disabled plugins and their places", "[probes]") {
  const auto root = with_file(
      one,
      "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n"
      "imports = [\"/etc/containerd/more.toml\"]\n"
      "[grpc]\ntcp_address = \"0.0.0.0:1234\"\ngid = 7\n[metrics]\naddress = \":9\"\n",
      "  /etc/containerd/more.toml: " + yaml_line("version = 2\ndisabled_plugins = [\"a.b\"]\n[grpc]\ngid = 8\n"));
  const auto answer = ask(containerd_config_probe, root);
  CHECK(answer.text("tcp_address") == "0.0.0.0:1234");
  CHECK(answer.text("tcp_tls_cert").empty());
  CHECK(answer.text("socket_gid") == "8");
  CHECK(answer.text("metrics_address") == ":9");
  CHECK(answer.text("disabled_plugins") == "io.containerd.grpc.v1.cri, a.b");
  CHECK(answer.text("cri_enabled") == "false");
  REQUIRE(answer.records.size() == 1);
  const int gid = field_index(*answer.schema, "socket_gid");
  const auto& field = answer.records[0].fields.at(static_cast<std::size_t>(gid));
  CHECK(field.source == "/etc/containerd/more.toml:4");
  REQUIRE(field.overridden.size() == 1);
  CHECK(field.overridden[0].source == "/etc/containerd/config.toml:6");
  CHECK(field.overridden[0].value == "7");
}

TEST_CASE("version 4 of containerd's configuration has plugins for sockets", "[probes]") {
  const auto root = with_file(two_three,
                              "version = 4\n[plugins.\"io.containerd.server.v1.grpc-tcp\"]\naddress = \":1\"\n"
                              "tls_cert = \"/c\"\n[grpc]\naddress = \"/x\"\n");
  const auto answer = ask(containerd_config_probe, root);
  CHECK(answer.text("tcp_address") == ":1");
  CHECK(answer.text("tcp_tls_cert") == "/c");
  CHECK(answer.text("address") == "/run/containerd/containerd.sock");
  CHECK(answer.text("enable_unprivileged_ports") == "true");
}

TEST_CASE("each containerd that runs has its own configuration", "[probes]") {
  const auto root =
      root_of(std::string(one) + "files:\n" + init + process(10, "0", "/usr/bin/containerd\\0--log-level\\0debug\\0") +
              process(11, "0", "containerd\\0--config\\0/run/docker/c.toml\\0") + process(12, "1000", "containerd\\0") +
              process(13, "0", "containerd\\0-c=/in/container.toml\\0", "NSpid:\\t13\\t1\\n") +
              "  /etc/passwd: \"u:x:1000:1000::/home/u:/bin/sh\\nw:x:1001:1001::/home/w:/bin/sh\\n\"\n"
              "  /run/docker/c.toml: " +
              yaml_line("version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n") +
              "  /home/w/.config/containerd/config.toml: { error: denied }\n"
              "  /usr/lib/systemd/system/containerd.service: \"[Service]\\nExecStart=/usr/bin/containerd\\n\"\n");
  const auto answer = ask(containerd_config_probe, root);
  CHECK_FALSE(answer.failure.has_value());
  CHECK(answer.texts("path") == std::vector<std::string>{"/etc/containerd/config.toml", "/run/docker/c.toml",
                                                         "/home/u/.config/containerd/config.toml",
                                                         "/home/w/.config/containerd/config.toml"});
  CHECK(answer.texts("exists") == std::vector<std::string>{"false", "true", "false", "true"});
  CHECK(answer.texts("debug_level") == std::vector<std::string>{"debug", "info", "info", "(unreadable: denied)"});
  CHECK(answer.texts("running") == std::vector<std::string>{"true", "true", "true", "false"});
  CHECK(answer.texts("at_boot") == std::vector<std::string>{"true", "false", "false", "false"});
  CHECK(answer.texts("rootless") == std::vector<std::string>{"false", "false", "true", "true"});
  CHECK(answer.texts("cri_enabled") == std::vector<std::string>{"true", "false", "true", "(unreadable: denied)"});
}

TEST_CASE("where /proc hides processes, there may be more of containerd", "[probes]") {
  const auto root = root_of("files:\n" + process(10, "0", "containerd\\0"));
  const auto answer = ask(containerd_config_probe, root);
  CHECK(answer.records.size() == 1);
  REQUIRE(answer.failure.has_value());
  CHECK(answer.failure->kind == Error::Kind::denied);
}

TEST_CASE("a home that cannot be looked into may hold a configuration of containerd", "[probes]") {
  const auto root =
      root_of(std::string("files:\n") + init +
              "  /etc/passwd: \"w:x:1001:1001::/home/w:/bin/sh\\n\"\n  /home/w: { type: directory, error: denied }\n");
  CHECK(ask(containerd_config_probe, root).failure.has_value());
}

TEST_CASE("a host without containerd has no configuration of it", "[probes]") {
  const auto answer = ask(containerd_config_probe, root_of(std::string("files:\n") + init));
  CHECK(answer.records.empty());
  CHECK_FALSE(answer.failure.has_value());
}

TEST_CASE("containerd asks the programs of a directory whether an image may be used", "[probes]") {
  const auto none = with_file(two, "version = 3\n");
  CHECK(ask(containerd_config_probe, none).text("image_verifiers").empty());
  const auto some = with_file(
      two, "version = 3\n[plugins.\"io.containerd.image-verifier.v1.bindir\"]\nbin_dir = \"/v\"\n", "  /v/check: ''\n");
  CHECK(ask(containerd_config_probe, some).text("image_verifiers") == "check");
  const auto denied =
      with_file(two, "version = 3\n", "  /opt/containerd/image-verifier/bin: { type: directory, error: denied }\n");
  CHECK(ask(containerd_config_probe, denied).text("image_verifiers") == "(unreadable: denied)");
}

TEST_CASE("the runtimes of containerd", "[probes]") {
  const auto root = with_file(
      two,
      "version = 3\n[plugins.\"io.containerd.cri.v1.runtime\".containerd]\ndefault_runtime_name = \"kata\"\n"
      "[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.kata]\nruntime_type = \"io.containerd.kata.v2\"\n"
      "options = { SystemdCgroup = true, BinaryName = \"/k\" }\n");
  const auto answer = ask(containerd_runtime_probe, root);
  CHECK(answer.texts("name") == std::vector<std::string>{"runc", "kata"});
  CHECK(answer.texts("default") == std::vector<std::string>{"false", "true"});
  CHECK(answer.texts("type") == std::vector<std::string>{"io.containerd.runc.v2", "io.containerd.kata.v2"});
  CHECK(answer.texts("systemd_cgroup") == std::vector<std::string>{"false", "true"});
  CHECK(answer.texts("binary") == std::vector<std::string>{"", "/k"});
}
