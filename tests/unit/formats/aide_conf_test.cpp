#include "engine/formats/aide_conf.hpp"

#include <map>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

AideFiles files_of(std::map<std::string, std::string> texts) {
  AideFiles files;
  files.read = [texts](const std::string& path) -> Result<std::string> {
    const auto found = texts.find(path);
    if (found == texts.end()) return std::unexpected(Error{Error::Kind::not_found, path});
    return found->second;
  };
  files.list = [texts](const std::string& directory) -> Result<std::vector<AideFragment>> {
    std::vector<AideFragment> fragments;
    for (const auto& [path, text] : texts) {
      if (path.starts_with(directory + "/")) {
        fragments.push_back({path.substr(directory.size() + 1), text.starts_with("#!")});
      }
    }
    return fragments;
  };
  return files;
}

/// "source: attributes" of the rule that decides about /usr/sbin/auditctl.
std::string decided(const std::map<std::string, std::string>& texts) {
  const auto conf = parse_aide_conf("/c", files_of(texts));
  if (!conf) return "error: " + conf.error().what;
  const auto rule = deciding_aide_rule(*conf, "/usr/sbin/auditctl");
  if (!rule) return "error: " + rule.error().what;
  if (*rule == nullptr) return conf->scripts.empty() ? "none" : "none, but " + conf->scripts.front();
  std::string text = (*rule)->source + ":";
  if ((*rule)->kind == AideRule::Kind::leaves_out || (*rule)->kind == AideRule::Kind::leaves_out_below) text += " out";
  for (const auto& name : (*rule)->attributes) text += " " + name;
  return text;
}

}  // namespace

TEST_CASE("aide.conf: which rule decides") {
  struct Case {
    const char* what;
    std::map<std::string, std::string> texts;
    const char* decided;
  };
  const auto c = GENERATE(values<Case>({
      {"a line of its own", {{"/c", "# x\n/usr/sbin/auditctl p+i+sha512\n"}}, "/c:2: i p sha512"},
      {"a group", {{"/c", "Tools = p+i-i+acl\n/usr/sbin Tools+b\n"}}, "/c:2: acl b p"},
      {"a group of AIDE's own less one", {{"/c", "/usr/sbin X-caps-selinux-e2fsattrs\n"}}, "/c:1: acl xattrs"},
      {"the deepest directory", {{"/c", "/usr p\n/usr/sbin/a.* i\n/ n\n"}}, "/c:2: i"},
      {"the first of one directory", {{"/c", "/usr/sbin/auditctl p\n/usr/sbin/a i\n"}}, "/c:1: p"},
      {"an expression", {{"/c", "/usr/sbin/(auditctl|auditd)$ p\n"}}, "/c:1: p"},
      {"anchored at its start", {{"/c", "/sbin/auditctl p\n"}}, "none"},
      {"left out", {{"/c", "/usr/sbin p\n!/usr/sbin/audit\n"}}, "/c:2: out"},
      {"left out with all below", {{"/c", "/usr/sbin p\n!/usr/sbin$\n"}}, "/c:2: out"},
      {"the directory alone left out", {{"/c", "/usr/sbin p\n-/usr/sbin$\n"}}, "/c:1: p"},
      {"the directory alone selected", {{"/c", "=/usr/sbin$ p\n"}}, "none"},
      {"directories alone", {{"/c", "/usr/sbin d p\n"}}, "none"},
      {"regular files", {{"/c", "/usr/sbin f,l p\n"}}, "/c:1: p"},
      {"variables", {{"/c", "@@define TOP /usr\n@@{TOP}/sbin p\n"}}, "/c:2: p"},
      {"conditions",
       {{"/c", "@@define A 1\n@@ifdef A\n/usr/sbin p\n@@else\n/usr/sbin i\n@@endif\n@@ifndef A\n/ n\n@@endif\n"}},
       "/c:3: p"},
      {"a condition that nobody can tell",
       {{"/c", "@@ifhost x\n/ n\n@@endif\n"}},
       "error: /c:1: @@ifhost asks for the name of the host"},
      {"an included file", {{"/c", "@@include /d/x\n"}, {"/d/x", "/usr/sbin p\n"}}, "/d/x:1: p"},
      {"an included directory",
       {{"/c", "@@x_include /d ^[a-z]+$\n"}, {"/d/x", "/usr/sbin p\n"}, {"/d/x.bak", "!/usr\n"}},
       "/d/x:1: p"},
      {"scripts", {{"/c", "@@x_include /d ^[a-z]+$\n"}, {"/d/x", "#!/bin/sh\n"}}, "none, but /d/x"},
      {"a file that includes itself", {{"/c", "@@include /c\n@@include /c\n"}}, "error: /c: included too deep"},
      {"unknown attributes", {{"/c", "/usr/sbin p+nonsense\n"}}, "error: /c:1: unknown attributes"},
      {"an expression that is none", {{"/c", "/usr/sbin/( p\n"}}, "error: /c:1: an expression that cannot be compiled"},
      {"settings", {{"/c", "database_in=file:/x\nreport_url=stdout\n"}}, "none"},
  }));
  INFO(c.what);
  CHECK(decided(c.texts) == c.decided);
}
