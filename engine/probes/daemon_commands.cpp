#include "engine/probes/daemon_commands.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/lines.hpp"
#include "engine/formats/process_status.hpp"

namespace plimsoll::probes {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool in_container(std::string_view status) {
  formats::Lines lines(status);
  std::string_view line;
  while (lines.next(line)) {
    if (!line.starts_with("NSpid:")) continue;
    auto rest = line.substr(6);
    (void)formats::take_word(rest);
    return !trimmed(rest).empty();
  }
  return false;
}

std::vector<std::string> split(std::string_view bytes) {
  constexpr std::size_t max_words = 10'000;
  std::vector<std::string> words;
  while (!bytes.empty() && words.size() < max_words) {
    const auto end = bytes.find('\0');
    words.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return words;
}

/// Nothing for a process that ended meanwhile, is another program, or belongs to a container.
Result<std::optional<DaemonCommand>> read_process(const sources::Root& root, const std::string& pid,
                                                  std::string_view name) {
  const auto text = root.read(fmt::format("/proc/{}/status", pid), sources::max_proc_bytes);
  if (!text) {
    if (is_missing(text.error())) return std::nullopt;
    return std::unexpected(text.error());
  }
  const auto status = formats::parse_process_status(*text);
  if (!status) return std::unexpected(status.error());
  if (status->name != name || status->state == 'Z' || in_container(*text)) return std::nullopt;
  auto source = fmt::format("/proc/{}/cmdline", pid);
  const auto line = root.read(source, sources::max_proc_bytes);
  if (!line) {
    if (is_missing(line.error())) return std::nullopt;
    return std::unexpected(line.error());
  }
  return DaemonCommand{split(*line), std::move(source), status->uid};
}

/// Calls `found` with the value of each time that the option stands there.
template <class Found>
void each_value(std::span<const std::string> words, std::string_view long_name, std::string_view short_name,
                bool is_switch, const Found& found) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (!word.starts_with('-')) continue;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const auto equals = word.find('=');
    const auto option = word.substr(0, equals);
    if (option != long_name && (short_name.empty() || option != short_name)) continue;
    if (equals != std::string_view::npos) {
      found(std::string(word.substr(equals + 1)));
    } else if (is_switch) {
      found("true");
    } else if (i + 1 < words.size()) {
      found(words[++i]);
    }
  }
}

}  // namespace

DaemonCommands running_daemons(const sources::Sources& sources, std::string_view name) {
  DaemonCommands commands;
  const auto& root = sources.root;
  if (!sources::kernel_visible(root)) return commands;
  const auto entries = root.list("/proc");
  if (!entries) {
    commands.gap = entries.error();
    return commands;
  }
  std::vector<std::pair<std::int64_t, std::string>> pids;
  for (const auto& entry : *entries) {
    if (is_number(entry.name)) pids.emplace_back(parse_integer(entry.name).value_or(0), entry.name);
  }
  std::sort(pids.begin(), pids.end());
  // Mounted with hidepid, /proc hides the processes of others, and the first of all.
  if (pids.empty() || pids.front().first != 1) {
    commands.gap =
        Error{Error::Kind::denied, "/proc does not show process 1, so it may hide others, too (hidepid, proc(5))",
              "run as root, or as a member of the group that /proc is mounted with (gid=)"};
  }
  for (const auto& [number, pid] : pids) {
    auto command = read_process(root, pid, name);
    if (!command) {
      if (!commands.gap) commands.gap = command.error();
    } else if (*command) {
      commands.running.push_back(std::move(**command));
    }
  }
  return commands;
}

std::optional<std::string> option_value(std::span<const std::string> words, std::string_view long_name,
                                        std::string_view short_name, bool is_switch) {
  std::optional<std::string> last;
  each_value(words, long_name, short_name, is_switch, [&](std::string value) { last = std::move(value); });
  return last;
}

std::vector<std::string> option_values(std::span<const std::string> words, std::string_view long_name) {
  std::vector<std::string> values;
  each_value(words, long_name, {}, false, [&](const std::string& value) {
    for (std::string_view rest = value; !rest.empty();) {
      const auto part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(part.size() + 1, rest.size()));
      if (!part.empty()) values.emplace_back(part);
    }
  });
  return values;
}

}  // namespace plimsoll::probes
