// Any bytes: a tree of bounded depth, whose values have places, or an error with a place.
#include "engine/formats/toml.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

namespace {

void look(const TomlNode& node, std::size_t depth) {
  require(depth <= 2 * TomlLimits{}.depth + 2);
  require(node.line > 0);
  for (const auto& item : node.items) look(item, depth + 1);
  for (const auto& entry : node.entries) look(entry.value, depth + 1);
}

}  // namespace

PLIMSOLL_FUZZ(text) {
  const auto tree = parse_toml(text);
  if (tree) {
    look(*tree, 0);
  } else {
    require(!tree.error().what.empty());
    require(tree.error().kind != plimsoll::Error::Kind::malformed || tree.error().where.line > 0);
  }
}
