#include "engine/probes/set_id_programs.hpp"

#include <linux/audit.h>

#include <algorithm>
#include <array>

#include "engine/probes/audit_judgement.hpp"
#include "engine/probes/mount_table.hpp"

namespace plimsoll::probes {
namespace {

enum class Out : std::uint8_t { path, mode, at_boot, now };

constexpr std::array<FieldSchema, 4> fields = {{
    {"path", ValueType::text, "Where it is."},
    {"mode", ValueType::mode, "Its permission and set-id bits."},
    {"at_boot", ValueType::boolean,
     "Whether the audit rules that the next boot loads record that a person runs it (auid at least UID_MIN of "
     "login.defs, and set), on each architecture of the host."},
    {"now", ValueType::boolean, "The same of the rules that the kernel holds; false while auditing is off."},
}};
constexpr std::array<std::string_view, 5> read_from = {"every local file system", "/proc/self/mountinfo",
                                                       "/etc/audit/rules.d/*.rules", "NETLINK_AUDIT",
                                                       "/etc/login.defs"};

/// Whether the kernel would run it with other rights: not from where it is mounted nosuid or noexec. What is not known
/// of mounts takes nothing away.
bool can_take_effect(const std::string& path, const MountTable& table) {
  if (!table.mounts) return true;
  const auto way = formats::mounts_on_the_way(*table.mounts, path);
  if (way.empty()) return true;
  const auto options = formats::running_options(*way.back());
  return std::none_of(options.begin(), options.end(),
                      [](const std::string& option) { return option == "nosuid" || option == "noexec"; });
}

}  // namespace

const ProbeSchema privileged_program_schema = {
    .name = "privileged_program",
    .summary =
        "Every file with a set-user-id or set-group-id bit on a local file system that lets it take effect, and "
        "whether "
        "the audit system records who runs it. It is found in the walk of `tree`.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

std::vector<Record> SetIdPrograms::records(const sources::Sources& sources) {
  std::vector<Record> records;
  const std::lock_guard lock(mutex_);
  std::sort(found_.begin(), found_.end(), [](const Found& one, const Found& other) { return one.path < other.path; });
  const auto constraints = audit_constraints({"auid>=uid_min", "auid!=unset"}, sources);
  for (const auto& program : found_) {
    if (!can_take_effect(program.path, mount_table(sources))) continue;
    Record record(fields.size());
    record.resource = program.path;
    record.source = program.path;
    record.set(Out::path, program.path);
    record.set(Out::mode, std::int64_t{program.mode});
    if (constraints) {
      const auto kinds = events_of_path(program.path, AUDIT_PERM_EXEC, *constraints, sources);
      record.fields[static_cast<std::size_t>(Out::at_boot)] = recorded_at_boot(kinds, sources);
      record.fields[static_cast<std::size_t>(Out::now)] = recorded_now(kinds, sources);
    } else {
      record.set_unreadable(Out::at_boot, constraints.error());
      record.set_unreadable(Out::now, constraints.error());
    }
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace plimsoll::probes
