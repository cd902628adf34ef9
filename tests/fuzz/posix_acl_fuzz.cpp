// The extended attribute of an ACL.
#include "engine/formats/posix_acl.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto entries = parse_posix_acl(text);
  if (!entries) return;
  (void)is_extended(*entries);
  (void)granted_by_name(*entries);
}
