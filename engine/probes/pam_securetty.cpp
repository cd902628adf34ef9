#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/core/text.hpp"
#include "engine/formats/kernel_command_line.hpp"
#include "engine/formats/lines.hpp"
#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/pam_modules.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t { limits_root = pam_field_count, terminals, no_console, consoles, field_count };

constexpr std::string_view list_path = "/etc/securetty";
constexpr std::string_view vendor_path = "/usr/etc/securetty";
constexpr std::string_view active_path = "/sys/class/tty/console/active";
constexpr std::string_view command_line_path = "/proc/cmdline";

constexpr auto fields = with_pam_fields(std::array<FieldSchema, field_count - pam_field_count>{{
    {.name = "limits_root",
     .type = ValueType::boolean,
     .meaning = "Whether root is refused at terminals that are not named. Without the list the module refuses nobody, "
                "and one that is no plain file, or that everybody may write, lets root in nowhere."},
    {.name = "terminals",
     .type = ValueType::list,
     .meaning = "The lines of the list, without those that begin with # or are empty; absent without a list."},
    {.name = "no_console",
     .type = ValueType::boolean,
     .meaning = "Whether the argument noconsole is given, with which the kernel's consoles must be named as well."},
    {.name = "consoles",
     .type = ValueType::list,
     .meaning = "The consoles of the running kernel, at which root is let in without being named; empty with "
                "noconsole."},
}});

constexpr auto source_names =
    with_pam_sources(std::to_array<std::string_view>({list_path, vendor_path, command_line_path, active_path}));

constexpr ProbeSchema schema = {
    .name = "pam.securetty",
    .summary =
        "How the auth stacks of services call pam_securetty, which refuses root at terminals that are not "
        "named.",
    .cardinality = Cardinality::any,
    .arguments = pam_module_arguments,
    .fields = fields,
    .sources = source_names,
};

/// The list that the module opens; absent when there is none.
Result<std::optional<std::string_view>> find_list(const sources::Root& root) {
  for (const auto path : {list_path, vendor_path}) {
    const auto status = root.status(path);
    if (status) return path;
    if (!is_missing(status.error())) return std::unexpected(status.error());
  }
  return std::nullopt;
}

void fill_list(Record& record, const sources::Root& root) {
  const auto path = find_list(root);
  if (!path) {
    record.set_unreadable(limits_root, path.error(), std::string(list_path));
    record.set_unreadable(terminals, path.error(), std::string(list_path));
    return;
  }
  if (!*path) {
    record.set(limits_root, false, std::string(list_path));
    record.set_absent(terminals, std::string(list_path));
    return;
  }
  const std::string list(**path);
  record.set(limits_root, true, list);
  const auto status = root.status(list);
  constexpr std::uint32_t others_write = 0002;
  if (status && (status->type != sources::FileType::regular || (status->mode & others_write) != 0)) {
    record.set(terminals, TextList{}, list);
    return;
  }
  const auto text = root.read(list, sources::max_config_bytes);
  if (!text) {
    record.set_unreadable(terminals, text.error(), list);
    return;
  }
  TextList found;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto line = take_line(rest);
    if (!line.empty() && !line.starts_with('#')) found.emplace_back(line);
  }
  record.set(terminals, std::move(found), list);
}

/// What `console=` names on the kernel's command line, and what the kernel says that it uses.
void fill_consoles(Record& record, const sources::Root& root) {
  if (!sources::kernel_visible(root)) {
    record.set_unreadable(consoles, sources::kernel_not_visible(command_line_path));
    return;
  }
  TextList found;
  const auto add = [&](std::string_view name) {
    if (!name.empty() && std::ranges::find(found, name) == found.end()) found.emplace_back(name);
  };
  const auto command_line = root.read(command_line_path, sources::max_proc_bytes);
  if (!command_line && !is_missing(command_line.error())) {
    record.set_unreadable(consoles, command_line.error());
    return;
  }
  if (command_line) {
    for (const std::string_view value : formats::values_of_parameter(*command_line, "console")) {
      add(value.substr(0, value.find(',')));  // ttyS0,115200
    }
  }
  const auto active = root.read(active_path, sources::max_proc_bytes);
  if (!active && !is_missing(active.error())) {
    record.set_unreadable(consoles, active.error());
    return;
  }
  if (active) {
    auto rest = trimmed(*active);
    while (!rest.empty()) add(formats::take_word(rest));
  }
  record.set(consoles, std::move(found), std::string(active ? active_path : command_line_path));
}

void fill(const PamStackLine& line, const sources::Root& root, Record& record) {
  const bool without = std::ranges::find(line.arguments, "noconsole") != line.arguments.end();
  fill_list(record, root);
  record.set(no_console, without);
  if (without) {
    record.set(consoles, TextList{});
  } else {
    fill_consoles(record, root);
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    collect_pam_module(i, *requests[i].fact, formats::PamType::auth, "pam_securetty", sources, sink,
                       [&](const PamStackLine& line, Record& record) { fill(line, sources.root, record); });
  }
}

}  // namespace

const Probe pam_securetty_probe = {&schema, collect};

}  // namespace plimsoll::probes
