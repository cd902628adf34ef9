#include "engine/probes/logrotate.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::logrotate_rule_probe;

namespace {

ProbeAnswer about(const std::string& files) {
  return ask(logrotate_rule_probe, FakeRoot(tree_of(world_of("files: {" + files + "}"))));
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("a block has what stands before it for all, and its own", "[probes]") {
  const auto answer = about(
      "/etc/logrotate.conf: \"weekly\\nrotate 4\\ncreate\\ninclude /etc/logrotate.d\\ncompress\\n/var/log/last {\\n"
      "monthly\\ncreate 0664 root utmp\\n}\\n\", "
      "/etc/logrotate.d/b: \"/var/log/b {\\nsize 10M\\nrotate 7\\nnocreate\\nmaxage 30\\n}\\n\", "
      "/etc/logrotate.d/a: \"/var/log/a /var/log/a2 {\\ndaily\\nmaxsize 1G\\ncreate 640\\n}\\n\", "
      "/etc/logrotate.d/a.dpkg-old: \"/never {\\n}\\n\", "
      "/etc/logrotate.d/x~: \"/never {\\n}\\n\"");
  CHECK_FALSE(answer.failure.has_value());
  CHECK(answer.texts("files") == List{"/var/log/a, /var/log/a2", "/var/log/b", "/var/log/last"});
  CHECK(answer.texts("frequency") == List{"daily", "(absent)", "monthly"});
  CHECK(answer.texts("size") == List{"(absent)", "10M", "(absent)"});
  CHECK(answer.texts("max_size") == List{"1G", "(absent)", "(absent)"});
  CHECK(answer.texts("rotate") == List{"4", "7", "4"});
  CHECK(answer.texts("max_age") == List{"(absent)", "30", "(absent)"});
  CHECK(answer.texts("compress") == List{"false", "false", "true"});
  CHECK(answer.texts("creates") == List{"true", "false", "true"});
  CHECK(answer.texts("create_mode") == List{"0640", "(absent)", "0664"});
  CHECK(answer.texts("create_group") == List{"(absent)", "(absent)", "utmp"});
  CHECK(answer.records.at(1).source == "/etc/logrotate.d/b:1");
}

TEST_CASE("names that are passed over can be changed", "[probes]") {
  CHECK(about("/etc/logrotate.conf: \"tabooext + .off\\ninclude /etc/logrotate.d\\n\", "
              "/etc/logrotate.d/a.off: \"/never {\\n}\\n\", /etc/logrotate.d/b.bak: \"/never {\\n}\\n\"")
            .records.empty());
  CHECK(about("/etc/logrotate.conf: \"tabooext .off\\ninclude /etc/logrotate.d\\n\", "
              "/etc/logrotate.d/b.bak: \"/b {\\n}\\n\"")
            .text("files") == "/b");
}

TEST_CASE("rules that cannot be read are an error behind those that can", "[probes]") {
  for (const char* files : {"/etc/logrotate.conf: \"/a {\\n}\\ninclude /etc/logrotate.conf\\n\"",
                            "/etc/logrotate.conf: \"/a {\\n}\\n/b {\\n\"",
                            "/etc/logrotate.conf: \"/a {\\n}\\ninclude /etc/x\\n\", /etc/x: { error: denied }"}) {
    CAPTURE(files);
    const auto answer = about(files);
    CHECK(answer.text("files") == "/a");
    CHECK(answer.failure.has_value());
  }
  const auto none = about("/etc/hostname: x");
  CHECK(none.records.empty());
  CHECK_FALSE(none.failure.has_value());
}
