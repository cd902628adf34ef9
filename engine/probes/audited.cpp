#include "engine/probes/audited.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <linux/audit.h>

#include <array>

#include "engine/probes/audit_judgement.hpp"
#include "engine/probes/audit_rule_sets.hpp"

namespace plimsoll::probes {
namespace {

enum class Argument : std::uint8_t { what, filter, access, architecture };
enum class Out : std::uint8_t { what, architecture, exists, at_boot, now };

constexpr std::array<std::string_view, 3> architectures = {"every", "b64", "b32"};
constexpr std::array<ArgumentSchema, 4> arguments = {{
    {"what", ValueType::list, true,
     "System calls by name, and absolute paths of files or directories; a directory stands for all below it, too."},
    {"filter", ValueType::list, false,
     "What the events that matter have in common, as auditctl(8) writes it in -F and -C: `auid>=uid_min` (UID_MIN of "
     "login.defs), `auid!=unset`, `exit=-EACCES`, `uid!=euid`. Without it: all of them."},
    {"access", ValueType::text, false, "Of paths: what is done to them, as in `perm=`: r, w, x, a.", "wa"},
    {"architecture", ValueType::text, false,
     "Of system calls: those of which programs; `every` is each that the host runs.", "every", architectures},
}};
constexpr std::array<FieldSchema, 5> fields = {{
    {"what", ValueType::text, "The system call or path."},
    {"architecture", ValueType::text,
     "Whose system call: b64 or b32. Absent for paths, where it is every one that the host runs."},
    {"exists", ValueType::boolean,
     "Whether the path is there; true for system calls. Those that an architecture does not have give no record."},
    {"at_boot", ValueType::boolean,
     "Whether the rules that the next boot loads record every one of these events, by the first rule that fits and "
     "without one before it that keeps some from being recorded."},
    {"now", ValueType::boolean, "The same of the rules that the kernel holds; false while auditing is off."},
}};
constexpr std::array<std::string_view, 6> read_from = {"/etc/audit/rules.d/*.rules",
                                                       "/etc/audit/audit.rules",
                                                       "audit-rules.service and auditd.service",
                                                       "NETLINK_AUDIT",
                                                       "/etc/login.defs",
                                                       "/etc/passwd and /etc/group"};
constexpr ProbeSchema schema = {
    .name = "audited",
    .summary =
        "Whether the audit system records events of a kind, after the next boot and now: what the rules come to, "
        "however they are split, ordered and spelled.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = read_from,
};

std::optional<std::uint32_t> access_of(std::string_view letters) {
  std::uint32_t access = 0;
  for (const char letter : letters) {
    constexpr std::string_view known = "rwxa";
    constexpr std::array<std::uint32_t, 4> bits = {AUDIT_PERM_READ, AUDIT_PERM_WRITE, AUDIT_PERM_EXEC, AUDIT_PERM_ATTR};
    const auto at = known.find(letter);
    if (at == std::string_view::npos) return std::nullopt;
    access |= bits[at];
  }
  return access == 0 ? std::nullopt : std::optional(access);
}

class Question {
 public:
  Question(const Request& request, const sources::Sources& sources) : request_(request), sources_(sources) {}

  void answer(std::size_t index, RecordSink& sink) {
    filters_ = given(Argument::filter);
    auto constraints = audit_constraints(filters_, sources_);
    const auto access = access_of(request_.fact->text(static_cast<std::size_t>(Argument::access)));
    if (!constraints || !access) {
      sink.fail(index, !constraints ? constraints.error()
                                    : Error{Error::Kind::unsupported, "`access` is one or more of r, w, x and a"});
      return;
    }
    for (const auto& what : given(Argument::what)) {
      if (what.starts_with('/')) {
        sink.add(index, record_of_path(what, *access, *constraints));
      } else {
        add_calls(what, *constraints, index, sink);
      }
    }
    sink.looked_at(index, "the audit rules on disk and in the kernel", audit_rules_at_boot(sources_).source);
  }

 private:
  [[nodiscard]] TextList given(Argument argument) const {
    const auto& value = request_.fact->arguments[static_cast<std::size_t>(argument)];
    const auto* list = value ? std::get_if<TextList>(&*value) : nullptr;
    return list == nullptr ? TextList{} : *list;
  }

  Record judged(std::string resource, const std::vector<formats::AuditEvents>& kinds) {
    Record record(fields.size());
    record.resource = std::move(resource);
    if (!filters_.empty()) record.resource += fmt::format(" [{}]", fmt::join(filters_, ", "));
    record.source = audit_rules_at_boot(sources_).source;
    record.fields[static_cast<std::size_t>(Out::at_boot)] = recorded_at_boot(kinds, sources_);
    record.fields[static_cast<std::size_t>(Out::now)] = recorded_now(kinds, sources_);
    return record;
  }

  Record record_of_path(const std::string& path, std::uint32_t access,
                        const std::vector<formats::AuditField>& constraints) {
    auto record = judged(path, events_of_path(path, access, constraints, sources_));
    record.set(Out::what, path);
    record.set_absent(Out::architecture);
    const auto status = sources_.root.link_status(path);
    if (status || status.error().kind == Error::Kind::not_found) {
      record.set(Out::exists, status.has_value(), path);
    } else {
      record.set_unreadable(Out::exists, status.error(), path);
    }
    return record;
  }

  void add_calls(const std::string& name, const std::vector<formats::AuditField>& constraints, std::size_t index,
                 RecordSink& sink) {
    const auto& machine = audited_machine(sources_);
    const auto& wanted = request_.fact->text(static_cast<std::size_t>(Argument::architecture));
    for (const auto& [word, architecture] : {std::pair{"b64", machine.b64}, {"b32", machine.b32}}) {
      if (architecture == 0 || (wanted != "every" && wanted != word)) continue;
      const auto number = formats::syscall_number(name, architecture);
      if (!number) continue;
      formats::AuditEvents events;
      events.architecture = architecture;
      events.calls = {*number};
      events.constraints = constraints;
      auto record = judged(fmt::format("{} ({})", name, word), {events});
      record.set(Out::what, name);
      record.set(Out::architecture, std::string(word));
      record.set(Out::exists, true);
      sink.add(index, std::move(record));
    }
  }

  const Request& request_;
  const sources::Sources& sources_;
  TextList filters_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) Question(requests[i], sources).answer(i, sink);
}

}  // namespace

const Probe audited_probe = {&schema, collect};

}  // namespace plimsoll::probes
