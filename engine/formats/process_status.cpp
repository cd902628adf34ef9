#include "engine/formats/process_status.hpp"

#include <fmt/core.h>

#include <charconv>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"

namespace plimsoll::formats {
namespace {

/// The words of a line, split at tabs and spaces; empty beyond the last.
std::string_view word(std::string_view line, std::size_t index) {
  std::size_t at = 0;
  for (;; --index) {
    at = line.find_first_not_of(" \t", at);
    if (at == std::string_view::npos) return {};
    const auto end = std::min(line.find_first_of(" \t", at), line.size());
    if (index == 0) return line.substr(at, end - at);
    at = end;
  }
}

bool to_number(std::string_view text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// The kernel writes white space and backslashes of a name as `\n`, `\\` (proc_pid_status(5), seq_file escapes).
std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '\\' && at + 1 < name.size() && (name[at + 1] == '\\' || name[at + 1] == 'n')) {
      ++at;
      out += name[at] == 'n' ? '\n' : '\\';
    } else {
      out += name[at];
    }
  }
  return out;
}

}  // namespace

Result<ProcessStatus> parse_process_status(std::string_view text) {
  ProcessStatus status;
  unsigned seen = 0;  // one bit for each line that must be there
  while (!text.empty()) {
    const auto line = take_line(text);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto key = line.substr(0, colon);
    auto value = line.substr(colon + 1);
    if (key == "Name") {
      if (value.starts_with('\t')) value.remove_prefix(1);
      status.name = unescaped(value);
      seen |= 1U;
    } else if (key == "State") {
      if (const auto state = word(value, 0); !state.empty()) {
        status.state = state.front();
        seen |= 2U;
      }
    } else if (key == "PPid") {
      if (const auto parent = parse_integer(trimmed(value))) {
        status.parent = *parent;
        seen |= 4U;
      }
    } else if (key == "Uid") {
      if (to_number(word(value, 1), status.uid)) seen |= 8U;
    } else if (key == "Gid") {
      if (to_number(word(value, 1), status.gid)) seen |= 16U;
    } else if (key == "Kthread") {
      status.kernel_thread = trimmed(value) == "1";
    }
  }
  if (seen != 31U) return std::unexpected(Error{Error::Kind::malformed, "not the status of a process"});
  return status;
}

std::optional<bool> kernel_thread_flag(std::string_view stat_line) {
  constexpr std::uint32_t kernel_thread = 0x00200000;  // PF_KTHREAD, include/linux/sched.h
  const auto name_end = stat_line.rfind(')');
  if (name_end == std::string_view::npos) return {};
  std::uint32_t flags = 0;
  if (!to_number(word(stat_line.substr(name_end + 1), 6), flags)) return {};
  return (flags & kernel_thread) != 0;
}

}  // namespace plimsoll::formats
