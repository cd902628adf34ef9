#include "engine/formats/shell_startup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>

#include "engine/formats/glob.hpp"
#include "engine/formats/shell_tokens.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

using Files = std::map<std::string, std::string>;

ShellStartup login(const Files& files, const std::string& user = "") {
  const ShellFiles access = {
      .read = [&](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return std::unexpected(Error{Error::Kind::not_found, path});
        if (found->second == "denied") return std::unexpected(Error{Error::Kind::denied, path});
        return found->second;
      },
      .glob = [&](const std::string& pattern) -> Result<std::vector<std::string>> {
        std::vector<std::string> found;
        for (const auto& [path, text] : files) {
          if (glob_matches(pattern, path, GlobKind::path)) found.push_back(path);
        }
        return found;
      },
      .exists = [&](const std::string& path) -> std::optional<bool> {
        return std::ranges::any_of(files, [&](const auto& file) { return file.first.starts_with(path); });
      },
  };
  ShellStartup startup(access, user, user.empty() ? "" : "/root");
  startup.run({"/etc/profile", "/etc/bashrc"});
  return startup;
}

std::string summary(const ShellStartup& startup) {
  std::string out;
  for (const auto& effect : startup.effects()) {
    if (!out.empty()) out += "; ";
    constexpr std::string_view signs[] = {"=", "mask ", "export", "readonly", "unset"};
    std::string text = effect.text;
    if (const auto mark = text.find(shell_path_before); mark != std::string::npos) text.replace(mark, 1, "@");
    out += fmt::format("{}{}{}{}{}", effect.certain ? "" : "?", effect.name, signs[static_cast<int>(effect.kind)],
                       effect.known ? text : "(unknown)", effect.source.substr(effect.source.rfind(':')));
  }
  return out;
}

}  // namespace

TEST_CASE("a script is cut into words and operators", "[formats][shell]") {
  std::string text;
  for (const auto& token : shell_tokens("a 'b c'\"d$(e \")\" f)\"# x # no\n[[ a =~ (x|y) ]] && b 2>&1 >/dev/null\n"
                                        "cat <<-'E' >x | y\n  umask 0\n\tE\nz \\\n  w <(p q) ;; ${a#b c} `d e`(f)")) {
    text += token.kind == ShellToken::Kind::word ? fmt::format("<{}>", token.raw)
                                                 : std::string(1, ";|&!:()"[static_cast<int>(token.kind) - 1]);
  }
  CHECK(text == "<a><'b c'\"d$(e \")\" f)\"#><x>;<[[><a><=~><(x|y)><]]>&<b>;<cat>|<y>;<z><w>:<${a#b c}><`d e`>(<f>);");
}

TEST_CASE("what a login sets is followed as far as text tells", "[formats][shell]") {
  struct Case {
    const char* what;
    const char* text;
    const char* summary;
    const char* user;
  };
  const auto c = GENERATE(values<Case>({
      {"plain statements", "umask 027\nTMOUT=900; readonly TMOUT\nexport TMOUT\n",
       "mask 027:1; TMOUT=900:2; TMOUTreadonly:2; TMOUTexport:3", ""},
      {"one statement for all", "declare -xr TMOUT=900\n", "TMOUT=900:1; TMOUTexport:1; TMOUTreadonly:1", ""},
      {"quotes and variables", "t=\"9\"\nexport TMOUT='1'${t}0\n", "TMOUT=190:2; TMOUTexport:2", ""},
      {"comments and texts", "# umask 0\necho 'umask 0' \"umask 0\"\ncat <<E\numask 0\nE\n", "", ""},
      {"a variable for one command alone", "TMOUT=5 read x\n", "", ""},
      {"an unknown condition", "if [ -n \"$SSH_TTY\" ]; then umask 022; else umask 027; fi\numask 077\n",
       "?mask 022:1; ?mask 027:1; mask 077:2", ""},
      {"the user is known", "if [ \"$(id -u)\" -eq 0 ]; then umask 077; else umask 002; fi\n", "mask 077:1", "root"},
      {"the user is another one", "if [ \"`id -u`\" -eq 0 ]; then umask 077; else umask 002; fi\n",
       "?mask 077:1; ?mask 002:1", ""},
      {"root by a variable", "if [[ $EUID == 0 && 1 -lt 2 ]]; then umask 077; fi\n", "mask 077:1", "root"},
      {"bash is interactive",
       "if [ \"${PS1-}\" ]; then if [ \"${BASH-}\" ] && [ \"$BASH\" != \"/bin/sh\" ]; then umask 27; "
       "fi; fi\n[ -z \"$PS1\" ] && return\numask 077\n",
       "mask 27:1; mask 077:3", ""},
      {"a case about the kind of shell", "case $- in *i*) ;; *) return ;; esac\numask 077\n", "mask 077:2", ""},
      {"a case that is left for others", "case $TERM in xterm) return;; esac\numask 077\n", "?mask 077:2", ""},
      {"only where there is no mask", "[ `umask` -eq 0 ] && umask 022\n", "", ""},
      {"and, or, not", "true && umask 1; false && umask 2; false || umask 3; ! true || umask 4; foo && umask 5\n",
       "mask 1:1; mask 3:1; mask 4:1; ?mask 5:1", ""},
      {"shells of their own", "( umask 0 )\necho x | umask 0\numask 0 | cat\n$(umask 0)\n", "", ""},
      {"functions", "f() { umask 0$1; }\nfunction g { umask 0; }\nf 27\n", "mask 027:1", ""},
      {"a function that ends", "f() { return; umask 0; }\nf\numask 1\n", "mask 1:3", ""},
      {"loops", "for i in 1 2; do umask $i; done\nwhile true; do umask 3; done\n", "mask 1:1; mask 2:1; ?mask 3:2", ""},
      {"PATH and what was there", "PATH=/a:$PATH\nPATH=\"${PATH:+${PATH}:}/b\"\nexport PATH\n",
       "PATH=/a:@:1; PATH=@:/b:2; PATHexport:3", ""},
      {"a function that adds to PATH",
       "munge () {\n case \":${PATH}:\" in\n *:\"$1\":*) ;;\n *) PATH=$PATH:$1\n esac\n}\nmunge /usr/sbin\n",
       "?PATH=@:/usr/sbin:4", ""},
      {"home", "PATH=$HOME/bin:~/x\n", "PATH=/root/bin:~/x:1", "root"},
      {"a value that a program prints", "umask $(cat /x)\nTMOUT=$((60*15))\n", "mask (unknown):1; TMOUT=(unknown):2",
       ""},
      {"taken back", "TMOUT=1\nunset TMOUT\n", "TMOUT=1:1; TMOUTunset:2", ""},
      {"a script that leaves", "exit\numask 0\n", "", ""},
      {"words that close nothing", "fi done } esac ) ;; umask 1\n", "mask 1:1", ""},
  }));
  CAPTURE(c.what);
  const auto startup = login({{"/etc/profile", c.text}}, c.user);
  CHECK(summary(startup) == c.summary);
  CHECK_FALSE(startup.obstacle());
}

TEST_CASE("files are read in where they are named", "[formats][shell]") {
  const Files files = {
      {"/etc/profile",
       "umask 1\nif [ -d /etc/profile.d ]; then\n  for i in /etc/profile.d/*.sh; do\n    if [ -r $i ]; then\n      . "
       "$i\n    fi\n  done\n  unset i\nfi\n[ -f /etc/none ] && umask 9\numask 4\n"},
      {"/etc/profile.d/a.sh", "umask 2\nreturn\numask 9\n"},
      {"/etc/profile.d/b.sh", "test -n \"$X\" && return\numask 3\n"},
      {"/etc/profile.d/c.csh", "umask 9\n"},
      {"/etc/bashrc",
       "if [ -z \"$BASHRCSOURCED\" ]; then BASHRCSOURCED=Y; ! shopt -q login_shell && umask 9; umask 5; fi\n"},
  };
  const auto startup = login(files);
  CHECK(summary(startup) == "mask 1:1; mask 2:1; ?mask 3:2; mask 4:11; mask 5:1");
  CHECK(startup.followed() ==
        std::vector<std::string>{"/etc/profile", "/etc/profile.d/a.sh", "/etc/profile.d/b.sh", "/etc/bashrc"});
}

TEST_CASE("run-parts lists the files of a directory", "[formats][shell]") {
  const auto startup = login({
      {"/etc/profile",
       "for i in $(run-parts --list --regex '^[a-z]+\\.sh$' /etc/profile.d); do . \"$i\"; done\n. /etc/bashrc\n"},
      {"/etc/profile.d/a.sh", "umask 2\n"},
      {"/etc/bashrc", "umask 3\n"},
  });
  CHECK(summary(startup) == "mask 2:1; mask 3:1");
}

TEST_CASE("code that may do anything is named", "[formats][shell]") {
  const auto startup = login({{"/etc/profile", "eval \"$(dircolors -b)\"\neval \"$(foo)\"\n. \"$X/y\"\n. y\n"}});
  REQUIRE(startup.unknown().size() == 3);
  CHECK(startup.unknown().at(0).source == "/etc/profile:2");
  CHECK(startup.unknown().at(1).what == "a file is read in whose name is computed (variable that is set elsewhere)");
}

TEST_CASE("a file that cannot be read, and one that reads itself, are obstacles", "[formats][shell]") {
  CHECK(login({{"/etc/profile", ". /etc/secret\n"}, {"/etc/secret", "denied"}}).obstacle()->kind ==
        Error::Kind::denied);
  CHECK(login({{"/etc/profile", ". /etc/profile\n"}}).obstacle()->kind == Error::Kind::too_large);
  CHECK(login({{"/etc/profile", "f() { f; f; }\nf\n"}}).obstacle()->kind == Error::Kind::too_large);
  CHECK(login({{"/etc/profile", std::string(1000, '(')}}).obstacle()->kind == Error::Kind::too_large);
  CHECK_FALSE(login({}).obstacle());
}
