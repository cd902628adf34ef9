#include "engine/formats/apparmor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

namespace {

/// "name|attachment|mode" of each.
std::vector<std::string> told(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& profile : parse_apparmor_file(text).profiles) {
    out.push_back(fmt::format("{}|{}|{}", profile.name, profile.attachment, profile.mode()));
  }
  return out;
}

}  // namespace

TEST_CASE("profiles are found with their attachments and modes", "[formats]") {
  struct Case {
    const char* what;
    const char* text;
    std::vector<std::string> profiles;
  };
  const auto c = GENERATE(values<Case>({
      {"by path", "/usr/sbin/a {\n  /etc/x r,\n}\n", {"/usr/sbin/a|/usr/sbin/a|enforce"}},
      {"by name", "profile man /usr/bin/man {\n}\n", {"man|/usr/bin/man|enforce"}},
      {"by name alone", "profile docker-default {\n}\n", {"docker-default||enforce"}},
      {"flags", "profile a /b flags=(attach_disconnected,complain) {\n}\n", {"a|/b|complain"}},
      {"flags with blanks", "profile a /b flags=(attach_disconnected, complain) {\n}\n", {"a|/b|complain"}},
      {"flags of the old kind", "/b (complain) {\n}\n", {"/b|/b|complain"}},
      {"flags before the brace", "/b flags=(complain){\n}\n", {"/b|/b|complain"}},
      {"a profile that confines nothing", "profile c /opt/c flags=(unconfined) {\n}\n", {"c|/opt/c|unconfined"}},
      {"extended attributes are no flags", "profile c /c xattrs=(user.x=complain) {\n}\n", {"c|/c|enforce"}},
      {"alternatives",
       "profile p /{usr/,}bin/{,iputils-}ping {\n /etc/{a,b} r,\n}\n",
       {"p|/{usr/,}bin/{,iputils-}ping|enforce"}},
      {"preamble",
       "abi <abi/3.0>,\n#include <tunables/global>\ninclude <x>\n@{V} = /a {b}\nalias /a -> /b,\n/c {\n}\n",
       {"/c|/c|enforce"}},
      {"a comment", "# profile x /y {\n/z { # /u {\n}\n", {"/z|/z|enforce"}},
      {"children and hats",
       "/a flags=(complain) {\n profile b /c {\n }\n ^d {\n }\n hat e flags=(kill) {\n }\n}\n/f {\n}\n",
       {"/a|/a|complain", "/a//b|/c|enforce", "/a//d||enforce", "/a//e||kill", "/f|/f|enforce"}},
      {"a condition is none",
       "/a {\n if $x {\n  /y r,\n } else {\n  /z r,\n }\n profile b {\n }\n}\n",
       {"/a|/a|enforce", "/a//b||enforce"}},
      {"quotes", "profile \"my app\" \"/opt/my app/x\" {\n}\n", {"my app|/opt/my app/x|enforce"}},
      {"a header over two lines", "profile a /b\n  flags=(complain)\n{\n}\n", {"a|/b|complain"}},
      {"nothing", "", {}},
  }));
  CAPTURE(c.what);
  CHECK(told(c.text) == c.profiles);
}

TEST_CASE("variables are set and added to", "[formats]") {
  const auto file = parse_apparmor_file("@{A} = /a /b\n@{A} += /c\n@{B}=/d \\\n");
  CHECK(file.variables.at("A") == std::vector<std::string>{"/a", "/b", "/c"});
  CHECK(file.variables.at("B") == std::vector<std::string>{"/d"});
}

TEST_CASE("labels have a name and a mode", "[formats]") {
  CHECK(parse_apparmor_label("/usr/sbin/cupsd (enforce)\n") == AppArmorLabel{"/usr/sbin/cupsd", "enforce"});
  CHECK(parse_apparmor_label("unconfined") == AppArmorLabel{"unconfined", ""});
  CHECK(parse_apparmor_label("a (b) (complain)") == AppArmorLabel{"a (b)", "complain"});
  CHECK(parse_apparmor_labels("a (enforce)\n\nb (kill)\n").size() == 2);
}

TEST_CASE("patterns of programs match as AppArmor has it", "[formats]") {
  struct Case {
    const char* pattern;
    const char* path;
    bool matches;
  };
  const auto c = GENERATE(values<Case>({
      {"/usr/bin/man", "/usr/bin/man", true},
      {"/usr/bin/man", "/usr/bin/man2", false},
      {"/usr/*/man", "/usr/bin/man", true},
      {"/usr/*/man", "/usr/a/b/man", false},
      {"/usr/**/man", "/usr/a/b/man", true},
      {"/usr/**", "/usr/a/b/man", true},
      {"/usr/bin/ma?", "/usr/bin/man", true},
      {"/usr?bin", "/usr/bin", false},
      {"/usr/bin/[lm]an", "/usr/bin/man", true},
      {"/usr/bin/[^m]an", "/usr/bin/man", false},
      {"/usr/bin/\\*", "/usr/bin/*", true},
      {"/usr/bin/\\*", "/usr/bin/a", false},
  }));
  CAPTURE(c.pattern, c.path);
  CHECK(apparmor_pattern_matches(c.pattern, c.path) == c.matches);
}

TEST_CASE("variables and braces stand for several patterns", "[formats]") {
  const AppArmorVariables variables = {{"bin", {"/{usr/,}bin", "/opt/"}}, {"loop", {"@{loop}x"}}};
  CHECK(expand_apparmor_pattern("/a/{b,c}", {}) == std::vector<std::string>{"/a/b", "/a/c"});
  CHECK(expand_apparmor_pattern("@{bin}/x", variables).size() == 3);
  CHECK(expand_apparmor_pattern("@{gone}/x", variables).empty());
  CHECK(expand_apparmor_pattern("@{loop}", variables).empty());
}
