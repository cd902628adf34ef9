#include "engine/probes/audit_judgement.hpp"

#include <fmt/core.h>

#include "engine/core/value.hpp"
#include "engine/formats/login_defs.hpp"
#include "engine/probes/audit_rule_sets.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view login_defs = "/etc/login.defs";

/// login.defs(5): 1000 where nothing is set.
Result<std::int64_t> least_user_id(const sources::Sources& sources) {
  constexpr std::int64_t usual = 1000;
  const auto text = sources.root.read(login_defs, sources::max_config_bytes);
  if (!text) {
    if (text.error().kind == Error::Kind::not_found) return usual;
    return std::unexpected(text.error());
  }
  const auto settings = formats::parse_login_defs(*text);
  const auto found = settings.find("UID_MIN");
  if (found == settings.end()) return usual;
  if (const auto number = parse_integer(found->second.value)) return *number;
  return std::unexpected(
      Error{Error::Kind::malformed, fmt::format("{}:{}: UID_MIN is no number", login_defs, found->second.line)});
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
  const auto status = sources.root.status(path);
  std::vector<formats::AuditEvents> kinds;
  for (const auto architecture : {machine.b64, machine.b32}) {
    if (architecture == 0) continue;
    formats::AuditEvents events;
    events.architecture = architecture;
    events.calls = formats::calls_of_access(access, architecture);
    events.path = with_links_resolved_above(sources.root, path);
    events.directory = status && status->type == sources::FileType::directory;
    events.access = access;
    events.constraints = constraints;
    kinds.push_back(std::move(events));
  }
  return kinds;
}

}  // namespace plimsoll::probes
