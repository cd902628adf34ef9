#include "engine/probes/audit_rule.hpp"

#include <fmt/core.h>
#include <linux/audit.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/probes/audit_rule_sets.hpp"

namespace plimsoll::probes {
namespace {

enum class Out : std::uint8_t { rule, list, action, architecture, calls, conditions, at_boot, now };

constexpr std::array<std::string_view, 2> actions = {"always", "never"};
constexpr std::array<FieldSchema, 8> fields = {{
    {"rule", ValueType::text, "The rule in normal form, as `auditctl -l` would print it, without its key."},
    {"list", ValueType::text, "The list that it stands on: exit, task, user, exclude, filesystem, io_uring."},
    {"action", ValueType::text, "What it does with events that fit.", "", actions},
    {"architecture", ValueType::text, "b64 or b32; absent when it is for every architecture."},
    {"calls", ValueType::list, "The system calls, by name; `all`."},
    {"conditions", ValueType::list, "Its other conditions, sorted: `auid>=1000`, `perm=wa`."},
    {"at_boot", ValueType::boolean, "Whether the rules that the next boot loads hold it."},
    {"now", ValueType::boolean, "Whether the kernel holds it."},
}};
constexpr std::array<std::string_view, 7> read_from = {"/etc/audit/rules.d/*.rules",
                                                       "/etc/audit/audit.rules",
                                                       "audit-rules.service and auditd.service",
                                                       "NETLINK_AUDIT",
                                                       "/usr/sbin/augenrules",
                                                       "/usr/bin/awk",
                                                       "/etc/alternatives/awk"};
constexpr ProbeSchema schema = {
    .name = "audit_rule",
    .summary =
        "Each audit rule that the next boot loads or that the kernel holds, in one form: rules that differ in nothing "
        "but system calls and key are one.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

/// Rules that differ only in calls and key, joined.
struct Joined {
  formats::AuditRule rule;
  bool calls_unsure = false;  // auditctl's version decides which calls a perm= stands for
};
using JoinedRules = std::map<std::string, Joined>;

JoinedRules joined(const std::vector<formats::AuditRule>& rules, const formats::Machine& machine) {
  JoinedRules out;
  for (const auto& rule : rules) {
    auto bare = rule;
    bare.calls.reset();
    bare.all_calls = false;
    const auto [place, added] = out.try_emplace(formats::to_text(bare, machine), Joined{rule, rule.calls_by_access});
    if (added) continue;
    auto& held = place->second;
    held.rule.calls |= rule.calls;
    held.rule.all_calls = held.rule.all_calls || rule.all_calls;
    held.calls_unsure = held.calls_unsure || rule.calls_by_access;
  }
  return out;
}

bool same_calls(const Joined& one, const Joined& other) {
  return one.calls_unsure || other.calls_unsure ||
         (one.rule.all_calls == other.rule.all_calls && (one.rule.all_calls || one.rule.calls == other.rule.calls));
}

class Answer {
 public:
  explicit Answer(const sources::Sources& sources)
      : at_boot_(audit_rules_at_boot(sources)), now_(audit_rules_now(sources)), machine_(audited_machine(sources)) {}

  std::vector<Record> records() {
    const auto on_disk = at_boot_.rules ? joined(*at_boot_.rules, machine_) : JoinedRules{};
    const auto loaded = now_.rules ? joined(*now_.rules, machine_) : JoinedRules{};
    for (const auto& [key, rule] : on_disk) {
      const auto twin = loaded.find(key);
      const bool both = twin != loaded.end() && same_calls(rule, twin->second);
      add(rule.rule, true, both);
    }
    for (const auto& [key, rule] : loaded) {
      const auto twin = on_disk.find(key);
      if (twin == on_disk.end() || !same_calls(rule, twin->second)) add(rule.rule, false, true);
    }
    return std::move(records_);
  }

 private:
  void add(const formats::AuditRule& rule, bool at_boot, bool now) {
    Record record(fields.size());
    record.resource = formats::to_text(rule, machine_);
    record.source = rule.source;
    const auto names = formats::list_and_action(rule);
    record.set(Out::rule, record.resource);
    record.set(Out::list, names.substr(names.find(',') + 1));
    record.set(Out::action, std::string(rule.action == AUDIT_NEVER ? "never" : "always"));
    const auto architecture = formats::architecture_text(rule, machine_);
    if (architecture.empty()) {
      record.set_absent(Out::architecture);
    } else {
      record.set(Out::architecture, architecture);
    }
    record.set(Out::calls, formats::call_names(rule, machine_));
    record.set(Out::conditions, formats::field_texts(rule));
    if (at_boot_.rules) {
      record.set(Out::at_boot, at_boot, at_boot ? rule.source : at_boot_.source);
    } else {
      record.set_unreadable(Out::at_boot, at_boot_.rules.error(), at_boot_.source);
    }
    if (now_.rules) {
      record.set(Out::now, now, "NETLINK_AUDIT");
    } else {
      record.set_unreadable(Out::now, now_.rules.error(), "NETLINK_AUDIT");
    }
    records_.push_back(std::move(record));
  }

  const AuditRulesAtBoot& at_boot_;
  const AuditRulesNow& now_;
  const formats::Machine& machine_;
  std::vector<Record> records_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& at_boot = audit_rules_at_boot(sources);
  const auto& now = audit_rules_now(sources);
  const auto records = Answer(sources).records();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const auto& record : records) sink.add(i, record);
    sink.looked_at(i, fmt::format("{} rules", records.size()), at_boot.source);
    if (!at_boot.rules) sink.fail(i, at_boot.rules.error());
    if (!now.rules) sink.fail(i, now.rules.error());
  }
}

}  // namespace

const Probe audit_rule_probe = {&schema, collect};

}  // namespace plimsoll::probes
