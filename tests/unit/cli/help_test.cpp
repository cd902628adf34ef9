#include "engine/cli/help.hpp"

#include "engine/cli/completion.hpp"
#include "engine/cli/man.hpp"
#include "engine/cli/text_layout.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::cli;

namespace {

constexpr reports::Format formats[] = {{"json", "plimsoll.results.json", "the whole results model", nullptr},
                                       {"html", "plimsoll.html", "one page for people", nullptr}};
constexpr std::string_view probes[] = {"file", "sysctl"};

}  // namespace

TEST_CASE("help fits the terminal", "[cli]") {
  const auto width = GENERATE(as<std::size_t>{}, 60, 80, 100);
  for (const CommandInfo& command : commands()) {
    std::string text = help_text(command, formats, width);
    while (!text.empty()) {
      const auto end = text.find('\n');
      REQUIRE(end != std::string::npos);
      CAPTURE(command.name, text.substr(0, end));
      CHECK(display_width(text.substr(0, end)) <= width);
      text.erase(0, end + 1);
    }
  }
}

TEST_CASE("every option a subcommand takes stands in its help, the manual page and the completions", "[cli]") {
  const std::string page = manual_page("0.1.0", formats);
  for (const CommandInfo& command : commands()) {
    const std::string help = help_text(command, formats, 80);
    for (const OptionInfo& option : options()) {
      if ((option.commands & bit(command.command)) == 0 || command.command == Command::help) continue;
      CAPTURE(command.name, option.name);
      CHECK(help.find("--" + std::string(option.name)) != std::string::npos);
      if (option.name != "help" && !command.hidden) {
        CHECK(page.find("\\-\\-" + troff_escaped(option.name)) != std::string::npos);
      }
      for (const char* shell : {"bash", "zsh", "fish"}) {
        const std::string script = completion_script(shell, {formats, probes});
        CHECK(script.find(std::string(shell) == "fish" ? "-l " + std::string(option.name)
                                                       : "--" + std::string(option.name)) != std::string::npos);
      }
    }
  }
}

TEST_CASE("troff reads escaped text literally", "[cli]") {
  CHECK(troff_escaped("a-b\\c") == "a\\-b\\ec");
  CHECK(troff_escaped(".dot\n'quote\nx.") == "\\&.dot\n\\&'quote\nx.");
}
