#include "engine/cli/summary.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/cli/findings.hpp"
#include "engine/cli/text_layout.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::cli;

namespace {

Evidence breaking(std::string resource, std::string_view field, std::string observed, std::string expected,
                  std::string source) {
  Evidence evidence;
  evidence.bearing = Bearing::breaks;
  evidence.resource = std::move(resource);
  evidence.field = field;
  evidence.observed = std::move(observed);
  evidence.expected = std::move(expected);
  evidence.source = std::move(source);
  return evidence;
}

CheckResult check(std::string id, std::string_view title, Severity severity, Verdict verdict, std::string reason) {
  CheckResult result;
  result.id = std::move(id);
  result.texts.title = title;
  result.severity = severity;
  result.verdict = verdict;
  result.reason = std::move(reason);
  return result;
}

/// One of each verdict, a host that attacks the terminal, and more than one deciding record.
Results sample() {
  Results results;
  results.run.user = "uid 1000";
  results.run.started_ms = 1'795'000'000'000;
  results.run.ended_ms = 1'795'000'000'843;
  results.target.host_name = "web-1";
  results.target.os_name = "Debian GNU/Linux 12 (bookworm)";
  results.target.kernel = "6.1.0-28-amd64";
  results.target.root = "/";

  auto& checks = results.checks;
  checks.push_back(
      check("accounts-unique", "No two accounts share a user id", Severity::high, Verdict::fail, "2 of 30 do"));
  checks.back().evidence = {
      breaking("user \x1b[31mevil", "uid", "0", "not shared", "/etc/passwd:12"),
      breaking("user mallory", "uid", "0", "not shared", "/etc/passwd:31"),
  };
  checks.back().evidence_left_out = 3;
  checks.push_back(
      check("audit-rules", "Changes of accounts are recorded", Severity::medium, Verdict::manual, "to be judged"));
  checks.push_back(
      check("bluetooth-off", "Bluetooth is off", Severity::low, Verdict::not_applicable, "no Bluetooth here"));
  checks.push_back(check("forwarding-off", "The host does not route packets between interfaces", Severity::medium,
                         Verdict::fail, "at_boot is 1"));
  checks.back().evidence = {breaking("net.ipv4.ip_forward", "at_boot", "1", "0", "/etc/sysctl.d/99-router.conf:1")};
  checks.push_back(
      check("motd-mode", "Only root can change the message of the day", Severity::info, Verdict::pass, "holds"));
  checks.back().evidence.push_back(breaking("/etc/motd", "mode", "0644", "no permission bit beyond 0644", "/etc/motd"));
  checks.back().evidence.back().bearing = Bearing::holds;
  checks.push_back(check("shadow-passwords", "Every account has a password", Severity::high, Verdict::error, "denied"));
  Evidence unknown;
  unknown.bearing = Bearing::unknown;
  unknown.error = Error{Error::Kind::denied,
                        "cannot read /etc/shadow: permission denied",
                        "run as root, or grant CAP_DAC_READ_SEARCH",
                        {}};
  checks.back().evidence.push_back(unknown);
  checks.push_back(
      check("sshd-root-login", "SSH does not let root log in directly", Severity::critical, Verdict::fail, ""));
  checks.back().evidence = {breaking("sshd", "permit_root_login", "yes", "no", "/etc/ssh/sshd_config:32")};

  ProfileResult profile;
  profile.identity = {"cis-debian-12", "CIS Debian Linux 12 Benchmark", "1.1.0", "server",
                      "/etc/os-release: ID=debian, VERSION_ID=12"};
  const char* const numbers[] = {"7.2.5", "6.2.3.8", "3.1.3", "3.3.1", "1.7.4", "7.2.2", "5.1.20"};
  for (std::uint32_t index = 0; index < checks.size(); ++index) {
    RowResult row;
    row.recommendation.id = numbers[index];
    row.verdict = checks[index].verdict;
    row.checks = {index};
    profile.rows.push_back(row);
  }
  results.profiles.push_back(profile);
  results.limits.push_back({"/mnt/nfs", "nfs4: not a local file system", "audit it on the server"});
  return results;
}

std::size_t widest_line(std::string text) {
  std::size_t widest = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    widest = std::max(widest, display_width(text.substr(0, end)));
    text.erase(0, end == std::string::npos ? end : end + 1);
  }
  return widest;
}

}  // namespace

TEST_CASE("no line of the summary passes the terminal's width", "[cli]") {
  SummaryOptions options;
  options.width = GENERATE(as<std::size_t>{}, 40, 60, 80, 132);
  options.all = GENERATE(true, false);
  CHECK(widest_line(summary_text(sample(), options)) <= options.width);
}

TEST_CASE("a summary of hundreds of findings fits the screen", "[cli]") {
  Results results = sample();
  const CheckResult finding = results.checks.back();
  for (int copy = 0; copy < 300; ++copy) results.checks.push_back(finding);
  SummaryOptions options;
  options.width = 80;
  options.height = GENERATE(as<std::size_t>{}, 24, 40, 60);
  const std::string text = summary_text(results, options);
  CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) < options.height);
  CHECK(text.find("more: plimsoll audit --all, or --report html") != std::string::npos);
  options.all = true;
  const std::string whole = summary_text(results, options);
  CHECK(std::count(whole.begin(), whole.end(), '\n') > 600);
  CHECK(whole.find("more: plimsoll") == std::string::npos);
}

TEST_CASE("one finding is shown however low the screen", "[cli]") {
  SummaryOptions options;
  options.width = 80;
  options.height = 5;
  CHECK(summary_text(sample(), options).find("sshd-root-login") != std::string::npos);
}

TEST_CASE("nothing a host says reaches the terminal as a control sequence", "[cli]") {
  Results results = sample();
  const std::string attack = "\x1b[2J\x9b\x07\n";
  results.target.host_name = results.target.os_name = results.target.kernel = attack;
  results.profiles[0].identity.chosen_because = attack;
  results.limits[0] = {attack, attack, attack};
  for (CheckResult& result : results.checks) {
    result.reason = attack;
    for (Evidence& evidence : result.evidence) {
      evidence.resource = evidence.observed = evidence.expected = evidence.source = attack;
      if (evidence.error) evidence.error = Error{.kind = evidence.error->kind, .what = attack, .remedy = attack};
    }
  }
  SummaryOptions options;
  options.all = true;
  const std::string text = summary_text(results, options);
  for (const char c : text) CHECK((c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)));
}

TEST_CASE("findings come worst first", "[cli]") {
  const Results results = sample();
  std::vector<std::string> ids;
  for (const std::uint32_t index : worst_first(results, false)) ids.push_back(results.checks[index].id);
  CHECK(ids == std::vector<std::string>{"sshd-root-login", "accounts-unique", "forwarding-off", "shadow-passwords"});
  CHECK(worst_first(results, true).size() == results.checks.size());
}

TEST_CASE("evidence says where, what and what was expected, once", "[cli]") {
  CHECK(evidence_line(breaking("/etc/shadow", "mode", "0644", "no permission bit beyond 0640", "/etc/shadow"), true) ==
        "/etc/shadow: mode is 0644, expected no permission bit beyond 0640");
  CHECK(evidence_line(breaking("net.x", "at_boot", "1", "0", "/etc/sysctl.d/a.conf:3"), true) ==
        "/etc/sysctl.d/a.conf:3: net.x: at_boot is 1, expected 0");
  CHECK(evidence_line(breaking("", "", "no line in /etc/passwd", "", "/etc/passwd"), true) ==
        "/etc/passwd: no line in /etc/passwd");
  Evidence unknown;
  unknown.bearing = Bearing::unknown;
  unknown.resource = "user games";
  unknown.error = Error{Error::Kind::denied, "permission denied", "run as root", {}};
  CHECK(evidence_line(unknown, false) == "user games: permission denied; run as root");
  CHECK(evidence_line(unknown, true) == "user games: permission denied");
}

TEST_CASE("checks that rights would decide are counted once each", "[cli]") {
  Results results = sample();
  CHECK(denied_checks(results) == 1);
  results.checks[5].evidence.push_back(results.checks[5].evidence.front());
  CHECK(denied_checks(results) == 1);
  for (Evidence& evidence : results.checks[5].evidence) {
    evidence.error = Error{.kind = Error::Kind::malformed, .what = evidence.error->what};
  }
  CHECK(denied_checks(results) == 0);
}
