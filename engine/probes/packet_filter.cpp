#include "engine/probes/packet_filter.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/probes/packet_filters.hpp"
#include "engine/probes/packet_questions.hpp"

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
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
         "policy. Rejected is dropped; accept where there is no chain. Unreadable where a program decides, or there "
         "are "
         "too many rules to follow.",
     .allowed = fates},
    {.name = "loopback_accepted",
     .type = ValueType::boolean,
     .meaning =
         "Whether every new TCP connection over the interface lo is let through; absent for forward. Unreadable where "
         "a rule that is not understood may decide, or the rules tell apart more ports than are tried."},
    {.name = "spoofed_loopback_dropped",
     .type = ValueType::boolean,
     .meaning =
         "Whether every new TCP connection that claims to come from 127.0.0.0/8 or ::1, but over another interface, is "
         "dropped, whatever its port; absent but for input, and unreadable as above."},
    {.name = "rules",
     .type = ValueType::list,
     .meaning =
         "The rules that these packets can come to, as a person would write them; after 200 of them, how many more."},
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
                                                          "the tables that /proc/net/ip_tables_names lists",
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

void set_answer(Record& record, FieldIndex field, const Result<bool>& answer) {
  if (answer) {
    record.set(field, *answer);
  } else {
    record.set_unreadable(field, answer.error());
  }
}

/// A list for people, cut where they stop reading.
class Shown {
 public:
  void add(std::string text) {
    if (texts_.size() < max_rules_shown) {
      texts_.push_back(std::move(text));
    } else {
      ++more_;
    }
  }
  [[nodiscard]] TextList texts() const {
    auto all = texts_;
    if (more_ != 0) all.push_back(fmt::format("(and {} more)", more_));
    return all;
  }

 private:
  TextList texts_;
  std::size_t more_ = 0;
};

void set_rules(Record& record, const PacketJudge& judge, IpFamily of, PacketHook at) {
  Shown shown;
  for (const auto* rule : judge.reachable(of, at)) shown.add(rule->text);
  record.set(rules, shown.texts());
}

/// Tables that iptables makes: of one family, with chains in capitals.
TextList rules_of_iptables(const PacketFilter& filter, IpFamily of) {
  Shown shown;
  const std::string_view word = of == IpFamily::ipv4 ? "ip" : "ip6";
  for (const auto& chain : filter.chains) {
    const bool made_by_iptables = std::any_of(filter.chains.begin(), filter.chains.end(), [&](const auto& other) {
      return other.family == chain.family && other.table == chain.table && other.hook &&
             (other.name == "INPUT" || other.name == "OUTPUT" || other.name == "PREROUTING");
    });
    if (chain.family != word || !made_by_iptables) continue;
    for (const auto& rule : chain.rules) shown.add(fmt::format("{} {}: {}", chain.table, chain.name, rule.text));
  }
  return shown.texts();
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
  if (rest.accepted && rest.dropped) {
    record.set_unreadable(unmatched, why_open(rest), policy_place);
  } else {
    record.set(unmatched, std::string(rest.accepted ? "accept" : "drop"), policy_place);
  }
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
