#include "engine/core/record.hpp"

#include <cassert>

namespace plimsoll {

const Error& Unreadable::why() const {
  static const Error nothing_set{.kind = Error::Kind::failed, .what = "probe gave none"};
  return why_ ? *why_ : nothing_set;
}

Record::Record(std::size_t field_count) : fields(field_count, Field{Unreadable(), {}, {}}) {}

Field& Record::put(std::size_t index, Field&& field) {
  assert(index < fields.size());
  return fields[index] = std::move(field);
}

}  // namespace plimsoll
