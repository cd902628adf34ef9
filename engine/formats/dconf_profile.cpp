#include "engine/formats/dconf_profile.hpp"

#include <array>
#include <utility>

#include "engine/formats/lines.hpp"

namespace plimsoll::formats {

std::vector<DconfDatabase> parse_dconf_profile(std::string_view text) {
  using Kind = DconfDatabase::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 4> prefixes = {
      {{"user-db:", Kind::user}, {"service-db:", Kind::user}, {"system-db:", Kind::system}, {"file-db:", Kind::file}}};
  std::vector<DconfDatabase> databases;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const auto content = trimmed(line.substr(0, line.find('#')));
    for (const auto& [prefix, kind] : prefixes) {
      if (content.starts_with(prefix)) {
        databases.push_back({kind, std::string(content.substr(prefix.size())), lines.number()});
      }
    }
  }
  return databases;
}

}  // namespace plimsoll::formats
