#include "engine/probes/kernel_command_line.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/formats/kernel_command_line.hpp"
#include "engine/formats/shell_assignments.hpp"
#include "engine/probes/boot_configuration.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  runtime,
  runtime_present,
  configured,
  configured_everywhere,
  configured_lowest,
  default_file
};

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {.name = "parameter",
     .type = ValueType::text,
     .meaning = "The name before the \"=\": audit, apparmor, audit_backlog_limit; dashes and underscores are alike."},
}};

constexpr std::array<FieldSchema, 6> fields = {{
    {.name = "runtime",
     .type = ValueType::scalar,
     .meaning = "The value that the running kernel was given, the last one where there are several; empty for a flag "
                "without a value; absent when the parameter was not given."},
    {.name = "runtime_present", .type = ValueType::boolean, .meaning = "Whether the running kernel was given it."},
    {.name = "configured",
     .type = ValueType::list,
     .meaning =
         "The distinct values that the boot menu entries on disk pass; an entry that does not pass it adds none. "
         "Recovery entries, other systems and memory tests are left out."},
    {.name = "configured_everywhere",
     .type = ValueType::boolean,
     .meaning = "Whether each of those entries passes it, with whatever value."},
    {.name = "configured_lowest",
     .type = ValueType::integer,
     .meaning = "The lowest of those values, for parameters that are numbers; absent when no entry passes it, and "
                "unreadable when a value is no decimal number."},
    {.name = "default_file",
     .type = ValueType::scalar,
     .meaning =
         "The value that the next update-grub would write, from GRUB_CMDLINE_LINUX and "
         "GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub and /etc/default/grub.d; absent when neither holds it."},
}};

constexpr std::array<std::string_view, 10> read_from = {"/proc/cmdline",
                                                        "/boot/grub/grub.cfg",
                                                        "/boot/grub2/grub.cfg",
                                                        "/boot/efi/EFI/*/grub.cfg",
                                                        "/boot/loader/entries/*.conf",
                                                        "/boot/efi/loader/entries/*.conf",
                                                        "/efi/loader/entries/*.conf",
                                                        "/etc/kernel/cmdline",
                                                        "/etc/default/grub",
                                                        "/etc/default/grub.d/*.cfg"};

constexpr ProbeSchema schema = {
    .name = "kernel.command_line",
    .summary =
        "One parameter of the kernel command line: as the running kernel got it, and as the boot loader's "
        "configuration passes it at the next boot.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .presence = "runtime_present",
    .sources = read_from,
};

struct GrubDefaults {
  formats::ShellAssignments values;
  std::optional<Error> error;
};

GrubDefaults read_grub_defaults(const sources::Root& root) {
  GrubDefaults out;
  const auto source_file = [&](const std::string& path) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (text) {
      out.values.read(path, *text);
    } else if (text.error().kind != Error::Kind::not_found && !out.error) {
      out.error = text.error();
    }
  };
  source_file("/etc/default/grub");
  const auto entries = root.list("/etc/default/grub.d");
  if (!entries) {
    if (entries.error().kind != Error::Kind::not_found && !out.error) out.error = entries.error();
    return out;
  }
  for (const auto& entry : *entries) {
    if (entry.name.ends_with(".cfg") && !entry.name.starts_with('.')) source_file("/etc/default/grub.d/" + entry.name);
  }
  return out;
}

void set_running(Record& record, const Result<std::string>& text, const std::string& parameter) {
  if (!text) {
    record.set_unreadable(runtime, text.error());
    record.set_unreadable(runtime_present, text.error());
    return;
  }
  auto values = formats::values_of_parameter(*text, parameter);
  record.set(runtime_present, !values.empty(), "/proc/cmdline");
  if (values.empty()) {
    record.set_absent(runtime, "/proc/cmdline");
    return;
  }
  auto& field = record.set(runtime, std::move(values.back()), "/proc/cmdline");
  values.pop_back();
  for (auto& earlier : values) field.overridden.push_back({"/proc/cmdline", std::move(earlier)});
}

void set_lowest(Record& record, const TextList& values, const std::string& source) {
  std::optional<std::int64_t> lowest;
  for (const auto& value : values) {
    const auto number = parse_integer(value);
    if (!number) {
      record.set_unreadable(configured_lowest,
                            {.kind = Error::Kind::malformed, .what = "\"" + value + "\" is not a decimal number"},
                            source);
      return;
    }
    lowest = std::min(lowest.value_or(*number), *number);
  }
  if (lowest) {
    record.set(configured_lowest, *lowest, source);
  } else {
    record.set_absent(configured_lowest);
  }
}

void set_configured(Record& record, const BootConfiguration& boot, const std::string& parameter) {
  TextList distinct;
  const LocatedEntry* without = nullptr;
  std::string first_source;
  std::optional<Error> why = boot.error;
  for (const auto& located : boot.entries) {
    auto values = formats::values_in_entry(located.entry, parameter);
    if (!values) {
      if (!why) why = Error{values.error().kind, located.source + ": " + values.error().what};
      continue;
    }
    if (values->empty()) {
      if (without == nullptr) without = &located;
      continue;
    }
    if (first_source.empty()) first_source = located.source;
    if (std::find(distinct.begin(), distinct.end(), values->back()) == distinct.end()) {
      distinct.push_back(std::move(values->back()));
    }
  }
  // One entry that was read and lacks it decides, whatever else could not be read.
  if (without != nullptr) {
    record.set(configured_everywhere, false, without->source);
  } else if (why) {
    record.set_unreadable(configured_everywhere, *why);
  } else {
    record.set(configured_everywhere, true, first_source);
  }
  if (why) {
    record.set_unreadable(configured, *why);
    record.set_unreadable(configured_lowest, *why);
    return;
  }
  std::sort(distinct.begin(), distinct.end());
  set_lowest(record, distinct, first_source);
  record.set(configured, std::move(distinct),
             first_source.empty() && without != nullptr ? without->source : first_source);
}

void set_default_file(Record& record, const GrubDefaults& defaults, const std::string& parameter) {
  if (defaults.error) {
    record.set_unreadable(default_file, *defaults.error);
    return;
  }
  // grub-mkconfig writes GRUB_CMDLINE_LINUX first, so the other one has the last word.
  std::vector<Overridden> found;
  const formats::ShellValue* unknown = nullptr;
  for (const std::string_view name : {"GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"}) {
    const auto* value = defaults.values.find(name);
    if (value == nullptr) continue;
    if (!value->literal) {
      unknown = value;
      continue;
    }
    auto values = formats::values_of_parameter(value->text, parameter);
    if (!values.empty()) unknown = nullptr;
    for (auto& one : values) found.push_back({value->source, std::move(one)});
  }
  if (unknown != nullptr) {
    record.set_unreadable(
        default_file,
        {Error::Kind::unsupported, unknown->source + ": shell expression, not followed: " + unknown->why_not},
        unknown->source);
  } else if (found.empty()) {
    record.set_absent(default_file, "/etc/default/grub");
  } else {
    auto last = std::move(found.back());
    found.pop_back();
    auto& field = record.set(default_file, std::move(last.value), std::move(last.source));
    field.overridden = std::move(found);
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& running = running_command_line(sources);
  const auto& boot = boot_configuration(sources);
  const auto defaults = read_grub_defaults(sources.root);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const std::string& parameter = requests[index].fact->text(0);
    Record record(fields.size());
    record.resource = "kernel parameter " + parameter;
    record.source = "/proc/cmdline";
    set_running(record, running.text, parameter);
    set_configured(record, boot, parameter);
    set_default_file(record, defaults, parameter);
    sink.add(index, std::move(record));
  }
}

}  // namespace

const Probe kernel_command_line_probe = {&schema, collect};

}  // namespace plimsoll::probes
