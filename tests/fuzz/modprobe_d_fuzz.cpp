// modprobe.d, modules-load.d, /proc/modules and the text indexes of modules.
#include "engine/formats/modprobe_d.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& line : parse_modprobe_d(text)) {
    require(line.line > 0);
    (void)install_command_blocks(line.command);
  }
  (void)parse_modules_load_d(text);
  (void)parse_proc_modules(text);
  (void)modules_in_index(text, {"cramfs", "usb_storage"});
}
