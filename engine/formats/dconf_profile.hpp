// dconf profiles: which databases are asked for a setting, in which order (dconf(7)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct DconfDatabase {
  enum class Kind : std::uint8_t {
    user,    ///< user-db, service-db: the person's own settings
    system,  ///< system-db:NAME, which is /etc/dconf/db/NAME
    file,    ///< file-db:PATH
  };
  Kind kind = Kind::user;
  std::string name;        ///< "user", "local", "/usr/share/gdm/greeter-dconf-defaults"
  std::uint32_t line = 0;  ///< 1-based
  bool operator==(const DconfDatabase&) const = default;
};

/// Lines that name no known kind of database are passed over, as dconf does; what follows a `#` is a comment.
[[nodiscard]] std::vector<DconfDatabase> parse_dconf_profile(std::string_view text);

}  // namespace plimsoll::formats
