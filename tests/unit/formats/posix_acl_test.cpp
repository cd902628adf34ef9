#include "engine/formats/posix_acl.hpp"

#include "tests/support/catch.hpp"

using plimsoll::Error;
using plimsoll::formats::AclEntry;
using plimsoll::formats::granted_by_name;
using plimsoll::formats::is_extended;
using plimsoll::formats::parse_posix_acl;
using Tag = AclEntry::Tag;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

}  // namespace

TEST_CASE("an access control list is read entry by entry", "[formats][posix_acl]") {
  // What `setfacl -m u:1000:rw f` leaves on a file of mode 0640.
  const auto list = parse_posix_acl(bytes({2,    0, 0, 0,                       //
                                           1,    0, 6, 0, 255,  255, 255, 255,  //
                                           2,    0, 6, 0, 0xe8, 3,   0,   0,    //
                                           4,    0, 4, 0, 255,  255, 255, 255,  //
                                           0x10, 0, 6, 0, 255,  255, 255, 255,  //
                                           0x20, 0, 0, 0, 255,  255, 255, 255}));
  REQUIRE(list);
  REQUIRE(list->size() == 5);
  CHECK((*list)[1] == AclEntry{Tag::user, 6, 1000});
  CHECK((*list)[3].tag == Tag::mask);
  CHECK(is_extended(*list));
  CHECK(granted_by_name(*list) == 6);
}

TEST_CASE("what names are granted is cut by the mask", "[formats][posix_acl]") {
  struct Case {
    const char* what;
    std::vector<AclEntry> entries;
    bool extended;
    int granted;
  };
  const auto c = GENERATE(values<Case>({
      {"the three base entries", {{Tag::owner, 6, 0}, {Tag::owning_group, 4, 0}, {Tag::other, 4, 0}}, false, 0},
      {"a user under a narrow mask", {{Tag::user, 7, 5}, {Tag::mask, 4, 0}}, true, 4},
      {"a user and a group add up", {{Tag::user, 4, 5}, {Tag::group, 2, 5}, {Tag::mask, 7, 0}}, true, 6},
      {"a mask alone grants nothing", {{Tag::mask, 7, 0}}, true, 0},
      {"a mask in front of the names", {{Tag::mask, 1, 0}, {Tag::group, 7, 3}}, true, 1},
      {"nothing", {}, false, 0},
  }));
  CAPTURE(c.what);
  CHECK(is_extended(c.entries) == c.extended);
  CHECK(granted_by_name(c.entries) == c.granted);
}

TEST_CASE("a list that is not one is an error", "[formats][posix_acl]") {
  struct Case {
    const char* what;
    std::string value;
  };
  const auto c = GENERATE(values<Case>({
      {"empty", ""},
      {"another version", bytes({1, 0, 0, 0})},
      {"a cut entry", bytes({2, 0, 0, 0, 1, 0, 6})},
      {"an unknown tag", bytes({2, 0, 0, 0, 3, 0, 6, 0, 0, 0, 0, 0})},
      {"an unknown permission", bytes({2, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0})},
      {"too many entries", bytes({2, 0, 0, 0}) + std::string(std::size_t{8193} * 8, '\1')},
  }));
  CAPTURE(c.what);
  const auto list = parse_posix_acl(c.value);
  REQUIRE_FALSE(list);
  CHECK(list.error().kind == Error::Kind::malformed);
}
