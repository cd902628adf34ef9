#include "engine/probes/process.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/process_status.hpp"
#include "engine/formats/secrets.hpp"
#include "engine/probes/owner_names.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_processes = 200'000;
constexpr std::size_t max_arguments = 1000;
constexpr std::string_view deleted_mark = " (deleted)";

constexpr std::array<FieldSchema, 12> fields = {{
    {"pid", ValueType::integer, "Its process id, as the host counts."},
    {"name", ValueType::text, "The short name that it gave itself, at most 15 bytes."},
    {"executable", ValueType::text, "The file it runs, as its own root names it. Absent for kernel threads."},
    {"executable_deleted", ValueType::boolean,
     "Whether that file is gone or was replaced, so that what runs is not what is installed. Absent for kernel "
     "threads."},
    {"arguments", ValueType::list,
     "Its command line, the first item as it was called; values of options that name secrets are masked, and items "
     "after the first 1000 left out. Empty for kernel threads."},
    {"uid", ValueType::integer, "The user id that its permissions come from (effective)."},
    {"gid", ValueType::integer, "Its effective group id."},
    {"user", ValueType::text,
     "The name of that user in the audited host's /etc/passwd; absent when it has none, as for ids inside containers."},
    {"parent", ValueType::integer, "The process id of its parent; 0 for the first process."},
    {"kernel_thread", ValueType::boolean, "Whether it is a thread of the kernel."},
    {"state", ValueType::text,
     "What it does, as one letter of proc_pid_stat(5): `S` sleeps, `R` runs, `T` is stopped."},
    {"security_label", ValueType::text,
     "What the security module confines it by: a context of SELinux (\"system_u:system_r:sshd_t:s0\"), or a profile of "
     "AppArmor with its mode (\"unconfined\", \"man_groff (enforce)\"); absent where no module labels processes."},
}};
enum class ProcessField : std::uint8_t {
  pid,
  name,
  executable,
  executable_deleted,
  arguments,
  uid,
  gid,
  user,
  parent,
  kernel_thread,
  state,
  security_label,
};
constexpr std::array<std::string_view, 5> read_from = {"/proc/PID/status", "/proc/PID/cmdline", "/proc/PID/exe",
                                                       "/proc/PID/attr/current",
                                                       "/proc/PID/stat, where the kernel is older than 6.8"};

constexpr ProbeSchema schema = {
    "process",
    "The processes that run now, kernel threads and those of containers included. Processes that have ended but wait "
    "for their parent (zombies), and plimsoll itself, are left out.",
    Cardinality::any,
    {},
    fields,
    "",
    read_from,
};

bool has_ended(const Error& error) {
  return error.kind == Error::Kind::not_found;
}

TextList split_arguments(std::string_view bytes) {
  TextList arguments;
  while (!bytes.empty() && arguments.size() < max_arguments) {
    const auto end = bytes.find('\0');
    arguments.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return formats::mask_arguments(std::move(arguments));
}

/// Processes have a command line, kernel threads do not; but a process may have wiped its own.
Result<bool> is_kernel_thread(const sources::Root& root, const std::string& folder,
                              const formats::ProcessStatus& status, const Result<std::string>& command_line) {
  if (status.kernel_thread) return *status.kernel_thread;
  if (command_line && !command_line->empty()) return false;
  const auto line = root.read(folder + "/stat", sources::max_proc_bytes);
  if (!line) return std::unexpected(line.error());
  if (const auto flag = formats::kernel_thread_flag(*line)) return *flag;
  return std::unexpected(Error{Error::Kind::malformed, fmt::format("{}/stat is not as proc_pid_stat(5) says", folder)});
}

void set_executable(Record& record, const sources::Root& root, const std::string& folder, bool kernel_thread) {
  if (kernel_thread) {
    record.set_absent(ProcessField::executable);
    record.set_absent(ProcessField::executable_deleted);
    return;
  }
  const auto link = root.read_link(folder + "/exe");
  if (!link) {
    record.set_unreadable(ProcessField::executable, link.error());
    record.set_unreadable(ProcessField::executable_deleted, link.error());
    return;
  }
  const bool deleted = link->ends_with(deleted_mark);
  record.set(ProcessField::executable, deleted ? link->substr(0, link->size() - deleted_mark.size()) : *link);
  record.set(ProcessField::executable_deleted, deleted);
}

/// The kernel answers EINVAL where no module has labels for processes.
void set_security_label(Record& record, const sources::Root& root, const std::string& folder) {
  const auto path = folder + "/attr/current";
  const auto text = root.read(path, sources::max_proc_bytes);
  if (!text) {
    if (text.error().kind == Error::Kind::failed || text.error().kind == Error::Kind::not_found) {
      record.set_absent(ProcessField::security_label, path);
    } else {
      record.set_unreadable(ProcessField::security_label, text.error());
    }
    return;
  }
  const auto label = trimmed(std::string_view(*text).substr(0, text->find('\0')));
  if (label.empty()) {
    record.set_absent(ProcessField::security_label, path);
  } else {
    record.set(ProcessField::security_label, std::string(label), path);
  }
}

/// Empty when the process has ended, or ends while it is read.
std::optional<Record> describe(const std::string& pid, const sources::Root& root, const OwnerNames& names) {
  Record record(fields.size());
  const std::string folder = "/proc/" + pid;
  record.resource = "process " + pid;
  record.source = folder;
  record.set(ProcessField::pid, parse_integer(pid).value_or(0));
  const auto text = root.read(folder + "/status", sources::max_proc_bytes);
  if (!text) {
    if (has_ended(text.error())) return {};
    for (std::size_t i = 1; i < fields.size(); ++i) record.set_unreadable(i, text.error());
    return record;
  }
  const auto status = formats::parse_process_status(*text);
  if (!status) {
    const Error why{status.error().kind, fmt::format("{}/status: {}", folder, status.error().what)};
    for (std::size_t i = 1; i < fields.size(); ++i) record.set_unreadable(i, why);
    return record;
  }
  if (status->state == 'Z' || status->state == 'X') return {};
  record.resource = fmt::format("process {} ({})", pid, status->name);
  record.set(ProcessField::name, status->name);
  record.set(ProcessField::state, std::string(1, status->state));
  record.set(ProcessField::parent, status->parent);
  record.set(ProcessField::uid, std::int64_t{status->uid});
  record.set(ProcessField::gid, std::int64_t{status->gid});
  record.fields[static_cast<std::size_t>(ProcessField::user)] = names.user(status->uid);

  // A kernel thread has no command line: no need to ask.
  const bool known_thread = status->kernel_thread && *status->kernel_thread;
  const auto command_line =
      known_thread ? Result<std::string>() : root.read(folder + "/cmdline", sources::max_proc_bytes);
  if (!command_line && has_ended(command_line.error())) return {};
  if (command_line) {
    record.set(ProcessField::arguments, split_arguments(*command_line));
  } else {
    record.set_unreadable(ProcessField::arguments, command_line.error());
  }
  const auto kernel_thread = is_kernel_thread(root, folder, *status, command_line);
  if (!kernel_thread) {
    if (has_ended(kernel_thread.error())) return {};
    record.set_unreadable(ProcessField::kernel_thread, kernel_thread.error());
  } else {
    record.set(ProcessField::kernel_thread, *kernel_thread);
  }
  set_executable(record, root, folder, kernel_thread && *kernel_thread);
  set_security_label(record, root, folder);
  return record;
}

/// Why processes may be missing from the list: mounted with hidepid, /proc hides those of others, and the first of all.
std::optional<Error> gap_in(const std::vector<std::string>& pids) {
  if (std::find(pids.begin(), pids.end(), "1") != pids.end()) return {};
  return Error{Error::Kind::denied, "/proc does not show process 1, so it may hide others, too (hidepid, proc(5))",
               "run as root, or as a member of the group that /proc is mounted with (gid=)"};
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto fail_all = [&](const Error& why) {
    for (std::size_t i = 0; i < requests.size(); ++i) sink.fail(i, why);
  };
  const auto& root = sources.root;
  if (!sources::kernel_visible(root)) return fail_all(sources::kernel_not_visible("/proc"));
  const auto entries = root.list("/proc");
  if (!entries) return fail_all(entries.error());
  const OwnerNames names(sources);
  const auto own = root.live() ? root.read_link("/proc/self") : Result<std::string>(std::string());

  std::vector<std::string> pids;
  for (const auto& entry : *entries) {
    if (is_number(entry.name)) pids.push_back(entry.name);
  }
  std::size_t described = 0;
  for (const auto& pid : pids) {
    if (sources.stop.stop_requested()) return fail_all(Error{Error::Kind::timed_out, "stopped while reading /proc"});
    if (own && pid == *own) continue;
    if (described == max_processes) {
      return fail_all(Error{Error::Kind::too_large, fmt::format("there are more than {} processes", max_processes)});
    }
    auto record = describe(pid, root, names);
    if (!record) continue;
    ++described;
    for (std::size_t i = 0; i + 1 < requests.size(); ++i) sink.add(i, *record);
    if (!requests.empty()) sink.add(requests.size() - 1, std::move(*record));
  }
  for (std::size_t i = 0; i < requests.size(); ++i) sink.looked_at(i, fmt::format("{} processes", described), "/proc");
  if (const auto gap = gap_in(pids)) fail_all(*gap);
}

}  // namespace

const Probe process_probe = {&schema, collect};

}  // namespace plimsoll::probes
