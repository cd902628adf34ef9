// Compiled dconf databases, which the login screen maps into its memory as they are, and compiled schemas.
#include "engine/formats/gsettings_schema.hpp"
#include "engine/formats/gvdb.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(bytes) {
  (void)parse_variant_bytes(bytes, false);
  (void)parse_variant_bytes(bytes, true);
  (void)gsettings_default(bytes, "/org/example/number");
  const auto table = open_gvdb(bytes);
  if (!table) return;
  for (const std::string_view key : {"/a", "/a/b", "/a/number", "", ".locks"}) {
    (void)gvdb_value(*table, key);
    (void)gvdb_has(*table, key);
    const auto inner = gvdb_subtable(*table, key);
    if (inner) (void)gvdb_value(*inner, "/a");
  }
}
