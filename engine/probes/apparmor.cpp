#include "engine/probes/apparmor.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/process_status.hpp"
#include "engine/probes/apparmor_profiles.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 6> modes = {"enforce", "complain", "kill", "unconfined", "prompt", "mixed"};
constexpr std::array<std::string_view, 6> boot_modes = {"enforce",    "complain", "kill",
                                                        "unconfined", "prompt",   "disabled"};

enum ProfileField : std::size_t { name, mode, at_boot, profile_field_count };

constexpr std::array<FieldSchema, profile_field_count> profile_fields = {{
    {.name = "name", .type = ValueType::text, .meaning = "Its name, with that of its parent: \"man//groff\"."},
    {.name = "mode",
     .type = ValueType::text,
     .meaning = "What the kernel does with it now; absent when it is not loaded.",
     .allowed = modes},
    {.name = "at_boot",
     .type = ValueType::text,
     .meaning = "What the next boot loads from the files in /etc/apparmor.d, with their flags and the links in "
                "force-complain and disable; absent when no file has it, as for profiles that a program loads.",
     .allowed = boot_modes},
}};
constexpr std::array<std::string_view, 4> profile_read_from = {"/sys/kernel/security/apparmor/profiles",
                                                               "/sys/module/apparmor/parameters/enabled",
                                                               "/etc/apparmor.d", "/var/lib/snapd/apparmor/profiles"};
constexpr ProbeSchema profile_schema = {
    .name = "apparmor.profile",
    .summary = "The profiles of AppArmor: those that the kernel has loaded, and those that files will have it load.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = profile_fields,
    .sources = profile_read_from,
};

struct Known {
  const formats::AppArmorLabel* loaded = nullptr;
  const DiskProfile* disk = nullptr;
};

std::map<std::string, Known, std::less<>> all_profiles(const AppArmorProfiles& found) {
  std::map<std::string, Known, std::less<>> known;
  if (found.loaded) {
    for (const auto& label : *found.loaded) known[label.name].loaded = &label;
  }
  for (const auto& disk : found.on_disk) {
    auto& slot = known[disk.profile.name].disk;
    if (slot == nullptr || slot->mode == "disabled") slot = &disk;
  }
  return known;
}

void set_at_boot(Record& record, const DiskProfile* disk, const AppArmorProfiles& found) {
  if (disk != nullptr) {
    record.set(at_boot, disk->mode, disk->source);
  } else if (found.disk_error) {
    record.set_unreadable(at_boot, *found.disk_error);
  } else {
    record.set_absent(at_boot, std::string(apparmor_directory));
  }
}

void collect_profiles(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = apparmor_profiles(sources);
  const auto known = all_profiles(found);
  for (const auto& [profile, one] : known) {
    Record record(profile_fields.size());
    record.resource = "AppArmor profile " + profile;
    record.source = one.loaded != nullptr || one.disk == nullptr ? std::string(apparmor_loaded_path) : one.disk->source;
    record.set(name, profile);
    if (one.loaded != nullptr) {
      record.set(mode, one.loaded->mode, std::string(apparmor_loaded_path));
    } else if (!found.loaded) {
      record.set_unreadable(mode, found.loaded.error());
    } else {
      record.set_absent(mode, std::string(apparmor_loaded_path));
    }
    set_at_boot(record, one.disk, found);
    for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
  }
  for (std::size_t index = 0; index < requests.size(); ++index) {
    sink.looked_at(index, fmt::format("{} profiles", known.size()), std::string(apparmor_loaded_path));
    // Without the kernel's list the files still tell, unless there are none.
    if (!found.loaded && known.empty()) {
      sink.fail(index, found.loaded.error());
    } else if (found.disk_error) {
      sink.fail(index, *found.disk_error);
    }
  }
}

enum ProcessField : std::size_t { pid, program, executable, confined, profile_name, profile_mode, process_field_count };

constexpr std::array<FieldSchema, process_field_count> process_fields = {{
    {.name = "pid", .type = ValueType::integer, .meaning = "Its process id, as the host counts."},
    {.name = "program", .type = ValueType::text, .meaning = "The short name that it gave itself."},
    {.name = "executable", .type = ValueType::text, .meaning = "The file it runs."},
    {.name = "confined",
     .type = ValueType::boolean,
     .meaning = "Whether a profile is in force for it; false for one that was started before its profile was loaded."},
    {.name = "profile",
     .type = ValueType::text,
     .meaning = "That profile; of a process that is not confined the loaded one that is meant for its program."},
    {.name = "mode", .type = ValueType::text, .meaning = "The mode of that profile.", .allowed = modes},
}};
constexpr std::array<std::string_view, 5> process_read_from = {
    "/proc/PID/attr/apparmor/current", "/proc/PID/attr/current", "/proc/PID/exe",
    "/sys/kernel/security/apparmor/profiles", "/etc/apparmor.d"};
constexpr ProbeSchema process_schema = {
    .name = "apparmor.process",
    .summary =
        "Processes that AppArmor confines, and those that it does not although a loaded profile is meant for their "
        "program; those of containers included. None where AppArmor is off.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = process_fields,
    .sources = process_read_from,
};

/// A loaded profile and the patterns of the programs that it is meant for.
struct Attachment {
  const formats::AppArmorLabel* label;
  std::vector<std::string> patterns;
};

std::vector<Attachment> attachments_of(const AppArmorProfiles& found) {
  std::vector<Attachment> out;
  for (const auto& [profile, one] : all_profiles(found)) {
    if (one.loaded == nullptr || profile.find("//") != std::string::npos) continue;
    std::string_view attachment = one.disk != nullptr ? std::string_view(one.disk->profile.attachment) : "";
    if (attachment.empty() && profile.starts_with('/')) attachment = profile;
    if (attachment.empty()) continue;
    out.push_back({one.loaded, formats::expand_apparmor_pattern(attachment, found.tunables)});
  }
  return out;
}

const formats::AppArmorLabel* meant_for(const std::vector<Attachment>& attachments, std::string_view path) {
  for (const auto& attachment : attachments) {
    for (const auto& pattern : attachment.patterns) {
      if (formats::apparmor_pattern_matches(pattern, path)) return attachment.label;
    }
  }
  return nullptr;
}

/// Where several security modules run, the directory of AppArmor has its own label.
Result<std::string> read_label(const sources::Root& root, const std::string& folder) {
  auto own = root.read(folder + "/attr/apparmor/current", sources::max_proc_bytes);
  if (own || own.error().kind == Error::Kind::denied) return own;
  return root.read(folder + "/attr/current", sources::max_proc_bytes);
}

class Processes {
 public:
  Processes(const sources::Sources& sources, std::size_t requests, RecordSink& sink)
      : root_(sources.root),
        stop_(sources.stop),
        found_(apparmor_profiles(sources)),
        attachments_(attachments_of(found_)),
        requests_(requests),
        sink_(sink) {}

  std::optional<Error> run() {
    if (!found_.enabled) return found_.enabled.error();
    if (!*found_.enabled) return std::nullopt;
    const auto entries = root_.list("/proc");
    if (!entries) return entries.error();
    bool saw_first = false;
    for (const auto& entry : *entries) {
      if (stop_.stop_requested()) return Error{Error::Kind::timed_out, "stopped while reading /proc"};
      if (entry.name.empty() || !std::all_of(entry.name.begin(), entry.name.end(), is_digit)) continue;
      saw_first = saw_first || entry.name == "1";
      describe(entry.name);
    }
    if (!found_.loaded) return found_.loaded.error();
    if (!saw_first) {
      return Error{Error::Kind::denied, "/proc does not show process 1, so it may hide others, too (hidepid, proc(5))",
                   "run as root, or as a member of the group that /proc is mounted with (gid=)"};
    }
    return std::nullopt;
  }

 private:
  void describe(const std::string& number) {
    const auto folder = "/proc/" + number;
    const auto link = root_.read_link(folder + "/exe");
    if (!link && link.error().kind == Error::Kind::not_found) return;  // a thread of the kernel, or it has ended
    auto label_text = read_label(root_, folder);
    if (!label_text && label_text.error().kind == Error::Kind::not_found) return;
    Record record(process_fields.size());
    record.source = folder + "/attr/current";
    record.set(pid, parse_integer(number).value_or(0));
    set_program(record, number, folder);
    std::string path;
    if (link) {
      constexpr std::string_view deleted = " (deleted)";
      path = link->ends_with(deleted) ? link->substr(0, link->size() - deleted.size()) : *link;
      record.set(executable, path, folder + "/exe");
    } else {
      record.set_unreadable(executable, link.error());
    }
    if (!label_text) {
      for (const auto field : {confined, profile_name, profile_mode}) {
        record.set_unreadable(field, label_text.error());
      }
      return add(record);
    }
    const auto label = formats::parse_apparmor_label(*label_text);
    if (label.name != "unconfined" || !label.mode.empty()) {
      record.set(confined, true);
      record.set(profile_name, label.name);
      set_mode(record, label);
      return add(record);
    }
    if (!link) {
      for (const auto field : {confined, profile_name, profile_mode}) record.set_unreadable(field, link.error());
      return add(record);
    }
    // Hosts run the same few programs many times.
    auto known = meant_.find(path);
    if (known == meant_.end()) known = meant_.emplace(path, meant_for(attachments_, path)).first;
    const auto* meant = known->second;
    if (meant == nullptr) return;
    record.set(confined, false);
    record.set(profile_name, meant->name);
    set_mode(record, *meant);
    add(record);
  }

  static void set_mode(Record& record, const formats::AppArmorLabel& label) {
    if (label.mode.empty()) {
      record.set_absent(profile_mode);
    } else {
      record.set(profile_mode, label.mode);
    }
  }

  void set_program(Record& record, const std::string& number, const std::string& folder) {
    record.resource = "process " + number;
    const auto text = root_.read(folder + "/status", sources::max_proc_bytes);
    const auto status = text ? formats::parse_process_status(*text) : std::unexpected(text.error());
    if (status) {
      record.resource = fmt::format("process {} ({})", number, status->name);
      record.set(program, status->name);
    } else {
      record.set_unreadable(program, status.error());
    }
  }

  void add(const Record& record) {
    for (std::size_t index = 0; index < requests_; ++index) sink_.add(index, record);
  }

  const sources::Root& root_;
  std::stop_token stop_;
  const AppArmorProfiles& found_;
  std::vector<Attachment> attachments_;
  std::map<std::string, const formats::AppArmorLabel*, std::less<>> meant_;
  std::size_t requests_;
  RecordSink& sink_;
};

void collect_processes(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto error = Processes(sources, requests.size(), sink).run();
  for (std::size_t index = 0; index < requests.size(); ++index) {
    sink.looked_at(index, "the labels of all processes", "/proc");
    if (error) sink.fail(index, *error);
  }
}

}  // namespace

const Probe apparmor_profile_probe = {&profile_schema, collect_profiles};
const Probe apparmor_process_probe = {&process_schema, collect_processes};

}  // namespace plimsoll::probes
