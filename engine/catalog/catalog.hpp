// Checks and profiles, loaded and type-checked. The shipped ones and a user's have one form: a catalog image
// (engine/catalog/image.hpp), tables of offsets that cost next to nothing to load.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/diagnostic.hpp"
#include "engine/core/plan.hpp"
#include "engine/core/results.hpp"
#include "engine/core/schema.hpp"

namespace plimsoll::catalog {

/// What `list` and `explain` print of a check. Views live as long as the catalog.
struct ParameterInfo {
  std::string_view name;
  ValueType type;
  std::string_view fallback;  ///< the default, as text
  std::string_view meaning;   ///< may be empty
};
struct CheckInfo {
  std::string_view id;
  std::string_view title;
  std::string_view rationale;
  std::string_view remediation;
  Severity severity;
  std::vector<std::string_view> references;
  std::vector<std::string_view> tags;
  std::vector<Control> controls;
  std::vector<ParameterInfo> parameters;
  std::vector<std::string_view> probes;  ///< those its expression reads, without repetition
  std::string_view file;                 ///< the YAML file it stands in, relative to its catalog directory
  std::uint32_t line;
  std::string_view source;  ///< the YAML of `applies` and `check`, as written, for `explain`
};
struct RowInfo {
  std::string_view id;
  std::string_view topic;
  std::string_view section;
  std::uint8_t level;  ///< for the role asked for; 0: none named
  Assessment assessment;
  std::vector<std::string_view> checks;
  std::string_view question;
  std::string_view gap;
};
/// The rows of a profile, for all roles together, and how many of them name a check.
struct Coverage {
  std::uint32_t rows, automated, automated_with_checks, manual, manual_with_checks;
};
struct ProfileInfo {
  std::string_view id;
  std::string_view title;
  std::string_view version;
  std::string_view description;
  std::vector<std::string_view> roles;  ///< the first is the default
  bool fallback;                        ///< chosen only when no other profile applies
  bool beside;                          ///< about something on a host: does not stand in the way of a fallback
  bool has_applies;
  Coverage coverage;
  std::string_view file;
  std::uint32_t line;
};

class Catalog {
 public:
  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;
  ~Catalog();

  [[nodiscard]] std::size_t check_count() const;
  [[nodiscard]] std::size_t profile_count() const;
  [[nodiscard]] CheckInfo check(std::size_t index) const;                          ///< in order of id
  [[nodiscard]] std::vector<std::string_view> probes_of(std::size_t check) const;  ///< CheckInfo::probes alone
  [[nodiscard]] ProfileInfo profile(std::size_t index) const;                      ///< in order of id
  [[nodiscard]] std::optional<std::size_t> find_check(std::string_view id) const;
  [[nodiscard]] std::optional<std::size_t> find_profile(std::string_view id) const;
  /// `role` empty: the profile's default role.
  [[nodiscard]] std::vector<RowInfo> rows(std::size_t profile, std::string_view role) const;
  /// "0.1.0", or "0.1.0 with /etc/plimsoll" when directories were added.
  [[nodiscard]] std::string_view version() const;
  [[nodiscard]] std::string digest() const;  ///< "sha256:…" over the image; not free: ask once

  struct State;
  explicit Catalog(std::unique_ptr<State> state);
  [[nodiscard]] const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

/// The catalog embedded in this program. Reads no file; nothing is parsed.
[[nodiscard]] Catalog shipped();

struct LoadOutcome {
  std::optional<Catalog> catalog;       ///< empty when there is any diagnostic
  std::vector<Diagnostic> diagnostics;  ///< all of them, sorted
};
struct LoadOptions {
  /// Judges the patterns of `matches`; returns what is wrong, or an empty text. evaluate has one; the catalog may not
  /// know it.
  std::string (*check_pattern)(std::string_view pattern) = nullptr;
};
/// Reads `<directory>/checks/**.yaml` and `<directory>/profiles/**.yaml` of each directory (or, for a directory with
/// neither, every YAML file in it: a file with a `profile:` or `extends:` key is a profile). With `base`, adds to the
/// shipped catalog: a check or profile of the same id replaces the shipped one.
[[nodiscard]] LoadOutcome load(std::span<const std::string> directories, const Catalog* base,
                               std::span<const ProbeSchema* const> schemas, const LoadOptions& options = {});

/// What of the catalog a run is to judge. A row is judged whole or left out: a verdict from some of its checks would
/// say too much, so a chosen row keeps all its checks.
struct Selection {
  struct Profile {
    std::string id;
    std::string chosen_because;
  };
  std::vector<Profile> profiles = {};
  std::string role = {};                   ///< empty: each profile's default
  std::optional<int> level = {};           ///< rows above it are left out; empty: all
  std::vector<std::string> checks = {};    ///< only rows that name one of these; without profiles: these checks alone
  std::vector<std::string> sections = {};  ///< only rows whose id is, or starts with, one of these ("5.1")
  std::optional<Severity> severity = {};   ///< only rows with a check at or above it, and rows without checks
  /// name → value: a parameter of every check that has it, or "check-id.name"
  std::vector<std::pair<std::string, std::string>> set = {};
};
struct PlanOutcome {
  std::optional<Plan> plan;
  /// Unknown names (with the nearest right one), values of the wrong type, an empty selection.
  std::vector<std::string> problems;
};
[[nodiscard]] PlanOutcome make_plan(const Catalog& catalog, const Selection& selection,
                                    std::span<const ProbeSchema* const> schemas);

/// A plan with one check for each profile that has `applies`, in catalog order; the check's id is the profile's id.
/// `pass` means that the profile applies.
[[nodiscard]] Plan make_detection_plan(const Catalog& catalog, std::span<const ProbeSchema* const> schemas);

}  // namespace plimsoll::catalog
