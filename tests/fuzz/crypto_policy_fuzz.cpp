// Names and dumps of system-wide cryptographic policies.
#include "engine/formats/crypto_policy.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const auto name = parse_crypto_policy_name(text);
  require(parse_crypto_policy_name(name.text()) == name || name.base.empty());
  const auto dump = parse_crypto_policy_dump(text);
  for (const auto& [scope, properties] : dump.scopes) {
    for (const auto& [key, value] : properties) require(dump.find(scope, key) == &value);
  }
}
