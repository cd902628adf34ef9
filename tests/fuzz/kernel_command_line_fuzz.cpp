// Kernel command lines with quotes.
#include "engine/formats/kernel_command_line.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)parse_kernel_command_line(text);
  (void)values_of_parameter(text, "audit");
}
