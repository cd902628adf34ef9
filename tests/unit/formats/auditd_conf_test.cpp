#include "engine/formats/auditd_conf.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("auditd.conf is read as the daemon reads it") {
  const auto conf = parse_auditd_conf(
      "# comment = 1\n\nlog_file = /var/log/audit/audit.log\n  Max_Log_File = 8\nmax_log_file = 16\n"
      "space_left_action = exec /usr/bin/tell\n" +
      std::string(600, 'x') + "\n");
  REQUIRE(conf);
  CHECK(conf->at("log_file").value == "/var/log/audit/audit.log");
  CHECK(conf->at("max_log_file").value == "16");
  CHECK(conf->at("max_log_file").line == 5);
  CHECK(conf->at("max_log_file").before.front() == std::pair{4U, std::string("8")});
  CHECK(conf->at("space_left_action").option == "/usr/bin/tell");
  CHECK(conf->size() == 3);
}

TEST_CASE("auditd.conf that the daemon does not start with is refused") {
  const auto text = GENERATE("max_log_file=8\n", "max_log_file =\n", "max_log_file\n", "no_such_key = 1\n",
                             "max_log_file = 8 MB\n", "space_left_action = exec /usr/bin/tell me\n");
  INFO(text);
  CHECK_FALSE(parse_auditd_conf(text));
}
