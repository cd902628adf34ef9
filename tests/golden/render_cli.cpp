// Writes what the command line prints into a directory: render_cli help|terminal|completion DIR.
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include "engine/cli/completion.hpp"
#include "engine/cli/help.hpp"
#include "engine/cli/man.hpp"
#include "engine/cli/summary.hpp"
#include "tests/golden/fixed_results.hpp"

namespace {

using namespace plimsoll;
using namespace plimsoll::cli;

/// Not the registries': these texts must not change when a format or a probe is added.
constexpr reports::Format formats[] = {{"json", "plimsoll.results.json", "the whole results model", nullptr},
                                       {"html", "plimsoll.html", "one page for people", nullptr}};
constexpr std::string_view probes[] = {"file", "sysctl"};

bool write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  return out.good();
}

bool write_help(const std::string& folder) {
  bool good = write(folder + "plimsoll.txt", overview_text(80));
  for (const CommandInfo& command : commands()) {
    if (command.command == Command::help) continue;
    good = write(folder + std::string(command.name) + ".txt", help_text(command, formats, 80)) && good;
  }
  return write(folder + "plimsoll.1", manual_page("0.1.0", formats)) && good;
}

bool write_completions(const std::string& folder) {
  bool good = true;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    good = write(folder + "plimsoll." + shell, completion_script(shell, {formats, probes})) && good;
  }
  return good;
}

bool write_summaries(const std::string& folder) {
  const Results results = golden::fixed_results();
  const std::string not_chosen[] = {"cis-ubuntu-24.04: does not apply: ID is debian"};
  SummaryOptions options;
  options.root = false;
  bool good = write(folder + "log.txt", summary_text(results, options));
  options.width = 80;
  options.height = 30;
  good = write(folder + "80x30.txt", summary_text(results, options)) && good;
  options.width = 50;
  options.colour = true;
  good = write(folder + "narrow-colour.txt", summary_text(results, options)) && good;
  options = {.width = 100, .all = true, .not_chosen = not_chosen};
  good = write(folder + "all.txt", summary_text(results, options)) && good;
  Results well = results;
  well.profiles.clear();
  well.limits.clear();
  std::erase_if(well.checks, [](const CheckResult& check) { return check.verdict != Verdict::pass; });
  return write(folder + "checks-that-hold.txt", summary_text(well, {.width = 80})) && good;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view area = argc == 3 ? argv[1] : "";
  const std::string folder = argc == 3 ? std::string(argv[2]) + "/" : "";
  bool good = false;
  if (area == "help") good = write_help(folder);
  if (area == "completion") good = write_completions(folder);
  if (area == "terminal") good = write_summaries(folder);
  if (!good) std::fputs("usage: render_cli help|terminal|completion DIR (which can be written to)\n", stderr);
  return good ? 0 : 1;
}
