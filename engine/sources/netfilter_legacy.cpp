// The tables of iptables-legacy, by getsockopt(2) as iptables asks (linux/netfilter_ipv4/ip_tables.h,
// linux/netfilter_ipv6/ip6_tables.h). Any socket of the family serves; iptables' own raw one would need CAP_NET_RAW.
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "engine/formats/iptables_table.hpp"
#include "engine/sources/descriptor.hpp"
#include "engine/sources/netfilter_netlink.hpp"
#include "engine/sources/system_error.hpp"

namespace plimsoll::sources {
namespace {

using formats::IpFamily;

constexpr int get_info = 64;     // IPT_SO_GET_INFO, IP6T_SO_GET_INFO
constexpr int get_entries = 65;  // IPT_SO_GET_ENTRIES, IP6T_SO_GET_ENTRIES
constexpr std::size_t max_table_bytes = 16U << 20U;

/// struct ipt_getinfo, ip6t_getinfo.
struct Info {
  char name[32];
  std::uint32_t valid_hooks;
  std::uint32_t hook_entry[5];
  std::uint32_t underflow[5];
  std::uint32_t entry_count;
  std::uint32_t size;
};

/// struct ipt_get_entries, ip6t_get_entries, before its entries.
struct alignas(8) EntriesHeader {
  char name[32];
  std::uint32_t size;
};

Error failure(int number, const std::string& table) {
  auto error = system_error(number, fmt::format("cannot ask the kernel for the table {} of iptables-legacy", table));
  if (error.kind == Error::Kind::denied) error.remedy = "run as root, or grant CAP_NET_ADMIN";
  if (error.kind == Error::Kind::not_found) error.kind = Error::Kind::failed;
  return error;
}

/// 0, or why it could not be asked. `length` becomes that of the answer.
int ask(int socket, IpFamily family, int option, void* answer, socklen_t& length) {
  const int level = family == IpFamily::ipv4 ? int{IPPROTO_IP} : int{IPPROTO_IPV6};
  return ::getsockopt(socket, level, option, answer, &length) == 0 ? 0 : errno;
}

/// 0 when the table was read whole; EAGAIN when it changed meanwhile.
int read_table(int socket, formats::IptablesTable& table) {
  Info info{};
  table.name.copy(info.name, sizeof info.name - 1);
  socklen_t length = sizeof info;
  if (const int problem = ask(socket, table.family, get_info, &info, length); problem != 0) return problem;
  if (length != sizeof info) return EBADMSG;
  if (info.size > max_table_bytes) return EFBIG;
  table.valid_hooks = info.valid_hooks;
  std::memcpy(table.hook_entry.data(), info.hook_entry, sizeof info.hook_entry);
  std::memcpy(table.underflow.data(), info.underflow, sizeof info.underflow);

  EntriesHeader header{};
  table.name.copy(header.name, sizeof header.name - 1);
  header.size = info.size;
  std::string answer(reinterpret_cast<const char*>(&header), sizeof header);
  answer.resize(sizeof header + info.size);
  length = static_cast<socklen_t>(answer.size());
  if (const int problem = ask(socket, table.family, get_entries, answer.data(), length); problem != 0) return problem;
  if (length != answer.size()) return EBADMSG;
  table.entries = answer.substr(sizeof header);
  return 0;
}

}  // namespace

Result<std::vector<formats::PacketChain>> NetfilterNetlink::legacy_chains(IpFamily family,
                                                                          const std::string& name) const {
  const Descriptor socket(::socket(family == IpFamily::ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.open()) return std::unexpected(failure(errno, name));
  formats::IptablesTable table{.family = family, .name = name};
  if (table.name.size() >= sizeof Info::name) return std::unexpected(failure(ENAMETOOLONG, name));
  constexpr int attempts = 8;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const int problem = read_table(socket.number(), table);
    if (problem == 0) return formats::decode_iptables_table(table);
    if (problem == EFBIG) {
      return std::unexpected(
          Error{Error::Kind::too_large, fmt::format("the table {} of iptables-legacy has more than {} "
                                                    "bytes",
                                                    name, max_table_bytes)});
    }
    if (problem != EAGAIN) return std::unexpected(failure(problem, name));
  }
  return std::unexpected(
      Error{Error::Kind::failed, fmt::format("the table {} of iptables-legacy kept changing while it was read", name)});
}

}  // namespace plimsoll::sources
