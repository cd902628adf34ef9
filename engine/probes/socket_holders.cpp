#include "engine/probes/socket_holders.hpp"

#include <fmt/core.h>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/core/value.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_names = 8;  // forked servers share a socket

void look_into(const sources::Root& root, const std::string& pid, SocketHolders& holders) {
  const auto folder = fmt::format("/proc/{}/fd", pid);
  const auto open = root.list(folder);
  if (!open) {
    if (open.error().kind != Error::Kind::not_found && !holders.gap) holders.gap = open.error();
    return;
  }
  std::string name;
  for (const auto& entry : *open) {
    const auto link = root.read_link(fmt::format("{}/{}", folder, entry.name));
    if (!link) {
      if (link.error().kind != Error::Kind::not_found && !holders.gap) holders.gap = link.error();
      continue;
    }
    constexpr std::string_view begin = "socket:[";
    if (!link->starts_with(begin)) continue;
    const auto number = std::string_view(*link).substr(begin.size());
    const auto inode = parse_integer(number.substr(0, number.find(']')));
    if (!inode) continue;
    if (name.empty()) {
      const auto comm = root.read(fmt::format("/proc/{}/comm", pid), sources::max_proc_bytes);
      name = fmt::format("{} ({})", comm ? trimmed(*comm) : std::string_view("?"), pid);
    }
    auto& names = holders.names[static_cast<std::uint64_t>(*inode)];
    if (names.size() < max_names && (names.empty() || names.back() != name)) names.push_back(name);
  }
}

}  // namespace

const SocketHolders& socket_holders(const sources::Sources& sources) {
  return sources.memo.get<SocketHolders>([&] {
    SocketHolders holders;
    const auto entries = sources.root.list("/proc");
    if (!entries) {
      holders.gap = entries.error();
      return holders;
    }
    for (const auto& entry : *entries) {
      if (sources.stop.stop_requested()) break;
      if (is_number(entry.name)) look_into(sources.root, entry.name, holders);
    }
    return holders;
  });
}

}  // namespace plimsoll::probes
