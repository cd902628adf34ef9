#include "engine/probes/auditd.hpp"

#include <fmt/core.h>

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::audit_log_probe;
using probes::auditd_probe;

namespace {

using List = std::vector<std::string>;

FakeRoot root_with(std::string_view files) {
  return FakeRoot(tree_of(world_of(fmt::format("files: {{{}}}", files))));
}

ProbeAnswer configured(std::string_view text) {
  return ask(auditd_probe, root_with(fmt::format("/etc/audit/auditd.conf: \"{}\"", text)));
}

ProbeAnswer logs(std::string_view files) {
  return ask(audit_log_probe, root_with(files));
}

}  // namespace

TEST_CASE("auditd: the last line of a key counts, and what it overrides is said", "[probes]") {
  const auto answer = configured("max_log_file = 8\\n# x\\nMax_Log_File = 6\\nspace_left = 25%\\nwrite_logs = YES\\n");
  CHECK(answer.text("max_log_file") == "6");
  const auto& field = answer.records.at(0).fields.at(3);
  CHECK(field.source == "/etc/audit/auditd.conf:3");
  REQUIRE(field.overridden.size() == 1);
  CHECK(field.overridden[0].source == "/etc/audit/auditd.conf:1");
  CHECK(field.overridden[0].value == "8");
  CHECK(answer.text("space_left") == "25%");
  CHECK(answer.text("write_logs") == "true");
}

TEST_CASE("auditd: words of the daemon have no case, names do", "[probes]") {
  const auto answer =
      configured("disk_full_action = HALT\\nspace_left_action = Exec /Sbin/Warn\\naction_mail_acct = Ann\\n");
  CHECK(answer.text("disk_full_action") == "halt");
  CHECK(answer.text("space_left_action") == "exec");
  CHECK(answer.text("action_mail_acct") == "Ann");
}

TEST_CASE("auditd: without a file, or a line, the daemon's own defaults count", "[probes]") {
  for (const auto* files : {"", "/etc/audit/auditd.conf: \"# nothing\\n\""}) {
    CAPTURE(files);
    const auto answer = ask(auditd_probe, root_with(files));
    CHECK(answer.text("log_file") == "/var/log/audit/audit.log");
    CHECK(answer.text("disk_full_action") == "ignore");
    CHECK(answer.text("disk_error_action") == "syslog");
    CHECK(answer.text("write_logs") == "true");
    CHECK(answer.records.at(0).fields.at(0).source == "/etc/audit/auditd.conf (default)");
  }
}

TEST_CASE("auditd: what the daemon or the kernel refuses is no value", "[probes]") {
  struct Case {
    const char* what;
    const char* file;
    const char* told;
  };
  const auto c = GENERATE(values<Case>({
      {"denied", "{ error: denied }", "(unreadable: denied)"},
      {"too large", "{ error: too_large }", "(unreadable: too_large)"},
      {"no blanks around the equals sign", "\"max_log_file=8\\n\"", "(unreadable: malformed)"},
      {"an unknown key behind a good line", "\"max_log_file = 8\\nmax_log_fle = 8\\n\"", "(unreadable: malformed)"},
      {"no value", "\"max_log_file =\\n\"", "(unreadable: malformed)"},
      {"no number", "\"max_log_file = eight\\n\"", "(unreadable: malformed)"},
  }));
  CAPTURE(c.what);
  const auto answer = ask(auditd_probe, root_with(fmt::format("/etc/audit/auditd.conf: {}", c.file)));
  CHECK(answer.text("max_log_file") == c.told);
}

TEST_CASE("audit_log: the directory of log_file and each file in it", "[probes]") {
  const auto answer = logs(
      "/etc/audit/auditd.conf: \"log_file = /srv/trail/now.log\\n\", "
      "/srv/trail: { type: directory, mode: \"0750\", owner: 0, group: 4 }, "
      "/srv/trail/now.log: { mode: \"0640\", content: x }, /srv/trail/old/deep.log: x, "
      "/var/log/audit/audit.log: { mode: \"0666\", content: x }");
  CHECK_FALSE(answer.failure.has_value());
  CHECK(answer.texts("path") == List{"/srv/trail", "/srv/trail/now.log"});
  CHECK(answer.texts("directory") == List{"true", "false"});
  CHECK(answer.texts("mode") == List{"0750", "0640"});
  CHECK(answer.looked_at == "1 files");
  CHECK(answer.looked_at_source == "/srv/trail");
}

TEST_CASE("audit_log: without a line the daemon's own place counts", "[probes]") {
  CHECK(logs("/var/log/audit/audit.log: x").texts("path") == List{"/var/log/audit", "/var/log/audit/audit.log"});
  const auto none = logs("/etc/audit/auditd.conf: \"log_file = /srv/none/a.log\\n\"");
  CHECK(none.records.empty());
  CHECK_FALSE(none.failure.has_value());
  CHECK(none.looked_at == "/srv/none does not exist");
}

TEST_CASE("audit_log: what cannot be told is an error", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    Error::Kind kind;
  };
  const auto c = GENERATE(values<Case>({
      {"the configuration is denied", "/etc/audit/auditd.conf: { error: denied }", Error::Kind::denied},
      {"the daemon refuses it", "/etc/audit/auditd.conf: \"log_file\\n\"", Error::Kind::malformed},
      {"a name without directory", "/etc/audit/auditd.conf: \"log_file = audit.log\\n\"", Error::Kind::malformed},
      {"the root directory", "/etc/audit/auditd.conf: \"log_file = /audit.log\\n\"", Error::Kind::malformed},
      {"a directory that may not be listed", "/var/log/audit: { type: directory, error: denied }", Error::Kind::denied},
  }));
  CAPTURE(c.what);
  const auto answer = logs(c.files);
  REQUIRE(answer.failure.has_value());
  CHECK(answer.failure->kind == c.kind);
}
