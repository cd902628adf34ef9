#include "engine/probes/packet_filter.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/probes/packet_filters.hpp"

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
using formats::Packet;
using formats::PacketFate;
using formats::PacketFilter;
using formats::PacketHook;
using formats::PacketJudge;

enum FieldIndex : std::size_t {
  family,
  hook,
  tables,
  chains,
  policy,
  unmatched,
  loopback_accepted,
  spoofed_loopback_dropped,
  rules,
  iptables_rules,
  field_count,
};

constexpr std::array<std::string_view, 2> family_names = {"ipv4", "ipv6"};
constexpr std::array<std::string_view, 3> hook_names = {"input", "forward", "output"};
constexpr std::array<std::string_view, 2> fates = {"accept", "drop"};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "family",
     .type = ValueType::text,
     .meaning = "The protocol whose packets it is about.",
     .allowed = family_names},
    {.name = "hook",
     .type = ValueType::text,
     .meaning = "Packets for the host itself (input), passing through (forward), or from it (output).",
     .allowed = hook_names},
    {.name = "tables",
     .type = ValueType::list,
     .meaning = "All tables that may hold rules for this protocol: \"inet filter\"."},
    {.name = "chains",
     .type = ValueType::list,
     .meaning = "The base chains of type filter that see these packets: \"inet filter input\"."},
    {.name = "policy",
     .type = ValueType::text,
     .meaning =
         "What becomes of packets at the end of the chains, as their policy says: drop where one of them drops; absent "
         "when no chain sees them.",
     .allowed = fates},
    {.name = "unmatched",
     .type = ValueType::text,
     .meaning =
         "What really becomes of a packet that fits no rule with a condition: a last rule for all comes before the "
         "policy. Rejected is dropped; accept where there is no chain.",
     .allowed = fates},
    {.name = "loopback_accepted",
     .type = ValueType::boolean,
     .meaning =
         "Whether every new TCP connection over the interface lo is let through; absent for forward. Unreadable where "
         "a rule that is not understood may decide."},
    {.name = "spoofed_loopback_dropped",
     .type = ValueType::boolean,
     .meaning =
         "Whether every new TCP connection that claims to come from 127.0.0.0/8 or ::1, but over another interface, is "
         "dropped, whatever its port; absent but for input, and unreadable as above."},
    {.name = "rules",
     .type = ValueType::list,
     .meaning = "The rules that these packets can come to, as a person would write them; at most 200."},
    {.name = "iptables_rules", .type = ValueType::list, .meaning = "Those of them in tables that iptables uses."},
}};

constexpr std::array<ArgumentSchema, 1> arguments = {
    {{.name = "rules",
      .required = false,
      .meaning =
          "Which rules: those that the kernel holds now, or those that nftables, iptables or ufw would load at the "
          "next boot if it were started.",
      .fallback = "kernel",
      .allowed = filter_origins}}};

constexpr std::array<std::string_view, 7> source_names = {"nf_tables by netlink (CAP_NET_ADMIN)",
                                                          "/proc/net/ip_tables_names",
                                                          "the file that nftables.service loads",
                                                          "/etc/iptables/rules.v4 and rules.v6",
                                                          "/etc/sysconfig/iptables and ip6tables",
                                                          "/etc/ufw",
                                                          "/etc/default/ufw"};

constexpr ProbeSchema schema = {
    .name = "packet_filter",
    .summary =
        "What a firewall does with the packets of each protocol that come in, pass through and go out: six records.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = source_names,
};

constexpr std::size_t max_rules_shown = 200;

/// One answer about many packets. Empty: some rule that is not understood may decide.
class All {
 public:
  void take(const PacketFate& fate, bool wanted_accept) {
    const bool sure = fate.accepted != fate.dropped;
    if (!sure) doubtful_ = true;
    if (sure && fate.accepted != wanted_accept) broken_ = true;
  }
  [[nodiscard]] std::optional<bool> answer() const {
    if (broken_) return false;
    return doubtful_ ? std::nullopt : std::optional(true);
  }

 private:
  bool doubtful_ = false;
  bool broken_ = false;
};

formats::PacketNumber address(std::string_view text, IpFamily of) {
  return formats::parse_packet_addresses(text, of)->first;
}

std::optional<bool> accepts_loopback(const PacketJudge& judge, IpFamily of, PacketHook at) {
  All all;
  const auto own = address(of == IpFamily::ipv4 ? "127.0.0.1" : "::1", of);
  for (const auto port : judge.ports(of, at)) {
    Packet packet{.family = of, .hook = at, .source = own, .destination = own, .destination_port = port};
    (at == PacketHook::output ? packet.out_interface : packet.in_interface) = "lo";
    all.take(judge.fate(packet), true);
  }
  return all.answer();
}

std::optional<bool> drops_spoofed(const PacketJudge& judge, IpFamily of) {
  All all;
  const auto own = address(of == IpFamily::ipv4 ? "192.0.2.1" : "2001:db8::1", of);
  constexpr std::array<std::string_view, 2> v4 = {"127.0.0.1", "127.213.7.9"};
  constexpr std::array<std::string_view, 1> v6 = {"::1"};
  const auto claimed =
      of == IpFamily::ipv4 ? std::span<const std::string_view>(v4) : std::span<const std::string_view>(v6);
  for (const auto& interface : judge.interfaces(of, PacketHook::input)) {
    if (interface == "lo" || interface.empty()) continue;
    for (const auto port : judge.ports(of, PacketHook::input)) {
      for (const auto source : claimed) {
        all.take(judge.fate({.family = of,
                             .hook = PacketHook::input,
                             .in_interface = interface,
                             .source = address(source, of),
                             .destination = own,
                             .destination_port = port}),
                 false);
      }
    }
  }
  return all.answer();
}

void set_answer(Record& record, FieldIndex field, const std::optional<bool>& answer) {
  if (answer) {
    record.set(field, *answer);
  } else {
    record.set_unreadable(field,
                          Error{Error::Kind::unsupported, "a rule with a condition that is not understood may decide"});
  }
}

void set_rules(Record& record, const PacketJudge& judge, IpFamily of, PacketHook at) {
  TextList texts;
  for (const auto* rule : judge.reachable(of, at)) {
    if (texts.size() == max_rules_shown) break;
    texts.push_back(rule->text);
  }
  record.set(rules, std::move(texts));
}

/// Tables that iptables makes: of one family, with chains in capitals.
TextList rules_of_iptables(const PacketFilter& filter, IpFamily of) {
  TextList texts;
  const std::string_view word = of == IpFamily::ipv4 ? "ip" : "ip6";
  for (const auto& chain : filter.chains) {
    const bool made_by_iptables = std::any_of(filter.chains.begin(), filter.chains.end(), [&](const auto& other) {
      return other.family == chain.family && other.table == chain.table && other.hook &&
             (other.name == "INPUT" || other.name == "OUTPUT" || other.name == "PREROUTING");
    });
    if (chain.family != word || !made_by_iptables) continue;
    for (const auto& rule : chain.rules) {
      if (texts.size() < max_rules_shown) texts.push_back(fmt::format("{} {}: {}", chain.table, chain.name, rule.text));
    }
  }
  return texts;
}

Record describe(const PacketFilter& filter, const PacketJudge& judge, FilterOrigin origin, IpFamily of, PacketHook at) {
  Record record(fields.size());
  record.resource = fmt::format("{} {}", name_of(of), name_of(at));
  record.source = place_of(origin);
  record.set(family, std::string(name_of(of)));
  record.set(hook, std::string(name_of(at)));
  TextList table_names;
  for (const auto& table : filter.tables) {
    if (table.family == "inet" || table.family == (of == IpFamily::ipv4 ? "ip" : "ip6")) {
      table_names.push_back(table.family + ' ' + table.name);
    }
  }
  record.set(tables, std::move(table_names));
  TextList chain_names;
  std::string policy_place;
  bool drops = false;
  for (const auto* chain : judge.bases(of, at)) {
    chain_names.push_back(chain->title());
    if (policy_place.empty() || (chain->drops && !drops)) policy_place = chain->source;
    drops = drops || chain->drops;
  }
  if (chain_names.empty()) {
    record.set_absent(policy);
  } else {
    record.set(policy, std::string(drops ? "drop" : "accept"), policy_place);
  }
  record.set(chains, std::move(chain_names));
  const auto rest = judge.unmatched(of, at);
  record.set(unmatched, std::string(rest.accepted ? "accept" : "drop"), policy_place);
  if (at == PacketHook::forward) {
    record.set_absent(loopback_accepted);
  } else {
    set_answer(record, loopback_accepted, accepts_loopback(judge, of, at));
  }
  if (at == PacketHook::input) {
    set_answer(record, spoofed_loopback_dropped, drops_spoofed(judge, of));
  } else {
    record.set_absent(spoofed_loopback_dropped);
  }
  set_rules(record, judge, of, at);
  record.set(iptables_rules, rules_of_iptables(filter, of));
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto origin = filter_origin_named(requests[index].fact->text(0));
    const auto& filter = packet_filter_of(sources, origin);
    if (!filter) {
      sink.fail(index, filter.error());
      continue;
    }
    const PacketJudge judge(*filter);
    for (const auto of : {IpFamily::ipv4, IpFamily::ipv6}) {
      for (const auto at : {PacketHook::input, PacketHook::forward, PacketHook::output}) {
        sink.add(index, describe(*filter, judge, origin, of, at));
      }
    }
    sink.looked_at(index, fmt::format("{} chains", filter->chains.size()), std::string(place_of(origin)));
  }
}

}  // namespace

const Probe packet_filter_probe = {&schema, collect};

}  // namespace plimsoll::probes
