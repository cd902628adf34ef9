// Unit files.
#include "engine/formats/unit_file.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  for (const auto& assignment : parse_unit_file(text)) {
    (void)unit_words(assignment.value);
    std::vector<std::string> list;
    add_to_unit_list(list, assignment.value);
  }
}
