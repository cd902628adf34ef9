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

}  // namespace

bool reads_other_processes(const Plan& plan) {
  return std::any_of(plan.leaves.begin(), plan.leaves.end(), [&](const Leaf& leaf) {
    const auto& schema = *plan.facts[leaf.fact].probe;
    if (schema.name != "process") return false;
    for (std::size_t field = 0; field < schema.fields.size(); ++field) {
      if (!schema.fields[field].name.starts_with("executable")) continue;
      const bool shown = std::find(leaf.show.begin(), leaf.show.end(), field) != leaf.show.end();
      if (shown || mentions(leaf.where, field) || mentions(leaf.expect, field)) return true;
    }
    return false;
  });
}

bool reads_kernel_audit(const Plan& plan) {
  return std::any_of(plan.facts.begin(), plan.facts.end(), [](const FactRequest& fact) {
    const auto& read = fact.probe->sources;
    return std::find(read.begin(), read.end(), "NETLINK_AUDIT") != read.end();
  });
}

bool reads_other_processes(const catalog::Catalog& catalog) {
  catalog::Selection selection;
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) {
    const auto profile = catalog.profile(index);
    if (profile.has_applies) selection.profiles.push_back({std::string(profile.id), {}});
  }
  const auto planned = catalog::make_plan(catalog, selection, probes::schemas());
  return planned.plan && reads_other_processes(*planned.plan);
}

}  // namespace plimsoll::cli
