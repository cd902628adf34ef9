#include "engine/formats/pam_conf.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;
using Words = std::vector<std::string>;

namespace {

PamAction action_of(const PamLine& line, PamReturn value) {
  return line.actions[static_cast<std::size_t>(value)];
}

PamLine only_line(std::string_view text) {
  const auto file = parse_pam_file(text);
  REQUIRE(file.lines.size() == 1);
  return file.lines.front();
}

}  // namespace

TEST_CASE("a line is type, control, module and arguments", "[formats][pam_conf]") {
  struct Case {
    const char* what;
    std::string_view text;
    PamLine::Kind kind;
    std::optional<PamType> type;
    std::string control;
    std::string target;
    Words arguments;
  };
  using Kind = PamLine::Kind;
  const auto c = GENERATE(values<Case>({
      {"plain",
       "auth required pam_unix.so nullok try_first_pass\n",
       Kind::module,
       PamType::auth,
       "required",
       "pam_unix.so",
       {"nullok", "try_first_pass"}},
      {"capitals", "AUTH Required pam_unix.so", Kind::module, PamType::auth, "Required", "pam_unix.so", {}},
      {"tabs and a comment",
       "\tsession\toptional  pam_x.so a # b\n",
       Kind::module,
       PamType::session,
       "optional",
       "pam_x.so",
       {"a"}},
      {"a minus",
       "-session optional pam_systemd.so\n",
       Kind::module,
       PamType::session,
       "optional",
       "pam_systemd.so",
       {}},
      {"values in brackets",
       "account [success=1 default=ignore] pam_unix.so\n",
       Kind::module,
       PamType::account,
       "[success=1 default=ignore]",
       "pam_unix.so",
       {}},
      {"an argument in brackets",
       "auth required pam_x.so [a [b\\] c] d\n",
       Kind::module,
       PamType::auth,
       "required",
       "pam_x.so",
       {"a [b] c", "d"}},
      {"continued", "auth \\\n  required\\\n pam_x.so\n", Kind::module, PamType::auth, "required", "pam_x.so", {}},
      {"a comment between the parts",
       "auth required \\\n# no\npam_x.so\n",
       Kind::module,
       PamType::auth,
       "required",
       "pam_x.so",
       {}},
      {"a backslash in a comment continues nothing",
       "auth required pam_x.so # \\\n",
       Kind::module,
       PamType::auth,
       "required",
       "pam_x.so",
       {}},
      {"include", "auth include system-auth\n", Kind::include, PamType::auth, "include", "system-auth", {}},
      {"substack", "password substack system-auth\n", Kind::substack, PamType::password, "substack", "system-auth", {}},
      {"in capitals", "@INCLUDE common-auth\n", Kind::whole_include, std::nullopt, "@INCLUDE", "common-auth", {}},
      {"Debian's include", "@include common-auth\n", Kind::whole_include, std::nullopt, "@include", "common-auth", {}},
  }));
  CAPTURE(c.what);
  const auto line = only_line(c.text);
  CHECK(line.kind == c.kind);
  CHECK(line.type == c.type);
  CHECK(line.control == c.control);
  CHECK(line.target == c.target);
  CHECK(line.arguments == c.arguments);
  CHECK(line.silent == c.text.starts_with('-'));
  CHECK(line.line == 1);
  CHECK(line.problem.empty());
}

TEST_CASE("a control says what each outcome does", "[formats][pam_conf]") {
  using Kind = PamAction::Kind;
  struct Case {
    std::string_view control;
    PamAction success;
    PamAction ignore;
    PamAction auth_err;
  };
  const auto c = GENERATE(values<Case>({
      {"required", {Kind::ok, 0}, {Kind::ignore, 0}, {Kind::bad, 0}},
      {"requisite", {Kind::ok, 0}, {Kind::ignore, 0}, {Kind::die, 0}},
      {"sufficient", {Kind::done, 0}, {Kind::ignore, 0}, {Kind::ignore, 0}},
      {"optional", {Kind::ok, 0}, {Kind::ignore, 0}, {Kind::ignore, 0}},
      {"[success=2 default=ignore]", {Kind::jump, 2}, {Kind::ignore, 0}, {Kind::ignore, 0}},
      {"[success=ok ignore=ignore default=1]", {Kind::ok, 0}, {Kind::ignore, 0}, {Kind::jump, 1}},
      {"[ default = die  success = done ]", {Kind::done, 0}, {Kind::die, 0}, {Kind::die, 0}},
      {"[success=ok]", {Kind::ok, 0}, {Kind::bad, 0}, {Kind::bad, 0}},
      {"[auth_err=reset default=bad]", {Kind::bad, 0}, {Kind::bad, 0}, {Kind::reset, 0}},
  }));
  CAPTURE(c.control);
  const auto line = only_line("auth " + std::string(c.control) + " pam_x.so\n");
  CHECK(action_of(line, PamReturn::success) == c.success);
  CHECK(action_of(line, PamReturn::ignore) == c.ignore);
  CHECK(action_of(line, PamReturn::auth_err) == c.auth_err);
  CHECK(line.problem.empty());
}

TEST_CASE("what libpam cannot read fails", "[formats][pam_conf]") {
  struct Case {
    std::string_view text;
    std::string_view problem;
  };
  const auto c = GENERATE(values<Case>({
      {"login required pam_x.so\n", "\"login\" is no type"},
      {"auth\n", "it has no control"},
      {"auth required\n", "it names no module"},
      {"auth sufficent pam_permit.so\n", "\"sufficent\" is no control"},
      {"auth [success=0 default=ok] pam_x.so\n", "\"success=0 default=ok\" is no control"},
      {"auth [success=ok default] pam_x.so\n", "\"success=ok default\" is no control"},
      {"auth [good=ok] pam_x.so\n", "\"good=ok\" is no control"},
      {"auth [success=99999999999] pam_x.so\n", "\"success=99999999999\" is no control"},
  }));
  CAPTURE(c.text);
  const auto line = only_line(c.text);
  CHECK(line.problem == c.problem);
  // A bad control turns every outcome into a failure; the other lines are marked, and keep theirs.
  const bool bad_control = c.problem.ends_with("is no control");
  CHECK((action_of(line, PamReturn::success) == PamAction{PamAction::Kind::bad, 0}) ==
        (bad_control || line.control.empty()));
}

TEST_CASE("lines keep their numbers, and an open end spoils the file", "[formats][pam_conf]") {
  const auto file = parse_pam_file("#%PAM-1.0\n\nauth \\\n required pam_a.so\nauth required pam_b.so\n");
  REQUIRE(file.lines.size() == 2);
  CHECK(file.lines[0].line == 3);
  CHECK(file.lines[1].line == 5);
  CHECK(file.problem.empty());
  CHECK(parse_pam_file("auth required pam_a.so \\\n").problem == "it ends in the middle of a line");
  CHECK(parse_pam_file("").lines.empty());
}
