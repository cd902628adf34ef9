// /proc/PID/status and stat.
#include "engine/formats/process_status.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  (void)parse_process_status(text);
  (void)kernel_thread_flag(text);
}
