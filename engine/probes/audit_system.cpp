#include "engine/probes/audit_system.hpp"

#include <array>

#include "engine/probes/audit_rule_sets.hpp"

namespace plimsoll::probes {
namespace {

enum class Out : std::uint8_t {
  enabled,
  enabled_at_boot,
  locked,
  locked_at_boot,
  failure,
  failure_at_boot,
  backlog_limit,
  backlog_limit_at_boot,
  daemon,
  lost,
  loaded_by,
  continues_after_errors,
  refused,
};

constexpr std::array<std::string_view, 3> loaders = {"augenrules", "auditctl", "nothing"};
constexpr std::array<FieldSchema, 13> fields = {{
    {"enabled", ValueType::boolean, "Whether the kernel records now."},
    {"enabled_at_boot", ValueType::boolean,
     "What the rules' last `-e` asks for; absent without one (the daemon then turns it on)."},
    {"locked", ValueType::boolean, "Whether the kernel refuses to change its rules until it starts again."},
    {"locked_at_boot", ValueType::boolean, "Whether `-e 2` is the last word of the rules that the next boot loads."},
    {"failure", ValueType::integer, "What the kernel does when records are lost: 0 nothing, 1 says so, 2 stops."},
    {"failure_at_boot", ValueType::integer, "The same by the rules' `-f`; absent without one."},
    {"backlog_limit", ValueType::integer, "How many records may wait now."},
    {"backlog_limit_at_boot", ValueType::integer, "The same by the rules' `-b`; absent without one."},
    {"daemon", ValueType::boolean, "Whether a process takes the records from the kernel now."},
    {"lost", ValueType::integer, "How many records were lost since the host started."},
    {"loaded_by", ValueType::text, "What loads the rules when the host starts, by its units.", "", loaders},
    {"continues_after_errors", ValueType::boolean,
     "Whether `-c` stands in the rules before the first line that is refused: without it or `-i` all behind such a "
     "line stays unloaded."},
    {"refused", ValueType::list,
     "Lines of the rules that auditctl(8) or the kernel refuses, with their places: unknown words, a rule that stands "
     "there twice, directories that are missing. Without -c or -i the first one ends the loading."},
}};
constexpr std::array<std::string_view, 4> read_from = {"/etc/audit/rules.d/*.rules", "/etc/audit/audit.rules",
                                                       "audit-rules.service and auditd.service", "NETLINK_AUDIT"};
constexpr ProbeSchema schema = {
    .name = "audit_system",
    .summary = "The state of the audit system as a whole: what the kernel says, and what the rules' control lines set.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

void set_now(Record& record, const AuditRulesNow& now) {
  constexpr std::string_view from = "NETLINK_AUDIT";
  constexpr std::array of_kernel = {Out::enabled,       Out::locked, Out::failure,
                                    Out::backlog_limit, Out::daemon, Out::lost};
  if (!now.status) {
    for (const auto field : of_kernel) record.set_unreadable(field, now.status.error(), std::string(from));
    return;
  }
  const auto& status = *now.status;
  record.set(Out::enabled, status.enabled != 0, std::string(from));
  record.set(Out::locked, status.enabled == 2, std::string(from));
  record.set(Out::failure, std::int64_t{status.failure}, std::string(from));
  record.set(Out::backlog_limit, std::int64_t{status.backlog_limit}, std::string(from));
  record.set(Out::daemon, status.daemon != 0, std::string(from));
  record.set(Out::lost, std::int64_t{status.lost}, std::string(from));
}

void set_at_boot(Record& record, const AuditRulesAtBoot& at_boot) {
  constexpr std::array of_rules = {
      Out::enabled_at_boot, Out::locked_at_boot,         Out::failure_at_boot, Out::backlog_limit_at_boot,
      Out::loaded_by,       Out::continues_after_errors, Out::refused};
  if (!at_boot.rules) {
    for (const auto field : of_rules) record.set_unreadable(field, at_boot.rules.error(), at_boot.source);
    return;
  }
  const auto set_number = [&](Out field, const std::optional<AuditSetting>& setting) {
    if (setting) {
      record.set(field, setting->number, setting->source);
    } else {
      record.set_absent(field, at_boot.source);
    }
  };
  if (at_boot.enabled) {
    record.set(Out::enabled_at_boot, at_boot.enabled->number != 0, at_boot.enabled->source);
  } else {
    record.set_absent(Out::enabled_at_boot, at_boot.source);
  }
  record.set(Out::locked_at_boot, at_boot.enabled && at_boot.enabled->number == 2,
             at_boot.enabled ? at_boot.enabled->source : at_boot.source);
  set_number(Out::failure_at_boot, at_boot.failure);
  set_number(Out::backlog_limit_at_boot, at_boot.backlog_limit);
  record.set(Out::loaded_by, at_boot.loaded_by, at_boot.source);
  record.set(Out::continues_after_errors, !at_boot.continues.empty(),
             at_boot.continues.empty() ? at_boot.source : at_boot.continues);
  record.set(Out::refused, at_boot.refused, at_boot.source);
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  Record record(fields.size());
  record.resource = "audit system";
  record.source = audit_rules_at_boot(sources).source;
  set_now(record, audit_rules_now(sources));
  set_at_boot(record, audit_rules_at_boot(sources));
  for (std::size_t i = 0; i < requests.size(); ++i) sink.add(i, record);
}

}  // namespace

const Probe audit_system_probe = {&schema, collect};

}  // namespace plimsoll::probes
