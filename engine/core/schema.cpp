#include "engine/core/schema.hpp"

namespace plimsoll {

namespace {

template <class Named>
int index_of(std::span<const Named> named, std::string_view name) {
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (named[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

int field_index(const ProbeSchema& schema, std::string_view name) {
  return index_of(schema.fields, name);
}
int argument_index(const ProbeSchema& schema, std::string_view name) {
  return index_of(schema.arguments, name);
}

}  // namespace plimsoll
