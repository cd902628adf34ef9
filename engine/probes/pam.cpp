#include "engine/probes/pam.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/pam_stacks.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  service,
  module_name,
  present,
  module_exists,
  control,
  silent,
  arguments_field,
  reachable,
  enforced,
  bypassed_by,
  included_by,
  problem,
  grants,
  field_count,
};

constexpr std::array<std::string_view, 4> types = {"auth", "account", "password", "session"};

constexpr std::array<ArgumentSchema, 5> arguments = {{
    {.name = "services",
     .type = ValueType::list,
     .meaning =
         "The services; of those without a file in pam.d there are no records. A file that others include, such as "
         "common-auth or system-auth, may stand here too."},
    {.name = "type", .meaning = "Which of the four stacks.", .allowed = types},
    {.name = "module",
     .required = false,
     .meaning = "Only the calls of this module, such as `pam_unix`; a service without one has a record that says so. "
                "Left out: all modules."},
    {.name = "argument",
     .required = false,
     .meaning = "With `module`: only the calls with this argument, such as `preauth`."},
    pam_other_argument,
}};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "service", .type = ValueType::text, .meaning = "The service."},
    {.name = "module",
     .type = ValueType::text,
     .meaning = "The module's name, without directory and `.so`; empty for a line that names none."},
    {.name = "present",
     .type = ValueType::boolean,
     .meaning =
         "Whether the stack has such a line; when false, it is not reachable and enforces nothing, and what stands "
         "on it is absent."},
    {.name = "module_exists",
     .type = ValueType::boolean,
     .meaning = "Whether the module's file is there; without it the line fails. Absent for a line that names none; "
                "unreadable where no directory of modules is known."},
    {.name = "control",
     .type = ValueType::text,
     .meaning = "What its outcome does, as written: `required`, `[success=1 default=ignore]`."},
    {.name = "silent",
     .type = ValueType::boolean,
     .meaning = "Whether the type is written with `-`, so that nobody is told when the module is missing."},
    {.name = "arguments", .type = ValueType::list, .meaning = "Its arguments."},
    {.name = "reachable",
     .type = ValueType::boolean,
     .meaning = "Whether some run of the stack comes to the line; false behind `sufficient pam_permit.so`, say."},
    {.name = "enforced",
     .type = ValueType::boolean,
     .meaning = "Whether the stack denies whenever the module does, whatever the others return."},
    {.name = "bypassed_by",
     .type = ValueType::list,
     .meaning = "The modules of earlier lines that can lead around this one to success, by ending the stack or by a "
                "jump."},
    {.name = "included_by",
     .type = ValueType::list,
     .meaning = "The lines that include the file it stands in, the service's own first; empty when it is that file."},
    {.name = "problem",
     .type = ValueType::text,
     .meaning = "Why libpam lets the line fail whatever happens; absent when it does not."},
    {.name = "grants", .type = ValueType::boolean, .meaning = pam_grants_meaning},
}};

constexpr auto source_names = with_pam_sources(std::to_array<std::string_view>({"the directories of PAM modules"}));

constexpr ProbeSchema schema = {
    .name = "pam",
    .summary =
        "The module calls of PAM stacks in their order, included files in their place, with what a run of the stack "
        "makes of each.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = source_names,
};

std::string resource_of(std::string_view service, std::string_view type, std::string_view module) {
  return fmt::format("PAM {} {}: {}", service, type, module);
}

Record record_of(const PamStack& stack, const PamStackLine& line, const std::string& of_service,
                 std::string_view type) {
  Record record(fields.size());
  record.resource = resource_of(of_service, type, line.module);
  record.source = line.source;
  record.set(service, of_service);
  record.set(module_name, line.module);
  record.set(present, true);
  record.fields[module_exists] = line.module_exists;
  record.set(control, line.control);
  record.set(silent, line.silent);
  record.set(arguments_field, line.arguments);
  record.set(reachable, line.outcome.reached);
  record.set(enforced, line.outcome.enforced);
  record.set(bypassed_by, line.bypassed_by);
  record.set(included_by, line.included_by);
  record.set(grants, stack.grants);
  if (line.problem.empty()) {
    record.set_absent(problem);
  } else {
    record.set(problem, line.problem);
  }
  return record;
}

Record record_of_none(const PamStack& stack, const std::string& of_service, std::string_view type,
                      const std::string& module) {
  Record record(fields.size());
  record.resource = resource_of(of_service, type, module);
  record.source = stack.path;
  for (std::size_t i = 0; i < fields.size(); ++i) record.set_absent(i);
  record.set(service, of_service);
  record.set(module_name, module);
  record.set(present, false);
  record.set(reachable, false);
  record.set(enforced, false);
  record.set(bypassed_by, TextList{});
  record.set(grants, stack.grants);
  return record;
}

void collect_one(std::size_t request, const FactRequest& fact, const sources::Sources& sources, RecordSink& sink) {
  const auto& type = fact.text(1);
  const auto wanted = formats::pam_type_named(type).value_or(formats::PamType::auth);
  const auto* module = fact.arguments[2] ? &fact.text(2) : nullptr;
  const auto* argument = fact.arguments[3] ? &fact.text(3) : nullptr;
  for (const auto& name : std::get<TextList>(*fact.arguments[0])) {
    const auto found = read_pam_stack(sources, name, wanted, pam_other_of(fact));
    if (!found) {
      sink.fail(request, found.error());
      continue;
    }
    const auto& stack = *found;
    if (stack->path.empty()) continue;
    bool any = false;
    for (const auto& line : stack->lines) {
      if (module != nullptr && line.module != *module) continue;
      if (argument != nullptr && std::ranges::find(line.arguments, *argument) == line.arguments.end()) continue;
      any = true;
      sink.add(request, record_of(*stack, line, name, type));
    }
    if (!any && module != nullptr) sink.add(request, record_of_none(*stack, name, type, *module));
  }
  sink.looked_at(request, "none of the services has a file", "/etc/pam.d");
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) collect_one(i, *requests[i].fact, sources, sink);
}

}  // namespace

const Probe pam_probe = {&schema, collect};

}  // namespace plimsoll::probes
