#include "engine/probes/firewalld_loaded.hpp"

#include <algorithm>
#include <string_view>

#include "engine/formats/packet_filter.hpp"
#include "engine/probes/packet_filters.hpp"

namespace plimsoll::probes {
namespace {

using formats::PacketChain;
using formats::PacketCondition;
using formats::PacketRule;
using formats::PacketVerdict;

constexpr std::string_view table_name = "firewalld";
constexpr std::string_view zone_chain = "filter_IN_";
constexpr std::string_view policy = "policy_";  // a chain of a policy, which stands beside those of zones

std::unexpected<Error> not_understood() {
  return std::unexpected(
      Error{Error::Kind::unsupported,
            "the table inet firewalld in the kernel does not say which zone an interface belongs to"});
}

/// The rule that hands packets to a zone; empty when it does something else.
std::string_view zone_of(const PacketRule& rule) {
  const std::string_view target = rule.target;
  if (rule.verdict != PacketVerdict::go_to && rule.verdict != PacketVerdict::jump) return {};
  if (!target.starts_with(zone_chain)) return {};
  const auto zone = target.substr(zone_chain.size());
  return zone.starts_with(policy) ? std::string_view{} : zone;
}

bool names_interfaces(const PacketRule& rule) {
  return rule.conditions.size() == 1 && rule.conditions.front().kind == PacketCondition::Kind::in_interface &&
         !rule.conditions.front().negated;
}

}  // namespace

Result<std::optional<FirewalldLoaded>> firewalld_loaded(const sources::Sources& sources) {
  const auto& filter = packet_filter_of(sources, FilterOrigin::kernel);
  if (!filter) return std::unexpected(filter.error());
  const bool any = std::ranges::any_of(
      filter->tables, [](const auto& table) { return table.family == "inet" && table.name == table_name; });
  if (!any) return std::nullopt;
  const auto chain = std::ranges::find_if(filter->chains, [](const PacketChain& each) {
    return each.family == "inet" && each.table == table_name &&
           (each.name == "filter_INPUT_ZONES" || each.name == "filter_INPUT_POLICIES");
  });
  if (chain == filter->chains.end()) return not_understood();
  FirewalldLoaded loaded;
  for (const auto& rule : chain->rules) {
    const auto zone = zone_of(rule);
    if (zone.empty()) continue;
    if (rule.conditions.empty()) {
      loaded.default_zone = zone;
      return loaded;
    }
    if (!names_interfaces(rule)) continue;
    for (const auto& name : rule.conditions.front().names) loaded.interfaces.try_emplace(name, zone);
  }
  return not_understood();
}

}  // namespace plimsoll::probes
