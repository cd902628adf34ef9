// Compiled schemas of GSettings (gschemas.compiled): what a setting is while nobody set it.
#pragma once

#include <optional>
#include <string_view>

#include "engine/core/error.hpp"
#include "engine/formats/gvariant.hpp"

namespace plimsoll::formats {

/// The default of one setting, named as dconf names it (/org/gnome/desktop/session/idle-delay), from the schema with
/// that path, which must be called like it (org.gnome.desktop.session). Overrides of a distribution are compiled into
/// it. Empty when the file has no such schema or key. Errors: malformed, for bytes that are no such file; unsupported,
/// for a default that is a container, or that differs between desktops.
[[nodiscard]] Result<std::optional<Variant>> gsettings_default(std::string_view bytes, std::string_view setting);

}  // namespace plimsoll::formats
