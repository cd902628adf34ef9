// Superusers, passwords and restricted entries of a grub.cfg, which may source others.
#include "engine/formats/grub_access.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  // Every file that it sources is itself, so that circles are met.
  const std::string content(text);
  const auto access = read_grub_access("/boot/grub/grub.cfg", text, {},
                                       [&](const std::string& path) -> Result<std::optional<std::string>> {
                                         if (path.ends_with("gone")) return std::nullopt;
                                         return content;
                                       });
  require(access.restricted || access.superusers.empty());
  for (const auto& password : access.passwords) require(password.iterations == 0 || password.algorithm != "plain");
  (void)parse_grub_hash(text);
}
