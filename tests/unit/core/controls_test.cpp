#include "engine/core/controls.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;

TEST_CASE("a control has a family, a number, and perhaps the number of an enhancement", "[controls]") {
  const auto* standard = find_standard("nist-800-53");
  REQUIRE(standard != nullptr);
  for (const auto* id : {"AC-6", "AC-6(2)", "AU-12", "SC-45(1)", "SI-7(16)", "SR-11"}) {
    CAPTURE(id);
    CHECK(is_control_id(*standard, id));
  }
  for (const auto* id : {"", "AC", "AC-", "AC-0", "AC-06", "AC-123", "AC6", "ac-6", "XX-6", "AC-6()", "AC-6(a)",
                         "AC-6(2", "AC-6(2)(a)", "AC-6(02)", "AC-6 (2)", "AC-6(123)", " AC-6", "AC-6 "}) {
    CAPTURE(id);
    CHECK_FALSE(is_control_id(*standard, id));
  }
}

TEST_CASE("a standard is found by its whole name", "[controls]") {
  CHECK(find_standard("nist-800-5") == nullptr);
  CHECK(find_standard("NIST-800-53") == nullptr);
  CHECK(standards().size() == 1);
}

TEST_CASE("controls read as their standard and their numbers", "[controls]") {
  CHECK(title_of({"nist-800-53", "AC-6(2)"}) == "NIST SP 800-53 Rev. 5 AC-6(2)");
  CHECK(title_of({"house-rules", "7"}) == "house-rules 7");
  const std::vector<Control> controls = {{"nist-800-53", "AC-6"}, {"house-rules", "7"}, {"nist-800-53", "CM-6"}};
  CHECK(by_standard(controls) == std::vector<std::string>{"NIST SP 800-53 Rev. 5: AC-6, CM-6", "house-rules: 7"});
  CHECK(by_standard({}).empty());
}
