#include "engine/probes/crio.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"
#include "tests/support/yaml_text.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::crio_config_probe;
using probes::crio_runtime_probe;

namespace {

struct File {
  std::string path;
  std::string text;
};

FakeRoot root_of(const std::vector<File>& files, const std::string& more = {}) {
  std::string world =
      "files:\n  /proc/1/status: "
      "\"Name:\\tinit\\nState:\\tS\\nPPid:\\t0\\nUid:\\t0\\t0\\t0\\t0\\nGid:\\t0\\t0\\t0\\t0\\n\"\n";
  for (const auto& [path, text] : files) world += "  " + path + ": " + yaml_text(text) + "\n";
  return FakeRoot(tree_of(world_of(world + more)));
}

const File unit = {"/usr/lib/systemd/system/crio.service",
                   "[Service]\nEnvironmentFile=-/etc/sysconfig/crio\nExecStart=/usr/bin/crio $CRIO_OPTIONS\n"};

}  // namespace

TEST_CASE("CRI-O's files add up in their order", "[probes]") {
  const auto root =
      root_of({unit,
               {"/etc/crio/crio.conf", "[crio.runtime]\npids_limit = 5\nread_only = true\nhooks_dir = [\"/h\"]\n"},
               {"/etc/crio/crio.conf.d/10-a", "[crio.runtime]\npids_limit = 6\n"},
               {"/etc/crio/crio.conf.d/05/x.conf", "[crio.runtime]\npids_limit = 7\nlog_level = \"debug\"\n"}});
  const auto answer = ask(crio_config_probe, root);
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("pids_limit") == "6");
  CHECK(answer.text("log_level") == "debug");
  CHECK(answer.text("read_only") == "true");
  CHECK(answer.text("hooks_dir") == "/h");
  CHECK(answer.text("running") == "false");
  const auto& field = answer.records[0].fields.at(static_cast<std::size_t>(field_index(*answer.schema, "pids_limit")));
  CHECK(field.source == "/etc/crio/crio.conf.d/10-a:2");
  REQUIRE(field.overridden.size() == 2);
  CHECK(field.overridden[1].source == "/etc/crio/crio.conf.d/05/x.conf:2");
}

TEST_CASE("CRI-O's options are stronger than its files", "[probes]") {
  const auto root =
      root_of({unit,
               {"/etc/sysconfig/crio",
                "CRIO_OPTIONS=\"--config /etc/x.conf --selinux --pids-limit=9 --insecure-registry a,b "
                "--insecure-registry c\"\n"},
               {"/etc/x.conf",
                "[crio.runtime]\npids_limit = 5\nselinux = false\n[crio.image]\ninsecure_registries = [\"d\"]\n"}});
  const auto answer = ask(crio_config_probe, root);
  CHECK(answer.text("path") == "/etc/x.conf");
  CHECK(answer.text("pids_limit") == "9");
  CHECK(answer.text("selinux") == "true");
  CHECK(answer.text("insecure_registries") == "a, b, c");
}

TEST_CASE("CRI-O's defaults", "[probes]") {
  const auto answer = ask(crio_config_probe, root_of({unit}));
  CHECK(answer.text("pids_limit") == "-1");
  CHECK(answer.text("selinux") == "(absent)");
  CHECK(answer.text("apparmor_profile") == "crio-default");
  CHECK(answer.text("default_sysctls").empty());
  CHECK(answer.text("stream_address") == "127.0.0.1");
}

TEST_CASE("CRI-O that runs is asked for its own options", "[probes]") {
  const auto root = root_of(
      {unit, {"/etc/crio/crio.conf", "[crio.runtime]\npids_limit = 5\n"}},
      "  /proc/9/status: \"Name:\\tcrio\\nState:\\tS\\nPPid:\\t1\\nUid:\\t0\\t0\\t0\\t0\\nGid:\\t0\\t0\\t0\\t0\\n\"\n"
      "  /proc/9/cmdline: \"crio\\0--pids-limit\\0007\\0\"\n");
  const auto answer = ask(crio_config_probe, root);
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("running") == "true");
  CHECK(answer.text("pids_limit") == "7");
}

TEST_CASE("what of CRI-O cannot be read or understood", "[probes]") {
  struct Case {
    const char* what;
    const char* more;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"a file that is denied", "  /etc/crio/crio.conf: { error: denied }\n", "(unreadable: denied)"},
      {"a drop-in that is no TOML", "  /etc/crio/crio.conf.d/x: \"a\"\n", "(unreadable: malformed)"},
      {"a directory that is denied", "  /etc/crio/crio.conf.d: { type: directory, error: denied }\n",
       "(unreadable: denied)"},
      {"a value of another type", "  /etc/crio/crio.conf: \"[crio.runtime]\\nlog_level = 5\\n\"\n",
       "(unreadable: malformed)"},
      {"an option's file that is not there", "  /etc/sysconfig/crio: \"CRIO_OPTIONS=-c=/etc/none\"\n",
       "(unreadable: not_found)"},
  }));
  CAPTURE(c.what);
  CHECK(ask(crio_config_probe, root_of({unit}, c.more)).text("log_level") == c.value);
}

TEST_CASE("a host without CRI-O has no configuration of it", "[probes]") {
  CHECK(ask(crio_config_probe, root_of({})).records.empty());
  CHECK(ask(crio_config_probe, root_of({{"/etc/crio/crio.conf", ""}})).records.size() == 1);
}

TEST_CASE("a later file replaces a runtime of CRI-O as a whole", "[probes]") {
  const auto root =
      root_of({unit,
               {"/etc/crio/crio.conf",
                "[crio.runtime]\ndefault_runtime = \"kata\"\n[crio.runtime.runtimes.runc]\nruntime_path = \"/r\"\n"
                "[crio.runtime.runtimes.kata]\nruntime_type = \"vm\"\nprivileged_without_host_devices = true\n"},
               {"/etc/crio/crio.conf.d/a",
                "[crio.runtime.runtimes.kata]\nruntime_type = \"oci\"\n"
                "[crio.runtime.workloads.w]\nallowed_annotations = [\"devices.crio.io\"]\n"}});
  const auto answer = ask(crio_runtime_probe, root);
  CHECK(answer.texts("name") == std::vector<std::string>{"kata", "runc", "workload w"});
  CHECK(answer.texts("type") == std::vector<std::string>{"oci", "oci", "oci"});
  CHECK(answer.texts("privileged_without_host_devices") == std::vector<std::string>{"false", "false", "false"});
  CHECK(answer.texts("default") == std::vector<std::string>{"true", "false", "false"});
  CHECK(answer.text("allowed_annotations", 2) == "devices.crio.io");
}
