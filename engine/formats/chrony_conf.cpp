#include "engine/formats/chrony_conf.hpp"

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {

std::vector<ChronyLine> parse_chrony_conf(std::string_view text) {
  std::vector<ChronyLine> found;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    auto rest = trimmed(line);
    if (rest.empty() || std::string_view("!;#%").find(rest.front()) != std::string_view::npos) continue;
    ChronyLine entry{lower_case(take_word(rest)), {}, lines.number()};
    for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) entry.arguments.emplace_back(word);
    found.push_back(std::move(entry));
  }
  return found;
}

}  // namespace plimsoll::formats
