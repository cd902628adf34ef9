#include "engine/formats/unpack.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/packed_bytes.hpp"
#include "tests/support/unpack_all.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;
using plimsoll::tests::in_parts;
using plimsoll::tests::packed_bytes;
using plimsoll::tests::unpack_all;

namespace {

std::string long_text() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  return text;
}

}  // namespace

TEST_CASE("what is packed unpacks to what it was", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "xz", "zstd", "lz4");
  const auto text = long_text();
  const auto packed = packed_bytes(text, packing);
  CHECK(packed.size() < text.size());
  CHECK(packing_of(packed) != Packing::none);
  CHECK(unpack_all(packed, {}) == text);
}

TEST_CASE("nothing can be packed too", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "xz", "zstd");  // the lz4 writer of libarchive crashes on that
  CHECK(unpack_all(packed_bytes("", packing), {}) == std::string());
}

TEST_CASE("what is not packed stays as it is", "[formats][unpack]") {
  const auto text = long_text();
  CHECK(packing_of(text) == Packing::none);
  CHECK(unpack_all(text, {}) == text);
  CHECK(unpack_all("", {}) == std::string());
}

TEST_CASE("what ends too early or was changed is malformed", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "xz", "zstd", "lz4");
  const auto packed = packed_bytes(long_text(), packing);
  for (const auto size : {packed.size() / 2, packed.size() - 1, std::size_t{6}}) {
    INFO(packing << " cut to " << size << " of " << packed.size());
    const auto cut = unpack_all(packed.substr(0, size), {});
    REQUIRE_FALSE(cut);
    CHECK(cut.error().kind == Error::Kind::malformed);
  }
  auto changed = packed;
  changed[packed.size() / 2] = static_cast<char>(changed[packed.size() / 2] ^ 0x55);
  CHECK(unpack_all(changed, {}) != long_text());
}

TEST_CASE("parts may end anywhere", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "xz", "zstd", "lz4");
  const auto text = long_text();
  const auto packed = packed_bytes(text, packing);
  for (const auto part_bytes : {1UL, 2UL, 5UL, 6UL, 7UL, 1000UL}) {
    INFO(packing << " in parts of " << part_bytes);
    CHECK(unpack_all(in_parts(packed, part_bytes), {}) == text);
    for (const auto size : {packed.size() / 2, packed.size() - 1, std::size_t{6}}) {
      const auto cut = packed.substr(0, size);
      CHECK(unpack_all(in_parts(cut, part_bytes), {}) == unpack_all(cut, {}));
    }
  }
  CHECK(unpack_all(in_parts(text, 1), {}) == text);
  CHECK(unpack_all(in_parts("BZh91AY", 1), {}).error().what == "it is packed by bzip2, which is not read");
}

TEST_CASE("an error between two parts ends the unpacking", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "xz", "zstd", "lz4", "none");
  const auto packed = packing == std::string_view("none") ? long_text() : packed_bytes(long_text(), packing);
  const Error error{Error::Kind::failed, "cannot read /list: input/output error"};
  for (const std::size_t good : {std::size_t{0}, std::size_t{3}, std::size_t{20}, packed.size() / 2, packed.size()}) {
    INFO(packing << ", " << good << " of " << packed.size());
    const auto next = [left = std::string_view(packed).substr(0, good), &error]() mutable -> Result<std::string_view> {
      if (left.empty()) return std::unexpected(error);
      return std::exchange(left, {});
    };
    const auto outcome = unpack_all(Packed{next, packed.size()}, {});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == error);
  }
}

TEST_CASE("it can be asked that something is packed", "[formats][unpack]") {
  for (const auto* const text : {"Package: a\n", ""}) {
    const auto outcome = unpack_all(text, {.may_be_plain = false});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == Error{Error::Kind::unsupported, "it is not packed by gzip, xz, lz4 or zstd"});
  }
}

TEST_CASE("bombs end early", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "xz", "zstd");
  const auto bomb = packed_bytes(std::string(64U << 20U, 'x'), packing);
  std::size_t taken = 0;
  const auto count = [&](std::string_view block) -> Result<void> {
    taken += block.size();
    return {};
  };
  const auto by_ratio = unpack(in_parts(bomb, 1000), {}, count);
  REQUIRE_FALSE(by_ratio);
  CHECK(by_ratio.error().kind == Error::Kind::too_large);
  CHECK(taken <= 32U << 20U);
  const auto by_size = unpack_all(bomb, {.bytes = 1U << 20U, .ratio = 1U << 30U});
  REQUIRE_FALSE(by_size);
  CHECK(by_size.error().what == "it unpacks to more than 1048576 bytes");
}

TEST_CASE("a file does not say how much memory it gets", "[formats][unpack]") {
  const auto packed = packed_bytes(long_text(), "xz");
  const auto refused = unpack_all(packed, {.memory = 1U << 20U});
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == Error{Error::Kind::too_large, "to unpack it takes more than 1048576 bytes of memory"});
}

TEST_CASE("what is packed twice is refused", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "zstd", "lz4");
  const auto twice = unpack_all(packed_bytes(packed_bytes("text", packing), packing), {});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().kind == Error::Kind::malformed);
}

TEST_CASE("files that stand one behind the other are one", "[formats][unpack]") {
  const auto* const packing = GENERATE("gzip", "xz", "zstd", "lz4");
  CHECK(unpack_all(packed_bytes("one ", packing) + packed_bytes("two", packing), {}) == "one two");
}

TEST_CASE("other ways of packing are said", "[formats][unpack]") {
  const auto bzip2 = unpack_all("BZh91AY", {});
  REQUIRE_FALSE(bzip2);
  CHECK(bzip2.error().kind == Error::Kind::unsupported);
  const auto zchunk = unpack_all(std::string("\0ZCK1xyz", 8), {});
  REQUIRE_FALSE(zchunk);
  CHECK(zchunk.error().what == "it is packed by zchunk, which is not read");
}

TEST_CASE("the taker and the time limit end the unpacking", "[formats][unpack]") {
  const auto packed = packed_bytes(long_text(), "gzip");
  const auto refused = unpack(in_parts(packed, 1000), {}, [](std::string_view) -> Result<void> {
    return std::unexpected(Error{Error::Kind::failed, "no"});
  });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == "no");
  std::stop_source source;
  source.request_stop();
  for (const auto* const packing : {"gzip", "xz", "zstd", "lz4"}) {
    const auto stopped = unpack_all(packed_bytes("text", packing), {.stop = source.get_token()});
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == Error::Kind::timed_out);
  }
}
