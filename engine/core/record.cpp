#include "engine/core/record.hpp"

#include <cassert>

namespace plimsoll {

Record::Record(std::size_t field_count)
    : fields(field_count, Field{Unreadable{Error{.kind = Error::Kind::failed, .what = "probe gave none"}}, {}, {}}) {}

Field& Record::put(std::size_t index, Field field) {
  assert(index < fields.size());
  return fields[index] = std::move(field);
}

}  // namespace plimsoll
