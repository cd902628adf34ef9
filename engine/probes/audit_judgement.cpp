#include "engine/probes/audit_judgement.hpp"

#include <fmt/core.h>
#include <linux/audit.h>

#include <array>
#include <map>
#include <utility>

#include "engine/probes/audit_rule_sets.hpp"
#include "engine/probes/login_settings.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::uint32_t, 4> access_bits = {AUDIT_PERM_EXEC, AUDIT_PERM_WRITE, AUDIT_PERM_ATTR,
                                                      AUDIT_PERM_READ};

/// The system calls of each kind of access, by the architecture: their many names are looked up once per run.
struct CallsOfAccess {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> by_bit;
};

CallsOfAccess look_up_calls(const formats::Machine& machine) {
  CallsOfAccess calls;
  for (const auto architecture : {machine.b64, machine.b32}) {
    for (const auto bit : access_bits) {
      calls.by_bit.emplace(std::pair(architecture, bit), formats::calls_of_access(bit, architecture));
    }
  }
  return calls;
}

Field judged(std::span<const formats::AuditEvents> kinds, const std::vector<formats::AuditRule>& rules,
             const formats::Machine& machine, std::string_view where, bool with_text) {
  Field field{true, std::string(where), {}};
  bool first = true;
  for (const auto& events : kinds) {
    const auto coverage = formats::coverage_of(events, rules);
    if (coverage.recorded && !first) continue;
    first = false;
    field.state = coverage.recorded;
    field.source = where;
    if (coverage.rule != nullptr) {
      field.source = with_text ? fmt::format("{}: {}", coverage.rule->source, formats::to_text(*coverage.rule, machine))
                               : coverage.rule->source;
    }
    if (!coverage.recorded) return field;
  }
  return field;
}

}  // namespace

Result<std::vector<formats::AuditField>> audit_constraints(const TextList& filters, const sources::Sources& sources) {
  std::vector<formats::AuditField> constraints;
  const formats::AuditHost host{audited_machine(sources), {}, {}, {}, {}};
  for (auto text : filters) {
    constexpr std::string_view word = "uid_min";
    if (const auto at = text.find(word); at != std::string::npos) {
      const auto least = least_user_id(sources);
      if (!least) return std::unexpected(least.error());
      text.replace(at, word.size(), std::to_string(*least));
    }
    std::string problem;
    auto field = formats::parse_audit_comparison(text);
    if (!field) field = formats::parse_audit_field(text, host, problem);
    if (!field) return std::unexpected(Error{Error::Kind::unsupported, fmt::format("the check's filter: {}", problem)});
    constraints.push_back(std::move(*field));
  }
  return constraints;
}

Field recorded_at_boot(std::span<const formats::AuditEvents> kinds, const sources::Sources& sources) {
  const auto& at_boot = audit_rules_at_boot(sources);
  if (!at_boot.rules) return Field{Unreadable{at_boot.rules.error()}, at_boot.source, {}};
  if (at_boot.enabled && at_boot.enabled->number == 0) return Field{false, at_boot.enabled->source, {}};
  auto field = judged(kinds, *at_boot.rules, audited_machine(sources), at_boot.source, false);
  // Of a rule that is written and yet not loaded, the line that stands in its way says more than the directory.
  if (field.value() != nullptr && !std::get<bool>(*field.value()) && at_boot.stopped &&
      field.source == at_boot.source) {
    field.source = fmt::format("loading stops at {}", at_boot.refused.back());
  }
  return field;
}

Field recorded_now(std::span<const formats::AuditEvents> kinds, const sources::Sources& sources) {
  const auto& now = audit_rules_now(sources);
  constexpr std::string_view interface_name = "NETLINK_AUDIT";
  if (!now.status) return Field{Unreadable{now.status.error()}, std::string(interface_name), {}};
  if (now.status->enabled == 0) return Field{false, fmt::format("{}: enabled 0", interface_name), {}};
  if (!now.rules) return Field{Unreadable{now.rules.error()}, std::string(interface_name), {}};
  return judged(kinds, *now.rules, audited_machine(sources), interface_name, true);
}

std::vector<formats::AuditEvents> events_of_path(std::string_view path, std::uint32_t access,
                                                 const std::vector<formats::AuditField>& constraints,
                                                 const sources::Sources& sources) {
  const auto& machine = audited_machine(sources);
  const auto& known = sources.memo.get<CallsOfAccess>([&] { return look_up_calls(machine); });
  const auto status = sources.root.status(path);
  const auto resolved = with_links_resolved_above(sources.root, path);
  std::vector<formats::AuditEvents> kinds;
  for (const auto architecture : {machine.b64, machine.b32}) {
    if (architecture == 0) continue;
    formats::AuditEvents events;
    events.architecture = architecture;
    for (const auto bit : access_bits) {
      if ((access & bit) == 0) continue;
      const auto& calls = known.by_bit.at({architecture, bit});
      events.calls.insert(events.calls.end(), calls.begin(), calls.end());
    }
    events.path = resolved;
    events.directory = status && status->type == sources::FileType::directory;
    events.access = access;
    events.constraints = constraints;
    kinds.push_back(std::move(events));
  }
  return kinds;
}

}  // namespace plimsoll::probes
