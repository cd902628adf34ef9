#include "engine/formats/kernel_command_line.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("a kernel command line gives every value of a parameter in order", "[formats]") {
  struct Case {
    const char* what;
    const char* text;
    std::vector<std::string> values;
  };
  const auto c = GENERATE(values<Case>({
      {"absent", "root=/dev/sda1 ro quiet\n", {}},
      {"a value", "ro audit=1 quiet", {"1"}},
      {"a flag", "ro audit", {""}},
      {"an empty value", "audit= ro", {""}},
      {"several", "audit=1 audit=0", {"1", "0"}},
      {"no prefix match", "audit_backlog_limit=8192", {}},
      {"no suffix match", "my.audit=1", {}},
      {"quoted value", "audit=\"a b\" ro", {"a b"}},
      {"quoted whole", "\"audit=a b\" ro", {"a b"}},
      {"quotes hide it", "foo=\"x audit=1 y\"", {}},
      {"after the end of options it is init's", "ro -- audit=1", {}},
      {"an open quote", "ro audit=\"1 2", {"1 2"}},
      {"line ends separate", "ro\naudit=1\n", {"1"}},
  }));
  CAPTURE(c.what);
  CHECK(values_of_parameter(c.text, "audit") == c.values);
}

TEST_CASE("dashes and underscores in parameter names are alike", "[formats]") {
  CHECK(values_of_parameter("audit-backlog-limit=5", "audit_backlog_limit") == std::vector<std::string>{"5"});
  CHECK_FALSE(same_parameter("audit", "audit_"));
}
