#include "engine/probes/pam_modules.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::TextList;
using plimsoll::Value;
using namespace plimsoll::probes;
using namespace plimsoll::tests;
using Texts = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

namespace {

FakeTree tree_with(const Files& files) {
  FakeTree tree;
  for (const auto& [path, content] : files) tree.files[path].content = content;
  return tree;
}

ProbeAnswer ask_module(const Probe& probe, const FakeTree& tree, const Arguments& more = {}) {
  Arguments arguments = {{"services", Value{TextList{"common", "absent"}}}};
  arguments.insert(more.begin(), more.end());
  return ask(probe, FakeRoot(tree), arguments);
}

Files password_line(const std::string& line, const Files& more = {}) {
  Files files = {{"/etc/pam.d/common", "password " + line + "\n"}};
  files.insert(more.begin(), more.end());
  return files;
}

}  // namespace

TEST_CASE("a service that does not call the module says so", "[probes][pam_modules]") {
  for (const auto* probe :
       {&pam_faillock_probe, &pam_pwquality_probe, &pam_pwhistory_probe, &pam_wheel_probe, &pam_securetty_probe}) {
    const auto answer = ask_module(*probe, tree_with({{"/etc/pam.d/common", "auth required pam_x.so\n"}}));
    REQUIRE(answer.records.size() == 1);
    CHECK(answer.text("called") == "false");
    CHECK(answer.records[0].fields.back().absent());
    CHECK(answer.records[0].source == "/etc/pam.d/common");
  }
}

TEST_CASE("a call that no run comes to does not count", "[probes][pam_modules]") {
  const auto answer = ask_module(
      pam_faillock_probe,
      tree_with({{"/etc/pam.d/common", "auth sufficient pam_permit.so\nauth required pam_faillock.so preauth\n"}}));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("called") == "false");
  CHECK(answer.records[0].source == "/etc/pam.d/common:2");
}

TEST_CASE("pam_faillock: defaults, file, arguments", "[probes][pam_modules]") {
  struct Case {
    const char* what;
    std::string arguments;
    std::string conf;
    std::string field;
    std::string value;
    std::string source;
  };
  const auto c = GENERATE(values<Case>({
      {"default", "", "", "deny", "3", "default of pam_faillock"},
      {"file", "", "#deny = 1\ndeny = 5\n", "deny", "5", "/etc/security/faillock.conf:2"},
      {"the last line counts", "", "deny = 5\ndeny 4\n", "deny", "4", "/etc/security/faillock.conf:2"},
      {"an argument wins", " deny=9", "deny = 5\n", "deny", "9", "/etc/pam.d/common:1"},
      {"a word is no number", " deny=x", "deny = 5\n", "deny", "5", "/etc/security/faillock.conf:1"},
      {"never", "", "unlock_time = never\n", "unlock_time", "0", "/etc/security/faillock.conf:1"},
      {"too long a time changes nothing", "", "unlock_time = 700000\n", "unlock_time", "600",
       "default of pam_faillock"},
      {"root's time is the others'", "", "unlock_time = 900\n", "root_unlock_time", "900",
       "/etc/security/faillock.conf:1"},
      {"root's own time", "", "unlock_time = 900\nroot_unlock_time = 60\n", "root_unlock_time", "60",
       "/etc/security/faillock.conf:2"},
      {"root's time alone does not lock root", "", "root_unlock_time = 60\n", "even_deny_root", "false",
       "default of pam_faillock"},
      {"root too", "", "even_deny_root\n", "even_deny_root", "true", "/etc/security/faillock.conf:1"},
      {"names have one case only", "", "Deny = 5\n", "deny", "3", "default of pam_faillock"},
  }));
  CAPTURE(c.what);
  Files files = {{"/etc/pam.d/common", "auth required pam_faillock.so preauth" + c.arguments + "\n"}};
  if (!c.conf.empty()) files["/etc/security/faillock.conf"] = c.conf;
  const auto answer = ask_module(pam_faillock_probe, tree_with(files));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("action") == "preauth");
  CHECK(answer.text(c.field) == c.value);
  CHECK(answer.records[0].fields[static_cast<std::size_t>(field_index(*answer.schema, c.field))].source == c.source);
}

TEST_CASE("pam_faillock: a file that an argument names must be there", "[probes][pam_modules]") {
  const auto answer = ask_module(
      pam_faillock_probe, tree_with({{"/etc/pam.d/common", "auth required pam_faillock.so preauth conf=/etc/mine\n"}}));
  CHECK(answer.text("deny") == "(unreadable: not_found)");
  auto tree =
      tree_with({{"/etc/pam.d/common", "auth required pam_faillock.so\n"}, {"/etc/security/faillock.conf", ""}});
  tree.files["/etc/security/faillock.conf"].trouble = FakeFile::Trouble::denied;
  CHECK(ask_module(pam_faillock_probe, tree).text("deny") == "(unreadable: denied)");
}

TEST_CASE("pam_pwquality: the main file wins over the others, an argument over all", "[probes][pam_modules]") {
  const Files files = {
      {"/etc/security/pwquality.conf.d/10.conf", "minlen = 10\ndifok = 3\n"},
      {"/etc/security/pwquality.conf.d/20.conf", "difok = 4\n"},
      {"/etc/security/pwquality.conf.d/30.conf.bak", "difok = 9\n"},
      {"/etc/security/pwquality.conf", "minlen = 15\ndcredit = -1\nenforce_for_root = 0\nminclass = 7\n"}};
  const auto answer =
      ask_module(pam_pwquality_probe, tree_with(password_line("requisite pam_pwquality.so retry=3 minlen=4", files)));
  CHECK(answer.text("minlen") == "6");  // the least there is
  CHECK(answer.text("difok") == "4");
  CHECK(answer.text("dcredit") == "-1");
  CHECK(answer.text("minclass") == "4");
  CHECK(answer.text("enforce_for_root") == "true");
  CHECK(answer.text("retry") == "3");
  CHECK(answer.text("dictcheck") == "1");
  CHECK(answer.text("enforced") == "true");
  CHECK(answer.text("problem") == "(absent)");
  const auto& minlen = answer.records[0].fields[static_cast<std::size_t>(field_index(*answer.schema, "minlen"))];
  CHECK(minlen.source == "/etc/pam.d/common:1");
  REQUIRE(minlen.overridden.size() == 2);
  CHECK(minlen.overridden[0].source == "/etc/security/pwquality.conf.d/10.conf:1");
  CHECK(minlen.overridden[1].value == "15");
}

TEST_CASE("pam_pwquality: reading ends where it does not understand", "[probes][pam_modules]") {
  struct Case {
    const char* what;
    std::string conf;
    std::string minlen;
  };
  const auto c = GENERATE(values<Case>({
      {"a number that is none", "difok = two\nminlen = 14\n", "8"},
      {"a misspelt name", "minlne = 14\nminlen = 14\n", "8"},
      {"names in capitals are names", "MINLEN = 14\n", "14"},
      {"what stood before counts", "minlen = 14\ndifok = 2x\n", "14"},
      {"a number that no int holds", "difok = 99999999999\nminlen = 14\n", "8"},
      {"the greatest int", "difok = 2147483647\nminlen = 14\n", "8"},
      {"the one below", "difok = 2147483646\nminlen = 14\n", "14"},
      {"words it has no field for", "badwords = a b\ndictpath = /x\nminlen = 14\n", "14"},
  }));
  CAPTURE(c.what);
  const auto answer = ask_module(
      pam_pwquality_probe,
      tree_with(password_line("requisite pam_pwquality.so bad=1 difok=x", {{"/etc/security/pwquality.conf", c.conf}})));
  CHECK(answer.text("minlen") == c.minlen);
}

TEST_CASE("pam_pwquality: a bad file in the directory hides the main file", "[probes][pam_modules]") {
  const auto answer = ask_module(
      pam_pwquality_probe,
      tree_with(password_line("requisite pam_pwquality.so", {{"/etc/security/pwquality.conf.d/a.conf", "x = 1\n"},
                                                             {"/etc/security/pwquality.conf", "minlen = 14\n"}})));
  CHECK(answer.text("minlen") == "8");
  CHECK(answer.text("problem").starts_with("/etc/security/pwquality.conf.d/a.conf:1"));
}

TEST_CASE("pam_pwquality: what cannot be read leaves only arguments certain", "[probes][pam_modules]") {
  auto tree = tree_with(password_line("requisite pam_pwquality.so minlen=14", {{"/etc/security/pwquality.conf", ""}}));
  tree.files["/etc/security/pwquality.conf"].trouble = FakeFile::Trouble::denied;
  const auto answer = ask_module(pam_pwquality_probe, tree);
  CHECK(answer.text("minlen") == "14");
  CHECK(answer.text("difok") == "(unreadable: denied)");
}

TEST_CASE("pam_pwhistory: the file counts where the module knows it", "[probes][pam_modules]") {
  const auto module = std::string("/usr/lib64/security/pam_pwhistory.so");
  const auto conf = std::string("/etc/security/pwhistory.conf");
  struct Case {
    const char* what;
    std::string line;
    Files files;
    std::string remember;
    std::string enforce_for_root;
  };
  const auto c = GENERATE_COPY(values<Case>({
      {"default", "pam_pwhistory.so", {}, "10", "false"},
      {"argument", "pam_pwhistory.so remember=24 enforce_for_root", {}, "24", "true"},
      {"no more than there is room for", "pam_pwhistory.so remember=1000", {}, "400", "false"},
      {"an older module",
       "pam_pwhistory.so",
       {{conf, "remember = 24\n"},
        {module,
         "\x7f"
         "ELF"}},
       "10",
       "false"},
      {"a newer module",
       "pam_pwhistory.so",
       {{conf, "remember = 24\nremember = 2\nenforce_for_root\n"}, {module, "ELF /etc/security/pwhistory.conf"}},
       "24",
       "true"},
      {"an argument wins",
       "pam_pwhistory.so remember=3",
       {{conf, "remember = 24\n"}, {module, "/etc/security/pwhistory.conf"}},
       "3",
       "false"},
      {"who knows which module it is",
       "pam_pwhistory.so",
       {{conf, "remember = 24\n"}},
       "(unreadable: unobservable)",
       "(unreadable: unobservable)"},
  }));
  CAPTURE(c.what);
  const auto answer = ask_module(pam_pwhistory_probe, tree_with(password_line("required " + c.line, c.files)));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("remember") == c.remember);
  CHECK(answer.text("enforce_for_root") == c.enforce_for_root);
  CHECK(answer.text("use_authtok") == "false");
}

TEST_CASE("pam_unix: arguments, and the hash of login.defs", "[probes][pam_modules]") {
  struct Case {
    const char* what;
    std::string arguments;
    std::string login_defs;
    std::string hash;
    std::string source;
  };
  const auto c = GENERATE(values<Case>({
      {"nothing said", "", "", "des", "default of pam_unix"},
      {"login.defs", "", "ENCRYPT_METHOD yescrypt\nENCRYPT_METHOD MD5\n", "yescrypt", "/etc/login.defs:1"},
      {"an unknown name there", "", "ENCRYPT_METHOD FOO\n", "des", "default of pam_unix"},
      {"an argument wins", " sha512", "ENCRYPT_METHOD YESCRYPT\n", "sha512", "/etc/pam.d/common:1"},
      {"the last one counts", " sha512 md5", "", "md5", "/etc/pam.d/common:1"},
      {"only the beginning of a word", " yescryptish", "", "yescrypt", "/etc/pam.d/common:1"},
      {"gost", " gost_yescrypt", "", "gost_yescrypt", "/etc/pam.d/common:1"},
  }));
  CAPTURE(c.what);
  Files more;
  if (!c.login_defs.empty()) more["/etc/login.defs"] = c.login_defs;
  const auto answer = ask_module(pam_unix_probe, tree_with(password_line("required pam_unix.so" + c.arguments, more)),
                                 {{"type", Value{std::string("password")}}});
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("hash") == c.hash);
  CHECK(answer.records[0].fields[static_cast<std::size_t>(field_index(*answer.schema, "hash"))].source == c.source);
  CHECK(answer.text("nullok") == "false");
  CHECK(answer.text("remember") == "(absent)");
}

TEST_CASE("pam_unix: what else its arguments say", "[probes][pam_modules]") {
  auto tree = tree_with(password_line("required pam_unix.so nullok_secure use_authtok remember=5 rounds=65536 sha512",
                                      {{"/etc/login.defs", ""}}));
  const Arguments password = {{"type", Value{std::string("password")}}};
  auto answer = ask_module(pam_unix_probe, tree, password);
  CHECK(answer.text("nullok") == "true");
  CHECK(answer.text("use_authtok") == "true");
  CHECK(answer.text("remember") == "5");
  CHECK(answer.text("rounds") == "65536");
  tree.files["/etc/login.defs"].trouble = FakeFile::Trouble::denied;
  CHECK(ask_module(pam_unix_probe, tree, password).text("hash") == "sha512");
  tree.files["/etc/pam.d/common"].content = "password required pam_unix.so\n";
  CHECK(ask_module(pam_unix_probe, tree, password).text("hash") == "(unreadable: denied)");
}

TEST_CASE("pam_wheel: the group and who is in it", "[probes][pam_modules]") {
  const std::string passwd = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/:/bin/sh\nbob:x:1001:50::/:/bin/sh\n";
  struct Case {
    const char* what;
    std::string arguments;
    std::string groups;
    std::string group;
    std::string exists;
    std::string members;
    std::string effect;
  };
  const auto c = GENERATE(values<Case>({
      {"an empty group", "use_uid group=sugroup", "root:x:0:\nsugroup:x:60:\n", "sugroup", "true", "", "members_only"},
      {"members by name and as primary group", "group=sugroup", "sugroup:x:50:ann,bob\n", "sugroup", "true", "ann, bob",
       "members_only"},
      {"a group that is not there", "group=sugroup", "root:x:0:\n", "sugroup", "false", "", "members_only"},
      {"wheel", "", "root:x:0:\nwheel:x:10:ann\n", "wheel", "true", "ann", "members_only"},
      {"no wheel", "", "root:x:0:ann\n", "root", "true", "ann, root", "members_only"},
      {"turned around", "deny group=sugroup", "sugroup:x:60:\n", "sugroup", "true", "", "all_but_members"},
      {"trusted", "trust group=sugroup", "sugroup:x:60:\n", "sugroup", "true", "", "trusts_members"},
  }));
  CAPTURE(c.what);
  const auto answer =
      ask_module(pam_wheel_probe, tree_with({{"/etc/pam.d/common", "auth required pam_wheel.so " + c.arguments + "\n"},
                                             {"/etc/passwd", passwd},
                                             {"/etc/group", c.groups}}));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("group") == c.group);
  CHECK(answer.text("group_exists") == c.exists);
  CHECK(answer.text("members") == c.members);
  CHECK(answer.text("effect") == c.effect);
  CHECK(answer.text("root_only") == "false");
}

TEST_CASE("pam_wheel: whom it asks about", "[probes][pam_modules]") {
  struct Case {
    const char* what;
    std::string arguments;
    std::string module;
    std::string use_uid;
  };
  const auto c = GENERATE(values<Case>({
      {"the argument", " use_uid", "", "true"},
      {"a module that can ask for the login name", "", "pam_modutil_getlogin", "false"},
      {"one that cannot", "", "getpwuid", "true"},
      {"no telling", "", "", "(unreadable: unobservable)"},
  }));
  CAPTURE(c.what);
  Files files = {{"/etc/pam.d/common", "auth required pam_wheel.so" + c.arguments + "\n"}};
  if (!c.module.empty()) files["/usr/lib64/security/pam_wheel.so"] = c.module;
  CHECK(ask_module(pam_wheel_probe, tree_with(files)).text("use_uid") == c.use_uid);
}

TEST_CASE("pam_wheel: groups that cannot be read", "[probes][pam_modules]") {
  auto tree = tree_with({{"/etc/pam.d/common", "auth required pam_wheel.so group=sugroup\n"}, {"/etc/group", ""}});
  tree.files["/etc/group"].trouble = FakeFile::Trouble::denied;
  const auto answer = ask_module(pam_wheel_probe, tree);
  CHECK(answer.text("group") == "sugroup");
  CHECK(answer.text("members") == "(unreadable: denied)");
}

TEST_CASE("pam_securetty: where root is let in", "[probes][pam_modules]") {
  const Files stack = {{"/etc/pam.d/common", "auth required pam_securetty.so\n"},
                       {"/proc/sys/kernel/osrelease", "6\n"}};
  auto tree = tree_with(stack);
  tree.files["/proc/cmdline"].content = "ro console=tty0 console=ttyS0,115200n8\n";
  tree.files["/sys/class/tty/console/active"].content = "tty0 hvc0\n";
  auto answer = ask_module(pam_securetty_probe, tree);
  CHECK(answer.text("limits_root") == "false");
  CHECK(answer.text("terminals") == "(absent)");
  CHECK(answer.text("no_console") == "false");
  CHECK(answer.text("consoles") == "tty0, ttyS0, hvc0");
  tree.files["/usr/etc/securetty"].content = "tty2\n";
  CHECK(ask_module(pam_securetty_probe, tree).text("terminals") == "tty2");
  auto& list = tree.files["/etc/securetty"];
  list.content = "# x\n\ntty1\n";
  CHECK(ask_module(pam_securetty_probe, tree).text("terminals") == "tty1");
  list.mode = 0666;
  answer = ask_module(pam_securetty_probe, tree);
  CHECK(answer.text("limits_root") == "true");
  CHECK(answer.text("terminals").empty());
  list.mode = 0600;
  list.trouble = FakeFile::Trouble::denied;
  CHECK(ask_module(pam_securetty_probe, tree).text("terminals") == "(unreadable: denied)");
  tree.files["/etc/pam.d/common"].content = "auth required pam_securetty.so noconsole\n";
  answer = ask_module(pam_securetty_probe, tree);
  CHECK(answer.text("no_console") == "true");
  CHECK(answer.text("consoles").empty());
}
