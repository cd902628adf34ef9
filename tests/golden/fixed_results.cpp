#include "tests/golden/fixed_results.hpp"

#include <fmt/core.h>

#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/text.hpp"

namespace plimsoll::golden {

namespace {

RunInfo run() {
  return {.id = "01935a5e-5f00-4a11-8d2c-90d1c8a7b665",
          .started_ms = 1'795'463'112'345,
          .ended_ms = 1'795'463'113'457,
          .user = "auditor (uid 1000)",
          .capabilities = "none",
          .command_line = "plimsoll audit --profile cis-debian-12 --profile site-policy --report html=\"a b.html\"",
          .tool_version = "0.1.0",
          .catalog_version = "2026.11.0",
          .catalog_digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"};
}

Target target() {
  return {.id = "7d1b6a4e0f9c4b2b8f6d2f6a5b0c9e11",
          .host_name = "web01.example.org",
          .os_name = "Debian GNU/Linux 12 (bookworm)",
          .os_id = "debian",
          .os_version = "12",
          .kernel = "6.1.0-27-amd64",
          .root = "/"};
}

CheckResult forwarding() {
  CheckResult check;
  check.id = "sysctl-ip-forward";
  check.texts = {
      .title = "The host does not route packets between interfaces",
      .rationale = "A host that forwards packets lets an attacker who holds it reach networks behind it.",
      .remediation = "Set `net.ipv4.ip_forward = 0` in a file below /etc/sysctl.d and run `sysctl --system`.",
      .references = {"ip-sysctl", "https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html",
                     "javascript:alert(1)"},
      .tags = {"network"},
      .controls = {{"nist-800-53", "SC-7"}, {"nist-800-53", "CM-7(1)"}}};
  check.severity = Severity::high;
  check.parameters = {{"expected", "0"}};
  check.verdict = Verdict::fail;
  check.reason = "net.ipv4.ip_forward is 1 after the next boot, expected 0";
  check.evidence = {
      {.bearing = Bearing::breaks,
       .resource = "net.ipv4.ip_forward",
       .field = "at_boot",
       .observed = "1",
       .expected = "0",
       .source = "/etc/sysctl.d/99-router.conf:3",
       .probe = "sysctl",
       .overridden = {{"/etc/sysctl.d/10-off.conf:1", "0"}, {"/usr/lib/sysctl.d/50-default.conf:12", "0"}}},
      {.bearing = Bearing::holds,
       .resource = "net.ipv4.ip_forward",
       .field = "runtime",
       .observed = "0",
       .expected = "0",
       .source = "/proc/sys/net/ipv4/ip_forward",
       .probe = "sysctl"}};
  return check;
}

CheckResult file_modes() {
  CheckResult check;
  check.id = "home-files-not-writable";
  check.texts = {.title = "Start-up files in home directories are writable by their owner only",
                 .rationale = "Whoever can write another user's start-up files runs commands as that user.",
                 .remediation = "Remove the write permission of group and others:\nchmod go-w FILE",
                 .references = {"chmod(1)"},
                 .tags = {}};
  check.severity = Severity::critical;
  check.verdict = Verdict::fail;
  check.reason = "4 files can be written by others than their owner";
  const std::string hostile[] = {
      "/home/ünï/配置/.profile",
      "/home/x/<script>alert(\"1\")</script>&amp;]]>'.bashrc",
      std::string("/home/x/\x01\x1b[31mred\x1b[0m\x7f\ttab\nline\r\xC2\x9B.profile"),
      "/home/x/safe\u202Egnp.exe\u2066\u200B\uFEFF.profile",
  };
  for (const auto& path : hostile) {
    check.evidence.push_back({.bearing = Bearing::breaks,
                              .resource = path,
                              .field = "mode",
                              .observed = "0666",
                              .expected = "no permission bit beyond 0755",
                              .source = path,
                              .probe = "file"});
  }
  check.evidence.push_back({.bearing = Bearing::holds,
                            .resource = "/home/שלום/.bashrc",
                            .field = "mode",
                            .observed = "0644",
                            .expected = "no permission bit beyond 0755",
                            .source = "/home/שלום/.bashrc",
                            .probe = "file"});
  check.evidence_left_out = 38;
  return check;
}

CheckResult shadow() {
  CheckResult check;
  check.id = "shadow-hashes";
  check.texts = {
      .title = "Passwords are stored as yescrypt or SHA-512 hashes",
      .rationale = "Older hashes are guessed in minutes once the file leaks.",
      .remediation = "Set `ENCRYPT_METHOD YESCRYPT` in /etc/login.defs and have users change their passwords.",
      .references = {"crypt(5)", "shadow(5)"},
      .tags = {}};
  check.severity = Severity::medium;
  check.verdict = Verdict::error;
  check.reason = "cannot read /etc/shadow: permission denied";
  check.evidence = {{.bearing = Bearing::unknown,
                     .resource = "/etc/shadow",
                     .field = "",
                     .observed = "cannot read /etc/shadow: permission denied",
                     .expected = "one of yescrypt, sha512",
                     .source = "/etc/shadow",
                     .probe = "shadow",
                     .error = Error{Error::Kind::denied, "cannot read /etc/shadow: permission denied",
                                    "run as root, or grant CAP_DAC_READ_SEARCH"}}};
  return check;
}

CheckResult banner() {
  CheckResult check;
  check.id = "login-banner";
  check.texts = {.title = "The banner before login names no operating system",
                 .rationale = "Names and versions tell an attacker which exploits to try.",
                 .remediation = "Write a text without \\m, \\r, \\s and \\v to /etc/issue.",
                 .references = {"issue(5)"},
                 .tags = {}};
  check.severity = Severity::low;
  check.verdict = Verdict::pass;
  check.reason = "the banner has no escape that names the system";
  std::string text = "Only for staff of Łódź Çöp ☃ Ltd. ";
  while (text.size() < 6000) text += "Everything you do here is written down, and somebody reads it. ";
  check.evidence = {{.bearing = Bearing::holds,
                     .resource = "/etc/issue",
                     .field = "content",
                     .observed = presentable(text),
                     .expected = "no match for \\\\[mrsv]",
                     .source = "/etc/issue",
                     .probe = "file"}};
  return check;
}

CheckResult gdm() {
  CheckResult check;
  check.id = "gdm-banner";
  check.texts = {.title = "The graphical login shows the banner",
                 .rationale = "Whoever sits down at the screen must know whose machine it is.",
                 .remediation = "Set banner-message-enable=true in the dconf profile of gdm.",
                 .references = {},
                 .tags = {}};
  check.severity = Severity::info;
  check.verdict = Verdict::not_applicable;
  check.reason = "the package gdm3 is not installed";
  check.evidence = {{.bearing = Bearing::shown,
                     .resource = "package gdm3",
                     .field = "installed",
                     .observed = "false",
                     .expected = "",
                     .source = "/var/lib/dpkg/status",
                     .probe = "package"}};
  return check;
}

CheckResult listeners() {
  CheckResult check;
  check.id = "listening-services";
  check.texts = {.title = "Services that listen are listed for review",
                 .rationale = "Each listening service is a door; somebody must have wanted it open.",
                 .remediation = "Disable the services that nobody can explain.",
                 .references = {"http://example.org/?a=1&b=<2>"},
                 .tags = {}};
  check.severity = Severity::medium;
  check.parameters = {{"ignored", "22, 443"}, {"note", "a < b && c > \"d\""}};
  check.verdict = Verdict::manual;
  check.reason = "2 services listen";
  for (const auto* service : {"nginx", "postgres"}) {
    check.evidence.push_back({.bearing = Bearing::shown,
                              .resource = std::string("process ") + service,
                              .field = "listens_on",
                              .observed = "0.0.0.0:80",
                              .expected = "",
                              .source = "/proc/net/tcp",
                              .probe = "socket"});
  }
  return check;
}

Recommendation automated(std::string_view id, std::uint8_t level, std::string_view section) {
  Recommendation recommendation;
  recommendation.id = id;
  recommendation.level = level;
  recommendation.section = section;
  return recommendation;
}

Recommendation manual(std::string_view id, std::uint8_t level, std::string_view section, std::string_view question) {
  Recommendation recommendation = automated(id, level, section);
  recommendation.assessment = Assessment::manual;
  recommendation.question = question;
  return recommendation;
}

Recommendation about(std::string_view topic, Recommendation recommendation) {
  recommendation.topic = topic;
  return recommendation;
}

RowResult row(const Recommendation& recommendation, Verdict verdict, std::string reason,
              std::vector<std::uint32_t> checks) {
  return {recommendation, verdict, std::move(reason), std::move(checks)};
}

}  // namespace

Results fixed_results() {
  Results results;
  results.run = run();
  results.target = target();
  results.checks = {gdm(), file_modes(), listeners(), banner(), shadow(), forwarding()};
  const auto& checks = results.checks;
  results.limits = {
      {"/srv (nfs4)", "the walk stays on local file systems", ""},
      {"password hashes of 1 file", "cannot read /etc/shadow: permission denied",
       "run as root, or grant CAP_DAC_READ_SEARCH"},
  };

  ProfileResult benchmark;
  benchmark.identity = {"cis-debian-12", "CIS Debian Linux 12 Benchmark", "1.1.0", "server",
                        "/etc/os-release: ID=debian, VERSION_ID=12"};
  auto gap = about("Auditing stops the host when it runs out of space", automated("6.2.2.4", 2, "6.2 Audit"));
  gap.gap = "no probe reads auditd.conf yet";
  benchmark.rows = {
      row(automated("1.6.1", 1, "1.6 Warning banners"), Verdict::pass, checks[3].reason, {3}),
      row(automated("1.7.2", 1, "1.7 Graphical login"), Verdict::not_applicable, checks[0].reason, {0}),
      row(manual("2.1.22", 1, "2.1 Services", "Is each of these services wanted, and by whom?"), Verdict::manual,
          "Is each of these services wanted, and by whom?", {2}),
      row(automated("3.3.1", 2, "3.3 Network parameters"), Verdict::fail, checks[5].reason, {5}),
      row(automated("5.4.1.4", 1, "5.4 User accounts"), Verdict::error, checks[4].reason, {4}),
      row(gap, Verdict::manual, "no automated check: no probe reads auditd.conf yet", {}),
      row(automated("7.2.10", 1, "7.2 Home directories & <b>]]>"), Verdict::fail, checks[1].reason, {1}),
  };
  ProfileResult policy;
  policy.identity = {"site-policy", "Richtlinie für Wirtssysteme", "", "", "asked for with --profile"};
  policy.rows = {
      row(about("Network & login", automated("A", 0, "")), Verdict::fail,
          "sysctl-ip-forward fails, login-banner passes", {5, 3}),
      row(about("Who holds the keys to the server room",
                manual("B", 0, "", "Ask the site owner for the list of key holders.")),
          Verdict::manual, "", {}),
      row(about("Network & login", automated("A", 0, "Again")), Verdict::pass, checks[3].reason, {3}),
  };
  results.profiles = {std::move(benchmark), std::move(policy)};
  return results;
}

Results large_results(std::size_t rows) {
  static std::deque<std::string> texts;  // as a catalog would hold them: results only look at them
  Results results;
  results.run = run();
  results.target = target();
  ProfileResult profile;
  profile.identity = {"large", "Large Benchmark", "1.0", "server", "asked for with --profile"};
  const CheckResult patterns[] = {forwarding(), shadow(), gdm(), listeners(), forwarding()};
  for (std::size_t i = 0; i < rows; ++i) {
    CheckResult check = patterns[i % std::size(patterns)];
    check.id = fmt::format("{}-{:04}", check.id, i);
    const auto section = fmt::format("{}.{}", 1 + i / 100, 1 + i / 10 % 10);
    const auto& id = texts.emplace_back(fmt::format("{}.{}", section, 1 + i % 10));
    const auto& title = texts.emplace_back(section + " Section of the large benchmark");
    profile.rows.push_back(row(automated(id, static_cast<std::uint8_t>(1 + i % 2), title), check.verdict, check.reason,
                               {static_cast<std::uint32_t>(i)}));
    results.checks.push_back(std::move(check));
  }
  results.profiles.push_back(std::move(profile));
  return results;
}

}  // namespace plimsoll::golden
