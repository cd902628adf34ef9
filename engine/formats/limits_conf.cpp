#include "engine/formats/limits_conf.hpp"

#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {

std::vector<LimitLine> parse_limits_conf(std::string_view text) {
  std::vector<LimitLine> found;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    auto rest = line.substr(0, line.find('#'));
    LimitLine made;
    made.line = lines.number();
    made.domain = take_word(rest);
    made.type = lower_case(take_word(rest));
    made.item = lower_case(take_word(rest));
    made.value = take_word(rest);
    if (made.type != "hard" && made.type != "soft" && made.type != "-") continue;
    const bool lifts_all = made.type == "-" && made.item.empty();
    if (!lifts_all && made.value.empty()) continue;
    found.push_back(std::move(made));
  }
  return found;
}

}  // namespace plimsoll::formats
