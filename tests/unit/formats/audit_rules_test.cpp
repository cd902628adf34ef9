#include "engine/formats/audit_rules.hpp"

#include <linux/audit.h>

#include "engine/formats/audit_coverage.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

namespace {

AuditHost host() {
  AuditHost host;
  host.machine = machine_x86_64();
  host.user_id = [](std::string_view name) { return name == "bob" ? std::optional(1001U) : std::nullopt; };
  host.group_id = [](std::string_view name) { return name == "adm" ? std::optional(4U) : std::nullopt; };
  host.is_directory = [](std::string_view path) { return path == "/etc/sudoers.d" || path == "/etc"; };
  host.exists = [](std::string_view path) { return path.starts_with("/etc") && path != "/etc/none"; };
  return host;
}

std::string normal(std::string_view line) {
  const auto parsed = parse_audit_line(line, host());
  return parsed.kind == AuditLine::Kind::bad ? "bad: " + parsed.problem : to_text(parsed.rule, machine_x86_64());
}

std::vector<AuditRule> rules_of(std::initializer_list<std::string_view> lines) {
  std::vector<AuditRule> rules;
  for (const auto line : lines) {
    auto parsed = parse_audit_line(line, host());
    INFO(line << ": " << parsed.problem);
    REQUIRE(parsed.kind == AuditLine::Kind::add);
    rules.push_back(std::move(parsed.rule));
  }
  return rules;
}

AuditEvents events(std::string_view call, std::initializer_list<std::string_view> filters, bool b64 = true) {
  AuditEvents made;
  made.architecture = b64 ? machine_x86_64().b64 : machine_x86_64().b32;
  made.calls = {*syscall_number(call, made.architecture)};
  for (const auto filter : filters) {
    std::string problem;
    auto field = parse_audit_comparison(filter);
    if (!field) field = parse_audit_field(filter, host(), problem);
    REQUIRE(field);
    made.constraints.push_back(*field);
  }
  return made;
}

AuditEvents reached(std::string_view path, std::uint32_t access, bool directory = false) {
  AuditEvents made;
  made.architecture = machine_x86_64().b64;
  made.calls = calls_of_access(access, made.architecture);
  made.path = path;
  made.directory = directory;
  made.access = access;
  return made;
}

}  // namespace

TEST_CASE("an audit rule has one normal form however it is written") {
  struct Case {
    const char* line;
    const char* expected;
  };
  const auto c = GENERATE(values<Case>({
      {"-a always,exit -F arch=b64 -S chmod -S fchmod -F auid>=1000 -F auid!=unset -k perm",
       "-a always,exit -F arch=b64 -S chmod,fchmod -F auid!=unset -F auid>=1000"},
      {"-a exit,always -F arch=b64 -S fchmod,chmod -F auid!=-1 -F auid>=1000 -F key=other",
       "-a always,exit -F arch=b64 -S chmod,fchmod -F auid!=unset -F auid>=1000"},
      {"-a always,exit -F arch=x86_64 -S 90 -F auid!=4294967295", "-a always,exit -F arch=b64 -S chmod -F auid!=unset"},
      {"-a always,exit -F arch=b32 -S 15", "-a always,exit -F arch=b32 -S chmod"},
      {"-a always,exit -F arch=b64 -S fchmodat2", "-a always,exit -F arch=b64 -S fchmodat2"},
      {"-w /etc/sudoers.d/ -p wa -k scope", "-a always,exit -S all -F dir=/etc/sudoers.d -F perm=wa"},
      {"-w /etc/passwd -p aw", "-a always,exit -S all -F path=/etc/passwd -F perm=wa"},
      {"-w /etc/passwd", "-a always,exit -S all -F path=/etc/passwd -F perm=rwxa"},
      {"-w /etc/with\\ blank -p w", "-a always,exit -S all -F path=/etc/with blank -F perm=w"},
      {"  -a always,exit -F arch=b64 -S open -F exit=-EACCES -F auid>=bob",
       "-a always,exit -F arch=b64 -S open -F auid>=1001 -F exit=-EACCES"},
      {"-a always,exit -F arch=b64 -S open -F exit=-13", "-a always,exit -F arch=b64 -S open -F exit=-EACCES"},
      {"-a always,exit -F arch=b64 -S clock_settime -F a0=0", "-a always,exit -F arch=b64 -S clock_settime -F a0=0x0"},
      {"-a always,exit -F arch=b64 -C euid!=uid -S execve", "-a always,exit -F arch=b64 -S execve -F uid!=euid"},
      {"-a never,task", "-a never,task"},
      {"-a task,never", "-a never,task"},
      {"-a always,exclude -F msgtype=CWD", "-a always,exclude -F msgtype=CWD"},
      {"-a always,exit -S chmod -F arch=b64", "bad: arch stands behind the system calls"},
      {"-a always,exit -F arch=b64 -S nosuchcall", "bad: there is no system call nosuchcall on this architecture"},
      {"-F auid>=1000 -a always,exit", "bad: a list is to be given before fields"},
      {"-a always,exit -F auid>=nobody", "bad: not a value of this field: auid>=nobody"},
      {"-a always,entry -S open", "bad: `always,entry` is no list and action"},
      {"-a always,exit -F dir=/etc/none -F perm=wa",
       "bad: the kernel refuses a directory that is not there: /etc/none"},
      {"-w /srv/none/file -p wa", "bad: the kernel refuses a path in a directory that is not there: /srv/none/file"},
      {"-w etc/passwd -p wa", "bad: `etc/passwd` does not start with a slash"},
      {"-p wa", "bad: -p without -w"},
      {"nonsense", "bad: `nonsense` is no option"},
      {"-a", "bad: -a has no value"},
  }));
  CHECK(normal(c.line) == c.expected);
}

TEST_CASE("control lines of audit rules") {
  CHECK(parse_audit_line("-e 2", host()).number == 2);
  CHECK(parse_audit_line("-e2", host()).kind == AuditLine::Kind::enabled);
  CHECK(parse_audit_line("-e 3", host()).kind == AuditLine::Kind::bad);
  CHECK(parse_audit_line("-b 8192", host()).number == 8192);
  CHECK(parse_audit_line("-f 1", host()).kind == AuditLine::Kind::failure);
  CHECK(parse_audit_line("-D", host()).kind == AuditLine::Kind::clear);
  CHECK(parse_audit_line("-c", host()).kind == AuditLine::Kind::continue_errors);
  CHECK(parse_audit_line("-i", host()).kind == AuditLine::Kind::ignore_errors);
  CHECK(parse_audit_line("--loginuid-immutable", host()).kind == AuditLine::Kind::nothing);
  CHECK(parse_audit_line("--backlog_wait_time 60000", host()).kind == AuditLine::Kind::nothing);
  CHECK(parse_audit_line("# -e 2", host()).kind == AuditLine::Kind::nothing);
}

TEST_CASE("bytes of the kernel that are no rule are refused") {
  CHECK_FALSE(parse_audit_rule_data(""));
  CHECK_FALSE(parse_audit_rule_data(std::string(100, 'x')));
  std::string long_texts(sizeof(audit_rule_data), '\0');
  long_texts[sizeof(audit_rule_data) - 4] = 1;
  CHECK_FALSE(parse_audit_rule_data(long_texts));
}

TEST_CASE("what a set of rules records") {
  struct Case {
    const char* what;
    std::vector<AuditRule> rules;
    AuditEvents events;
    bool recorded;
  };
  const auto people = {std::string_view("auid>=1000"), std::string_view("auid!=unset")};
  const auto chmod = [&](bool b64 = true) { return events("chmod", people, b64); };
  constexpr auto change = AUDIT_PERM_WRITE | AUDIT_PERM_ATTR;
  const auto c = GENERATE_COPY(values<Case>({
      {"the rule itself", rules_of({"-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F auid!=unset"}), chmod(),
       true},
      {"a rule that asks for less", rules_of({"-a always,exit -F arch=b64 -S chmod"}), chmod(), true},
      {"a rule for more users", rules_of({"-a always,exit -F arch=b64 -S chmod -F auid>=500"}), chmod(), true},
      {"a rule for fewer users", rules_of({"-a always,exit -F arch=b64 -S chmod -F auid>=2000"}), chmod(), false},
      {"the other architecture", rules_of({"-a always,exit -F arch=b64 -S chmod"}), chmod(false), false},
      {"a number without arch is another call elsewhere", rules_of({"-a always,exit -S chmod"}), chmod(false), false},
      {"all calls of all architectures", rules_of({"-a always,exit -S all"}), chmod(false), true},
      {"success only", rules_of({"-a always,exit -F arch=b64 -S chmod -F success=1"}), chmod(), false},
      {"never before it", rules_of({"-a never,exit -F arch=b64 -S chmod", "-a always,exit -F arch=b64 -S chmod"}),
       chmod(), false},
      {"never behind it", rules_of({"-a always,exit -F arch=b64 -S chmod", "-a never,exit -F arch=b64 -S chmod"}),
       chmod(), true},
      {"never for one user", rules_of({"-a never,exit -F auid=1001", "-a always,exit -F arch=b64 -S chmod"}), chmod(),
       false},
      {"never for who is none of them", rules_of({"-a never,exit -F auid=33", "-a always,exit -F arch=b64 -S chmod"}),
       chmod(), true},
      {"never for daemons", rules_of({"-a never,exit -F auid=unset", "-a always,exit -F arch=b64 -S chmod"}),
       events("chmod", {}), true},
      {"no process is looked at", rules_of({"-a never,task", "-a always,exit -F arch=b64 -S chmod"}), chmod(), false},
      {"records of calls are dropped",
       rules_of({"-a always,exit -F arch=b64 -S chmod", "-a always,exclude -F msgtype=SYSCALL"}), chmod(), false},
      {"records of working directories are dropped",
       rules_of({"-a always,exit -F arch=b64 -S chmod", "-a always,exclude -F msgtype=CWD"}), chmod(), true},
      {"a user's records are dropped",
       rules_of({"-a always,exit -F arch=b64 -S chmod", "-a never,exclude -F auid=1001"}), chmod(), false},
      {"an error", rules_of({"-a always,exit -F arch=b64 -S open -F exit=-EACCES"}), events("open", {"exit=-EACCES"}),
       true},
      {"another error", rules_of({"-a always,exit -F arch=b64 -S open -F exit=-EPERM"}),
       events("open", {"exit=-EACCES"}), false},
      {"failure of any kind", rules_of({"-a always,exit -F arch=b64 -S open -F success=0"}),
       events("open", {"exit=-EACCES"}), true},
      {"a comparison", rules_of({"-a always,exit -F arch=b64 -S execve -C euid!=uid"}), events("execve", {"uid!=euid"}),
       true},
      {"a file", rules_of({"-w /etc/passwd -p wa"}), reached("/etc/passwd", change), true},
      {"a file, writing only", rules_of({"-w /etc/passwd -p w"}), reached("/etc/passwd", change), false},
      {"a file, more than asked", rules_of({"-w /etc/passwd -p rwxa"}), reached("/etc/passwd", change), true},
      {"another file", rules_of({"-w /etc/passwd- -p wa"}), reached("/etc/passwd", change), false},
      {"a directory above", rules_of({"-w /etc -p wa"}), reached("/etc/passwd", change), true},
      {"a directory", rules_of({"-w /etc/sudoers.d -p wa"}), reached("/etc/sudoers.d", change, true), true},
      {"a directory by its own entry alone", rules_of({"-a always,exit -F path=/etc/sudoers.d -F perm=wa"}),
       reached("/etc/sudoers.d", change, true), false},
      {"a file of it that is left out",
       rules_of({"-a never,exit -F path=/etc/sudoers.d/evil", "-w /etc/sudoers.d -p wa"}),
       reached("/etc/sudoers.d", change, true), false},
      {"a file, for people alone", rules_of({"-a always,exit -F path=/etc/passwd -F perm=wa -F auid>=1000"}),
       reached("/etc/passwd", change), false},
      {"a program that is run", rules_of({"-a always,exit -F path=/etc/su -F perm=x"}),
       reached("/etc/su", AUDIT_PERM_EXEC), true},
      {"a program that is run one way", rules_of({"-a always,exit -F arch=b64 -S execve -F path=/etc/su"}),
       reached("/etc/su", AUDIT_PERM_EXEC), false},
  }));
  INFO(c.what);
  CHECK(coverage_of(c.events, c.rules).recorded == c.recorded);
}

TEST_CASE("auditctl's odd ends: tabs, keys, relative paths, long options", "[formats]") {
  struct Case {
    const char* line;
    bool bad;
  };
  const auto c = GENERATE(values<Case>({
      {"-w /etc/passwd -p wa -k users", false},
      {"  -w /etc/passwd -p wa", false},
      {"\t-w /etc/passwd -p wa", true},
      {"-w\t/etc/passwd\t-p\twa", true},
      {"-w /etc/passwd -p wa\r", true},
      {"-w /etc/passwd --no-such-thing", true},
      {"-w /etc/passwd --reset-lost", false},
      {"-k users -w /etc/passwd", true},
      {"-a always,exit -k all", true},
      {"-a always,exit -F key=all", true},
      {"-a always,exit -F uid=0 -k all", true},
      {"-a always,exit -F arch=b64 -k x -S chmod", true},
      {"-a always,exit -F arch=b64 -F key=x -S chmod", false},
      {"-a always,exit -F path=/etc/passwd -k x", false},
      {"-a always,exit -F exe=bin/x", true},
      {"-a always,exit -F path=etc/passwd -F perm=wa", true},
      {"-a always,exit -F dir=etc -F perm=wa", true},
  }));
  CAPTURE(c.line);
  CHECK((parse_audit_line(c.line, host()).kind == AuditLine::Kind::bad) == c.bad);
  CHECK(parse_audit_line("-w /etc/passwd -k " + std::string(256, 'k'), host()).kind == AuditLine::Kind::add);
  CHECK(parse_audit_line("-w /etc/passwd -k " + std::string(257, 'k'), host()).kind == AuditLine::Kind::bad);
  CHECK(normal("-a never,filesystem -F fstype=tracefs") == "-a never,filesystem -F fstype=tracefs");
}
