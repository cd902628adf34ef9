#include <cstdlib>

#include "engine/catalog/catalog.hpp"
#include "engine/catalog/state.hpp"

// The bytes that plimsoll-embed wrote, put into read-only memory by shipped_image.S.
extern "C" {
extern const char plimsoll_shipped_image[];
extern const char plimsoll_shipped_image_end[];
}

namespace plimsoll::catalog {

Catalog shipped() {
  const auto size = static_cast<std::size_t>(plimsoll_shipped_image_end - plimsoll_shipped_image);
  auto catalog = catalog_over({plimsoll_shipped_image, size});
  if (!catalog) std::abort();  // the build made this image for this program
  return std::move(*catalog);
}

}  // namespace plimsoll::catalog
