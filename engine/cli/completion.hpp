// Completion scripts for shells, made from the table of options.hpp. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "reports/report.hpp"

namespace plimsoll::cli {

/// Words that the table does not hold.
struct CompletionWords {
  std::span<const reports::Format> formats;
  std::span<const std::string_view> probes;
};

/// `shell`: bash, zsh or fish. Ids of profiles and checks are asked from `plimsoll list --ids` when completing, so that
/// they are those of the program that is installed then.
[[nodiscard]] std::string completion_script(std::string_view shell, const CompletionWords& words);

}  // namespace plimsoll::cli
