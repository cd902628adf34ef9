#include "engine/formats/passwd.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("a password field becomes a state and an algorithm, never a hash", "[formats][passwd]") {
  struct Case {
    const char* field;
    PasswordState state;
    std::optional<HashAlgorithm> algorithm;
  };
  const auto c = GENERATE(values<Case>({
      {"", PasswordState::empty, {}},
      {"*", PasswordState::none, {}},
      {"!", PasswordState::none, {}},
      {"!!", PasswordState::none, {}},
      {"!*", PasswordState::none, {}},
      {"x", PasswordState::none, {}},
      {"*LK*", PasswordState::none, {}},
      {"secret", PasswordState::none, {}},
      {"!$y$j9T$abc$def", PasswordState::locked, HashAlgorithm::yescrypt},
      {"!!$6$abc$def", PasswordState::locked, HashAlgorithm::sha512},
      {"$y$j9T$abc$def", PasswordState::hash, HashAlgorithm::yescrypt},
      {"$gy$j9T$abc$def", PasswordState::hash, HashAlgorithm::gost_yescrypt},
      {"$7$CU..abc$def", PasswordState::hash, HashAlgorithm::scrypt},
      {"$6$rounds=5000$abc$def", PasswordState::hash, HashAlgorithm::sha512},
      {"$5$abc$def", PasswordState::hash, HashAlgorithm::sha256},
      {"$2b$12$abcdef", PasswordState::hash, HashAlgorithm::bcrypt},
      {"$1$abc$def", PasswordState::hash, HashAlgorithm::md5},
      {"$sha1$1$abc$def", PasswordState::hash, HashAlgorithm::sha1},
      {"$md5,rounds=1$abc$def", PasswordState::hash, HashAlgorithm::sun_md5},
      {"$3$$abc", PasswordState::hash, HashAlgorithm::nt},
      {"_J9..CCCCXBrJUJV154M", PasswordState::hash, HashAlgorithm::bsdi_des},
      {"abJnggxhB/yWI", PasswordState::hash, HashAlgorithm::des},
      {"$99$abc", PasswordState::hash, HashAlgorithm::unknown},
  }));
  CAPTURE(c.field);
  const auto judged = judge_password(c.field, false);
  CHECK(judged.state == c.state);
  CHECK(judged.algorithm == c.algorithm);
}

TEST_CASE("an x in passwd points to the shadow file", "[formats][passwd]") {
  CHECK(judge_password("x", true).state == PasswordState::shadowed);
  CHECK(judge_password("", true).state == PasswordState::empty);
  CHECK(judge_password("*", true).state == PasswordState::none);
}

TEST_CASE("a user id is read as the C library reads it", "[formats][passwd]") {
  struct Case {
    const char* what;
    const char* line;
    std::uint32_t uid;
  };
  const auto c = GENERATE(values<Case>({
      {"plain", "a:x:1000:1000:::", 1000},
      {"leading zeros", "a:x:000:0:::", 0},
      {"a sign", "a:x:+0:0:::", 0},
      {"blanks", "a:x: 0:0:::", 0},
      {"a negative number wraps and is cut to 32 bits", "a:x:-1:0:::", 4294967295U},
      {"too large", "a:x:99999999999999999999:0:::", 4294967295U},
      {"fields missing at the end", "a:x:0:0", 0},
      {"blanks before the name", "  a:x:0:0::/:/bin/sh", 0},
  }));
  CAPTURE(c.what);
  const auto lines = parse_passwd(c.line);
  REQUIRE(lines.entries.size() == 1);
  CHECK(lines.entries[0].uid == c.uid);
  CHECK(lines.entries[0].name == "a");
}

TEST_CASE("lines that the C library skips are reported with their number", "[formats][passwd]") {
  const auto lines = parse_passwd(
      "# comment\n\nroot:x:0:0:root:/root:/bin/bash\nbroken\nbob:x:abc:1::/:/bin/sh\neve:x::1::/:/bin/sh\n"
      "$6$salt$secret:x:z:1\n+::::::\n");
  REQUIRE(lines.entries.size() == 2);
  CHECK(lines.entries[0].line == 3);
  CHECK(lines.entries[1].compat);
  REQUIRE(lines.bad.size() == 4);
  CHECK(lines.bad[0] == BadLine{4, "", "the user id is not a number"});
  CHECK(lines.bad[1] == BadLine{5, "bob", "the user id is not a number"});
  CHECK(lines.bad[2].name == "eve");
  CHECK(lines.bad[3].name.empty());  // what looks like a hash is not repeated
}

TEST_CASE("a NUL byte makes a line bad", "[formats][passwd]") {
  CHECK(parse_passwd(std::string("a:x:0:0\0:::\n", 12)).bad.size() == 1);
}

TEST_CASE("the shell is the rest of the line", "[formats][passwd]") {
  CHECK(parse_passwd("a:x:1:1::/home:/bin/sh:x").entries.at(0).shell == "/bin/sh:x");
}

TEST_CASE("group members are cut at commas, and empty ones dropped", "[formats][passwd]") {
  const auto lines = parse_group("wheel:x:10:root,, bob,\nempty:x:11:\nshort:x:12\nbad:x:none:\n");
  REQUIRE(lines.entries.size() == 3);
  CHECK(lines.entries[0].members == std::vector<std::string>{"root", "bob"});
  CHECK(lines.entries[1].members.empty());
  CHECK(lines.entries[2].gid == 12);
  REQUIRE(lines.bad.size() == 1);
  CHECK(lines.bad[0].line == 4);
}

TEST_CASE("ageing fields: empty and -1 mean not set", "[formats][shadow]") {
  using std::chrono::days;
  const auto lines = parse_shadow("a:*:19000:0:99999:7:30:20000:\nb:*::-1::::\nc:!:0::::::\nd:*:1:2:3\n");
  REQUIRE(lines.entries.size() == 4);
  const auto& a = lines.entries[0];
  CHECK(a.changed == std::chrono::sys_days{days{19000}});
  CHECK(a.min_age == days{0});
  CHECK(a.max_age == days{99999});
  CHECK(a.warn_before == days{7});
  CHECK(a.inactive_after == days{30});
  CHECK(a.expires == std::chrono::sys_days{days{20000}});
  CHECK_FALSE(lines.entries[1].changed);
  CHECK_FALSE(lines.entries[1].min_age);
  CHECK(lines.entries[2].changed == std::chrono::sys_days{days{0}});
  CHECK(lines.entries[3].max_age == days{3});
  CHECK_FALSE(lines.entries[3].warn_before);
}

TEST_CASE("shadow lines that the C library skips are bad, and hold no hash", "[formats][shadow]") {
  const auto lines = parse_shadow("bob:$6$salt$hash\neve:$6$salt$hash:soon::::::\n$6$salt$hash\nc:*:::\n");
  CHECK(lines.entries.empty());
  REQUIRE(lines.bad.size() == 4);
  CHECK(lines.bad[0] == BadLine{1, "bob", "the ageing fields are missing"});
  CHECK(lines.bad[1] == BadLine{2, "eve", "an ageing field is not a number"});
  CHECK(lines.bad[2] == BadLine{3, "", "there is no password field"});
}

TEST_CASE("gshadow tells administrators from members", "[formats][shadow]") {
  const auto lines = parse_gshadow("wheel:!:root:bob,eve\nsudo:$6$a$b::\n");
  REQUIRE(lines.entries.size() == 2);
  CHECK(lines.entries[0].administrators == std::vector<std::string>{"root"});
  CHECK(lines.entries[0].members == std::vector<std::string>{"bob", "eve"});
  CHECK(lines.entries[1].password.state == PasswordState::hash);
}

TEST_CASE("nsswitch names services without actions, the last line counting", "[formats][nsswitch]") {
  const std::string text =
      "# passwd: ldap\npasswd: files\npasswd:\tfiles [NOTFOUND=return]sss systemd # end\nshadow: files\n";
  CHECK(nsswitch_services(text, "passwd") == std::vector<std::string>{"files", "sss", "systemd"});
  CHECK(nsswitch_services(text, "group").empty());
}
