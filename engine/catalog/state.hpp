// What a Catalog holds: a view over one image, and the bytes of it unless they are the program's own.
#pragma once

#include <memory>
#include <string>

#include "engine/catalog/catalog.hpp"
#include "engine/catalog/image.hpp"

namespace plimsoll::catalog {

struct Catalog::State {
  std::string owned;  ///< empty when the block is read-only memory of this program
  image::View view;
};

/// A catalog over a block that outlives it. Empty when the block is damaged.
[[nodiscard]] std::optional<Catalog> catalog_over(std::string_view block);
/// A catalog that owns its block.
[[nodiscard]] std::optional<Catalog> catalog_of(std::string block);

}  // namespace plimsoll::catalog
