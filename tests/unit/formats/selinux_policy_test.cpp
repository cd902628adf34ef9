#include "engine/formats/selinux_policy.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;
using Texts = std::vector<std::string>;

namespace {

std::string number(std::uint32_t value) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((value >> shift) & 0xffU);
  return bytes;
}
template <class... Numbers>
std::string numbers(Numbers... values) {
  return (number(static_cast<std::uint32_t>(values)) + ...);
}

/// The set of these numbers, all of which are below 64.
std::string set_of(const std::vector<unsigned>& items) {
  std::uint64_t word = 0;
  for (const auto item : items) word |= std::uint64_t{1} << item;
  if (word == 0) return numbers(64, 0, 0);
  return numbers(64, 64, 1, 0, word & 0xffffffffU, word >> 32U);
}

std::string head(std::uint32_t version) {
  return numbers(0xf97cff8cU, 8) + "SE Linux" + numbers(version, 0, 8, 7);
}

/// As libsepol writes it: a common, a class with a constraint that names types, a role, three types and an alias.
std::string policy(std::uint32_t version, const std::vector<unsigned>& permissive) {
  const bool bounds = version >= 24;
  std::string bytes = head(version) + set_of({1}) + set_of(permissive);
  bytes += numbers(1, 1) + numbers(2, 1, 1, 1) + "io" + numbers(4, 1) + "read";
  bytes += numbers(1, 1) + numbers(4, 2, 1, 2, 1, 1) + "file" + "io" + numbers(7, 2) + "execute";
  bytes += numbers(2, 2) + numbers(4, 0, 1) + numbers(5, 2, 1) + set_of({1});
  if (version >= 29) bytes += set_of({2}) + set_of({}) + number(0);
  bytes += number(0);  // no rule for changes of labels
  if (version >= 27) bytes += numbers(0, 0, 0);
  if (version >= 28) bytes += number(0);
  bytes += numbers(1, 1) + numbers(1, 1) + (bounds ? number(0) : "") + "r" + set_of({0}) + set_of({1, 2});
  bytes += numbers(3, 4);
  const auto type = [&](const std::string& name, unsigned value, bool primary) {
    bytes += numbers(name.size(), value, primary ? 1 : 0) + (bounds ? number(0) : "") + name;
  };
  type("web_t", 2, false);
  type("httpd_t", 2, true);
  type("a_t", 3, true);
  type("kernel_t", 1, true);
  return bytes + "what follows is not read";
}

}  // namespace

TEST_CASE("permissive domains are named, whatever the version of the policy", "[formats]") {
  for (const std::uint32_t version : {23U, 24U, 27U, 28U, 29U, 33U, 35U}) {
    CAPTURE(version);
    const auto some = parse_selinux_policy(policy(version, {2, 3}));
    REQUIRE(some);
    CHECK(some->version == version);
    CHECK(some->permissive_types == Texts{"a_t", "httpd_t"});
    const auto none = parse_selinux_policy(policy(version, {}));
    REQUIRE(none);
    CHECK(none->permissive_types.empty());
  }
}

TEST_CASE("policies as libsepol writes them are read", "[formats]") {
  for (const auto* name : {"version-24", "version-33"}) {
    CAPTURE(name);
    std::ifstream file(std::string(PLIMSOLL_SOURCE_DIR "/tests/fuzz/corpus/selinux_policy/") + name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto found = parse_selinux_policy(bytes);
    REQUIRE(found);
    CHECK(found->permissive_types == Texts{"httpd_t", "z_t"});
  }
}

TEST_CASE("what is no policy, or not all of one, is an error", "[formats]") {
  const auto whole = policy(33, {2});
  const auto types_end = whole.size() - std::string("what follows is not read").size();
  for (std::size_t size = 0; size < types_end; ++size) {
    CAPTURE(size);
    const auto cut = parse_selinux_policy(std::string_view(whole).substr(0, size));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().kind == Error::Kind::malformed);
  }
  CHECK(parse_selinux_policy(policy(22, {})).error().kind == Error::Kind::unsupported);
  CHECK(parse_selinux_policy(policy(36, {})).error().kind == Error::Kind::unsupported);
  CHECK(parse_selinux_policy(policy(33, {9})).error().kind == Error::Kind::malformed);
  CHECK(parse_selinux_policy(numbers(0xf97cff8dU, 8) + "SE Linux Module").error().kind == Error::Kind::malformed);
}

TEST_CASE("lengths and counts that are not true end the reading", "[formats]") {
  CHECK_FALSE(parse_selinux_policy(head(33) + numbers(64, 64, 0xffffffffU)));
  CHECK_FALSE(parse_selinux_policy(head(33) + set_of({}) + numbers(64, 64, 0xffffffffU) + std::string(60, '\xff')));
  CHECK_FALSE(parse_selinux_policy(head(33) + set_of({}) + set_of({1}) + numbers(1, 0xffffffffU, 0xffffffffU)));
}
