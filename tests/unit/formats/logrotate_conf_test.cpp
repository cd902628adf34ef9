#include "engine/formats/logrotate_conf.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

namespace {

std::vector<std::string> shown(const char* text) {
  std::vector<std::string> lines;
  const auto config = parse_logrotate_conf(text);
  for (const auto& item : config.items) {
    std::string line = std::to_string(item.line);
    for (const auto& path : item.paths) line += " " + path;
    for (const auto& directive : item.directives) {
      line += " | " + directive.name;
      for (const auto& word : directive.words) line += " " + word;
    }
    lines.push_back(line);
  }
  if (config.error) lines.push_back("error " + config.error->what);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("logrotate.conf is read as directives and blocks", "[formats][logrotate_conf]") {
  struct Case {
    const char* what;
    const char* text;
    Lines items;
  };
  const auto c = GENERATE(values<Case>({
      {"directives for all",
       "# x\nweekly\n  rotate 4\nrotate=5\ncreate 0640 root adm\n",
       {"2 | weekly", "3 | rotate 4", "4 | rotate 5", "5 | create 0640 root adm"}},
      {"a block for several files",
       "/var/log/a\n\"/var/log/b c\" '/d' {\n  daily\n  # x\n  missingok\n}\nweekly\n",
       {"1 /var/log/a /var/log/b c /d | daily | missingok", "7 | weekly"}},
      {"a brace on the next line", "/a\n{\n daily\n}\n", {"1 /a | daily"}},
      {"all on one line", "/a { daily }\n", {"1 /a | daily"}},
      {"a script hides braces and directives",
       "/a {\n postrotate\n  rotate 1 }\n endscript\n rotate 2\n}\n",
       {"1 /a | rotate 2"}},
      {"a block without its end",
       "weekly\n/a {\n daily\n",
       {"1 | weekly", "error line 2: a block without its closing brace"}},
      {"a script without its end", "/a {\nprerotate\n}\n", {"error line 2: a script without its endscript"}},
      {"a quote without its end", "\"/a {\n}\n", {"error line 1: a quote without its end"}},
      {"names without a block", "/a\n", {"error line 1: names of files without a block"}},
      {"a block without names", "{\n}\n", {"error line 1: a block without names of files"}},
      {"nothing", "", {}},
  }));
  CAPTURE(c.what);
  CHECK(shown(c.text) == c.items);
}
