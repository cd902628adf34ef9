// Compiled policies of SELinux.
#include "engine/formats/selinux_policy.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(bytes) {
  const auto policy = parse_selinux_policy(bytes);
  if (policy) require(policy->version >= 23);
}
