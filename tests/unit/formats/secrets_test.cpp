#include "engine/formats/secrets.hpp"

#include "tests/support/catch.hpp"

using plimsoll::formats::mask_arguments;
using plimsoll::formats::mask_secrets;

TEST_CASE("secrets in a line are masked and the rest of it stays", "[formats][secrets]") {
  struct Case {
    const char* line;
    const char* masked;
  };
  const auto c = GENERATE(values<Case>({
      {"root:$y$j9T$abcdefghijkl$mnopqrstuvwxyz0123456789:19000:0:99999:7:::", "root:$y$<masked>:19000:0:99999:7:::"},
      {"password_pbkdf2 root grub.pbkdf2.sha512.10000.ABCDEF0123.456789ABCD",
       "password_pbkdf2 root grub.pbkdf2.sha512.<masked>"},
      {"requirepassword = hunter2", "requirepassword = <masked>"},
      {"db_password=\"two words\" # x", "db_password=<masked> # x"},
      {"{ \"password\": \"hunter2\" }", "{ \"password\": <masked> }"},
      {"TOKEN='x y'A!r x", "TOKEN=<masked> x"},
      {"{\"token\":\"x\",\"n\":1}", "{\"token\":<masked>,\"n\":1}"},
      {"API-KEY: abc", "API-KEY: <masked>"},
      {"proxy = http://me:hunter2@proxy:3128/x", "proxy = http://me:<masked>@proxy:3128/x"},
      {"http://proxy:3128/a@b", "http://proxy:3128/a@b"},
      {"password=", "password="},
      {"use_password = yes", "use_password = yes"},
      // What checks read, and must find as it is written.
      {"password requisite pam_pwquality.so retry=3", "password requisite pam_pwquality.so retry=3"},
      {"password [success=1 default=ignore] pam_unix.so", "password [success=1 default=ignore] pam_unix.so"},
      {"passwd: files systemd", "passwd: files systemd"},
      {"bob ALL=(ALL) NOPASSWD: ALL", "bob ALL=(ALL) NOPASSWD: ALL"},
      {"PasswordAuthentication no", "PasswordAuthentication no"},
      {"Defaults passwd_tries=3", "Defaults passwd_tries=3"},
      {"echo $HOME/$USER $a$b", "echo $HOME/$USER $a$b"},
      {"", ""},
  }));
  CAPTURE(c.line);
  CHECK(mask_secrets(c.line) == c.masked);
}

TEST_CASE("a long line of small assignments takes no longer than its length", "[formats][secrets]") {
  // With a look ahead for each of them, this would take hours.
  std::string line;
  for (int i = 0; i < 250'000; ++i) line += "a=1;";
  CHECK(mask_secrets(line + "password=x") == line + "password=<masked>");
}

TEST_CASE("secrets in a command line are masked", "[formats][secrets]") {
  using Words = std::vector<std::string>;
  struct Case {
    Words arguments;
    Words masked;
  };
  const auto c = GENERATE(values<Case>({
      {{"tool", "--password", "x", "--host", "h"}, {"tool", "--password", "<masked>", "--host", "h"}},
      {{"tool", "--password=x"}, {"tool", "--password=<masked>"}},
      {{"tool", "--password", "--host", "h"}, {"tool", "--password", "--host", "h"}},
      {{"/usr/bin/mysqldump", "-phunter2", "db"}, {"/usr/bin/mysqldump", "-p<masked>", "db"}},
      {{"ssh", "-p22", "host"}, {"ssh", "-p22", "host"}},
      {{"kubelet", "--authentication-token-webhook=true", "--bootstrap-token", "a.b"},
       {"kubelet", "--authentication-token-webhook=true", "--bootstrap-token", "<masked>"}},
      {{"env", "DB_PASSWORD=x"}, {"env", "DB_PASSWORD=<masked>"}},
      {{}, {}},
  }));
  CHECK(mask_arguments(c.arguments) == c.masked);
}
