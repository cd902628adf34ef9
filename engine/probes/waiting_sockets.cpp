#include "engine/probes/waiting_sockets.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/formats/modprobe_d.hpp"
#include "engine/probes/kernel_release.hpp"
#include "engine/probes/network_namespace.hpp"

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
using formats::SocketLine;
using formats::Transport;

/// An IPv4 address inside IPv6 is reached over IPv4 alone.
void unmap(SocketLine& socket) {
  const bool mapped =
      socket.family == IpFamily::ipv6 && socket.address.high == 0 && socket.address.low >> 32U == 0xffff;
  if (!mapped) return;
  socket.family = IpFamily::ipv4;
  socket.address.low &= 0xffffffffU;
  socket.ipv6_only.reset();
}

void keep(std::vector<SocketLine>& sockets, Transport transport, const std::string& source,
          std::vector<WaitingSocket>& found) {
  constexpr std::uint8_t not_connected = 7;
  constexpr std::uint8_t listens = 10;
  const bool tcp = transport == Transport::tcp;
  for (auto& socket : sockets) {
    if (socket.state != (tcp ? listens : not_connected) || (!tcp && socket.port == 0)) continue;
    unmap(socket);
    found.push_back({socket, transport, source});
  }
}

/// A kernel that lacks what answers would load it, and an audit leaves the host as it is.
bool answers_without_loading(const sources::Sources& sources, const std::string& module) {
  const auto loaded = sources.root.read("/proc/modules", sources::max_proc_bytes);
  if (!loaded) return loaded.error().kind == Error::Kind::not_found;  // this kernel loads no modules
  const auto names = formats::parse_proc_modules(*loaded);
  if (std::find(names.begin(), names.end(), module) != names.end()) return true;
  const auto& release = kernel_release_of(sources);
  if (!release) return false;
  const auto index =
      sources.root.read(fmt::format("/lib/modules/{}/modules.builtin", *release), sources::max_config_bytes);
  return index && !formats::modules_in_index(*index, {module}).empty();
}

/// False where the kernel cannot be asked.
bool ask_kernel(const sources::Sources& sources, Transport transport, std::vector<WaitingSocket>& found) {
  const auto* module = transport == Transport::tcp ? "tcp_diag" : "udp_diag";
  if (sources.sockets == nullptr || !answers_without_loading(sources, module)) return false;
  auto sockets = sources.sockets->waiting(transport);
  if (!sockets) return false;
  keep(*sockets, transport, "sock_diag (netlink)", found);
  return true;
}

Result<void> read_table(const sources::Root& root, Transport transport, IpFamily family,
                        std::vector<WaitingSocket>& found) {
  // The link /proc/net leads to the reader's own name space, which is not the host's when its /proc is mounted
  // elsewhere.
  constexpr std::size_t max_bytes = std::size_t{64} << 20U;
  const auto name =
      fmt::format("{}{}", transport == Transport::tcp ? "tcp" : "udp", family == IpFamily::ipv6 ? "6" : "");
  auto path = fmt::format("/proc/1/net/{}", name);
  auto text = root.read(path, max_bytes);
  if (!text && root.live()) {
    const auto other = fmt::format("/proc/net/{}", name);
    // What may not be read at the first place is not known to be missing because the second is.
    if (auto own = root.read(other, max_bytes); own || text.error().kind == Error::Kind::not_found) {
      path = other;
      text = std::move(own);
    }
  }
  const bool without_ipv6 = family == IpFamily::ipv6 && !text && text.error().kind == Error::Kind::not_found;
  if (without_ipv6) return {};
  if (!text) return std::unexpected(text.error());
  auto sockets = formats::parse_socket_table(*text, family);
  if (!sockets) return std::unexpected(Error{sockets.error().kind, fmt::format("{}: {}", path, sockets.error().what)});
  keep(*sockets, transport, path, found);
  return {};
}

}  // namespace

bool WaitingSocket::takes(IpFamily family) const {
  if (family == socket.family) return true;
  const bool everywhere = socket.family == IpFamily::ipv6 && socket.address == formats::PacketNumber{};
  return everywhere && !socket.ipv6_only.value_or(false);
}

Result<std::vector<WaitingSocket>> waiting_sockets(const sources::Sources& sources) {
  const auto& root = sources.root;
  if (!sources::kernel_visible(root)) return std::unexpected(sources::kernel_not_visible("/proc/1/net"));
  const bool own_network = in_host_network(root).value_or(false);
  std::vector<WaitingSocket> found;
  for (const auto transport : {Transport::tcp, Transport::udp}) {
    if (own_network && ask_kernel(sources, transport, found)) continue;
    for (const auto family : {IpFamily::ipv4, IpFamily::ipv6}) {
      if (const auto read = read_table(root, transport, family, found); !read) return std::unexpected(read.error());
    }
  }
  return found;
}

}  // namespace plimsoll::probes
