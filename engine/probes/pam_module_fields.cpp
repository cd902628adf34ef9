#include "engine/probes/pam_module_fields.hpp"

#include <fmt/core.h>

#include <utility>

namespace plimsoll::probes {

void PamValue::take(Value value, ValueType type, std::string from) {
  if (!is_default_ && value_) overridden_.push_back({std::move(source_), to_text(*value_, type_)});
  value_ = std::move(value);
  type_ = type;
  source_ = std::move(from);
  is_default_ = false;
}

Field PamValue::field() const {
  Field field{Absent{}, source_, overridden_};
  if (value_) field.state = *value_;
  return field;
}

PamArgument split_pam_argument(std::string_view argument) {
  const auto equals = argument.find('=');
  if (equals == std::string_view::npos) return {argument, {}};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

PamOther pam_other_of(const FactRequest& fact) {
  const auto& arguments = fact.probe->arguments;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].name != pam_other_argument.name || !fact.arguments[i]) continue;
    return std::get<bool>(*fact.arguments[i]) ? PamOther::taken : PamOther::left_out;
  }
  return PamOther::left_out;
}

void collect_pam_module(std::size_t request, const FactRequest& fact, formats::PamType type, std::string_view module,
                        const sources::Sources& sources, RecordSink& sink, const FillPamRecord& fill) {
  const auto field_count = fact.probe->fields.size();
  const auto new_record = [&](const std::string& service, std::string source) {
    Record record(field_count);
    record.resource = fmt::format("PAM {} {}: {}", service, name_of(type), module);
    record.source = std::move(source);
    record.set(pam_service, service);
    return record;
  };
  for (const auto& service : std::get<TextList>(*fact.arguments[0])) {
    const auto found = read_pam_stack(sources, service, type, pam_other_of(fact));
    if (!found) {
      sink.fail(request, found.error());
      continue;
    }
    const auto& stack = *found;
    if (stack->path.empty()) continue;
    bool any = false;
    std::string unreached = stack->path;
    for (const auto& line : stack->lines) {
      if (line.module != module) continue;
      if (!line.outcome.reached) {
        unreached = line.source;
        continue;
      }
      any = true;
      auto record = new_record(service, line.source);
      record.set(pam_called, true);
      record.set(pam_enforced, line.outcome.enforced);
      record.set(pam_bypassed_by, line.bypassed_by);
      record.set(pam_grants, stack->grants);
      fill(line, record);
      sink.add(request, std::move(record));
    }
    if (any) continue;
    auto record = new_record(service, unreached);
    for (std::size_t i = pam_field_count; i < field_count; ++i) record.set_absent(i);
    record.set(pam_called, false);
    record.set(pam_enforced, false);
    record.set(pam_bypassed_by, TextList{});
    record.set(pam_grants, stack->grants);
    sink.add(request, std::move(record));
  }
  sink.looked_at(request, "none of the services has a file", "/etc/pam.d");
}

}  // namespace plimsoll::probes
