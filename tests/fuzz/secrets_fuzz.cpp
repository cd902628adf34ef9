// Masking of secrets in lines and in arguments.
#include "engine/formats/secrets.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)mask_secrets(text);
  (void)mask_arguments({std::string(text.substr(0, text.size() / 2)), std::string(text.substr(text.size() / 2))});
}
