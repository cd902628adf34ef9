// The effective configuration of dnf: its main section, and the repositories.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/formats/dnf_conf.hpp"
#include "engine/sources/root.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct DnfPlacedSetting {
  formats::DnfSetting setting;
  std::string path;
};

/// Settings in the order in which they are read: of equal keys the last counts.
struct DnfSection {
  std::string id;
  std::string path;  ///< of the file that defines it
  std::vector<DnfPlacedSetting> settings;

  [[nodiscard]] const DnfPlacedSetting* find(std::string_view key) const;
};

struct DnfConfiguration {
  DnfSection main;
  std::vector<DnfSection> repositories;  ///< of the same id the first, which is the one that dnf keeps
  /// What could not be read or libdnf refuses: of the files that hold the main section, and of the others.
  std::vector<Error> main_errors;
  std::vector<Error> repository_errors;
};

/// /etc/dnf/dnf.conf, whose sections beyond `main` are repositories too, and the *.repo files of /etc/yum.repos.d,
/// /etc/yum/repos.d and /etc/distro.repos.d. Where dnf5 is installed: its drop-ins too, which stand behind dnf.conf,
/// and what repos.override.d says of single repositories.
[[nodiscard]] DnfConfiguration read_dnf_configuration(const sources::Root& root);
/// Likewise, read once per run.
[[nodiscard]] const DnfConfiguration& dnf_configuration_of(const sources::Sources& sources);

/// A truth of a section; `fallback` where it is not set there nor in `parent`. Unreadable for a value that is none.
[[nodiscard]] Field dnf_truth_field(const DnfSection& section, const DnfSection* parent, std::string_view key,
                                    bool fallback);

}  // namespace plimsoll::probes
