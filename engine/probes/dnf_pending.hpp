// Installed packages beside what the lists of repositories hold, as libdnf finds upgrades: of the same name and
// architecture (or one of them without), newer than all that is installed of it, from the preferred repository.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/formats/rpm_header.hpp"
#include "engine/formats/rpm_repository.hpp"
#include "engine/formats/rpm_version.hpp"
#include "engine/probes/dnf_exclusions.hpp"
#include "engine/probes/dnf_lists.hpp"

namespace plimsoll::probes {

struct NewerPackage {
  formats::ListedPackage package;
  const DnfList* list = nullptr;
  Field excluded;  ///< whether dnf passes it over
};

struct InstalledPackage {
  const formats::RpmPackage* package = nullptr;
  std::string epoch;
  std::optional<NewerPackage> newer = {};     ///< the newest that is not passed over, as far as that is known
  std::optional<NewerPackage> excluded = {};  ///< the newest that is
  std::optional<NewerPackage> modular = {};   ///< the newest of a module's stream
  std::set<std::string> advisories = {};      ///< on security, that `newer` brings

  [[nodiscard]] formats::RpmVersion version() const { return {epoch, package->version, package->release}; }
};

struct InstalledName {
  std::vector<InstalledPackage> packages;
  std::optional<std::int64_t> priority = {};  ///< of the repository that this name is taken from
  bool in_module = false;                     ///< whether a module's stream has packages of that name
};

class PendingUpdates {
 public:
  /// Both must outlive this.
  PendingUpdates(std::span<const formats::RpmPackage> installed, const DnfExclusions& exclusions);

  /// A package that a list holds. Lists must come in the order of DnfLists.
  void add(const DnfList& list, const formats::ListedPackage& package);

  /// An advisory counts for a package that is older than what it names, where `newer` is not.
  void add(const formats::RpmAdvisory& advisory);

  /// Whether any package of a module's stream is newer than what is installed.
  [[nodiscard]] bool any_modular() const;
  [[nodiscard]] bool any_newer() const;
  [[nodiscard]] const std::map<std::string, InstalledName, std::less<>>& names() const { return names_; }

 private:
  InstalledName* find(std::string_view name);

  const DnfExclusions& exclusions_;
  std::map<std::string, InstalledName, std::less<>> names_;
  std::unordered_map<std::string_view, InstalledName*> by_name_;
};

}  // namespace plimsoll::probes
