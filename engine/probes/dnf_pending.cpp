#include "engine/probes/dnf_pending.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/probes/dnf_modules.hpp"

namespace plimsoll::probes {
namespace {

formats::RpmVersion version_of(const formats::ListedPackage& package) {
  return {package.epoch, package.version, package.release};
}

bool same_architecture(std::string_view installed, std::string_view listed) {
  return installed == listed || installed == "noarch" || listed == "noarch";
}

/// What is installed that the version would replace: the newest of its architecture, if all are older.
InstalledPackage* replaced_by(InstalledName& name, const formats::ListedPackage& listed) {
  InstalledPackage* newest = nullptr;
  for (auto& installed : name.packages) {
    if (!same_architecture(installed.package->architecture, listed.architecture)) continue;
    if (formats::compare_rpm_versions(installed.version(), version_of(listed)) >= 0) return nullptr;
    if (newest == nullptr || formats::compare_rpm_versions(installed.version(), newest->version()) > 0) {
      newest = &installed;
    }
  }
  return newest;
}

void keep_newest(std::optional<NewerPackage>& kept, const DnfList& list, const formats::ListedPackage& package,
                 Field excluded) {
  if (kept && formats::compare_rpm_versions(version_of(package), version_of(kept->package)) <= 0) return;
  kept = NewerPackage{package, &list, std::move(excluded)};
}

bool is_yes(const Field& field) {
  const auto* value = field.value();
  return value != nullptr && std::get<bool>(*value);
}

template <class Has>
bool any_package(const std::map<std::string, InstalledName, std::less<>>& names, Has has) {
  return std::ranges::any_of(names, [&](const auto& entry) { return std::ranges::any_of(entry.second.packages, has); });
}

}  // namespace

PendingUpdates::PendingUpdates(std::span<const formats::RpmPackage> installed, const DnfExclusions& exclusions)
    : exclusions_(exclusions) {
  for (const auto& package : installed) {
    names_[package.name].packages.push_back({&package, fmt::format("{}", package.epoch.value_or(0))});
  }
  for (auto& [name, packages] : names_) by_name_.emplace(name, &packages);
}

InstalledName* PendingUpdates::find(std::string_view name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

void PendingUpdates::add(const DnfList& list, const formats::ListedPackage& package) {
  auto* const name = find(package.name);
  if (name == nullptr) return;
  if (name->priority && list.priority > *name->priority) return;
  auto* const replaced = replaced_by(*name, package);
  if (!list.hotfixes && list.has("modules") && is_modular(package.release)) {
    name->in_module = true;
    if (replaced != nullptr) keep_newest(replaced->modular, list, package, {});
    return;
  }
  auto excluded = exclusions_.field_of(*list.repository, package);
  const bool passed_over = is_yes(excluded);
  if (!passed_over) name->priority = list.priority;
  if (replaced == nullptr) return;
  keep_newest(passed_over ? replaced->excluded : replaced->newer, list, package, std::move(excluded));
}

void PendingUpdates::add(const formats::RpmAdvisory& advisory) {
  if (advisory.type != "security") return;
  for (const auto& fixed : advisory.packages) {
    auto* const name = find(fixed.name);
    if (name == nullptr) continue;
    for (auto& installed : name->packages) {
      if (!installed.newer || installed.newer->package.architecture != fixed.architecture) continue;
      const bool counts = formats::compare_rpm_versions(installed.version(), version_of(fixed)) < 0 &&
                          formats::compare_rpm_versions(version_of(fixed), version_of(installed.newer->package)) <= 0;
      if (counts) installed.advisories.insert(advisory.id);
    }
  }
}

bool PendingUpdates::any_modular() const {
  return any_package(names_, [](const InstalledPackage& installed) { return installed.modular.has_value(); }) ||
         std::ranges::any_of(names_, [](const auto& entry) {
           return entry.second.in_module && std::ranges::any_of(entry.second.packages, [](const auto& installed) {
                    return installed.newer.has_value();
                  });
         });
}

bool PendingUpdates::any_newer() const {
  return any_package(names_, [](const InstalledPackage& installed) { return installed.newer.has_value(); });
}

}  // namespace plimsoll::probes
