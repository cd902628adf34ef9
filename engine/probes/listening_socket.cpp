#include "engine/probes/listening_socket.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/formats/socket_table.hpp"
#include "engine/probes/owner_names.hpp"
#include "engine/probes/packet_filters.hpp"
#include "engine/probes/socket_holders.hpp"

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
using formats::PacketHook;
using formats::PacketJudge;
using formats::SocketLine;

enum FieldIndex : std::size_t {
  protocol,
  family,
  address,
  port,
  scope,
  uid,
  user,
  process,
  covered_by_rule,
  field_count
};

constexpr std::array<std::string_view, 2> protocols = {"tcp", "udp"};
constexpr std::array<std::string_view, 2> families = {"ipv4", "ipv6"};
constexpr std::array<std::string_view, 3> scopes = {"loopback", "link", "network"};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "protocol", .type = ValueType::text, .meaning = "How it is spoken to.", .allowed = protocols},
    {.name = "family",
     .type = ValueType::text,
     .meaning =
         "The kind of its address. A socket at :: usually takes IPv4 as well, and is counted once, as ipv6; one at an "
         "IPv4 address inside IPv6 is ipv4.",
     .allowed = families},
    {.name = "address",
     .type = ValueType::address,
     .meaning = "Where it listens; 0.0.0.0 and :: are all addresses of the host."},
    {.name = "port", .type = ValueType::integer, .meaning = "Its port."},
    {.name = "scope",
     .type = ValueType::text,
     .meaning = "Who can reach its address: the host itself (127.0.0.0/8, ::1), its network segment (169.254.0.0/16, "
                "fe80::/10), "
                "or others.",
     .allowed = scopes},
    {.name = "uid", .type = ValueType::integer, .meaning = "The user that made it."},
    {.name = "user",
     .type = ValueType::text,
     .meaning = "The name of that user in the audited host's /etc/passwd; absent when it has none."},
    {.name = "process",
     .type = ValueType::list,
     .meaning = "The processes that hold it, with their ids; at most eight. Needs CAP_SYS_PTRACE for those of others."},
    {.name = "covered_by_rule",
     .type = ValueType::boolean,
     .meaning =
         "Whether a rule of the firewall for what comes in decides about this port by its number, whatever it decides. "
         "Unreadable where a rule about ports is not understood."},
}};

constexpr std::array<ArgumentSchema, 1> arguments = {
    {{.name = "rules",
      .required = false,
      .meaning = "Which rules `covered_by_rule` is about, as for the probe `packet_filter`.",
      .fallback = "kernel",
      .allowed = filter_origins}}};

constexpr std::array<std::string_view, 6> source_names = {"/proc/1/net/tcp", "/proc/1/net/tcp6",
                                                          "/proc/1/net/udp", "/proc/1/net/udp6",
                                                          "/proc/PID/fd",    "what `packet_filter` reads"};

constexpr ProbeSchema schema = {
    .name = "listening_socket",
    .summary =
        "The TCP sockets that listen, and the UDP sockets that take packets from everybody, in the network name space "
        "of the host's first process.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = source_names,
};

bool mentions(const Condition& condition, std::size_t field) {
  if (condition.kind == Condition::Kind::test) return condition.field == field;
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [field](const Condition& part) { return mentions(part, field); });
}

/// Whether any check reads the field: what is dear is not looked up for nobody.
bool asks(std::span<const Request> requests, std::size_t field) {
  return std::any_of(requests.begin(), requests.end(), [field](const Request& request) {
    return std::any_of(request.fact->leaves.begin(), request.fact->leaves.end(), [&](std::uint32_t index) {
      const auto& leaf = request.leaves[index];
      const bool shown = std::find(leaf.show.begin(), leaf.show.end(), field) != leaf.show.end();
      return shown || mentions(leaf.where, field) || mentions(leaf.expect, field);
    });
  });
}

struct Found {
  SocketLine socket;
  bool tcp = false;
  std::string source;
};

std::string_view scope_of(const SocketLine& socket) {
  if (formats::is_loopback(socket.family, socket.address)) return "loopback";
  const bool link =
      socket.family == IpFamily::ipv4 ? socket.address.low >> 16U == 0xa9fe : socket.address.high >> 54U == 0x3fa;
  return link ? "link" : "network";
}

/// An IPv4 address inside IPv6 (::ffff:127.0.0.1) is reached over IPv4.
void unmap(SocketLine& socket) {
  const bool mapped =
      socket.family == IpFamily::ipv6 && socket.address.high == 0 && socket.address.low >> 32U == 0xffff;
  if (!mapped) return;
  socket.family = IpFamily::ipv4;
  socket.address.low &= 0xffffffffU;
}

Result<void> read_table(const sources::Root& root, std::string_view name, IpFamily of, std::vector<Found>& found) {
  // The link /proc/net leads to the reader's own name space, which is not the host's when its /proc is mounted
  // elsewhere.
  constexpr std::size_t max_bytes = std::size_t{64} << 20U;
  auto path = fmt::format("/proc/1/net/{}", name);
  auto text = root.read(path, max_bytes);
  if (!text && root.live()) {
    path = fmt::format("/proc/net/{}", name);
    text = root.read(path, max_bytes);
  }
  if (!text && text.error().kind == Error::Kind::not_found && of == IpFamily::ipv6) return {};  // a kernel without IPv6
  if (!text) return std::unexpected(text.error());
  auto sockets = formats::parse_socket_table(*text, of);
  if (!sockets) return std::unexpected(Error{sockets.error().kind, fmt::format("{}: {}", path, sockets.error().what)});
  const bool tcp = name.starts_with("tcp");
  constexpr std::uint8_t not_connected = 7;
  constexpr std::uint8_t listens = 10;
  for (auto& socket : *sockets) {
    if (socket.state != (tcp ? listens : not_connected) || (!tcp && socket.port == 0)) continue;
    unmap(socket);
    found.push_back({socket, tcp, path});
  }
  return {};
}

void set_covered(Record& record, const Found& found, const Result<formats::PacketFilter>& filter,
                 const PacketJudge* judge) {
  if (judge == nullptr) {
    record.set_unreadable(covered_by_rule, filter.error());
    return;
  }
  bool doubtful = false;
  for (const auto* rule : judge->reachable(found.socket.family, PacketHook::input)) {
    const auto names = formats::names_port(*rule, found.socket.family, found.tcp ? 6 : 17, found.socket.port);
    if (!names) doubtful = true;
    if (!names || !*names) continue;
    auto& field = record.set(covered_by_rule, true);
    if (!rule->source.empty()) field.source = rule->source;
    return;
  }
  if (doubtful) {
    record.set_unreadable(covered_by_rule, Error{Error::Kind::unsupported, "a rule about ports is not understood"});
  } else {
    record.set(covered_by_rule, false);
  }
}

void set_process(Record& record, const Found& found, const SocketHolders* holders) {
  if (holders == nullptr) return;  // nobody asks
  const auto names = holders->names.find(found.socket.inode);
  if (names != holders->names.end()) {
    record.set(process, TextList(names->second));
  } else if (holders->gap) {
    record.set_unreadable(process, *holders->gap);
  } else {
    record.set_absent(process);  // of the kernel itself
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto fail_all = [&](const Error& why) {
    for (std::size_t i = 0; i < requests.size(); ++i) sink.fail(i, why);
  };
  if (!sources::kernel_visible(sources.root)) return fail_all(sources::kernel_not_visible("/proc/1/net"));
  std::vector<Found> found;
  for (const auto& [name, of] : {std::pair{"tcp", IpFamily::ipv4},
                                 {"tcp6", IpFamily::ipv6},
                                 {"udp", IpFamily::ipv4},
                                 {"udp6", IpFamily::ipv6}}) {
    if (const auto read = read_table(sources.root, name, of, found); !read) return fail_all(read.error());
  }
  const OwnerNames names(sources);
  const auto* holders = asks(requests, process) ? &socket_holders(sources) : nullptr;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const bool wants_rules = asks(requests.subspan(index, 1), covered_by_rule);
    static const Result<formats::PacketFilter> unasked =
        std::unexpected(Error{Error::Kind::unobservable, "not asked for"});
    const auto& filter =
        wants_rules ? packet_filter_of(sources, filter_origin_named(requests[index].fact->text(0))) : unasked;
    std::optional<PacketJudge> judge;
    if (filter) judge.emplace(*filter);
    for (const auto& each : found) {
      const auto& socket = each.socket;
      Record record(fields.size());
      const auto text = formats::address_text(socket.address, socket.family);
      record.resource = fmt::format("{} {} port {}", each.tcp ? "tcp" : "udp", text, socket.port);
      record.source = each.source;
      record.set(protocol, std::string(each.tcp ? "tcp" : "udp"));
      record.set(family, std::string(name_of(socket.family)));
      record.set(address, text);
      record.set(port, std::int64_t{socket.port});
      record.set(scope, std::string(scope_of(socket)));
      record.set(uid, std::int64_t{socket.uid});
      record.fields[user] = names.user(socket.uid);
      set_process(record, each, holders);
      set_covered(record, each, filter, judge ? &*judge : nullptr);
      sink.add(index, std::move(record));
    }
    sink.looked_at(index, fmt::format("{} sockets", found.size()), "/proc/1/net");
  }
}

}  // namespace

const Probe listening_socket_probe = {&schema, collect};

}  // namespace plimsoll::probes
