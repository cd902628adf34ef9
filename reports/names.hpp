// Names that readers and browsers use as keys.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace plimsoll::reports {

/// "5.1 SSH server" → "5-1-ssh-server": ASCII lower case, digits and '_', everything else one '-' between them;
/// "other" when nothing is left. Readers of JUnit split class names at dots, and browsers know no spaces in anchors.
[[nodiscard]] std::string slug(std::string_view text);

/// `name`, or "name (2)", "name (3)", … when it is taken; takes it.
[[nodiscard]] std::string unique_name(const std::string& name, std::set<std::string>& taken);

/// "name", "name-2", "name-3", …: the same for anchors.
[[nodiscard]] std::string unique_anchor(const std::string& name, std::set<std::string>& taken);

}  // namespace plimsoll::reports
