#include <optional>

#include "engine/probes/audit_rule.hpp"
#include "engine/probes/audit_rule_sets.hpp"
#include "engine/probes/audit_system.hpp"
#include "engine/probes/audited.hpp"
#include "engine/probes/tree.hpp"
#include "tests/support/audit_rule_bytes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;

namespace {

ProbeAnswer ask_in(const World& world, const probes::Probe& probe, const Arguments& arguments = {}) {
  const FakeRoot root(tree_of(world));
  const auto kernel = kernel_audit_of(world);
  return ask(probe, root, arguments, {}, &kernel);
}

Arguments what(TextList names, TextList filter = {}) {
  Arguments arguments{{"what", std::move(names)}};
  if (!filter.empty()) arguments["filter"] = std::move(filter);
  return arguments;
}

}  // namespace

TEST_CASE("audited: rules are judged by what they come to, on disk and in the kernel", "[probes]") {
  const auto world = world_of(R"(
files:
  /etc/login.defs: "UID_MIN 500\n"
  /etc/audit/rules.d/50-perm.rules: |
    -a exit,always -F arch=b64 -S fchmod,chmod -F auid!=-1 -F auid>=500 -k one
    -a always,exit -F arch=b32 -S chmod -F auid>=500 -F auid!=unset
audit:
  rules: |
    -a always,exit -F arch=b64 -S chmod -F auid>=500 -F auid!=unset -F key=one
)");
  const auto answer = ask_in(world, probes::audited_probe, what({"chmod"}, {"auid>=uid_min", "auid!=unset"}));
  CHECK(answer.texts("architecture") == std::vector<std::string>{"b64", "b32"});
  CHECK(answer.texts("at_boot") == std::vector<std::string>{"true", "true"});
  CHECK(answer.texts("now") == std::vector<std::string>{"true", "false"});
  CHECK(answer.records[0].fields[3].source == "/etc/audit/rules.d/50-perm.rules:1");
  CHECK(answer.records[0].fields[4].source ==
        "the kernel's rule 1: -a always,exit -F arch=b64 -S chmod -F auid!=unset -F auid>=500");
  CHECK(answer.records[0].resource == "chmod (b64) [auid>=uid_min, auid!=unset]");
}

TEST_CASE("audited: files are read in the order of augenrules, and control lines are moved", "[probes]") {
  const auto world = world_of(R"(
files:
  /etc/passwd: ""
  /etc/audit/rules.d/10-last.rules: "-a never,exit -F path=/etc/passwd\n"
  /etc/audit/rules.d/9-first.rules: "-e 2\n-w /etc/passwd -p wa\n"
  /etc/audit/rules.d/.hidden.rules: "-a never,task\n"
  /etc/audit/rules.d/note.txt: "-a never,task\n"
  /etc/audit/rules.d/99-clear.rules: "-D\n-b 8192\n-f 2\n"
)");
  const auto answer = ask_in(world, probes::audited_probe, what({"/etc/passwd"}));
  CHECK(answer.texts("at_boot") == std::vector<std::string>{"true"});
  CHECK(answer.records[0].fields[3].source == "/etc/audit/rules.d/9-first.rules:2");
  CHECK(answer.texts("now") == std::vector<std::string>{"(unreadable: denied)"});
  const auto system = ask_in(world, probes::audit_system_probe);
  CHECK(system.text("locked_at_boot") == "true");
  CHECK(system.text("backlog_limit_at_boot") == "8192");
  CHECK(system.text("failure_at_boot") == "2");
  CHECK(system.text("refused").empty());
  CHECK(system.text("locked") == "(unreadable: denied)");
}

TEST_CASE("audited: loading ends at the first line that is refused", "[probes]") {
  struct Case {
    const char* what;
    const char* rules;
    const char* at_boot;
    const char* refused;
  };
  const auto c = GENERATE(values<Case>({
      {"an unknown call", "-a always,exit -F arch=b64 -S nosuch\\n-w /etc/passwd -p wa\\n", "false",
       "/etc/audit/rules.d/a.rules:1: there is no system call nosuch on this architecture"},
      {"the same rule twice", "-w /etc/group -p wa\\n-w /etc/group -p wa\\n-w /etc/passwd -p wa\\n", "false",
       "/etc/audit/rules.d/a.rules:2: the same rule stands in /etc/audit/rules.d/a.rules:1"},
      {"with -c", "-c\\n-a always,exit -F arch=b64 -S nosuch\\n-w /etc/passwd -p wa\\n", "true",
       "/etc/audit/rules.d/a.rules:2: there is no system call nosuch on this architecture"},
      {"with -i", "-i\\n-w /none/there -p wa\\n-w /etc/passwd -p wa\\n", "true",
       "/etc/audit/rules.d/a.rules:2: the kernel refuses a path in a directory that is not there: /none/there"},
      {"deleted again", "-w /etc/passwd -p wa\\n-W /etc/passwd -p wa\\n", "false", ""},
      {"disabled", "-w /etc/passwd -p wa\\n-e 0\\n", "false", ""},
      {"before another one", "-w /etc/passwd -p wa\\n-A never,exit -F path=/etc/passwd\\n", "false", ""},
  }));
  INFO(c.what);
  const auto world = world_of(std::string("files: { /etc/passwd: \"\", /etc/audit/rules.d/a.rules: \"") + c.rules +
                              "\" }\naudit: {}\n");
  CHECK(ask_in(world, probes::audited_probe, what({"/etc/passwd"})).text("at_boot") == c.at_boot);
  CHECK(ask_in(world, probes::audit_system_probe).text("refused") == c.refused);
}

TEST_CASE("audited: the unit decides which file counts", "[probes]") {
  struct Case {
    const char* command;
    const char* at_boot;
  };
  const auto c = GENERATE(values<Case>({{"ExecStartPost=-/sbin/augenrules --load", "false"},
                                        {"ExecStartPost=-/sbin/auditctl -R /etc/audit/audit.rules", "true"},
                                        {"ExecStart=/sbin/auditd", "false"}}));
  const auto world = world_of(std::string(R"(
files:
  /etc/passwd: ""
  /etc/audit/audit.rules: "-w /etc/passwd -p wa\n"
  /etc/audit/rules.d/none.rules: ""
  /usr/lib/systemd/system/auditd.service: "[Service]\n)") +
                              c.command + "\\n\"\n");
  CHECK(ask_in(world, probes::audited_probe, what({"/etc/passwd"})).text("at_boot") == c.at_boot);
}

TEST_CASE("audited: links above a path, and files that cannot be read", "[probes]") {
  const auto linked = world_of(R"(
files:
  /var/run: { target: ../run }
  /run/utmp: ""
  /etc/audit/rules.d/a.rules: "-w /var/run/utmp -p wa\n"
)");
  CHECK(ask_in(linked, probes::audited_probe, what({"/run/utmp"})).text("at_boot") == "true");
  const auto denied = world_of("files: { /etc/audit/rules.d/a.rules: { mode: \"0000\" } }");
  CHECK(ask_in(denied, probes::audited_probe, what({"/etc/passwd"})).text("at_boot") == "(unreadable: denied)");
  const auto no_rules = world_of("live: false\nfiles: {}");
  CHECK(ask_in(no_rules, probes::audited_probe, what({"/etc/passwd"})).text("at_boot") == "false");
  CHECK(ask_in(no_rules, probes::audited_probe, what({"/etc/passwd"})).text("now") == "(unreadable: unobservable)");
  const auto off = world_of("audit: { enabled: 0, rules: \"-w /etc/passwd -p wa\\n\" }");
  CHECK(ask_in(off, probes::audited_probe, what({"/etc/passwd"})).text("now") == "false");
  CHECK(ask_in(off, probes::audited_probe, what({"stime"})).texts("architecture") == std::vector<std::string>{"b32"});
  CHECK(ask_in(off, probes::audited_probe, what({"stime"}, {"auid~1"})).failure);
}

TEST_CASE("audit_rule: rules on disk and in the kernel, joined", "[probes]") {
  const auto world = world_of(R"(
files:
  /etc/passwd: ""
  /etc/audit/rules.d/a.rules: |
    -w /etc/passwd -p wa -k id
    -a always,exit -F arch=b64 -S chmod,fchmod -k one
    -a always,exit -F arch=b64 -F path=/etc/su -F perm=x
audit:
  rules: |
    -a always,exit -F arch=b64 -S fchmod
    -a exit,always -F arch=b64 -S chmod
    -a always,exit -F arch=b64 -S execve,execveat -F path=/etc/su -F perm=x
    -a never,task
)");
  const auto answer = ask_in(world, probes::audit_rule_probe);
  CHECK(answer.texts("rule") == std::vector<std::string>{"-a always,exit -F arch=b64 -S chmod,fchmod",
                                                         "-a always,exit -F arch=b64 -S all -F path=/etc/su -F perm=x",
                                                         "-a always,exit -S all -F path=/etc/passwd -F perm=wa",
                                                         "-a never,task"});
  CHECK(answer.texts("at_boot") == std::vector<std::string>{"true", "true", "true", "false"});
  CHECK(answer.texts("now") == std::vector<std::string>{"true", "true", "false", "true"});
}

TEST_CASE("privileged_program: set-id files of the walk, and whether their use is recorded", "[probes]") {
  const auto world = world_of(R"(
files:
  /usr/bin/su: { mode: "4755" }
  /usr/bin/wall: { mode: "2755" }
  /usr/bin/ls: { mode: "0755" }
  /mnt/x/su: { mode: "4755" }
  /proc/self/mountinfo: |
    20 1 8:1 / / rw - ext4 /dev/sda1 rw
    21 20 8:2 / /mnt/x rw,nosuid - ext4 /dev/sda2 rw
  /etc/audit/rules.d/a.rules: "-a always,exit -F path=/usr/bin/su -F perm=x -F auid>=1000 -F auid!=unset\n"
audit: {}
)");
  const auto answer = ask_in(world, probes::privileged_program_probe);
  CHECK(answer.texts("path") == std::vector<std::string>{"/usr/bin/su", "/usr/bin/wall"});
  CHECK(answer.texts("at_boot") == std::vector<std::string>{"true", "false"});
  CHECK(answer.texts("now") == std::vector<std::string>{"false", "false"});
}

TEST_CASE("audit_rule: files are put together as this host's augenrules puts them", "[probes]") {
  const auto files = std::string(R"(
files:
  /etc/passwd: ""
  /etc/group: ""
  /etc/hosts: ""
  /etc/audit/rules.d/05-null.rules: { target: /dev/null }
  /etc/audit/rules.d/10-open.rules: "-c\n-w /etc/passwd -p wa"
  /etc/audit/rules.d/20-next.rules: "-w /etc/group -p wa\n-w /etc/hosts -p wa\r\n  -e 2\n"
  /etc/audit/rules.d/30-later.rules: "-e 1\n"
)");
  const auto gawk = ask_in(world_of(files), probes::audit_system_probe);
  CHECK(gawk.text("locked_at_boot") == "false");
  CHECK(gawk.text("refused").find("10-open.rules:2") != std::string::npos);
  CHECK(gawk.text("refused").find("20-next.rules:2") != std::string::npos);
  const auto mawk = ask_in(world_of(files + R"(
  /usr/bin/awk: { target: /etc/alternatives/awk }
  /etc/alternatives/awk: { target: /usr/bin/mawk }
  /usr/sbin/augenrules: "sub(/\\r$/, \"\");\n"
)"),
                           probes::audit_system_probe);
  CHECK(mawk.text("locked_at_boot") == "true");
  CHECK(mawk.text("refused").find("20-next.rules:2") == std::string::npos);
}
