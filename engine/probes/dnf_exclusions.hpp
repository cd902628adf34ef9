// Which packages dnf leaves alone although there is a newer one: excludepkgs, includepkgs and the list of versionlock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/formats/rpm_pattern.hpp"
#include "engine/probes/dnf_configuration.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

class DnfExclusions {
 public:
  DnfExclusions(const sources::Root& root, const DnfConfiguration& configuration);

  /// Whether dnf passes the package of that repository over, and where that is written. Unreadable where a version lock
  /// cannot be read, or a pattern has a variable.
  [[nodiscard]] Field field_of(const DnfSection& repository, const formats::ListedPackage& package) const;

 private:
  struct Pattern {
    std::string source;  ///< "/etc/dnf/dnf.conf:3"
    std::vector<formats::RpmPatternForm> forms;
  };
  using Patterns = std::vector<Pattern>;
  struct Section {
    Patterns excludes;
    Patterns includes;
  };

  void add(Patterns& patterns, const DnfSection& section, std::string_view key);
  Section section_of(const DnfSection& section);
  static const Pattern* fitting(const Patterns& patterns, const formats::ListedPackage& package);
  [[nodiscard]] std::string excluded_by(const DnfSection& repository, const formats::ListedPackage& package) const;
  [[nodiscard]] std::string locked_by(const formats::ListedPackage& package) const;
  void read_locks(const sources::Root& root);
  void read_lock_list(const sources::Root& root, const std::string& path);

  Section main_;
  std::map<std::string, Section, std::less<>> repositories_;
  Patterns locks_;               ///< a package of a name that one may be about is only taken if one fits
  Patterns lock_outs_;           ///< with a `!`
  std::optional<Error> unread_;  ///< why some package may be passed over that seems not to be
};

}  // namespace plimsoll::probes
