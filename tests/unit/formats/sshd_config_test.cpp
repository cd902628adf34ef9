#include "engine/formats/sshd_config.hpp"

#include <map>
#include <string>
#include <vector>

#include "engine/formats/sshd_words.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

using Files = std::map<std::string, std::string>;

Result<SshdConfig> read(const std::string& text, SshdRelease release = 902, const Files& files = {},
                        std::vector<std::string> options = {}) {
  SshdInput input;
  input.options = std::move(options);
  input.file = {"/etc/ssh/sshd_config", text};
  input.release = release;
  input.include = [&files](const std::string& pattern) -> Result<std::vector<SshdFile>> {
    std::vector<SshdFile> found;
    const auto star = pattern.find('*');
    for (const auto& [path, content] : files) {
      if (path == pattern || (star != std::string::npos && path.starts_with(pattern.substr(0, star)))) {
        found.push_back({path, content});
      }
    }
    return found;
  };
  return read_sshd_config(input);
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : " ") + value;
  return text;
}

std::string value(const Result<SshdConfig>& config, std::string_view keyword) {
  if (!config) return "(refused)";
  const auto* setting = config->find(keyword);
  return setting == nullptr ? "(not set)" : joined(setting->values);
}

}  // namespace

TEST_CASE("a line is cut as sshd cuts it", "[formats][sshd]") {
  struct Case {
    const char* line;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"PermitRootLogin no", "no"},
      {"permitrootlogin NO", "no"},
      {"PermitRootLogin=no", "no"},
      {"PermitRootLogin = no", "no"},
      {"PermitRootLogin \"no\"", "no"},
      {"\"PermitRootLogin\" no", "no"},
      {"\t PermitRootLogin\tno \t", "no"},
      {"PermitRootLogin no # trailing", "no"},
      {"PermitRootLogin no\r", "no"},
      {"PermitRootLogin prohibit-password", "without-password"},
      {"# PermitRootLogin no", "(not set)"},
      {"PermitRootLogin maybe", "(refused)"},
      {"PermitRootLogin true", "(refused)"},
      {"PermitRootLogin no yes", "(refused)"},
      {"PermitRootLogin", "(refused)"},
      {"PermitRootLogin \"no", "(refused)"},
      {"PermitRootLogon no", "(refused)"},
  }));
  CAPTURE(c.line);
  CHECK(value(read(c.line), "permitrootlogin") == c.value);
}

TEST_CASE("times and numbers are read as sshd reads them", "[formats][sshd]") {
  CHECK(parse_sshd_time("90") == 90);
  CHECK(parse_sshd_time("1h30m") == 5400);
  CHECK(parse_sshd_time("2W") == 1209600);
  CHECK_FALSE(parse_sshd_time(""));
  CHECK_FALSE(parse_sshd_time("1x"));
  CHECK_FALSE(parse_sshd_time("-1"));
  CHECK_FALSE(parse_sshd_time("99999999999"));
  CHECK_FALSE(parse_sshd_integer("3000000000"));
  CHECK_FALSE(parse_sshd_integer("-1"));
}

TEST_CASE("the first value wins, and the others are shown as overridden", "[formats][sshd]") {
  const auto config = read("PermitRootLogin no\nPermitRootLogin yes\n");
  REQUIRE(config);
  const auto* setting = config->find("permitrootlogin");
  CHECK(joined(setting->values) == "no");
  CHECK(setting->source == "/etc/ssh/sshd_config:1");
  CHECK(setting->overridden == std::vector<Overridden>{{"/etc/ssh/sshd_config:2", "yes"}});
}

TEST_CASE("MaxStartups is overwritten by later lines before 10.1", "[formats][sshd]") {
  const std::string text = "MaxStartups 10:50:60\nMaxStartups 7\n";
  CHECK(value(read(text, 902), "maxstartups") == "7:50:7");
  CHECK(value(read(text, 1001), "maxstartups") == "10:50:60");
  CHECK(value(read("MaxStartups 60\n", 1001), "maxstartups") == "10:30:60");
  CHECK(value(read("MaxStartups 70:30:60\n", 902), "maxstartups") == "(refused)");
}

TEST_CASE("what sshd refuses is refused, though each word is known", "[formats][sshd]") {
  struct Case {
    const char* text;
    const char* keyword;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"RekeyLimit 16\n", "rekeylimit", "16 0"},
      {"RekeyLimit 15\n", "rekeylimit", "(refused)"},
      {"RekeyLimit 1T 1h\n", "rekeylimit", "1099511627776 3600"},
      {"RekeyLimit 99999999E\n", "rekeylimit", "(refused)"},
      {"RekeyLimit 1Z\n", "rekeylimit", "(refused)"},
      {"PubkeyAuthOptions touch-required\n", "pubkeyauthoptions", "touch-required"},
      {"PubkeyAuthOptions touch\n", "pubkeyauthoptions", "(refused)"},
      {"AuthenticationMethods publickey,password keyboard-interactive:pam\n", "authenticationmethods",
       "publickey,password keyboard-interactive:pam"},
      {"AuthenticationMethods fingerprint\n", "authenticationmethods", "(refused)"},
      {"AuthenticationMethods publickey,\n", "authenticationmethods", "(refused)"},
      {"AuthenticationMethods Publickey\n", "authenticationmethods", "(refused)"},
      {"AuthenticationMethods publickey,,password\n", "authenticationmethods", "(refused)"},
      {"PasswordAuthentication no\nAuthenticationMethods publickey,password\n", "authenticationmethods", "(refused)"},
      {"PasswordAuthentication no\nAuthenticationMethods publickey,password publickey\n", "authenticationmethods",
       "publickey,password publickey"},
      {"AuthenticationMethods hostbased\n", "authenticationmethods", "(refused)"},
      {"AuthorizedKeysCommand /bin/keys\n", "authorizedkeyscommand", "(refused)"},
      {"AuthorizedKeysCommand /bin/keys\nAuthorizedKeysCommandUser nobody\n", "authorizedkeyscommand", "/bin/keys"},
      {"AuthorizedKeysCommand none\n", "authorizedkeyscommand", "none"},
  }));
  CAPTURE(c.text);
  CHECK(value(read(c.text, 902), c.keyword) == c.value);
}

TEST_CASE("keywords that add up keep every line", "[formats][sshd]") {
  const auto config =
      read("AllowUsers a\nAllowUsers \"b c\" d\nPort 22\nPort 2222\nAuthorizedKeysFile x y\nAuthorizedKeysFile z\n");
  REQUIRE(config);
  CHECK(config->find("allowusers")->values == std::vector<std::string>{"a", "b c", "d"});
  CHECK(value(config, "port") == "22 2222");
  CHECK(value(config, "authorizedkeysfile") == "x y");
}

TEST_CASE("an include counts where it stands", "[formats][sshd]") {
  const Files files = {{"/etc/ssh/sshd_config.d/10.conf", "PermitRootLogin yes\n"},
                       {"/etc/ssh/sshd_config.d/20.conf", "PermitRootLogin no\n"}};
  const auto first = read("Include sshd_config.d/*.conf\nPermitRootLogin no\n", 902, files);
  CHECK(value(first, "permitrootlogin") == "yes");
  CHECK(first->find("permitrootlogin")->source == "/etc/ssh/sshd_config.d/10.conf:1");
  CHECK(value(read("PermitRootLogin forced-commands-only\nInclude sshd_config.d/*.conf\n", 902, files),
              "permitrootlogin") == "forced-commands-only");
  CHECK(value(read("Include /nowhere/*\nMaxAuthTries 2\n", 902, files), "maxauthtries") == "2");
}

TEST_CASE("an include that includes itself is refused, not followed for ever", "[formats][sshd]") {
  const auto config = read("Include /a\n", 902, {{"/a", "Include /a\n"}});
  REQUIRE_FALSE(config);
  CHECK(config.error().kind == Error::Kind::malformed);
}

TEST_CASE("an error in an included file names that file", "[formats][sshd]") {
  const auto config = read("Include /a\n", 902, {{"/a", "\nFoo bar\n"}});
  REQUIRE_FALSE(config);
  CHECK(config.error().what == "/a:2: unknown keyword \"foo\"; sshd refuses to start");
}

TEST_CASE("Match blocks do not touch the global settings, and are listed", "[formats][sshd]") {
  const auto config =
      read("Match User bob\nPermitRootLogin yes\nPasswordAuthentication yes\nMatch Group=x\nPermitRootLogin no\n");
  REQUIRE(config);
  CHECK(value(config, "permitrootlogin") == "(not set)");
  CHECK(config->match_blocks == 2);
  CHECK(config->match_keywords == std::vector<std::string>{"passwordauthentication", "permitrootlogin"});
  CHECK(config->match_settings ==
        std::vector<std::string>{"permitrootlogin yes", "passwordauthentication yes", "permitrootlogin no"});
}

TEST_CASE("Match all holds for everyone and wins over the lines before it", "[formats][sshd]") {
  const auto config = read(
      "PermitRootLogin yes\nAllowUsers a\nMatch User x\nMaxSessions 1\nMatch all\nPermitRootLogin no\nAllowUsers b\n");
  REQUIRE(config);
  CHECK(value(config, "permitrootlogin") == "no");
  CHECK(value(config, "allowusers") == "b");
  CHECK(value(config, "maxsessions") == "(not set)");
  CHECK(config->match_blocks == 1);
}

TEST_CASE("a Match block ends with the included file that opened it", "[formats][sshd]") {
  const Files files = {{"/a", "Match User bob\nPermitRootLogin yes\n"}};
  CHECK(value(read("Include /a\nPermitRootLogin no\n", 902, files), "permitrootlogin") == "no");
  const Files inner = {{"/a", "MaxAuthTries 1\nMatch all\nMaxAuthTries 2\n"}};
  CHECK(value(read("Match User x\nInclude /a\n", 902, inner), "maxauthtries") == "(not set)");
}

TEST_CASE("what may not stand in a Match block is refused there", "[formats][sshd]") {
  CHECK_FALSE(read("Match User a\nPort 33\n"));
  CHECK_FALSE(read("Match Planet mars\n"));
  CHECK_FALSE(read("Match all User x\n"));
}

TEST_CASE("options of the command line win over the file", "[formats][sshd]") {
  const auto config = read("PermitRootLogin yes\n", 902, {}, {"PermitRootLogin=no"});
  CHECK(value(config, "permitrootlogin") == "no");
  CHECK(config->find("permitrootlogin")->source == "command line");
  CHECK_FALSE(read("", 902, {}, {"Include /a"}));
}

TEST_CASE("a release only knows the keywords of its time", "[formats][sshd]") {
  CHECK_FALSE(read("RequiredRSASize 3072\n", 804));
  CHECK(value(read("RequiredRSASize 3072\n", 902), "requiredrsasize") == "3072");
  CHECK(value(read("RequiredRSASize 3072\n", 0), "requiredrsasize") == "3072");
  CHECK_FALSE(read("Include /a\n", 800));
}

TEST_CASE("old and aliased keywords are known", "[formats][sshd]") {
  const auto config =
      read("Protocol 2\nUsePrivilegeSeparation yes\nChallengeResponseAuthentication no\nKeepAlive no\n");
  CHECK(value(config, "kbdinteractiveauthentication") == "no");
  CHECK(value(config, "tcpkeepalive") == "no");
}

TEST_CASE("before 8.7 a comment may start anywhere", "[formats][sshd]") {
  CHECK(value(read("AllowUsers a b#c d\n", 804), "allowusers") == "a b");
  CHECK(value(read("AllowUsers a b#c d\n", 902), "allowusers") == "a b#c d");
}

TEST_CASE("a subsystem named twice is refused before 9.5", "[formats][sshd]") {
  const std::string text = "Subsystem sftp /a\nSubsystem sftp /b\n";
  CHECK_FALSE(read(text, 902));
  CHECK(value(read(text, 906), "subsystem") == "sftp /a");
}

TEST_CASE("binary noise is refused or ignored, and never a crash", "[formats][sshd]") {
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise += static_cast<char>((i * 37 + i / 7) % 256);
  CHECK_FALSE(read(noise));
}

TEST_CASE("algorithm lists start from those of the release", "[formats][sshd]") {
  const auto lists = sshd_algorithms(SshdAlgorithms::ciphers, 902).at(0);
  struct Case {
    const char* configured;
    const char* result;
  };
  const auto c = GENERATE(values<Case>({
      {"",
       "chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com"},
      {"aes256-ctr,aes256-ctr,aes128-ctr", "aes256-ctr aes128-ctr"},
      {"-chacha*,aes*-gcm*", "aes128-ctr aes192-ctr aes256-ctr"},
      {"+aes128-cbc",
       "chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com "
       "aes128-cbc"},
      {"^aes256-ctr",
       "aes256-ctr chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com"},
      {"-*",
       "chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com"},
  }));
  CAPTURE(c.configured);
  const auto assembled = assemble_algorithms(SshdAlgorithms::ciphers, c.configured, lists);
  REQUIRE(assembled);
  CHECK(joined(*assembled) == c.result);
}

TEST_CASE("sshd refuses algorithms it does not know, and patterns where it takes names", "[formats][sshd]") {
  const auto lists = sshd_algorithms(SshdAlgorithms::ciphers, 902).at(0);
  CHECK_FALSE(assemble_algorithms(SshdAlgorithms::ciphers, "rot13", lists));
  CHECK_FALSE(assemble_algorithms(SshdAlgorithms::ciphers, ",", lists));
  CHECK(joined(*assemble_algorithms(SshdAlgorithms::ciphers, "aes256-ctr,,aes128-ctr", lists)) ==
        "aes256-ctr aes128-ctr");
  CHECK_FALSE(assemble_algorithms(SshdAlgorithms::ciphers, "aes*", lists));
  const auto keys = sshd_algorithms(SshdAlgorithms::host_keys, 902).at(0);
  CHECK(joined(*assemble_algorithms(SshdAlgorithms::host_keys, "ssh-ed25519*", keys)) ==
        "ssh-ed25519 ssh-ed25519-cert-v01@openssh.com");
}

TEST_CASE("releases are read from banners and package versions", "[formats][sshd]") {
  CHECK(sshd_release_of("OpenSSH_9.2p1 Debian-2+deb12u6") == 902);
  CHECK(sshd_release_of("1:9.2p1-2+deb12u6") == 902);
  CHECK(sshd_release_of("8.7p1-38.el9") == 807);
  CHECK(sshd_release_of("OpenSSH_10.0p2") == 1000);
  CHECK(sshd_release_of("") == 0);
  CHECK(sshd_release_of("latest") == 0);
  CHECK(sshd_algorithms(SshdAlgorithms::macs, 9999).empty());
  CHECK(sshd_algorithms(SshdAlgorithms::macs, 0).empty());
}

TEST_CASE("a Match block counts for a connection that it holds for", "[formats][sshd]") {
  struct Case {
    const char* what;
    const char* match;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"a user", "User deploy", "yes"},
      {"another user", "User bob", "no"},
      {"a list", "User bob,deploy", "yes"},
      {"a pattern", "User dep*", "yes"},
      {"a pattern for one letter", "User deplo?", "yes"},
      {"ruled out", "User *,!deploy", "no"},
      {"ruled out first", "User !deploy,*", "no"},
      {"all but another", "User *,!bob", "yes"},
      {"with an equals sign", "User=deploy", "yes"},
      {"a group", "Group ops", "yes"},
      {"another group", "Group wheel", "no"},
      {"one of the groups is ruled out", "Group deploy,!ops", "no"},
      {"an address", "Address 192.0.2.7", "yes"},
      {"a network", "Address 192.0.2.0/24", "yes"},
      {"another network", "Address 10.0.0.0/8", "no"},
      {"all but one network", "Address 192.0.2.0/24,!192.0.2.0/28", "no"},
      {"a network of the other kind", "Address ::/0", "no"},
      {"a pattern for addresses", "Address 192.0.*", "yes"},
      {"a host", "Host *.example.ORG", "yes"},
      {"two criteria", "User deploy Address 192.0.2.0/24", "yes"},
      {"two criteria, of which one fails", "User deploy Address 10.0.0.0/8", "no"},
      {"a user who is there", "invalid-user", "no"},
      {"everybody", "all", "yes"},
      {"the address of the server", "LocalAddress 192.0.2.1", "(refused)"},
  }));
  CAPTURE(c.what);
  SshdInput input;
  input.file = {"/etc/ssh/sshd_config",
                "PermitRootLogin no\nMatch " + std::string(c.match) + "\nPermitRootLogin yes\n"};
  input.release = 1000;
  input.include = [](const std::string&) -> Result<std::vector<SshdFile>> { return std::vector<SshdFile>{}; };
  input.connection = SshdConnection{.user = "deploy",
                                    .groups = std::vector<std::string>{"deploy", "ops"},
                                    .user_exists = true,
                                    .host = "a.example.org",
                                    .address = "192.0.2.7"};
  CHECK(value(read_sshd_config(input), "permitrootlogin") == c.value);
}

TEST_CASE("of several blocks that hold the first one sets a keyword, on top of the rest", "[formats][sshd]") {
  SshdInput input;
  input.file = {
      "/etc/ssh/sshd_config",
      "MaxSessions 9\nBanner /a\nMatch User bob\nMaxSessions 1\nMatch User *\nMaxSessions 2\nMatch all\nBanner /b\n"};
  input.include = [](const std::string&) -> Result<std::vector<SshdFile>> { return std::vector<SshdFile>{}; };
  input.connection = SshdConnection{};
  input.connection->user = "bob";
  const auto config = read_sshd_config(input);
  CHECK(value(config, "maxsessions") == "1");
  CHECK(value(config, "banner") == "/b");
  REQUIRE(config);
  CHECK(config->match_blocks == 2);
  input.connection->user.reset();
  const auto unknown = read_sshd_config(input);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().kind == Error::Kind::unsupported);
}

TEST_CASE("values that no field shows are refused as sshd refuses them", "[formats][sshd]") {
  for (const auto* text :
       {"Match Address 10.0.0.0/99\nX11Forwarding no\n", "Match Address 10.0.0.1/8\nX11Forwarding no\n",
        "Match Address 10.0.0.0/8,\nX11Forwarding no\nMatch Address !\n", "PerSourceNetBlockSize 99\n",
        "PerSourceNetBlockSize 24:129\n", "PermitOpen host\n", "PermitOpen [::1]\n", "PermitOpen host:99999\n",
        "IPQoS fast\n", "IPQoS 256\n", "IPQoS cs1 cs2 cs3\n"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text));
  }
  for (const auto* text :
       {"Match Address 10.0.0.0/8,!10.1.0.0/16,fe80::/10,10.*\nX11Forwarding no\n", "PerSourceNetBlockSize 24:64\n",
        "PermitOpen host:22 [::1]:80 *:* host:ssh\n", "PermitOpen none\n", "PermitListen 8080 host:80\n",
        "IPQoS af21 cs1\n", "IPQoS none\n", "IPQoS 0x10\n"}) {
    CAPTURE(text);
    CHECK(read(text));
  }
}
