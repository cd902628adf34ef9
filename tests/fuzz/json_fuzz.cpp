// Any bytes: a tree whose values stand where they say, or an error with a reason.
#include "engine/formats/json.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

namespace {

void look_at(const JsonNode& node, int depth) {
  require(node.line > 0 && node.column > 0 && depth <= 100);
  if (node.is_number()) require(!node.text.empty());
  for (const auto& item : node.items) look_at(item, depth + 1);
  for (const auto& entry : node.entries) {
    require(entry.line > 0 && node.find(entry.key) == &entry.value);
    look_at(entry.value, depth + 1);
  }
}

}  // namespace

PLIMSOLL_FUZZ(text) {
  JsonLimits limits;
  limits.values = 2000;  // find() is linear, and is asked for each key here
  const auto tree = parse_json(text, limits);
  if (!tree) {
    require(!tree.error().what.empty());
  } else {
    look_at(*tree, 0);
  }
}
