// The databases of dpkg and apk.
#include "engine/formats/dpkg_status.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  constexpr std::array<std::string_view, 2> names = {"aide", "rsync"};
  for (const auto& package : scan_dpkg_status(text, names).found) {
    require(package.line > 0);
    (void)dpkg_state(package.status);
  }
  (void)scan_apk_installed(text, names);
}
