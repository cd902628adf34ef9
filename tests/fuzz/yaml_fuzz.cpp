// Any bytes: a tree or an error with a place.
#include "engine/formats/yaml.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto tree = parse_yaml(text);
  if (!tree) require(!tree.error().what.empty());
}
