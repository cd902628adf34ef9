#include "engine/formats/polkit.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;
using Texts = std::vector<std::string>;

TEST_CASE("actions are declared with what is asked for them", "[formats]") {
  const auto found = parse_polkit_actions(R"(<?xml version="1.0"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD polkit Policy Configuration 1.0//EN" "x">
<policyconfig><vendor>x</vendor>
<action id="org.example.a"><defaults><allow_any>auth_admin</allow_any><allow_inactive> yes
</allow_inactive></defaults></action>
<action id="org.example.b"/></policyconfig>)");
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].id == "org.example.a");
  CHECK((*found)[0].allow_any == "auth_admin");
  CHECK((*found)[0].allow_inactive == "yes");
  CHECK((*found)[0].allow_active == "no");
  CHECK((*found)[1].allow_any == "no");
  for (const auto* text :
       {"", "<a", "<zone/>", "<policyconfig><action/></policyconfig>",
        R"(<policyconfig><action id="a"><defaults><allow_any>maybe</allow_any></defaults></action></policyconfig>)"}) {
    CAPTURE(text);
    const auto wrong = parse_polkit_actions(text);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().kind == Error::Kind::malformed);
  }
}

TEST_CASE("grants name people, actions and answers", "[formats]") {
  const auto found = parse_polkit_grants(
      "# x\n[Staff]\nIdentity=unix-group:staff; unix-user:bob;\nAction=org.example.*\nResultAny=no\nResultActive=yes\n"
      "[Rest]\nIdentity=unix-user:*\n");
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].name == "Staff");
  CHECK((*found)[0].line == 3);
  CHECK((*found)[0].identities == Texts{"unix-group:staff", "unix-user:bob"});
  CHECK((*found)[0].actions == Texts{"org.example.*"});
  CHECK((*found)[0].result_any == "no");
  CHECK((*found)[0].result_inactive.empty());
  CHECK((*found)[0].result_active == "yes");
  CHECK((*found)[1].identities == Texts{"unix-user:*"});
  CHECK_FALSE(parse_polkit_grants("Identity=x\n"));
}

TEST_CASE("only rules that plainly name administrators alone decide nothing", "[formats]") {
  const std::string admins =
      "polkit.addAdminRule(function(action, subject) {\n    return [\"unix-group:sudo\"];\n});\n";
  for (const auto& text : {std::string(), admins, "/* polkit */\n// see polkit.addRule\n" + admins,
                           "polkit.log('x');\nvar policykit = 1;\n" + admins}) {
    CAPTURE(text);
    CHECK_FALSE(polkit_rules_may_decide(text));
  }
  for (const auto* text :
       {"polkit.addRule(f);", "polkit['addRule'](f);", "polkit . addRule(f);", "var p = polkit; p.addRule(f);",
        "this['pol' + 'kit'].addRule(f);", "eval('x');", "pol\\u006bit.addRule(f);", "// x\rpolkit.addRule(f);",
        "// x\xe2\x80\xa8polkit.addRule(f);", "/* x\n// */ polkit.addRule(f);", "var r = /'/; polkit.addRule(f); //'",
        "var t = `/*`; polkit.addRule(f); /*`*/", "polkit/**/.addRule(f);"}) {
    CAPTURE(text);
    CHECK(polkit_rules_may_decide(text));
  }
}
