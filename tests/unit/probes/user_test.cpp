#include "engine/probes/user.hpp"

#include "engine/probes/accounts.hpp"
#include "engine/probes/group.hpp"
#include "engine/probes/login_defs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::probes::group_probe;
using plimsoll::probes::login_defs_probe;
using plimsoll::probes::user_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

FakeTree host() {
  FakeTree tree;
  tree.files["/etc/passwd"].content =
      "root:x:0:0:root:/root:/bin/bash\n"
      "daemon:x:1:1::/usr/sbin:/usr/sbin/nologin\n"
      "alice:x:1000:1000::/home/alice:/bin/bash\n"
      "toor:x:0:0::/root:/bin/bash\n"
      "old:*:1001:77::/home/old:\n"
      "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n";
  tree.files["/etc/shadow"].content =
      "root:!$y$j9T$a$b:0:0:99999:7:::\n"
      "daemon:*:19000:0:99999:7:::\n"
      "alice:$6$salt$hash:99999:1:365:7:30:20000:\n"
      "toor::19000:0:99999:7:::\n";
  tree.files["/etc/shadow"].mode = 0640;
  tree.files["/etc/group"].content = "root:x:0:\ndaemon:x:1:\nalice:x:1000:\nnogroup:x:65534:\n";
  tree.files["/etc/shells"].content = "# shells\n/bin/sh\n/bin/bash\n";
  tree.files["/etc/login.defs"].content = "UID_MIN 500\nUID_MIN 1000\n";
  tree.files["/home/alice"] = {.type = FileType::directory, .mode = 0750, .uid = 1000, .gid = 0};
  return tree;
}

ProbeAnswer users(const FakeTree& tree) {
  return ask(user_probe, FakeRoot(tree));
}

}  // namespace

TEST_CASE("each line of passwd is joined with its line of shadow", "[probes][user]") {
  const auto answer = users(host());
  REQUIRE(answer.records.size() == 6);
  CHECK_FALSE(answer.failure);
  CHECK(answer.texts("name") == std::vector<std::string>{"root", "daemon", "alice", "toor", "old", "nobody"});
  CHECK(answer.texts("password") == std::vector<std::string>{"locked", "none", "hash", "empty", "none", "none"});
  CHECK(answer.texts("locked") == std::vector<std::string>{"true", "true", "false", "false", "true", "true"});
  CHECK(answer.texts("hash_algorithm") ==
        std::vector<std::string>{"yescrypt", "(absent)", "sha512", "(absent)", "(absent)", "(absent)"});
  CHECK(answer.texts("in_shadow") == std::vector<std::string>{"true", "true", "true", "true", "false", "false"});
  CHECK(answer.texts("password_in_passwd").at(4) == "none");
  CHECK(answer.texts("is_system") == std::vector<std::string>{"false", "true", "false", "false", "false", "true"});
  CHECK(answer.texts("login_shell") == std::vector<std::string>{"true", "false", "true", "true", "true", "false"});
  CHECK(answer.texts("uid_count") == std::vector<std::string>{"2", "1", "1", "2", "1", "1"});
  CHECK(answer.texts("group_exists").at(4) == "false");
  CHECK(answer.texts("primary_group").at(4) == "(absent)");
  CHECK(answer.records[2].source == "/etc/passwd:3");
  CHECK(answer.records[2].resource == "user alice");
}

TEST_CASE("ageing comes from shadow, with dates seen from the clock", "[probes][user]") {
  const auto answer = users(host());
  CHECK(answer.text("last_changed", 0) == "1970-01-01T00:00:00Z");
  CHECK(answer.text("last_changed_in_future", 0) == "false");
  CHECK(answer.text("last_changed_in_future", 2) == "true");
  CHECK(answer.text("max_days", 2) == "365");
  CHECK(answer.text("inactive_days", 2) == "30");
  CHECK(answer.text("inactive_days", 0) == "(absent)");
  CHECK(answer.text("expires", 2) == "2024-10-04T00:00:00Z");
}

TEST_CASE("no record holds a hash", "[probes][user]") {
  for (const auto& record : users(host()).records) {
    for (const auto& field : record.fields) {
      const auto* value = field.value();
      const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
      CHECK((text == nullptr || text->find('$') == std::string::npos));
    }
  }
}

TEST_CASE("a shadow file that is denied leaves the other fields readable", "[probes][user]") {
  auto tree = host();
  tree.files["/etc/shadow"].trouble = FakeFile::Trouble::denied;
  const auto answer = users(tree);
  REQUIRE(answer.records.size() == 6);
  CHECK(answer.text("password", 0) == "(unreadable: denied)");
  CHECK(answer.text("in_shadow", 0) == "(unreadable: denied)");
  CHECK(answer.text("max_days", 0) == "(unreadable: denied)");
  CHECK(answer.text("uid", 0) == "0");
  CHECK(answer.text("password", 4) == "none");  // passwd itself says so
}

TEST_CASE("a malformed shadow line makes that user unreadable, not absent", "[probes][user]") {
  auto tree = host();
  tree.files["/etc/shadow"].content = "root:!:19000:0:99999:7:::\nalice:$6$a$b:soon:0:1:7:::\n";
  const auto answer = users(tree);
  CHECK(answer.text("in_shadow", 2) == "(unreadable: malformed)");
  CHECK(answer.text("password", 2) == "(unreadable: malformed)");
  CHECK(answer.text("password", 1) == "none");
}

TEST_CASE("a malformed passwd line is a record that cannot be read, and the fact fails", "[probes][user]") {
  auto tree = host();
  tree.files["/etc/passwd"].content = "root:x:0:0::/root:/bin/sh\nbob:x:zero:0::/:/bin/sh\n";
  const auto answer = users(tree);
  REQUIRE(answer.records.size() == 2);
  CHECK(answer.text("name", 1) == "bob");
  CHECK(answer.text("uid", 1) == "(unreadable: malformed)");
  REQUIRE(answer.failure);
  CHECK(answer.failure->what == "/etc/passwd:2: the user id is not a number");
}

TEST_CASE("homes are looked at through the root", "[probes][user]") {
  auto tree = host();
  tree.files["/home/old"] = {.type = FileType::symlink, .target = "/srv/old"};
  tree.files["/srv/old"] = {.type = FileType::directory, .mode = 0777, .uid = 5, .gid = 77};
  const auto answer = users(tree);
  CHECK(answer.text("home_mode", 2) == "0750");
  CHECK(answer.text("home_owner_is_user", 2) == "true");
  CHECK(answer.text("home_group_is_users_group", 2) == "false");
  CHECK(answer.text("home_mode", 4) == "0777");
  CHECK(answer.text("home_owner_is_user", 4) == "false");
  CHECK(answer.text("home_exists", 5) == "false");
  CHECK(answer.text("home_mode", 5) == "(absent)");
}

TEST_CASE("an unlisted shell is no login shell, and an empty one is /bin/sh", "[probes][user]") {
  auto tree = host();
  tree.files["/etc/passwd"].content =
      "a:x:1:1::/:/opt/zsh\nb:x:2:1::/:\nc:x:3:1::/:/bin/false\nd:x:4:1::/:/sbin/nologin\n";
  tree.files["/etc/shells"].content = "/bin/sh\n/bin/false\n/sbin/nologin\n";
  const auto answer = users(tree);
  CHECK(answer.texts("shell_listed") == std::vector<std::string>{"false", "true", "true", "true"});
  CHECK(answer.texts("login_shell") == std::vector<std::string>{"false", "true", "false", "false"});
}

TEST_CASE("accounts of directory services are named as left out", "[probes][user]") {
  auto tree = host();
  tree.files["/etc/nsswitch.conf"].content = "passwd: files systemd sss\n";
  const auto answers = ask_all(user_probe, FakeRoot(tree), {{}});
  REQUIRE(answers.left_out.size() == 1);
  CHECK(answers.left_out[0].what == "accounts known to the name service \"sss\"");
}

TEST_CASE("no passwd at all is an error", "[probes][user]") {
  const auto answer = users({});
  CHECK(answer.records.empty());
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::not_found);
}

TEST_CASE("groups list members, primary members and duplicates", "[probes][group]") {
  auto tree = host();
  tree.files["/etc/group"].content = "root:x:0:\nwheel:x:10:alice,root\nalice:x:1000:\nwheel2:x:10:\nbad:x:y:\n";
  tree.files["/etc/gshadow"].content = "root:*::\nwheel:$6$a$b::\nalice:!::\n";
  const auto answer = ask(group_probe, FakeRoot(tree));
  REQUIRE(answer.records.size() == 4);
  CHECK(answer.text("members", 1) == "alice, root");
  CHECK(answer.text("member_count", 1) == "2");
  CHECK(answer.text("primary_members", 0) == "root, toor");
  CHECK(answer.texts("gid_count") == std::vector<std::string>{"1", "2", "1", "2"});
  CHECK(answer.texts("password") == std::vector<std::string>{"none", "hash", "none", "shadowed"});
  REQUIRE(answer.failure);
  CHECK(answer.failure->what == "/etc/group:5: the group id is not a number");
}

TEST_CASE("login.defs: typed fields, the last line counting, and what is not set is absent", "[probes][login_defs]") {
  FakeTree tree;
  tree.files["/etc/login.defs"].content =
      "PASS_MAX_DAYS 99999\nPASS_MAX_DAYS 365\nPASS_MIN_DAYS one\nUMASK 027\nENCRYPT_METHOD YESCRYPT\nUSERGROUPS_ENAB "
      "yes\n";
  tree.files["/etc/default/useradd"].content = "INACTIVE=30\n";
  const auto answer = ask(login_defs_probe, FakeRoot(tree));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("pass_max_days") == "365");
  CHECK(answer.records[0].fields[0].source == "/etc/login.defs:2");
  CHECK(answer.records[0].fields[0].overridden.size() == 1);
  CHECK(answer.text("pass_min_days") == "(unreadable: malformed)");
  CHECK(answer.text("pass_warn_age") == "(absent)");
  CHECK(answer.text("umask") == "0027");
  CHECK(answer.text("encrypt_method") == "YESCRYPT");
  CHECK(answer.text("usergroups_enab") == "true");
  CHECK(answer.text("useradd_inactive") == "30");
}

TEST_CASE("a login.defs that cannot be read is not an empty one", "[probes][login_defs]") {
  FakeTree tree;
  tree.files["/etc/login.defs"].trouble = FakeFile::Trouble::denied;
  const auto answer = ask(login_defs_probe, FakeRoot(tree));
  CHECK(answer.text("pass_max_days") == "(unreadable: denied)");
  CHECK(answer.text("useradd_inactive") == "(absent)");
}
