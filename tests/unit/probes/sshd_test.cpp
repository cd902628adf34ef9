#include "engine/probes/sshd.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::probes::sshd_probe;
using namespace plimsoll::tests;

namespace {

FakeTree debian(const std::string& config) {
  FakeTree tree;
  tree.files["/etc/ssh/sshd_config"].content = config;
  tree.files["/var/lib/dpkg/status"].content =
      "Package: openssh-server\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:9.2p1-2+deb12u6\n";
  return tree;
}

ProbeAnswer sshd(const FakeTree& tree) {
  return ask(sshd_probe, FakeRoot(tree));
}

}  // namespace

TEST_CASE("what is not configured has the default of the installed release", "[probes][sshd]") {
  const auto answer = sshd(debian("\n"));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("permit_root_login") == "without-password");
  CHECK(answer.text("use_pam") == "no");
  CHECK(answer.text("login_grace_time") == "120");
  CHECK(answer.text("max_startups") == "10:30:100");
  CHECK(answer.text("max_startups_full") == "100");
  CHECK(answer.text("banner") == "(absent)");
  CHECK(answer.text("allow_users") == "(absent)");
  CHECK(answer.text("listen_address") == "[::]:22, 0.0.0.0:22");
  CHECK(answer.text("ciphers").starts_with("chacha20-poly1305@openssh.com, aes128-ctr"));
  CHECK(answer.text("version") == "1:9.2p1-2+deb12u6");
  CHECK(answer.records[0].fields[0].source == "default of sshd 9.2");
}

TEST_CASE("a drop-in that stands first wins over the main file", "[probes][sshd]") {
  auto tree = debian("Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n");
  tree.files["/etc/ssh/sshd_config.d/10.conf"].content = "PermitRootLogin yes\n";
  tree.files["/etc/ssh/sshd_config.d/05.bak"].content = "PermitRootLogin forced-commands-only\n";
  tree.files["/etc/ssh/sshd_config.d/.hidden.conf"].content = "Nonsense\n";
  const auto answer = sshd(tree);
  CHECK(answer.text("permit_root_login") == "yes");
  CHECK(answer.records[0].fields[0].source == "/etc/ssh/sshd_config.d/10.conf:1");
  REQUIRE(answer.records[0].fields[0].overridden.size() == 1);
  CHECK(answer.records[0].fields[0].overridden[0].source == "/etc/ssh/sshd_config:2");
}

TEST_CASE("each file is read once, though sshd_config is gone over twice", "[probes][sshd]") {
  auto tree = debian("Include /etc/ssh/sshd_config.d/*.conf\nInclude sshd_config.d/10.conf\n");
  tree.files["/etc/ssh/sshd_config.d/10.conf"].content = "PermitRootLogin no\n";
  const FakeRoot fake(tree);
  const CountingRoot root(fake);
  CHECK(ask(sshd_probe, root).text("permit_root_login") == "no");
  CHECK(root.reads().at("/etc/ssh/sshd_config.d/10.conf") == 1);
}

TEST_CASE("an include that cannot be read fails the fact", "[probes][sshd]") {
  auto tree = debian("Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n");
  tree.files["/etc/ssh/sshd_config.d/10.conf"].trouble = FakeFile::Trouble::denied;
  const auto answer = sshd(tree);
  CHECK(answer.records.empty());
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
}

TEST_CASE("a configuration that sshd refuses fails the fact with its line", "[probes][sshd]") {
  const auto answer = sshd(debian("PermitRootLogin no\nFoo bar\n"));
  REQUIRE(answer.failure);
  CHECK(answer.failure->what == "/etc/ssh/sshd_config:2: unknown keyword \"foo\"; sshd refuses to start");
}

TEST_CASE("DisableForwarding implies what its release makes it imply", "[probes][sshd]") {
  auto tree = debian("DisableForwarding yes\nX11Forwarding yes\n");
  auto answer = sshd(tree);
  CHECK(answer.text("allow_tcp_forwarding") == "no");
  CHECK(answer.text("x11_forwarding") == "yes");
  CHECK(answer.text("allow_agent_forwarding") == "yes");
  tree.files["/usr/sbin/sshd"].content = "OpenSSH_10.0p2 Debian-7";
  answer = sshd(tree);
  CHECK(answer.text("x11_forwarding") == "no");
  CHECK(answer.text("allow_agent_forwarding") == "no");
}

TEST_CASE("options of the unit win over the file", "[probes][sshd]") {
  auto tree = debian("PermitRootLogin yes\nPort 22\n");
  tree.files["/lib/systemd/system/ssh.service"].content =
      "[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n";
  tree.files["/etc/default/ssh"].content = "SSHD_OPTS='-oPermitRootLogin=no -p 2222'\n";
  const auto answer = sshd(tree);
  CHECK(answer.text("permit_root_login") == "no");
  CHECK(answer.records[0].fields[0].source == "command line");
  CHECK(answer.text("port") == "2222");
  CHECK(answer.text("command_line_options") == "-D, -oPermitRootLogin=no, -p, 2222");
}

TEST_CASE("settings of Match blocks are listed and do not count", "[probes][sshd]") {
  const auto answer = sshd(debian("PermitRootLogin no\nMatch User a\nPermitRootLogin yes\n"));
  CHECK(answer.text("permit_root_login") == "no");
  CHECK(answer.text("match_blocks") == "1");
  CHECK(answer.text("match_keywords") == "permitrootlogin");
  CHECK(answer.text("match_settings") == "permitrootlogin yes");
}

TEST_CASE("without a known version only complete algorithm lists are known", "[probes][sshd]") {
  FakeTree tree;
  tree.files["/etc/ssh/sshd_config"].content = "Ciphers aes256-ctr\nMACs -umac*\n";
  const auto answer = sshd(tree);
  CHECK(answer.text("ciphers") == "aes256-ctr");
  CHECK(answer.text("macs") == "(unreadable: unsupported)");
  CHECK(answer.text("kex_algorithms") == "(unreadable: unsupported)");
  CHECK(answer.text("version") == "(absent)");
}

TEST_CASE("a program built with other default lists is not guessed at", "[probes][sshd]") {
  auto tree = debian("\n");
  tree.files["/usr/sbin/sshd"].content = std::string(
      "OpenSSH_9.2p1 Vendor\0umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,"
      "hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,"
      "hmac-sha2-256,hmac-sha2-512,hmac-sha1",
      225);
  const auto answer = sshd(tree);
  CHECK(answer.text("version") == "OpenSSH_9.2p1 Vendor");
  CHECK(answer.text("ciphers") == "(unreadable: unsupported)");
}

TEST_CASE("where there is no sshd, there is nothing to say", "[probes][sshd]") {
  const auto answer = sshd({});
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("installed") == "false");
  CHECK(answer.text("permit_root_login") == "(absent)");
}

TEST_CASE("an sshd without its configuration file does not start", "[probes][sshd]") {
  auto tree = debian("");
  tree.files.erase("/etc/ssh/sshd_config");
  const auto answer = sshd(tree);
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::not_found);
}

TEST_CASE("the files that are read are named, and the key exchange that is preferred", "[probes][sshd]") {
  auto tree = debian("Include /etc/ssh/sshd_config.d/*.conf\n");
  tree.files["/etc/ssh/sshd_config.d/50-redhat.conf"].content =
      "Include /etc/crypto-policies/back-ends/opensshserver.config\n";
  tree.files["/etc/crypto-policies/back-ends/opensshserver.config"].content =
      "KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256\nRequiredRSASize 2048\n";
  const auto answer = sshd(tree);
  CHECK(answer.text("config_files") ==
        "/etc/ssh/sshd_config, /etc/ssh/sshd_config.d/50-redhat.conf, "
        "/etc/crypto-policies/back-ends/opensshserver.config");
  CHECK(answer.text("preferred_key_exchange") == "curve25519-sha256");
}

TEST_CASE("the 8.7 of the Fedora family knows the smallest size of RSA keys", "[probes][sshd]") {
  auto tree = debian("RequiredRSASize 2048\n");
  tree.files["/var/lib/dpkg/status"].content =
      "Package: openssh-server\nStatus: install ok installed\nArchitecture: amd64\nVersion: 8.7p1-38.el9\n";
  CHECK(sshd(tree).text("required_rsa_size") == "2048");
  tree.files["/var/lib/dpkg/status"].content =
      "Package: openssh-server\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:8.9p1-3\n";
  CHECK(sshd(tree).failure);
}

TEST_CASE("a program may know algorithms that only its distribution has", "[probes][sshd]") {
  auto tree = debian("KexAlgorithms mlkem768nistp256-sha256,curve25519-sha256\n");
  CHECK(sshd(tree).text("kex_algorithms") == "(unreadable: malformed)");
  std::string program =
      "\x7f"
      "ELF";
  program += '\0';
  program += "OpenSSH_9.2p1";
  program += '\0';
  program +=
      "sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
      "ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,"
      "diffie-hellman-group18-sha512,diffie-hellman-group14-sha256";
  program += '\0';
  program += "mlkem768nistp256-sha256";
  program += '\0';
  tree.files["/usr/sbin/sshd"].content = program;
  CHECK(sshd(tree).text("kex_algorithms") == "mlkem768nistp256-sha256, curve25519-sha256");
}
