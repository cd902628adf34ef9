// A damaged catalog image: refused, or wrong texts, but never out of bounds.
#include "engine/catalog/catalog.hpp"
#include "engine/catalog/state.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::catalog;

PLIMSOLL_FUZZ(text) {
  const auto catalog = catalog_of(std::string(text));
  if (!catalog) return;
  for (std::size_t i = 0; i < catalog->check_count() && i < 8; ++i) (void)catalog->check(i);
  for (std::size_t i = 0; i < catalog->profile_count() && i < 8; ++i) (void)catalog->rows(i, "");
  Selection selection;
  selection.checks = {"a"};
  (void)make_plan(*catalog, selection, {});
}
