#include "engine/formats/rsyslog_conf.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

/// A statement as one line, so that a case can say what it expects.
std::string shown(const RsyslogStatement& statement) {
  std::string text = std::to_string(statement.line) + " ";
  switch (statement.kind) {
    case RsyslogStatement::Kind::directive:
      return text + "$" + statement.name + " " + statement.text;
    case RsyslogStatement::Kind::include:
      text += "include " + statement.text;
      break;
    case RsyslogStatement::Kind::object:
      text += statement.name;
      break;
    case RsyslogStatement::Kind::action:
      text += "-> " + statement.text;
      break;
  }
  for (const auto& parameter : statement.parameters) {
    text += " " + parameter.name + "=";
    for (const auto& value : parameter.values) text += "<" + value + ">";
    if (!parameter.literal) text += "?";
  }
  if (!statement.filter.empty()) text += " | " + statement.filter;
  if (!statement.ruleset.empty()) text += " @ " + statement.ruleset;
  return text;
}

std::vector<std::string> shown(const char* text) {
  std::vector<std::string> lines;
  const auto config = parse_rsyslog_conf(text);
  for (const auto& statement : config.statements) lines.push_back(shown(statement));
  if (config.error) lines.push_back("error " + config.error->what);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("rsyslog's configuration is read statement by statement", "[formats][rsyslog_conf]") {
  struct Case {
    const char* what;
    const char* text;
    Lines statements;
  };
  const auto c = GENERATE(values<Case>({
      {"old directives",
       "$FileCreateMode 0640\n  $Umask\t0022  \n#$X y\n",
       {"1 $filecreatemode 0640", "2 $umask 0022"}},
      {"a selector and its file",
       "*.*;auth,authpriv.none\t\t-/var/log/syslog\n",
       {"1 -> -/var/log/syslog | *.*;auth,authpriv.none"}},
      {"several actions to one selector",
       "mail.* /a\n& @@h:1\n& stop\n*.emerg :omusrmsg:*\n",
       {"1 -> /a | mail.*", "2 -> @@h:1 | mail.*", "3 -> stop | mail.*", "4 -> :omusrmsg:* | *.emerg"}},
      {"a property filter", ":msg, contains, \"a \\\" b\" ~\n", {"1 -> ~ | :msg, contains, \"a \\\" b\""}},
      {"an object over lines with comments",
       "module(load=\"imuxsock\" # it's local\n  SysSock.Use = \"off\") # off\n/* module(load=\"imtcp\")\n */\n",
       {"1 module load=<imuxsock> syssock.use=<off>"}},
      {"blanks before the parenthesis",
       "Input \n ( Type=\"imtcp\" port=\"514\" )",
       {"1 input type=<imtcp> port=<514>"}},
      {"an array",
       "action(type=\"omfwd\" StreamDriverPermittedPeers=[\"a\", \"b\"])",
       {"1 action type=<omfwd> streamdriverpermittedpeers=<a><b>"}},
      {"a value from elsewhere", "include(file=`echo $X`)", {"1 include echo $X file=<echo $X>?"}},
      {"includes",
       "$IncludeConfig /etc/rsyslog.d/*.conf\ninclude(file=\"/etc/x.conf\" mode=\"optional\")",
       {"1 include /etc/rsyslog.d/*.conf", "2 include /etc/x.conf file=</etc/x.conf> mode=<optional>"}},
      {"a condition",
       "if $msg contains 'then'\n and $x == 1 then /a\n/b\n",
       {"2 -> /a | if $msg contains 'then' and $x == 1 then", "3 -> /b"}},
      {"a block",
       "if $x then {\n /a\n action(type=\"omfile\" file=\"/b\")\n} else { /c\n}\n/d\n",
       {"2 -> /a | if $x then", "3 action type=<omfile> file=</b> | if $x then", "4 -> /c | else", "6 -> /d"}},
      {"a ruleset",
       "ruleset(name=\"remote\") {\n *.* /a\n}\n*.* /b\n",
       {"1 ruleset name=<remote>", "2 -> /a | *.* @ remote", "4 -> /b | *.*"}},
      {"statements that assign", "set $!x = \"a;b\"; unset $!y; call other\n*.* /a\n", {"2 -> /a | *.*"}},
      {"a call within a block",
       "ruleset(name=\"r\") { call other }\nkern.* ~\n",
       {"1 ruleset name=<r>", "2 -> ~ | kern.*"}},
      {"users", "*.emerg root,admin\n*.alert *\n", {"1 -> root,admin | *.emerg", "2 -> * | *.alert"}},
      {"a line that continues",
       "*.*  \\\n   /var/log/a\n# comment \\\n$FileCreateMode 0600\n*.* /b\n",
       {"1 -> /var/log/a | *.*", "5 -> /b | *.*"}},
      {"a filter for a program", "!prog\n*.* /a\n!*\n*.* /b\n", {"2 -> /a | !prog and *.*", "4 -> /b | *.*"}},
      {"an object that does not end",
       "*.* /a\nmodule(load=\"x\"\n*.* /b\n",
       {"1 -> /a | *.*", "error line 2: module( is not closed, or holds what is no parameter"}},
      {"a comment that does not end", "/* x", {"error line 1: a comment without its end"}},
      {"a brace too many", "}", {"error line 1: a closing brace without a block"}},
      {"a character that starts nothing",
       "*.* /a\n=\n",
       {"1 -> /a | *.*", "error line 2: a character that starts no statement"}},
      {"nothing", "", {}},
  }));
  CAPTURE(c.what);
  CHECK(shown(c.text) == c.statements);
}

TEST_CASE("blocks beyond all measure are refused", "[formats][rsyslog_conf]") {
  CHECK(parse_rsyslog_conf(std::string(1000, '{')).error.has_value());
}
