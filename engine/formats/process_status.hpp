// One process as /proc/PID/status and /proc/PID/stat print it (proc_pid_status(5), proc_pid_stat(5)).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct ProcessStatus {
  std::string name;         ///< the kernel's escapes resolved; at most 15 bytes, chosen by the process itself
  char state = '?';         ///< 'R', 'S', 'Z', …
  std::int64_t parent = 0;  ///< 0: none in this pid namespace
  std::uint32_t uid = 0;    ///< effective
  std::uint32_t gid = 0;    ///< effective
  std::optional<bool> kernel_thread{};  ///< Linux 6.8 and later say so here
  bool operator==(const ProcessStatus&) const = default;
};

/// Errors: malformed, when Name, State, PPid, Uid or Gid is missing or no number.
[[nodiscard]] Result<ProcessStatus> parse_process_status(std::string_view text);

/// PF_KTHREAD among the flags of /proc/PID/stat; empty when the line is not one of its kind. The name in it may hold
/// parentheses and white space: fields are counted from its last `)`.
[[nodiscard]] std::optional<bool> kernel_thread_flag(std::string_view stat_line);

}  // namespace plimsoll::formats
