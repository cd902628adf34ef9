// registries.conf with its drop-ins, as Podman, Buildah, Skopeo and CRI-O read it: containers-registries.conf(5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/probes/container_users.hpp"
#include "engine/probes/toml_settings.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

struct RegistryEndpoint {
  std::string location;  ///< "mirror.example.org:5000/library"; empty: that of the image's name
  bool insecure = false;
  std::string source;  ///< of `insecure` where it is written, else of the table
};

struct ConfiguredRegistry {
  std::string prefix;  ///< what names of images begin with
  bool blocked = false;
  RegistryEndpoint endpoint;
  std::vector<RegistryEndpoint> mirrors;
};

struct RegistriesConf {
  std::vector<ConfiguredRegistry> registries;  ///< of equal prefixes the last file's
  std::vector<std::string> search;             ///< for names without a registry
  std::string search_source;                   ///< empty: nothing is set
  std::string short_name_mode;                 ///< empty: nothing is set
  std::string mode_source;
  bool version_1 = false;          ///< the main file has the old layout
  std::vector<std::string> files;  ///< that were read
};

/// What counts for this user: his own registries.conf and drop-ins, else those of /etc with his drop-ins behind.
/// Errors: those of reading a file; malformed, where the library would refuse it.
[[nodiscard]] Result<RegistriesConf> read_registries_conf(const sources::Root& root, const ContainerUser& user);

}  // namespace plimsoll::probes
