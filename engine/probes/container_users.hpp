// For whom containers are configured: root, and each user with a configuration of his own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct ContainerUser {
  std::string name;
  std::uint32_t uid = 0;
  std::string home;
};

struct ContainerUsers {
  std::vector<ContainerUser> users;  ///< root first, whose home is /root where /etc/passwd names none
  std::optional<Error> gap;          ///< some users may be missing, or a home could not be looked into
};

/// Root, and each user below whose home one of the paths is there (".config/containers/containers.conf").
[[nodiscard]] ContainerUsers container_users(const sources::Sources& sources, std::span<const std::string_view> paths);

}  // namespace plimsoll::probes
