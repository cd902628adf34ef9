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

bool can_need_tracing(const ProbeSchema& probe) {
  return std::any_of(probe.fields.begin(), probe.fields.end(),
                     [&](const FieldSchema& field) { return needs_tracing(probe.name, field.name); });
}

bool asks_packet_filter(const FactRequest& fact) {
  const int rules = argument_index(*fact.probe, "rules");
  return rules >= 0 && fact.text(static_cast<std::size_t>(rules)) == "kernel";
}

bool asks_kernel_audit(const ProbeSchema& probe) {
  return std::find(probe.sources.begin(), probe.sources.end(), "NETLINK_AUDIT") != probe.sources.end();
}

}  // namespace

NeededRights needed_rights(const Plan& plan) {
  NeededRights rights;
  rights.other_processes = reads_other_processes(plan);
  for (const FactRequest& fact : plan.facts) {
    rights.packet_filter = rights.packet_filter || asks_packet_filter(fact);
    rights.kernel_audit = rights.kernel_audit || asks_kernel_audit(*fact.probe);
  }
  return rights;
}

NeededRights possible_rights(const catalog::Catalog& catalog) {
  NeededRights rights;
  catalog::Selection selection;
  const auto schemas = probes::schemas();
  for (std::size_t index = 0; index < catalog.check_count(); ++index) {
    for (const std::string_view name : catalog.probes_of(index)) {
      const auto probe = std::find_if(schemas.begin(), schemas.end(), [&](auto* known) { return known->name == name; });
      if (probe == schemas.end()) continue;
      rights.packet_filter = rights.packet_filter || argument_index(**probe, "rules") >= 0;
      rights.kernel_audit = rights.kernel_audit || asks_kernel_audit(**probe);
      if (can_need_tracing(**probe)) selection.checks.emplace_back(catalog.check(index).id);
    }
  }
  // Most checks of processes ask for nothing that needs tracing, and a run that does goes without Landlock: look
  // closer.
  if (selection.checks.empty()) return rights;
  const auto planned = catalog::make_plan(catalog, selection, schemas);
  rights.other_processes = planned.plan && reads_other_processes(*planned.plan);
  return rights;
}

}  // namespace plimsoll::cli
