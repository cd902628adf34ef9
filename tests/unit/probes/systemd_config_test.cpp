#include "engine/probes/systemd_config.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::systemd_config_probe;

namespace {

ProbeAnswer about(const std::string& files, const char* file, const char* section, const char* key) {
  return ask(
      systemd_config_probe, FakeRoot(tree_of(world_of("files: {" + files + "}"))),
      {{"file", Value{std::string(file)}}, {"section", Value{std::string(section)}}, {"key", Value{std::string(key)}}});
}

}  // namespace

TEST_CASE("the last valid line of the main file and its drop-ins counts", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* value;
    const char* source;
  };
  const auto c = GENERATE(values<Case>({
      {"nothing is there", "/etc/hostname: x", "auto", "/etc/systemd/journald.conf"},
      {"a comment", "/etc/systemd/journald.conf: \"[Journal]\\n#Storage=none\\n\"", "auto",
       "/etc/systemd/journald.conf"},
      {"the main file", "/etc/systemd/journald.conf: \"[Journal]\\nStorage=persistent\\n\"", "persistent",
       "/etc/systemd/journald.conf:2"},
      {"a drop-in wins over the main file",
       "/etc/systemd/journald.conf: \"[Journal]\\nStorage=persistent\\n\", "
       "/usr/lib/systemd/journald.conf.d/10.conf: \"[Journal]\\nStorage=none\\n\"",
       "none", "/usr/lib/systemd/journald.conf.d/10.conf:2"},
      {"drop-ins by name, whatever their directory",
       "/etc/systemd/journald.conf.d/10.conf: \"[Journal]\\nStorage=persistent\\n\", "
       "/run/systemd/journald.conf.d/20.conf: \"[Journal]\\nStorage=volatile\\n\"",
       "volatile", "/run/systemd/journald.conf.d/20.conf:2"},
      {"of equal names the one in /etc",
       "/etc/systemd/journald.conf.d/10.conf: \"[Journal]\\nStorage=persistent\\n\", "
       "/usr/lib/systemd/journald.conf.d/10.conf: \"[Journal]\\nStorage=volatile\\n\"",
       "persistent", "/etc/systemd/journald.conf.d/10.conf:2"},
      {"a mask hides the vendor's",
       "/etc/systemd/journald.conf.d/10.conf: { target: /dev/null }, "
       "/usr/lib/systemd/journald.conf.d/10.conf: \"[Journal]\\nStorage=volatile\\n\"",
       "auto", "/etc/systemd/journald.conf"},
      {"another section sets nothing", "/etc/systemd/journald.conf: \"[Upload]\\nStorage=none\\n\"", "auto",
       "/etc/systemd/journald.conf"},
      {"a line before any section sets nothing", "/etc/systemd/journald.conf: \"Storage=none\\n[Journal]\\n\"", "auto",
       "/etc/systemd/journald.conf"},
      {"a word that the daemon does not know changes nothing",
       "/etc/systemd/journald.conf: \"[Journal]\\nStorage=persistent\\nStorage=disk\\n\"", "persistent",
       "/etc/systemd/journald.conf:2"},
      {"another suffix is no drop-in", "/etc/systemd/journald.conf.d/10.conf.bak: \"[Journal]\\nStorage=none\\n\"",
       "auto", "/etc/systemd/journald.conf"},
      {"the vendor's main file where /etc has none",
       "/usr/lib/systemd/journald.conf: \"[Journal]\\nStorage=volatile\\n\"", "volatile",
       "/usr/lib/systemd/journald.conf:2"},
      {"the vendor's main file where /etc has one",
       "/etc/systemd/journald.conf: \"\", /usr/lib/systemd/journald.conf: \"[Journal]\\nStorage=volatile\\n\"", "auto",
       "/etc/systemd/journald.conf"},
      {"may not be read", "/etc/systemd/journald.conf: { error: denied }", "(unreadable: denied)", ""},
      {"may not be read, but a later file decides",
       "/etc/systemd/journald.conf: { error: denied }, "
       "/etc/systemd/journald.conf.d/10.conf: \"[Journal]\\nStorage=persistent\\n\"",
       "persistent", "/etc/systemd/journald.conf.d/10.conf:2"},
      {"a broken header", "/etc/systemd/journald.conf: \"[Journal\\nStorage=persistent\\n\"", "(unreadable: malformed)",
       ""},
  }));
  CAPTURE(c.what);
  const auto answer = about(c.files, "journald.conf", "Journal", "Storage");
  CHECK(answer.text("value") == c.value);
  if (*c.source != '\0') CHECK(answer.records.at(0).fields.at(0).source == c.source);
}

TEST_CASE("what is overridden and what is passed over is told", "[probes]") {
  const auto answer = about(
      "/etc/systemd/journald.conf: \"[Journal]\\nCompress=no\\nCompress=maybe\\n\", "
      "/etc/systemd/journald.conf.d/10.conf: \"[Journal]\\nCompress=1K\\n\"",
      "journald.conf", "Journal", "Compress");
  CHECK(answer.text("value") == "yes");
  CHECK(answer.text("configured") == "true");
  CHECK(answer.text("default") == "yes");
  CHECK(answer.text("passed_over") == "/etc/systemd/journald.conf:3 Compress=maybe");
  CHECK(answer.records.at(0).fields.at(0).overridden ==
        std::vector<Overridden>{{"/etc/systemd/journald.conf:2", "no"}});
}

TEST_CASE("lists add up, and an empty line drops what stands before it", "[probes]") {
  struct Case {
    const char* what;
    const char* text;
    const char* items;
    const char* configured;
  };
  const auto c = GENERATE(values<Case>({
      {"one line", "NTP=a b", "a, b", "true"},
      {"two lines", "NTP=a\\nNTP=b", "a, b", "true"},
      {"taken back", "NTP=a\\nNTP=", "", "true"},
      {"taken back and set anew", "NTP=a\\nNTP=\\nNTP=b", "b", "true"},
      {"never set", "FallbackNTP=a", "(absent)", "false"},
  }));
  CAPTURE(c.what);
  const auto answer = about(std::string("/etc/systemd/timesyncd.conf: \"[Time]\\n") + c.text + "\\n\"",
                            "timesyncd.conf", "Time", "NTP");
  CHECK(answer.text("items") == c.items);
  CHECK(answer.text("configured") == c.configured);
}

TEST_CASE("a text can be taken back", "[probes]") {
  const auto answer = about("/etc/systemd/journal-upload.conf: \"[Upload]\\nURL=https://log.example\\nURL=\\n\"",
                            "journal-upload.conf", "Upload", "URL");
  CHECK(answer.text("value") == "(absent)");
  CHECK(answer.text("configured") == "false");
}

TEST_CASE("a setting that is not known is an error, not an absence", "[probes]") {
  CHECK(about("/etc/hostname: x", "journald.conf", "Journal", "Storag").failure.has_value());
  CHECK(about("/etc/hostname: x", "journald.conf", "Upload", "Storage").failure.has_value());
}

TEST_CASE("a directory of drop-ins that cannot be listed leaves nothing to say", "[probes]") {
  const auto answer =
      about("/etc/systemd/journald.conf.d: { type: directory, error: denied }", "journald.conf", "Journal", "Storage");
  CHECK(answer.failure.has_value());
}
