// The one results model. Every report is written from it and from nothing else; results.json is its versioned JSON
// form. Strings from the audited host are already valid UTF-8 and capped (engine/core/text.hpp) when they stand here.
// Views are of the catalog's texts and of the probes' schemas: the catalog must outlive its results.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/boxed.hpp"
#include "engine/core/controls.hpp"
#include "engine/core/error.hpp"

namespace plimsoll {

enum class Verdict : std::uint8_t { pass, fail, manual, not_applicable, error };
enum class Severity : std::uint8_t { info, low, medium, high, critical };
/// The benchmark's own label. `decided`: it leaves the recommendation to a person, but facts decide it here.
enum class Assessment : std::uint8_t { automated, manual, decided };

[[nodiscard]] std::string_view name_of(Verdict verdict);        ///< "pass", "not_applicable", …
[[nodiscard]] std::string_view name_of(Severity severity);      ///< "info", "low", …
[[nodiscard]] std::string_view name_of(Assessment assessment);  ///< "automated", "manual", "decided"
[[nodiscard]] std::optional<Severity> severity_named(std::string_view name);

/// Which of several verdicts counts for all of them: the one of the lowest rank. fail, error, manual, pass,
/// not_applicable, from 0.
[[nodiscard]] int rank_of(Verdict verdict);

/// How one observed field bears on the verdict.
enum class Bearing : std::uint8_t {
  holds,    ///< read, and as expected
  breaks,   ///< read, and not as expected
  unknown,  ///< could not be read
  shown,    ///< gathered for a person
};
[[nodiscard]] std::string_view name_of(Bearing bearing);

/// One deciding observation.
struct Evidence {
  Bearing bearing = Bearing::holds;
  std::string resource;     ///< what is judged: "/etc/shadow", "user games"
  std::string_view field;   ///< the probe's field: "mode"; empty for a statement about the whole fact
  std::string observed;     ///< "0644", "not set", or the reason why it could not be read
  std::string expected;     ///< "no permission bit beyond 0640"; empty for `shown`
  std::string source;       ///< "/etc/sysctl.d/99-router.conf:1"
  std::string_view probe;   ///< "sysctl"
  Boxed<Error> error = {};  ///< unknown: why, and what would help
  std::vector<std::pair<std::string, std::string>> overridden = {};  ///< source → value of settings that do not count

  bool operator==(const Evidence&) const = default;
};

/// The words of a check, ours. Titles say what is true of a good host.
struct CheckTexts {
  std::string_view title;
  std::string_view rationale;
  std::string_view remediation;
  std::vector<std::string_view> references;  ///< man pages, specifications: "sshd_config(5)", "https://…"
  std::vector<std::string_view> tags;
  std::vector<Control> controls = {};  ///< of standards other than the profiles'
};

/// What one check came to, before any profile's say (a manual row may turn a pass into `manual`).
struct CheckResult {
  std::string id;
  CheckTexts texts;
  Severity severity = Severity::medium;
  std::vector<std::pair<std::string, std::string>> parameters;
  Verdict verdict = Verdict::error;     ///< never `manual` except for checks that only gather evidence
  std::string reason;                   ///< one sentence for a person; the first thing a reader needs
  std::vector<Evidence> evidence;       ///< breaking first, then unknown, then the rest; each by source
  std::uint64_t evidence_left_out = 0;  ///< how many more deciding observations there were than are kept
};

/// One row of a profile. `level` is that of the role audited; 0 when the benchmark names none.
struct Recommendation {
  std::string_view id;     ///< "5.1.20"
  std::string_view topic;  ///< our words, for rows without a check; may be empty
  std::uint8_t level = 0;
  Assessment assessment = Assessment::automated;
  std::string_view section;   ///< our words for the section it stands in: "5.1 SSH server"; may be empty
  std::string_view question;  ///< manual rows: what the reviewer has to judge; may be empty
  std::string_view gap;       ///< automated rows without a check: why there is none; empty otherwise
};

struct RowResult {
  Recommendation recommendation;
  Verdict verdict = Verdict::error;
  std::string reason;
  std::vector<std::uint32_t> checks;  ///< indexes into Results::checks
};

struct ProfileIdentity {
  std::string id;              ///< "cis-debian-12"
  std::string title;           ///< "CIS Debian Linux 12 Benchmark"
  std::string version;         ///< "1.1.0"
  std::string role;            ///< "server"; empty when the profile has no roles
  std::string chosen_because;  ///< "asked for with --profile", "/etc/os-release: ID=debian, VERSION_ID=12"
};

struct ProfileResult {
  ProfileIdentity identity;
  std::vector<RowResult> rows;
};

/// What was audited. Unknown texts are empty.
struct Target {
  std::string id;  ///< stable: machine id, else derived from the host name or root path
  std::string host_name;
  std::string os_name;     ///< "Debian GNU/Linux 12 (bookworm)"
  std::string os_id;       ///< "debian"
  std::string os_version;  ///< "12"
  std::string kernel;      ///< release of the running kernel; empty under a root that is not running
  std::string root;        ///< "/" for the live host
};

/// Something that was not looked at, and why. Auditors read this before the verdicts.
struct Limit {
  std::string what;
  std::string why;
  std::string remedy;
  bool operator==(const Limit&) const = default;
};

struct RunInfo {
  std::string id;               ///< a UUID, new for every run
  std::int64_t started_ms = 0;  ///< milliseconds since 1970-01-01T00:00:00Z
  std::int64_t ended_ms = 0;
  std::string user;          ///< "root (uid 0)"
  std::string capabilities;  ///< effective ones that matter for reading, or "none"
  std::string command_line;
  std::string tool_version;
  std::string catalog_version;  ///< version of the shipped catalog, and what --catalog added
  std::string catalog_digest;   ///< "sha256:…"
};

/// How many rows, or checks, came to each verdict.
struct Totals {
  std::uint32_t pass = 0, fail = 0, manual = 0, not_applicable = 0, error = 0;
  void count(Verdict verdict);  ///< one more
  [[nodiscard]] std::uint32_t of(Verdict verdict) const;
  [[nodiscard]] std::uint32_t all() const { return pass + fail + manual + not_applicable + error; }
  bool operator==(const Totals&) const = default;
};

struct Results {
  static constexpr std::string_view format_version = "1.0";  ///< of results.json; the first number changes on breaks

  RunInfo run;
  Target target;
  std::vector<CheckResult> checks;      ///< by id, then parameters
  std::vector<ProfileResult> profiles;  ///< in the order they were chosen
  std::vector<Limit> limits;

  [[nodiscard]] Totals totals() const;  ///< over the rows of all profiles
};

[[nodiscard]] Totals totals_of(const ProfileResult& profile);

/// The stable id of a finding: UUIDv5 over check id, target id and resource, so that two runs give the same one.
[[nodiscard]] std::string finding_id(std::string_view check, std::string_view target, std::string_view resource);

/// What a check's result is about, for formats that want one thing per finding: the distinct resources of the evidence
/// that decided (breaking ones for fail, unknown ones for error, else all), or the host itself when there is none.
[[nodiscard]] std::vector<std::string> resources_of(const CheckResult& check, const Target& target);

}  // namespace plimsoll
