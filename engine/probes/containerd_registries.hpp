// The registries and mirrors that containerd is told of: hosts.toml files, or the old sections of its own
// configuration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/probes/containerd_config.hpp"

namespace plimsoll::probes {

struct ContainerdEndpoint {
  std::string registry;  ///< "docker.io", "_default"
  std::string url;       ///< "https://mirror.example.org"
  bool mirror = false;
  bool skip_verify = false;
  std::vector<std::string> capabilities;  ///< empty: all
  std::string source;
  [[nodiscard]] bool plain_http() const { return url.starts_with("http://"); }
  bool operator==(const ContainerdEndpoint&) const = default;
};

struct ContainerdEndpoints {
  std::vector<ContainerdEndpoint> endpoints;
  std::vector<Error> errors;  ///< what could not be read
};

/// Where releases that may be installed differ, those on which all agree, and an error (unobservable).
[[nodiscard]] ContainerdEndpoints containerd_endpoints(const sources::Root& root, const ContainerdConfig& config);

}  // namespace plimsoll::probes
