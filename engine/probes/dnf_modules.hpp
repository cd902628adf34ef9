// Whether dnf takes packages of module streams at all.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/probes/dnf_lists.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// Whether the package's release is one of a module's: builders put ".module" into it.
[[nodiscard]] bool is_modular(std::string_view release);

/// Why packages of some stream may count: a module is enabled in /etc/dnf/modules.d, or a repository has default
/// streams (or that cannot be read). Empty: no stream is active, and dnf passes all packages of modules over.
[[nodiscard]] std::optional<std::string> active_modules(const sources::Root& root, const DnfLists& lists,
                                                        std::stop_token stop);

}  // namespace plimsoll::probes
