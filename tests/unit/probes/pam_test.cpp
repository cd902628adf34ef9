#include "engine/probes/pam.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::TextList;
using plimsoll::Value;
using plimsoll::probes::pam_probe;
using namespace plimsoll::tests;
using Texts = std::vector<std::string>;

namespace {

FakeTree tree_with(const std::map<std::string, std::string>& files) {
  FakeTree tree;
  for (const auto& [path, content] : files) tree.files[path].content = content;
  return tree;
}

ProbeAnswer service_of(const FakeTree& tree, const std::string& service, const std::string& type) {
  return ask(pam_probe, FakeRoot(tree),
             {{"services", Value{TextList{service}}}, {"type", Value{type}}, {"or_other", Value{true}}});
}

ProbeAnswer stack_of(const FakeTree& tree, const std::string& service, const std::string& type,
                     const std::string& module = {}, const std::string& argument = {}) {
  Arguments arguments = {{"services", Value{TextList{service}}}, {"type", Value{type}}};
  if (!module.empty()) arguments.emplace("module", Value{module});
  if (!argument.empty()) arguments.emplace("argument", Value{argument});
  return ask(pam_probe, FakeRoot(tree), arguments);
}

}  // namespace

TEST_CASE("files that are included stand in their place", "[probes][pam]") {
  const auto tree = tree_with({
      {"/etc/pam.d/login", "auth required pam_a.so\n@include common-auth\nauth include more\nauth required pam_z.so\n"},
      {"/etc/pam.d/common-auth", "auth required pam_b.so x\nsession required pam_no.so\n"},
      {"/usr/lib/pam.d/more", "account required pam_no.so\nauth substack deep\n"},
      {"/etc/pam.d/deep", "auth required pam_c.so\n"},
  });
  const auto answer = stack_of(tree, "login", "auth");
  CHECK(answer.texts("module") == Texts{"pam_a", "pam_b", "pam_c", "pam_z"});
  CHECK(answer.records[2].source == "/etc/pam.d/deep:1");
  CHECK(answer.text("included_by", 2) == "/etc/pam.d/login:3, /usr/lib/pam.d/more:2");
  CHECK(answer.text("arguments", 1) == "x");
  CHECK(answer.text("included_by", 0).empty());
  CHECK(answer.text("problem", 0) == "(absent)");
}

TEST_CASE("/etc comes before /usr/lib", "[probes][pam]") {
  const auto tree =
      tree_with({{"/etc/pam.d/su", "auth required pam_a.so\n"}, {"/usr/lib/pam.d/su", "auth required pam_b.so\n"}});
  CHECK(stack_of(tree, "su", "auth").texts("module") == Texts{"pam_a"});
}

TEST_CASE("what a stack makes of its lines", "[probes][pam]") {
  struct Case {
    const char* what;
    std::string su;
    std::string reachable;
    std::string enforced;
    std::string bypassed_by;
  };
  const auto c = GENERATE(values<Case>({
      {"a required line", "auth required pam_wheel.so\nauth required pam_unix.so\n", "true", "true", ""},
      {"root need not be asked", "auth sufficient pam_rootok.so\nauth required pam_wheel.so\n", "true", "true",
       "pam_rootok"},
      {"a password is enough", "auth sufficient pam_unix.so\nauth required pam_wheel.so\n", "true", "true", "pam_unix"},
      {"everybody passes before it", "auth sufficient pam_permit.so\nauth required pam_wheel.so\n", "false", "false",
       "pam_permit"},
      {"a module for tests lets everybody in", "auth sufficient pam_debug.so\nauth required pam_wheel.so\n", "false",
       "false", "pam_debug"},
      {"or nobody", "auth sufficient pam_debug.so auth=perm_denied\nauth required pam_wheel.so\n", "true", "true", ""},
      {"it is only optional", "auth optional pam_wheel.so\nauth required pam_unix.so\n", "true", "false", ""},
      {"a jump over it",
       "auth [success=1 default=ignore] pam_x.so\nauth requisite pam_wheel.so\nauth required pam_unix.so\n", "true",
       "true", "pam_x"},
      {"a line that fails keeps `sufficient` from ending",
       "auth required pam_deny.so\nauth sufficient pam_permit.so\nauth required pam_wheel.so\n", "true", "true", ""},
  }));
  CAPTURE(c.what);
  const auto answer = stack_of(tree_with({{"/etc/pam.d/su", c.su}}), "su", "auth", "pam_wheel");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("reachable") == c.reachable);
  CHECK(answer.text("enforced") == c.enforced);
  CHECK(answer.text("bypassed_by") == c.bypassed_by);
}

TEST_CASE("a module whose file is missing fails", "[probes][pam]") {
  auto tree = tree_with({
      {"/usr/lib/x86_64-linux-gnu/security/pam_unix.so", ""},
      {"/etc/pam.d/su", "auth sufficient pam_permit.so\nauth required /lib/security/$ISA/pam_unix.so\n"},
  });
  auto answer = stack_of(tree, "su", "auth");
  CHECK(answer.texts("module_exists") == Texts{"false", "true"});
  CHECK(answer.texts("reachable") == Texts{"true", "true"});
  tree.files["/usr/lib/x86_64-linux-gnu/security/pam_permit.so"].content = "";
  answer = stack_of(tree, "su", "auth");
  CHECK(answer.texts("reachable") == Texts{"true", "false"});
  tree.files.erase("/usr/lib/x86_64-linux-gnu/security/pam_permit.so");
  tree.files["/opt/pam_permit.so"].content = "";
  tree.files["/etc/pam.d/su"].content = "auth sufficient /opt/pam_permit.so\nauth required /opt/pam_gone.so\n";
  CHECK(stack_of(tree, "su", "auth").texts("module_exists") == Texts{"true", "false"});
}

TEST_CASE("no directory of modules leaves it open whether they are there", "[probes][pam]") {
  const auto answer = stack_of(tree_with({{"/etc/pam.d/su", "auth required pam_a.so\n"}}), "su", "auth");
  CHECK(answer.text("module_exists") == "(unreadable: unobservable)");
}

TEST_CASE("lines that fail whatever happens say why", "[probes][pam]") {
  struct Case {
    std::string text;
    std::string problem;
  };
  const auto c = GENERATE(values<Case>({
      {"auth include gone\n", "there is no file gone to include"},
      {"auth include\n", "it names no file"},
      {"auth requried pam_x.so\n", "\"requried\" is no control"},
      {"autj required pam_x.so\n", "\"autj\" is no type"},
      {"auth include broken\n", "libpam refuses /etc/pam.d/broken: it ends in the middle of a line"},
  }));
  CAPTURE(c.text);
  const auto answer =
      stack_of(tree_with({{"/etc/pam.d/su", c.text}, {"/etc/pam.d/broken", "auth x \\\n"}}), "su", "auth");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("problem") == c.problem);
}

TEST_CASE("a file that Debian's include does not find ends the service", "[probes][pam]") {
  for (const auto* text : {"auth required pam_x.so\n@include gone\n", "@include broken\n", "@include\n"}) {
    const auto answer =
        stack_of(tree_with({{"/etc/pam.d/su", text}, {"/etc/pam.d/broken", "auth x \\\n"}}), "su", "auth");
    REQUIRE(answer.failure);
    CHECK(answer.failure->kind == Error::Kind::malformed);
  }
}

TEST_CASE("files that include each other end", "[probes][pam]") {
  const auto once = stack_of(tree_with({{"/etc/pam.d/su", "auth include su\n"}}), "su", "auth");
  REQUIRE(once.records.size() == 1);
  CHECK(once.text("problem") == "files include each other 16 deep");
  const auto twice = stack_of(tree_with({{"/etc/pam.d/su", "auth include su\nauth include su\n"}}), "su", "auth");
  REQUIRE(twice.failure);
  CHECK(twice.failure->kind == Error::Kind::too_large);
}

TEST_CASE("a service without such a line says so, one without a file is passed over", "[probes][pam]") {
  const auto tree = tree_with({{"/etc/pam.d/su", "account required pam_wheel.so\n"}});
  const auto answer = stack_of(tree, "su", "auth", "pam_wheel");
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("present") == "false");
  CHECK(answer.text("enforced") == "false");
  CHECK(answer.text("reachable") == "false");
  CHECK(answer.text("control") == "(absent)");
  CHECK(answer.records[0].source == "/etc/pam.d/su");
  const auto none = stack_of(tree, "login", "auth", "pam_wheel");
  CHECK(none.records.empty());
  CHECK_FALSE(none.failure);
  CHECK(none.looked_at == "none of the services has a file");
}

TEST_CASE("calls can be told by an argument", "[probes][pam]") {
  const auto tree =
      tree_with({{"/etc/pam.d/su", "auth required pam_faillock.so preauth\nauth required pam_faillock.so authfail\n"}});
  CHECK(stack_of(tree, "su", "auth", "pam_faillock", "authfail").records.at(0).source == "/etc/pam.d/su:2");
  CHECK(stack_of(tree, "su", "auth", "pam_faillock", "authsucc").text("present") == "false");
}

TEST_CASE("a file that cannot be read or that libpam refuses is an error", "[probes][pam]") {
  auto tree = tree_with({{"/etc/pam.d/su", "auth include common\n"}, {"/etc/pam.d/common", ""}});
  tree.files["/etc/pam.d/common"].trouble = FakeFile::Trouble::denied;
  auto answer = stack_of(tree, "su", "auth");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
  answer = stack_of(tree_with({{"/etc/pam.d/su", "auth required pam_x.so \\\n"}}), "su", "auth");
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::malformed);
}

TEST_CASE("a service without lines of a type is answered by other", "[probes][pam]") {
  auto tree = tree_with({{"/etc/pam.d/su", "account required pam_a.so\n"},
                         {"/usr/lib/pam.d/other", "auth required pam_deny.so\naccount required pam_b.so\n"}});
  auto answer = service_of(tree, "su", "auth");
  CHECK(answer.texts("module") == Texts{"pam_deny"});
  CHECK(answer.records.at(0).source == "/usr/lib/pam.d/other:1");
  CHECK(answer.text("service") == "su");
  CHECK(answer.text("grants") == "false");
  answer = service_of(tree, "su", "account");
  CHECK(answer.texts("module") == Texts{"pam_a"});
  CHECK(answer.text("grants") == "true");
  CHECK(service_of(tree, "login", "auth").texts("module") == Texts{"pam_deny"});
  CHECK(stack_of(tree, "login", "auth").records.empty());
  tree.files["/etc/pam.d/other"].content = "auth required pam_c.so\n";
  CHECK(service_of(tree, "login", "auth").texts("module") == Texts{"pam_c"});
  tree.files["/etc/pam.d/other"].trouble = FakeFile::Trouble::denied;
  CHECK(service_of(tree, "login", "auth").failure->kind == Error::Kind::denied);
  tree.files.erase("/etc/pam.d/other");
  tree.files.erase("/usr/lib/pam.d/other");
  CHECK(service_of(tree, "login", "auth").records.empty());
}

TEST_CASE("/etc/pam.conf counts where there is no directory of stacks", "[probes][pam]") {
  auto tree = tree_with({{"/etc/pam.conf",
                          "# all\nLogin auth required pam_a.so \\\n  x\nsu auth required pam_b.so\n"
                          "OTHER auth required pam_c.so\n"}});
  auto answer = service_of(tree, "login", "auth");
  CHECK(answer.texts("module") == Texts{"pam_a"});
  CHECK(answer.text("arguments") == "x");
  CHECK(answer.records.at(0).source == "/etc/pam.conf:2");
  CHECK(service_of(tree, "cron", "auth").texts("module") == Texts{"pam_c"});
  tree.files["/usr/lib/pam.d/x"].content = "";
  CHECK(service_of(tree, "login", "auth").records.empty());
}
