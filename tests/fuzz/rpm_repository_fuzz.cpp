// The lists of dnf's repositories, whole and in two blocks: the cut changes nothing.
#include "engine/formats/rpm_repository.hpp"

#include "tests/fuzz/input.hpp"

namespace {

template <class List, class Item>
std::size_t count(std::string_view text, std::size_t cut) {
  std::size_t items = 0;
  List list([&](const Item&) { ++items; });
  for (const auto part : {text.substr(0, cut), text.substr(cut)}) {
    if (!list.feed(part)) return 0;
  }
  return list.end() ? items + 1 : 0;
}

}  // namespace

PLIMSOLL_FUZZ(text) {
  using namespace plimsoll::formats;
  (void)parse_repomd(text);
  const auto middle = text.size() / 2;
  require(count<RpmPackageList, ListedPackage>(text, text.size()) ==
          count<RpmPackageList, ListedPackage>(text, middle));
  require(count<RpmAdvisoryList, RpmAdvisory>(text, text.size()) == count<RpmAdvisoryList, RpmAdvisory>(text, middle));
}
