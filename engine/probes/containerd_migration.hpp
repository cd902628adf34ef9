// A configuration file of containerd, brought from the layout of its version to that of version 4.
#pragma once

#include "engine/formats/toml.hpp"
#include "engine/probes/containerd_config.hpp"

namespace plimsoll::probes {

/// The file as releases of this era read it: short names of plugins of version 1 in full, the settings of sockets under
/// the plugins that serve them, the CRI plugin in three parts. What the release passes over is left out.
[[nodiscard]] formats::TomlNode migrated(formats::TomlNode file, ContainerdEra era);

/// `version`, 1 where the file names none.
[[nodiscard]] std::int64_t version_of(const formats::TomlNode& file);

}  // namespace plimsoll::probes
