#include "engine/formats/crypto_policy.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("the name of a cryptographic policy is read with what modifies it", "[formats]") {
  struct Case {
    const char* what;
    const char* text;
    const char* name;
  };
  const auto c = GENERATE(values<Case>({
      {"a policy", "DEFAULT\n", "DEFAULT"},
      {"small letters", "default:no-sha1\n", "DEFAULT:NO-SHA1"},
      {"comments", "# LEGACY\n\n  FUTURE # LEGACY\n", "FUTURE"},
      {"further lines add subpolicies", "DEFAULT:NO-SHA1\nNO-CBC:AD-SUPPORT\n", "DEFAULT:NO-SHA1:NO-CBC:AD-SUPPORT"},
      {"empty parts", "DEFAULT::NO-SHA1:\n", "DEFAULT:NO-SHA1"},
      {"nothing", "# only a comment\n", ""},
  }));
  CAPTURE(c.what);
  CHECK(parse_crypto_policy_name(c.text).text() == c.name);
}

TEST_CASE("the dump of a policy tells each scope from what holds for all", "[formats]") {
  const auto dump = parse_crypto_policy_dump(
      "# Policy DEFAULT:NO-SSHCBC dump\n"
      "# cipher = NULL\n"
      "cipher = AES-256-GCM AES-256-CBC\n"
      "sha1_in_certs = 0\n"
      "mac =\n"
      "cipher@openssh-server = AES-256-GCM\n"
      "cipher@LIBSSH = AES-128-GCM\n");
  REQUIRE(dump.find("", "cipher") != nullptr);
  CHECK(dump.find("", "cipher")->values == std::vector<std::string>{"AES-256-GCM", "AES-256-CBC"});
  CHECK(dump.find("openssh-server", "cipher")->values == std::vector<std::string>{"AES-256-GCM"});
  CHECK(dump.find("openssh-server", "cipher")->line == 6);
  CHECK(dump.find("libssh", "cipher")->values == std::vector<std::string>{"AES-128-GCM"});
  CHECK(dump.find("gnutls", "cipher")->line == 3);
  CHECK(dump.find("openssh-server", "sha1_in_certs")->values == std::vector<std::string>{"0"});
  CHECK(dump.find("", "mac")->values.empty());
  CHECK(dump.find("", "hash") == nullptr);
}
