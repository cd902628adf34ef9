#include "engine/formats/apt_conf.hpp"

#include "tests/support/catch.hpp"

using plimsoll::Error;
using namespace plimsoll::formats;

TEST_CASE("a setting has one value whatever way it is written", "[formats][apt_conf]") {
  const auto* const text = GENERATE(values<const char*>({
      "APT::Get::Assume-Yes \"true\";\n",
      "apt::get::assume-yes true;",
      "APT { Get { Assume-Yes \"true\"; }; };",
      "APT\n{\n  Get::Assume-Yes \"true\"; // comment\n}\n",
      "/* APT::Get::Assume-Yes \"false\"; */ APT::Get { Assume-Yes \"true\" };",
      "APT::Get::Assume-Yes \"false\";\nAPT::Get::Assume-Yes \"true\";\n# APT::Get::Assume-Yes \"no\";\n",
  }));
  CAPTURE(text);
  AptConfiguration configuration;
  REQUIRE(configuration.read("/x", text));
  const auto* setting = configuration.find("APT::Get::Assume-YES");
  REQUIRE(setting != nullptr);
  CHECK(setting->value == "true");
}

TEST_CASE("later files count, and clearing takes away what stands below", "[formats][apt_conf]") {
  AptConfiguration configuration;
  REQUIRE(configuration.read("/a", "A::B \"1\";\nA::C \"2\";\nAB \"3\";\nL { \"one\"; \"two\"; };\nL:: \"three\";\n"));
  REQUIRE(configuration.read("/b", "\nA::B \"4\";\n"));
  CHECK(configuration.find("a::b")->value == "4");
  CHECK(configuration.find("a::b")->source == "/b:2");
  REQUIRE(configuration.find("a::b")->before.size() == 1);
  CHECK(configuration.find("a::b")->before[0] == std::pair<std::string, std::string>{"/a:1", "1"});
  CHECK(configuration.find("l") == nullptr);
  REQUIRE(configuration.read("/c", "#clear A;\n"));
  CHECK(configuration.find("a::b") == nullptr);
  CHECK(configuration.find("a::c") == nullptr);
  CHECK(configuration.find("ab") != nullptr);
}

TEST_CASE("what apt cannot read is an error with its line", "[formats][apt_conf]") {
  const auto* const text = GENERATE(values<const char*>({"\nA {\n", "\n}\n", "\nA \"open\n\";", "\nA", "\n/* open",
                                                         "\n?;", "\n#include \"/etc/x\";", "\n\"open", "\n#clear ;"}));
  CAPTURE(text);
  AptConfiguration configuration;
  const auto done = configuration.read("/x", text);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == Error::Kind::malformed);
  CHECK(done.error().what.starts_with("/x:"));

  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "A{";
  CHECK_FALSE(configuration.read("/x", deep));
}

TEST_CASE("apt knows many words for yes and no", "[formats][apt_conf]") {
  for (const auto* const yes : {"yes", "True", "with", "ON", "enable", "1", "7", "-1"}) CHECK(apt_truth(yes) == true);
  for (const auto* const no : {"no", "False", "without", "OFF", "disable", "0"}) CHECK(apt_truth(no) == false);
  for (const auto* const neither : {"", "maybe", "1x"}) CHECK(apt_truth(neither) == std::nullopt);
}
