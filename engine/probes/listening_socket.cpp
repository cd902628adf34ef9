#include "engine/probes/listening_socket.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/formats/packet_filter.hpp"
#include "engine/formats/socket_table.hpp"
#include "engine/probes/owner_names.hpp"
#include "engine/probes/packet_filters.hpp"
#include "engine/probes/socket_holders.hpp"
#include "engine/probes/waiting_sockets.hpp"

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
using formats::PacketHook;
using formats::PacketJudge;
using formats::PacketRule;
using formats::SocketLine;
using formats::Transport;

enum FieldIndex : std::size_t {
  protocol,
  family,
  takes_ipv4,
  address,
  port,
  scope,
  uid,
  user,
  process,
  covered_by_rule,
  field_count
};
enum ArgumentIndex : std::size_t { rules, over };

constexpr std::array<std::string_view, 2> protocols = {"tcp", "udp"};
constexpr std::array<std::string_view, 2> families = {"ipv4", "ipv6"};
constexpr std::array<std::string_view, 3> scopes = {"loopback", "link", "network"};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "protocol", .type = ValueType::text, .meaning = "How it is spoken to.", .allowed = protocols},
    {.name = "family",
     .type = ValueType::text,
     .meaning = "The kind of its address; one at an IPv4 address inside IPv6 is ipv4.",
     .allowed = families},
    {.name = "takes_ipv4",
     .type = ValueType::boolean,
     .meaning = "Whether packets of IPv4 reach it. Those at :: take them too, unless they were made for IPv6 alone "
                "(IPV6_V6ONLY). Where the kernel cannot be asked by netlink that is not told, and each at :: counts as "
                "one that takes them."},
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
         "Whether a rule of the firewall for what comes in decides about this port by its number, whatever it decides; "
         "for each protocol whose packets reach the socket and that `over` names. Unreadable where a rule about ports "
         "is not understood."},
}};

constexpr std::array<std::string_view, 3> over_names = {"any", "ipv4", "ipv6"};

constexpr std::array<ArgumentSchema, 2> arguments = {{
    {.name = "rules",
     .required = false,
     .meaning = "Which rules `covered_by_rule` is about, as for the probe `packet_filter`.",
     .fallback = "kernel",
     .allowed = filter_origins},
    {.name = "over",
     .required = false,
     .meaning =
         "Only sockets that packets of this protocol reach; one at :: that takes IPv4 too is among those of both.",
     .fallback = "any",
     .allowed = over_names},
}};

constexpr std::array<std::string_view, 8> source_names = {
    "sock_diag by netlink", "/proc/modules",    "/proc/1/net/tcp", "/proc/1/net/tcp6",
    "/proc/1/net/udp",      "/proc/1/net/udp6", "/proc/PID/fd",    "what `packet_filter` reads"};

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

std::string_view scope_of(const SocketLine& socket) {
  if (formats::is_loopback(socket.family, socket.address)) return "loopback";
  const bool link =
      socket.family == IpFamily::ipv4 ? socket.address.low >> 16U == 0xa9fe : socket.address.high >> 54U == 0x3fa;
  return link ? "link" : "network";
}

/// What a filter says of one socket's port over one protocol. Empty: a rule about ports is not understood.
std::optional<const PacketRule*> rule_about(const WaitingSocket& found, IpFamily of, const PacketJudge& judge) {
  bool doubtful = false;
  for (const auto* rule : judge.reachable(of, PacketHook::input)) {
    const auto names = formats::names_port(*rule, of, found.transport == Transport::tcp ? 6 : 17, found.socket.port);
    if (!names) doubtful = true;
    if (names && *names) return rule;
  }
  return doubtful ? std::nullopt : std::optional<const PacketRule*>(nullptr);
}

void set_covered(Record& record, const WaitingSocket& found, std::span<const IpFamily> over,
                 const Result<formats::PacketFilter>& filter, const PacketJudge* judge) {
  if (judge == nullptr) {
    record.set_unreadable(covered_by_rule, filter.error());
    return;
  }
  bool doubtful = false;
  std::string place;
  for (const auto of : over) {
    if (!found.takes(of)) continue;
    const auto rule = rule_about(found, of, *judge);
    if (!rule) doubtful = true;
    if (!rule) continue;
    if (*rule == nullptr) {
      record.set(covered_by_rule, false);
      return;
    }
    if (place.empty()) place = (*rule)->source;
  }
  if (doubtful) {
    record.set_unreadable(covered_by_rule, Error{Error::Kind::unsupported, "a rule about ports is not understood"});
  } else {
    record.set(covered_by_rule, true, place);
  }
}

void set_process(Record& record, const WaitingSocket& found, const SocketHolders* holders) {
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

/// The protocols that the argument `over` names.
std::span<const IpFamily> families_named(std::string_view name) {
  static constexpr std::array<IpFamily, 2> both = {IpFamily::ipv4, IpFamily::ipv6};
  const std::span<const IpFamily> all(both);
  if (name == "ipv4") return all.first(1);
  return name == "ipv6" ? all.last(1) : all;
}

Record describe(const WaitingSocket& found, const OwnerNames& names) {
  const auto& socket = found.socket;
  const std::string spoken(protocols[found.transport == Transport::tcp ? 0 : 1]);
  const auto text = formats::address_text(socket.address, socket.family);
  Record record(fields.size());
  record.resource = fmt::format("{} {} port {}", spoken, text, socket.port);
  record.source = found.source;
  record.set(protocol, spoken);
  record.set(family, std::string(name_of(socket.family)));
  record.set(takes_ipv4, found.takes(IpFamily::ipv4));
  record.set(address, text);
  record.set(port, std::int64_t{socket.port});
  record.set(scope, std::string(scope_of(socket)));
  record.set(uid, std::int64_t{socket.uid});
  record.fields[user] = names.user(socket.uid);
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto found = waiting_sockets(sources);
  if (!found) {
    for (std::size_t i = 0; i < requests.size(); ++i) sink.fail(i, found.error());
    return;
  }
  const OwnerNames names(sources);
  const auto* holders = asks(requests, process) ? &socket_holders(sources) : nullptr;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto& fact = *requests[index].fact;
    const bool wants_rules = asks(requests.subspan(index, 1), covered_by_rule);
    static const Result<formats::PacketFilter> unasked =
        std::unexpected(Error{Error::Kind::unobservable, "not asked for"});
    const auto& filter = wants_rules ? packet_filter_of(sources, filter_origin_named(fact.text(rules))) : unasked;
    std::optional<PacketJudge> judge;
    if (filter) judge.emplace(*filter);
    const auto over_which = families_named(fact.text(over));
    for (const auto& each : *found) {
      if (std::none_of(over_which.begin(), over_which.end(), [&](IpFamily of) { return each.takes(of); })) continue;
      Record record = describe(each, names);
      set_process(record, each, holders);
      set_covered(record, each, over_which, filter, judge ? &*judge : nullptr);
      sink.add(index, std::move(record));
    }
    sink.looked_at(index, fmt::format("{} sockets", found->size()),
                   found->empty() ? "/proc/1/net" : found->front().source);
  }
}

}  // namespace

const Probe listening_socket_probe = {&schema, collect};

}  // namespace plimsoll::probes
