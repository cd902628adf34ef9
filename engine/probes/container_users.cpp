#include "engine/probes/container_users.hpp"

#include <fmt/core.h>

#include <set>

#include "engine/probes/accounts.hpp"

namespace plimsoll::probes {

ContainerUsers container_users(const sources::Sources& sources, std::span<const std::string_view> paths) {
  ContainerUsers found;
  found.users.push_back({"root", 0, "/root"});
  const auto& accounts = accounts_of(sources);
  if (const auto* why = accounts.passwd_error(); why != nullptr && !is_missing(*why)) found.gap = *why;
  std::set<std::string> homes;
  for (const auto& entry : accounts.passwd.entries) {
    if (entry.compat || !entry.home.starts_with('/') || entry.home == "/") continue;
    if (entry.uid == 0) {
      if (entry.name == "root") found.users.front().home = entry.home;
      continue;
    }
    if (!homes.insert(entry.home).second) continue;
    for (const auto path : paths) {
      const auto status = sources.root.status(fmt::format("{}/{}", entry.home, path));
      if (status) {
        found.users.push_back({entry.name, entry.uid, entry.home});
        break;
      }
      if (!is_missing(status.error()) && !found.gap) found.gap = status.error();
    }
  }
  return found;
}

}  // namespace plimsoll::probes
