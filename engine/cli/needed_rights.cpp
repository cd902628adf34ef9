#include "engine/cli/needed_rights.hpp"

#include <algorithm>

#include "engine/probes/probe.hpp"

namespace plimsoll::cli {

namespace {

bool mentions(const Condition& condition, std::size_t field) {
  if (condition.kind == Condition::Kind::test) return condition.field == field;
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [field](const Condition& part) { return mentions(part, field); });
}

/// What the kernel shows only to those who could trace the process.
bool needs_tracing(std::string_view probe, std::string_view field) {
  return (probe == "process" && field.starts_with("executable")) || (probe == "listening_socket" && field == "process");
}

}  // namespace

bool reads_other_processes(const Plan& plan) {
  return std::any_of(plan.leaves.begin(), plan.leaves.end(), [&](const Leaf& leaf) {
    const auto& schema = *plan.facts[leaf.fact].probe;
    for (std::size_t field = 0; field < schema.fields.size(); ++field) {
      if (!needs_tracing(schema.name, schema.fields[field].name)) continue;
      const bool shown = std::find(leaf.show.begin(), leaf.show.end(), field) != leaf.show.end();
      if (shown || mentions(leaf.where, field) || mentions(leaf.expect, field)) return true;
    }
    return false;
  });
}

bool reads_packet_filter(const Plan& plan) {
  return std::any_of(plan.facts.begin(), plan.facts.end(), [](const FactRequest& fact) {
    const int rules = argument_index(*fact.probe, "rules");
    return rules >= 0 && fact.text(static_cast<std::size_t>(rules)) == "kernel";
  });
}

bool reads_kernel_audit(const Plan& plan) {
  return std::any_of(plan.facts.begin(), plan.facts.end(), [](const FactRequest& fact) {
    const auto& read = fact.probe->sources;
    return std::find(read.begin(), read.end(), "NETLINK_AUDIT") != read.end();
  });
}

catalog::PlanOutcome plan_of_all(const catalog::Catalog& catalog) {
  catalog::Selection selection;
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) {
    const auto profile = catalog.profile(index);
    if (profile.has_applies) selection.profiles.push_back({std::string(profile.id), {}});
  }
  return catalog::make_plan(catalog, selection, probes::schemas());
}

}  // namespace plimsoll::cli
