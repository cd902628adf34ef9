// A command line, read by the table of options.hpp. Wraps Boost.Program_options.
#pragma once

#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cli/options.hpp"

namespace plimsoll::cli {

/// What stands on the command line. Values are those the table allows; names of profiles, checks, formats and probes
/// are for the catalog and the registries to judge.
struct CommandLine {
  const CommandInfo* command = nullptr;
  std::map<std::string, std::vector<std::string>, std::less<>>
      given;  ///< option → its values; a flag has one empty value
  std::vector<std::string> operands;

  [[nodiscard]] bool has(std::string_view option) const { return given.find(option) != given.end(); }
  /// The value of an option that is not repeatable; empty when it was not given.
  [[nodiscard]] std::string_view value(std::string_view option) const;
  [[nodiscard]] std::span<const std::string> values(std::string_view option) const;
};

/// Wrong usage, as it is printed after "plimsoll audit: ".
struct Misuse {
  const CommandInfo* command = nullptr;  ///< whose help to try; null: the overview
  std::string what;                      ///< one clause: "unknown option `--lvel`; did you mean `--level`?"
};

/// `arguments` without the program's name. The first one is the subcommand. `--help` anywhere skips all other
/// complaints about values; so does `-h`. A lone `--help` or `-h` is the subcommand help.
[[nodiscard]] std::expected<CommandLine, Misuse> parse(std::span<const std::string> arguments);

/// The two lines that stand on stderr for wrong usage, each ended by a newline.
[[nodiscard]] std::string to_text(const Misuse& misuse);

/// "; did you mean `x`?" when one of the candidates is near enough, else empty.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace plimsoll::cli
