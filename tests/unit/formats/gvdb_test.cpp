#include "engine/formats/gvdb.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/gvdb_bytes.hpp"

using plimsoll::Error;
using namespace plimsoll::formats;
using namespace plimsoll::tests;
using namespace std::string_literals;

TEST_CASE("values and locks are found in a compiled database", "[formats][gvdb]") {
  const auto bytes = dconf_database_bytes({{"/a/number", {"u", "900"}}, {"/a/text", {"s", "Keep out."}}}, {"/a/text"});
  const auto table = open_gvdb(bytes);
  REQUIRE(table);
  CHECK(gvdb_value(*table, "/a/number") == Variant{"u", "900"});
  CHECK(gvdb_value(*table, "/a/text") == Variant{"s", "Keep out."});
  CHECK(gvdb_value(*table, "/a/other") == std::nullopt);
  CHECK(gvdb_value(*table, ".locks") == std::nullopt);
  const auto locks = gvdb_subtable(*table, ".locks");
  REQUIRE(locks);
  CHECK(gvdb_has(*locks, "/a/text"));
  CHECK_FALSE(gvdb_has(*locks, "/a/number"));
  CHECK_FALSE(gvdb_subtable(*table, "/a/text"));
}

// As gvdb-builder writes it: the value's key is the end of its name, and its parent holds the beginning.
TEST_CASE("a name is put together from its parents", "[formats][gvdb]") {
  const auto bytes = [](std::uint32_t parent_of_directory) {
    std::string out = "GVariant" + std::string(16, '\0');
    out += "/a/number" + std::string(7, '\0');            // 24: names, 40: value
    out += little_endian_bytes(7, 4) + "\0u"s + "\0\0"s;  // ends at 46
    const auto directory = little_endian_bytes(gvdb_hash("/a/"), 4) + little_endian_bytes(parent_of_directory, 4) +
                           little_endian_bytes(24, 4) + little_endian_bytes(3, 2) + "L\0"s + std::string(8, '\0');
    const auto item = little_endian_bytes(gvdb_hash("/a/number"), 4) + little_endian_bytes(0, 4) +
                      little_endian_bytes(27, 4) + little_endian_bytes(6, 2) + "v\0"s + little_endian_bytes(40, 4) +
                      little_endian_bytes(46, 4);
    out += std::string(8, '\0');
    const auto start = out.size();
    out += little_endian_bytes(0, 4) + little_endian_bytes(1, 4) + little_endian_bytes(0, 4) + directory + item;
    return out.replace(16, 8, little_endian_bytes(start, 4) + little_endian_bytes(out.size(), 4));
  };
  const auto good = bytes(0xffffffffU);
  CHECK(gvdb_value(*open_gvdb(good), "/a/number") == Variant{"u", "7"});
  CHECK(gvdb_value(*open_gvdb(good), "number") == std::nullopt);
  // A ring of parents ends, and so does one that is not there.
  const auto ring = bytes(0);
  CHECK(gvdb_value(*open_gvdb(ring), "/a/number") == std::nullopt);
  const auto lost = bytes(77);
  CHECK(gvdb_value(*open_gvdb(lost), "/a/number") == std::nullopt);
}

TEST_CASE("what is no database is refused, and one that is cut off holds nothing", "[formats][gvdb]") {
  for (const auto& bytes :
       {""s, "GVariant"s, "GVarianx" + std::string(40, '\0'), "GVariant\1" + std::string(40, '\0')}) {
    const auto table = open_gvdb(bytes);
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == Error::Kind::malformed);
  }
  const auto whole = dconf_database_bytes({{"/a/number", {"u", "900"}}}, {"/a/number"});
  for (std::size_t size = 24; size < whole.size(); ++size) {
    const auto table = open_gvdb(std::string_view(whole).substr(0, size));
    REQUIRE(table);
    CHECK(gvdb_value(*table, "/a/number") == std::nullopt);
  }
}

TEST_CASE("a value outside the file is an error", "[formats][gvdb]") {
  auto bytes = dconf_database_bytes({{"/a/number", {"u", "900"}}});
  bytes.replace(bytes.size() - 4, 4, little_endian_bytes(9999, 4));
  const auto table = open_gvdb(bytes);
  REQUIRE(table);
  const auto value = gvdb_value(*table, "/a/number");
  REQUIRE_FALSE(value);
  CHECK(value.error().kind == Error::Kind::malformed);
  CHECK_FALSE(gvdb_has(*table, "/a/number"));
}

TEST_CASE("a bloom filter that lets no key through hides all", "[formats][gvdb]") {
  auto bytes = dconf_database_bytes({{"/a/number", {"u", "900"}}});
  const auto start = bytes.size() - 24 - 4 - 8;
  // One word of filter takes the place of the bucket, and a bucket is put behind it.
  bytes.replace(start, 8, little_endian_bytes(1, 4) + little_endian_bytes(1, 4));
  bytes.insert(start + 12, little_endian_bytes(0, 4));
  bytes.replace(20, 4, little_endian_bytes(bytes.size(), 4));
  CHECK(gvdb_value(*open_gvdb(bytes), "/a/number") == std::nullopt);
  bytes.replace(start + 8, 4, "\xff\xff\xff\xff");
  CHECK(gvdb_value(*open_gvdb(bytes), "/a/number") == Variant{"u", "900"});
}
