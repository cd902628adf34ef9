// Files that a shell would source, of which only literal assignments are read.
#include "engine/formats/shell_assignments.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  ShellAssignments assignments;
  assignments.read("/etc/default/grub", text);
  (void)assignments.find("GRUB_CMDLINE_LINUX");
}
