#include "engine/formats/systemd_config.hpp"

#include <array>

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("a value of systemd's daemons is normalised, or passed over", "[formats][systemd_config]") {
  struct Case {
    SystemdValue kind;
    const char* text;
    const char* value;  // null: the daemon does not take it
  };
  const auto c = GENERATE(values<Case>({
      {SystemdValue::boolean, "YES", "yes"},
      {SystemdValue::boolean, "1", "yes"},
      {SystemdValue::boolean, "off", "no"},
      {SystemdValue::boolean, "enabled", nullptr},
      {SystemdValue::compress, "512", "yes"},
      {SystemdValue::compress, "0", "no"},
      {SystemdValue::compress, "1M", "yes"},
      {SystemdValue::compress, "lz4", nullptr},
      {SystemdValue::size, "1.5G", "1610612736"},
      {SystemdValue::size, "1G 1K", "1073742848"},
      {SystemdValue::size, "4096", "4096"},
      {SystemdValue::size, "infinity", "infinity"},
      {SystemdValue::size, "10%", nullptr},
      {SystemdValue::size, "-1", nullptr},
      {SystemdValue::size, "G", nullptr},
      {SystemdValue::size, ".", nullptr},
      {SystemdValue::size, "99999999999999999999", nullptr},
      {SystemdValue::seconds, "1month", "2629800"},
      {SystemdValue::seconds, "1h 30min", "5400"},
      {SystemdValue::seconds, "90", "90"},
      {SystemdValue::seconds, "50ms", "0.05"},
      {SystemdValue::seconds, "1 fortnight", nullptr},
      {SystemdValue::count, "0", "0"},
      {SystemdValue::count, "-1", nullptr},
      {SystemdValue::word, "none", "none"},
      {SystemdValue::word, "None", nullptr},
      {SystemdValue::level, "4", "warning"},
      {SystemdValue::level, "crit", "crit"},
      {SystemdValue::level, "8", nullptr},
  }));
  CAPTURE(c.text);
  constexpr std::array<std::string_view, 2> allowed = {"auto", "none"};
  const auto value = systemd_value(c.kind, c.text, allowed);
  CHECK(value.has_value() == (c.value != nullptr));
  if (c.value != nullptr) CHECK(value.value_or("") == c.value);
}

TEST_CASE("what stands behind a broken section header does not count", "[formats][systemd_config]") {
  const auto config = parse_systemd_config("[Journal]\nSeal=no\n[Broken\nStorage=none\n[Journal]\nCompress=no\n");
  CHECK(config.bad_header == 3);
  REQUIRE(config.assignments.size() == 1);
  CHECK(config.assignments[0].key == "Seal");
  CHECK(parse_systemd_config("[A]\nx=\\\n[B\n#[C\n").bad_header == 0);
}
