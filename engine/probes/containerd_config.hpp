// The effective configurations of containerd on this host, read once per run: files with their imports, options, and
// what differs between its releases. Rules: cmd/containerd/server/config/config.go and plugins/cri of its source.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/probes/toml_settings.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// Releases that read the same files in the same way.
enum class ContainerdEra : std::uint8_t {
  one,        ///< 1.x: imported sections of a plugin take the place of earlier ones as a whole
  two,        ///< 2.0 and 2.1: tables are merged; a file of version 3 has the CRI plugin in three parts
  two_two,    ///< 2.2: a file that says nothing of registries means those of the usual directories
  two_three,  ///< 2.3 and later: files of version 3 may still use the plugin's old name
};

/// The settings as one era reads them, in the layout of version 4 whatever the file's.
struct ContainerdSettings {
  ContainerdEra era = ContainerdEra::one;
  Setting tree;
};

struct ContainerdConfig {
  std::string path;                          ///< of the main file
  bool exists = false;                       ///< it is there; else the defaults hold
  bool running = false;                      ///< a process runs with it now
  bool at_boot = false;                      ///< containerd.service starts it
  bool rootless = false;                     ///< of a user's own containerd
  std::string source;                        ///< the file, else the command line
  std::vector<std::string> files;            ///< that were read, in order
  std::vector<ContainerdSettings> settings;  ///< of each era that may be installed; empty with an error
  std::optional<Error> error;                ///< a file could not be read or is malformed
};

struct ContainerdConfigs {
  std::vector<ContainerdConfig> configs;
  std::optional<Error> gap;  ///< why some may be missing
};
[[nodiscard]] const ContainerdConfigs& containerd_configs(const sources::Sources& sources);

namespace containerd {
/// Sections in the layout of `ContainerdSettings`.
inline constexpr std::string_view runtime_plugin = "io.containerd.cri.v1.runtime";
inline constexpr std::string_view images_plugin = "io.containerd.cri.v1.images";
inline constexpr std::string_view server_plugin = "io.containerd.grpc.v1.cri";
inline constexpr std::string_view grpc = "io.containerd.server.v1.grpc";
inline constexpr std::string_view grpc_tcp = "io.containerd.server.v1.grpc-tcp";
inline constexpr std::string_view ttrpc = "io.containerd.server.v1.ttrpc";
inline constexpr std::string_view debug = "io.containerd.server.v1.debug";
inline constexpr std::string_view metrics = "io.containerd.server.v1.metrics";
}  // namespace containerd

}  // namespace plimsoll::probes
