#include "engine/probes/unit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "engine/probes/unit_files.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  exists,
  enabled,
  enabled_state,
  masked,
  active,
  load_path,
  drop_ins,
  wanted_by,
  activated_by,
  conditions,
  field_count,
};

constexpr std::array<std::string_view, 15> states = {"enabled",
                                                     "enabled-runtime",
                                                     "linked",
                                                     "linked-runtime",
                                                     "alias",
                                                     "masked",
                                                     "masked-runtime",
                                                     "static",
                                                     "indirect",
                                                     "disabled",
                                                     "generated",
                                                     "transient",
                                                     "not-found",
                                                     "enabled (init script)",
                                                     "disabled (init script)"};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "exists",
     .type = ValueType::boolean,
     .meaning = "Whether a unit file or an init script of this name is installed, also when it is masked."},
    {.name = "enabled",
     .type = ValueType::boolean,
     .meaning = "Whether it is started at boot or with another unit: a .wants, .requires or .upholds link or an alias "
                "from its [Install] section leads to it in any unit directory, and no mask that outlives a reboot "
                "hides it. See activated_by "
                "for sockets and timers."},
    {.name = "enabled_state",
     .type = ValueType::text,
     .meaning = "What `systemctl is-enabled` prints; for a script in /etc/init.d without a unit, \"enabled (init "
                "script)\" or \"disabled (init script)\" by its links in /etc/rc2.d to /etc/rc5.d.",
     .allowed = states},
    {.name = "masked",
     .type = ValueType::boolean,
     .meaning = "Whether it can be started at all is ruled out by a mask."},
    {.name = "active",
     .type = ValueType::boolean,
     .meaning =
         "Whether systemd runs it now or is starting it; cannot be observed where systemd is not the running init."},
    {.name = "load_path",
     .type = ValueType::text,
     .meaning = "The unit file that is loaded, or the init script; absent when there is none or it is masked."},
    {.name = "drop_ins", .type = ValueType::list, .meaning = "The .conf files that change the unit, in order."},
    {.name = "wanted_by",
     .type = ValueType::list,
     .meaning = "The units whose .wants, .requires or .upholds links start it, sorted."},
    {.name = "activated_by",
     .type = ValueType::list,
     .meaning =
         "Sockets, timers and paths of the same name that are enabled: they start the unit on demand, though it is "
         "not enabled itself."},
    {.name = "conditions",
     .type = ValueType::list,
     .meaning =
         "Condition and assertion lines that keep it from starting where they do not hold: \"ConditionPathExists=…\"."},
}};

constexpr std::array<ArgumentSchema, 1> arguments = {
    {{.name = "name",
      .meaning = "The name of the unit with its type: \"ssh.service\", \"tmp.mount\", \"foo@bar.service\"."}}};

constexpr std::array<std::string_view, 4> source_names = {"/etc/systemd/system", "/run/systemd",
                                                          "/usr/lib/systemd/system", "/etc/init.d"};

constexpr ProbeSchema schema = {
    .name = "unit",
    .summary =
        "A systemd unit: the file that counts by systemd.unit(5), masks, aliases, drop-ins, the links that start "
        "it, and whether it runs now.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .presence = "exists",
    .sources = source_names,
};

/// Whether systemd runs the unit: it keeps one link per unit that is not inactive (unit_export_invocation_id and
/// unit_unlink_state_files in its unit.c); the kernel's own count of processes is the second witness.
void set_active(Record& record, const sources::Root& root, const std::string& name) {
  const auto running = root.status("/run/systemd/system");
  if (!running) {
    record.set_unreadable(active,
                          running.error().kind == Error::Kind::not_found
                              ? Error{Error::Kind::unobservable, "systemd is not the running init of this root"}
                              : running.error(),
                          "/run/systemd/system");
    return;
  }
  const auto link = fmt::format("/run/systemd/units/invocation:{}", name);
  const auto invocation = root.read_link(link);
  if (invocation) {
    record.set(active, true, link);
    return;
  }
  const auto events = fmt::format("/sys/fs/cgroup/system.slice/{}/cgroup.events", name);
  const auto text = root.read(events, sources::max_proc_bytes);
  if (text && text->find("populated 1") != std::string::npos) {
    record.set(active, true, events);
  } else if (invocation.error().kind == Error::Kind::not_found) {
    record.set(active, false, link);
  } else {
    record.set_unreadable(active, invocation.error(), link);
  }
}

struct InitScript {
  bool installed = false;
  bool started = false;
  std::string path;
  std::string link;
};

/// A script that systemd would turn into a unit (systemd-sysv-generator(8)).
Result<InitScript> find_init_script(const sources::Root& root, std::string_view name) {
  InitScript script;
  if (!name.ends_with(".service")) return script;
  name.remove_suffix(std::string_view(".service").size());
  script.path = fmt::format("/etc/init.d/{}", name);
  const auto status = root.status(script.path);
  if (!status) {
    if (status.error().kind == Error::Kind::not_found) return script;
    return std::unexpected(status.error());
  }
  script.installed = status->type == sources::FileType::regular && (status->mode & 0111U) != 0;
  for (const char level : {'2', '3', '4', '5'}) {
    const auto directory = fmt::format("/etc/rc{}.d", level);
    const auto links = root.list(directory);
    if (!links) {
      if (links.error().kind == Error::Kind::not_found) continue;
      return std::unexpected(links.error());
    }
    for (const auto& link : *links) {
      const bool starts = link.name.size() > 3 && link.name.front() == 'S' && link.name.substr(3) == name;
      if (!starts || script.started) continue;
      script.started = true;
      script.link = fmt::format("{}/{}", directory, link.name);
    }
  }
  return script;
}

void set_lists(Record& record, const UnitFiles& files, const Unit& unit) {
  record.set(drop_ins, TextList(unit.drop_ins));
  std::vector<std::string> lines;
  for (const auto& assignment : unit.assignments) {
    const bool condition = assignment.key.starts_with("Condition") || assignment.key.starts_with("Assert");
    if (assignment.section != "Unit" || !condition) continue;
    // An empty assignment drops the whole list of its kind, whatever the conditions were about.
    if (assignment.value.empty()) {
      const auto kind = assignment.key.starts_with("Condition") ? "Condition" : "Assert";
      std::erase_if(lines, [&](const std::string& line) { return line.starts_with(kind); });
    } else {
      lines.push_back(fmt::format("{}={}", assignment.key, assignment.value));
    }
  }
  record.set(conditions, std::move(lines));

  std::set<std::string> pulled_by;
  for (const auto* link : files.links_at_boot(unit)) {
    if (!link->pulled_by.empty()) pulled_by.insert(link->pulled_by);
  }
  record.set(wanted_by, TextList(pulled_by.begin(), pulled_by.end()));
}

/// Errors make the field unreadable: a socket that cannot be judged may start the unit.
void set_activated_by(Record& record, const UnitFiles& files, std::string_view name) {
  TextList found;
  if (name.ends_with(".service")) {
    const auto stem = name.substr(0, name.size() - std::string_view(".service").size());
    for (const std::string_view type : {"path", "socket", "timer"}) {
      const auto starter = files.load(fmt::format("{}.{}", stem, type));
      if (!starter) {
        record.set_unreadable(activated_by, starter.error());
        return;
      }
      if (starter->mask.empty() && !starter->path.empty() && !files.links_at_boot(*starter).empty()) {
        found.push_back(starter->name);
      }
    }
  }
  record.set(activated_by, std::move(found));
}

/// Whether a mask is gone after the next boot. What generators make below /run they make again.
bool drops_at_reboot(std::string_view mask) {
  return mask.starts_with("/run/") && !mask.starts_with("/run/systemd/generator");
}

void set_state(Record& record, const sources::Root& root, const UnitFiles& files, const Unit& unit,
               const std::string& asked) {
  const bool is_masked = !unit.mask.empty();
  record.set(masked, is_masked, unit.mask);
  if (!unit.path.empty()) {
    const auto links = files.links_at_boot(unit);
    record.source = unit.path;
    record.set(exists, true);
    record.set(load_path, unit.path);
    record.set(enabled, !links.empty(), links.empty() ? "" : links.front()->path());
    record.set(enabled_state, std::string(files.state_of(unit)));
    return;
  }
  record.source = is_masked ? unit.mask : "/etc/systemd/system";
  record.set_absent(load_path);
  if (is_masked) {
    record.set(exists, files.has_file(asked), unit.mask);
    const auto links = drops_at_reboot(unit.mask) && files.has_file(asked) ? files.links_at_boot(unit)
                                                                           : std::vector<const UnitEntry*>{};
    record.set(enabled, !links.empty(), links.empty() ? unit.mask : links.front()->path());
    record.set(enabled_state, std::string(files.state_of(unit)), unit.mask);
    return;
  }
  const auto script = find_init_script(root, unit.name);
  if (!script) {
    for (const auto field : {exists, enabled, enabled_state}) record.set_unreadable(field, script.error());
    return;
  }
  record.set(exists, script->installed);
  record.set(enabled, script->installed && script->started, script->link);
  if (!script->installed) {
    record.set(enabled_state, std::string("not-found"));
    return;
  }
  record.source = script->path;
  record.set(load_path, script->path);
  record.set(enabled_state, std::string(script->started ? "enabled (init script)" : "disabled (init script)"),
             script->link);
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& files = unit_files_of(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto& name = requests[index].fact->text(0);
    if (files.error() != nullptr) {
      sink.fail(index, *files.error());
      continue;
    }
    const auto unit = files.load(name);
    if (!unit) {
      sink.fail(index, unit.error());
      continue;
    }
    Record record(fields.size());
    record.resource = name;
    set_state(record, sources.root, files, *unit, name);
    set_lists(record, files, *unit);
    set_activated_by(record, files, unit->name);
    set_active(record, sources.root, unit->name);
    sink.add(index, std::move(record));
  }
}

}  // namespace

const Probe unit_probe = {&schema, collect};

}  // namespace plimsoll::probes
