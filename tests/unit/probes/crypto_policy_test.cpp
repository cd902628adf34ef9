#include "engine/probes/crypto_policy.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::crypto_policy_probe;
using probes::crypto_policy_scope_probe;

namespace {

ProbeAnswer about(const probes::Probe& probe, const std::string& yaml) {
  return ask(probe, FakeRoot(tree_of(world_of(yaml))));
}

}  // namespace

TEST_CASE("a policy is told as configured and as applied", "[probes]") {
  struct Case {
    const char* what;
    const char* files;
    const char* field;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"configured", "/etc/crypto-policies/config: \"DEFAULT:NO-SHA1\\n\"", "configured", "DEFAULT:NO-SHA1"},
      {"base", "/etc/crypto-policies/config: \"default:no-sha1\\n\"", "base", "DEFAULT"},
      {"subpolicies", "/etc/crypto-policies/config: \"DEFAULT:NO-SHA1\\nNO-CBC\\n\"", "subpolicies", "NO-SHA1, NO-CBC"},
      {"no configuration, a default of the package", "/usr/share/crypto-policies/default-config: \"DEFAULT\\n\"",
       "configured", "DEFAULT"},
      {"no configuration, a kernel in FIPS mode",
       "/proc/sys/crypto/fips_enabled: \"1\\n\", /usr/share/crypto-policies/default-config: \"DEFAULT\\n\"",
       "configured", "FIPS"},
      {"nothing at all", "/etc/hostname: x", "configured", "(absent)"},
      {"nothing at all is not installed", "/etc/hostname: x", "installed", "false"},
      {"it may not be read", "/etc/crypto-policies/config: { error: denied }", "configured", "(unreadable: denied)"},
      {"applied", "/etc/crypto-policies/config: \"DEFAULT\", /etc/crypto-policies/state/current: \"LEGACY:NO-SHA1\\n\"",
       "applied", "LEGACY:NO-SHA1"},
      {"applied base",
       "/etc/crypto-policies/config: \"DEFAULT\", /etc/crypto-policies/state/current: \"LEGACY:NO-SHA1\\n\"",
       "applied_base", "LEGACY"},
      {"not what is configured",
       "/etc/crypto-policies/config: \"DEFAULT\", /etc/crypto-policies/state/current: \"LEGACY\\n\"", "is_applied",
       "false"},
      {"what is configured, written otherwise",
       "/etc/crypto-policies/config: \"default:no-sha1\", /etc/crypto-policies/state/current: \"DEFAULT:NO-SHA1\\n\"",
       "is_applied", "true"},
      {"never applied", "/etc/crypto-policies/config: \"DEFAULT\"", "is_applied", "(absent)"},
      {"files that are there",
       "/etc/crypto-policies/config: \"DEFAULT:NO-CBC\", /usr/share/crypto-policies/policies/DEFAULT.pol: x, "
       "/etc/crypto-policies/policies/modules/NO-CBC.pmod: x",
       "missing_files", ""},
      {"a module without its file",
       "/etc/crypto-policies/config: \"DEFAULT:NO-CBC\", /usr/share/crypto-policies/policies/DEFAULT.pol: x",
       "missing_files", "modules/NO-CBC.pmod"},
      {"a link to the applied policy",
       "/etc/crypto-policies/config: \"DEFAULT\", /etc/crypto-policies/state/current: \"DEFAULT\", "
       "/etc/crypto-policies/back-ends/openssl.config: { target: /usr/share/crypto-policies/DEFAULT/openssl.txt }",
       "replaced_back_ends", ""},
      {"a link to another one",
       "/etc/crypto-policies/config: \"DEFAULT\", /etc/crypto-policies/state/current: \"DEFAULT\", "
       "/etc/crypto-policies/back-ends/openssl.config: { target: /usr/share/crypto-policies/LEGACY/openssl.txt }",
       "replaced_back_ends", "openssl.config -> /usr/share/crypto-policies/LEGACY/openssl.txt"},
      {"files that the tool wrote",
       "/etc/crypto-policies/config: \"DEFAULT:A\", /etc/crypto-policies/state/current: \"DEFAULT:A\", "
       "/etc/crypto-policies/back-ends/openssl.config: x",
       "replaced_back_ends", ""},
      {"local additions", "/etc/crypto-policies/local.d/openssl-x.config: x", "local_files", "openssl-x.config"},
  }));
  CAPTURE(c.what);
  CHECK(about(crypto_policy_probe, std::string("files: { ") + c.files + " }").text(c.field) == c.value);
}

TEST_CASE("each back-end has what holds for all, unless the policy says otherwise", "[probes]") {
  const auto answer = about(crypto_policy_scope_probe,
                            "files: { /etc/crypto-policies/state/CURRENT.pol: \"# Policy DEFAULT dump\\n"
                            "cipher = AES-256-GCM AES-256-CBC\\nsha1_in_certs = 0\\nmin_rsa_size = big\\n"
                            "etm = ANY\\ncipher@openssh-server = AES-256-GCM\\ncipher@new = NULL\\n\" }");
  const auto scopes = answer.texts("scope");
  REQUIRE(scopes.size() == 14);
  CHECK(scopes.front() == "all");
  CHECK(scopes.back() == "new");
  CHECK(answer.text("cipher", 0) == "AES-256-GCM, AES-256-CBC");
  CHECK(answer.text("cipher", 13) == "NULL");
  CHECK(answer.text("sha1_in_certs", 13) == "0");
  CHECK(answer.text("etm", 13) == "ANY");
  CHECK(answer.text("hash", 0) == "(absent)");
  CHECK(answer.text("min_rsa_size", 0) == "(unreadable: malformed)");
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    if (scopes[i] != "openssh-server") continue;
    CHECK(answer.text("cipher", i) == "AES-256-GCM");
    CHECK(answer.records[i].fields[0].source == "/etc/crypto-policies/state/CURRENT.pol:6");
  }
}

TEST_CASE("without an applied policy there are no scopes; a denied one is a failure", "[probes]") {
  CHECK(about(crypto_policy_scope_probe, "files: { /etc/hostname: x }").records.empty());
  const auto answer =
      about(crypto_policy_scope_probe, "files: { /etc/crypto-policies/state/CURRENT.pol: { error: denied } }");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
}
