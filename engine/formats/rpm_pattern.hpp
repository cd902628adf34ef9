// What dnf takes for packages in its settings: `kernel*`, `bash.x86_64`, `bash-0:5.1.8-6.el9.*` (dnf(8), "Specifying
// Packages").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/rpm_repository.hpp"

namespace plimsoll::formats {

/// One way to read a pattern; each part is a shell pattern of its own, and an empty one says nothing.
struct RpmPatternForm {
  std::string name;
  std::string epoch;
  std::string version;
  std::string release;
  std::string architecture;
  bool operator==(const RpmPatternForm&) const = default;
};

/// All of its ways: the whole as a name; a name and an architecture; a name and a version, with release and
/// architecture or without. One beyond 512 bytes has none: no package is called like that.
[[nodiscard]] std::vector<RpmPatternForm> parse_rpm_pattern(std::string_view pattern);

/// Whether the package fits one of the ways.
[[nodiscard]] bool rpm_pattern_fits(const std::vector<RpmPatternForm>& forms, const ListedPackage& package);

/// Whether it may be about packages of that name, whatever their version.
[[nodiscard]] bool rpm_pattern_names(const std::vector<RpmPatternForm>& forms, std::string_view name);

}  // namespace plimsoll::formats
