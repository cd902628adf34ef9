#include "engine/formats/grub_access.hpp"

#include <fmt/ranges.h>

#include <map>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

constexpr const char* hash = "grub.pbkdf2.sha512.10000.ABCDEF.0123456789";

using Files = std::map<std::string, std::string>;

GrubAccess read(std::string text, const Files& files = {}) {
  for (auto at = text.find("HASH"); at != std::string::npos; at = text.find("HASH")) text.replace(at, 4, hash);
  return read_grub_access("/boot/grub/grub.cfg", text, {},
                          [&](const std::string& path) -> Result<std::optional<std::string>> {
                            if (path.ends_with("denied")) return std::unexpected(Error{Error::Kind::denied, path});
                            const auto found = files.find(path);
                            if (found == files.end()) return std::nullopt;
                            return found->second;
                          });
}

/// As tests write it: "root admin", "(nobody)", "(everybody)", "(unknown)".
std::string who(const GrubAccess& access) {
  if (access.unknown) return "(unknown)";
  if (!access.restricted) return "(everybody)";
  return access.superusers.empty() ? "(nobody)" : fmt::format("{}", fmt::join(access.superusers, " "));
}

constexpr const char* red_hat =
    "if [ -f ${prefix}/user.cfg ]; then\n"
    "  source ${prefix}/user.cfg\n"
    "  if [ -n \"${GRUB2_PASSWORD}\" ]; then\n"
    "    set superusers=\"root\"\n"
    "    export superusers\n"
    "    password_pbkdf2 root ${GRUB2_PASSWORD}\n"
    "  fi\n"
    "fi\n";

}  // namespace

TEST_CASE("superusers are those that GRUB would know", "[formats]") {
  struct Case {
    const char* what;
    const char* text;
    const char* expected;
  };
  const auto c = GENERATE(values<Case>({
      {"none set", "set timeout=5\n", "(everybody)"},
      {"one", "set superusers=\"root\"\n", "root"},
      {"without quotes", "set superusers=root\n", "root"},
      {"in other quotes", "set superusers='root'\n", "root"},
      {"without set", "superusers=\"root\"\n", "root"},
      {"with digits and other signs", "set superusers=\"admin01.x-2\"\n", "admin01.x-2"},
      {"a list", "set superusers=\"root,admin;bob|carl&dave eve\"\n", "root admin bob carl dave eve"},
      {"nobody", "set superusers=\"\"\n", "(nobody)"},
      {"a comment", "# set superusers=root\n", "(everybody)"},
      {"the last one counts", "set superusers=root\nset superusers=bob\n", "bob"},
      {"unset again", "set superusers=root\nunset superusers\n", "(everybody)"},
      {"from a variable", "set who=root\nset superusers=$who\n", "root"},
      {"from a variable of GRUB", "set superusers=$grub_platform\n", "(unknown)"},
      {"inside an entry", "menuentry 'x' {\nset superusers=root\n}\n", "(everybody)"},
      {"inside a submenu", "submenu 'x' {\nset superusers=root\n}\n", "(everybody)"},
      {"inside a function", "function f {\nset superusers=root\n}\n", "(unknown)"},
      {"under a condition that holds", "if [ -z \"$nothing\" ]; then set superusers=root; fi\n", "root"},
      {"under one that does not", "if [ -n \"$nothing\" ]; then set superusers=root; fi\n", "(everybody)"},
      {"under one that cannot be known", "if [ $grub_cpu = x ]; then set superusers=root; fi\n", "(unknown)"},
      {"in the other branch", "if [ a = b ]; then true; else set superusers=root; fi\n", "root"},
      {"in a branch that is not reached", "if [ a = a ]; then true; elif [ a = a ]; then set superusers=root; fi\n",
       "(everybody)"},
      {"behind one that may be taken", "if [ $grub_cpu = x ]; then true; else set superusers=root; fi\n", "(unknown)"},
      {"behind an unrelated condition", "if [ $grub_cpu = x ]; then insmod y; fi\nset superusers=root\n", "root"},
      {"two tests in one", "if [ a = a -a -n \"\" ]; then set superusers=root; fi\n", "(everybody)"},
      {"one of two tests", "if [ a = a -o a = b ]; then set superusers=root; fi\n", "(unknown)"},
      {"a command as condition", "if loadfont x; then set superusers=root; fi\n", "(unknown)"},
      {"negated", "if [ ! -f /gone ]; then set superusers=root; fi\n", "root"},
      {"in a loop", "for x in a b; do set superusers=root; done\n", "(unknown)"},
      {"a file that may not be read", "if [ -f /x/denied ]; then true; fi\nset superusers=root\n", "(unknown)"},
  }));
  CAPTURE(c.what);
  CHECK(who(read(c.text)) == c.expected);
}

TEST_CASE("the password file of the Fedora family counts when there is one", "[formats]") {
  const std::string menu = red_hat;
  CHECK(who(read(menu)) == "(everybody)");
  CHECK(who(read(menu, {{"/boot/grub/user.cfg", ""}})) == "(everybody)");
  CHECK(who(read(menu, {{"/boot/grub/user.cfg", "GRUB2_PASSWORD=\n"}})) == "(everybody)");
  const auto access = read(menu, {{"/boot/grub/user.cfg", std::string("GRUB2_PASSWORD=") + hash + "\n"}});
  CHECK(who(access) == "root");
  CHECK(access.exported);
  CHECK(access.source == "/boot/grub/grub.cfg:4");
  REQUIRE(access.passwords.size() == 1);
  CHECK(access.passwords[0].algorithm == "pbkdf2-sha512");
  CHECK(access.passwords[0].iterations == 10000);
  CHECK(access.sourced == std::vector<std::string>{"/boot/grub/user.cfg"});
}

TEST_CASE("files that the configuration sources are part of it", "[formats]") {
  const std::string menu =
      "if [ -f ${config_directory}/custom.cfg ]; then\n  source ${config_directory}/custom.cfg\n"
      "elif [ -z \"${config_directory}\" -a -f $prefix/custom.cfg ]; then\n  source $prefix/custom.cfg\nfi\n";
  CHECK(who(read(menu)) == "(everybody)");
  const auto access = read(menu, {{"/boot/grub/custom.cfg", "\nset superusers=bob\npassword bob secret\n"}});
  CHECK(who(access) == "bob");
  CHECK(access.source == "/boot/grub/custom.cfg:2");
  CHECK(access.passwords.at(0).algorithm == "plain");
  CHECK(access.passwords.at(0).source == "/boot/grub/custom.cfg:3");
  CHECK(who(read("source /a\nset superusers=root\n", {{"/a", "source /a\n"}})) == "(unknown)");
}

TEST_CASE("passwords show how they are kept and nothing else", "[formats]") {
  const auto access = read(
      "password_pbkdf2 root HASH\npassword bob secret\npassword_pbkdf2 carl grub.pbkdf2.sha512.x\npassword_pbkdf2 "
      "eve\n");
  REQUIRE(access.passwords.size() == 3);
  CHECK(access.passwords[0].user == "root");
  CHECK(access.passwords[0].source == "/boot/grub/grub.cfg:1");
  CHECK(access.passwords[1].algorithm == "plain");
  CHECK(access.passwords[2].algorithm.empty());
}

TEST_CASE("entries say who may boot them", "[formats]") {
  const auto access = read(
      "menuentry 'a' --class debian --unrestricted $menuentry_id_option 'x' {\n linux /v\n}\n"
      "submenu 'more' --users '' {\n menuentry \"b\" --users \"ann,bob\" {\n }\n menuentry c {\n }\n}\n");
  REQUIRE(access.items.size() == 3);
  CHECK(access.items[0].unrestricted);
  CHECK(access.items[1].title == "b");
  CHECK(access.items[1].users == std::vector<std::string>{"ann", "bob"});
  CHECK_FALSE(access.items[2].unrestricted);
  CHECK(access.items[2].source == "/boot/grub/grub.cfg:7");
}

TEST_CASE("a file that only loads another one is told", "[formats]") {
  CHECK(
      read("search.fs_uuid 12 root\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n").only_loads_another);
  CHECK_FALSE(read("configfile /x\nmenuentry 'a' {\n}\n").only_loads_another);
  CHECK_FALSE(read("configfile /x\nblscfg\n").only_loads_another);
  CHECK_FALSE(read("set timeout=5\n").only_loads_another);
}

TEST_CASE("a hash is recognised by all of its parts", "[formats]") {
  CHECK(parse_grub_hash(hash)->iterations == 10000);
  for (const auto* text : {"", "grub.pbkdf2.", "grub.pbkdf2.sha512.10000.AB", "grub.pbkdf2.sha512.0.AB.CD",
                           "grub.pbkdf2.sha512.1.AB.CD.EF", "grub.pbkdf2.md5.1.AB.CD", "grub.pbkdf2.sha512.1.AB.XY",
                           "grub.pbkdf2.sha512.1..CD", "grub.pbkdf2.sha512.1.ABC.CD", "secret"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_grub_hash(text));
  }
}
