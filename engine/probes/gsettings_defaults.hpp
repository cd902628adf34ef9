// What GNOME's settings are while nobody set them.
#pragma once

#include <string>

#include "engine/core/record.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// The default of a setting (/org/gnome/desktop/session/idle-delay) as text, from the first of the installed files of
/// schemas that has it; unreadable where none does.
[[nodiscard]] Field gsettings_default_of(const sources::Sources& sources, const std::string& setting);

}  // namespace plimsoll::probes
