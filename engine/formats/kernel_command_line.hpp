// The kernel command line: kernel-command-line(7), the kernel's own lib/cmdline.c.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct KernelParameter {
  std::string name;
  std::optional<std::string> value;  ///< empty: a flag without "="
};

/// The parameters in order, as the kernel cuts them (next_arg in lib/cmdline.c): white space separates, double quotes
/// keep it, and quotes around a value or a whole parameter are dropped. What follows "--" is for init, not for the
/// kernel.
[[nodiscard]] std::vector<KernelParameter> parse_kernel_command_line(std::string_view text);

/// Whether two names mean the same parameter: "-" and "_" are alike (parameq in kernel/params.c).
[[nodiscard]] bool same_parameter(std::string_view left, std::string_view right);

/// The values of every occurrence of one parameter, in order; a flag without "=" has the value "".
[[nodiscard]] std::vector<std::string> values_of_parameter(std::string_view command_line, std::string_view name);

}  // namespace plimsoll::formats
