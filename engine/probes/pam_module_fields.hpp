// What the probes of single PAM modules have in common: one record for each call of the module that a run of the stack
// comes to, and one that says so for a service without such a call.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/probes/pam_stacks.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

/// The first fields of all these probes.
enum PamModuleField : std::size_t { pam_service, pam_called, pam_enforced, pam_bypassed_by, pam_grants };
inline constexpr std::size_t pam_field_count = 5;

inline constexpr std::string_view pam_grants_meaning =
    "Whether any run of the whole stack ends in success; false for one that lets nobody in.";

inline constexpr std::array<FieldSchema, pam_field_count> pam_module_fields = {{
    {.name = "service", .type = ValueType::text, .meaning = "The service."},
    {.name = "called",
     .type = ValueType::boolean,
     .meaning = "Whether some run of the service's stack calls the module; when false, it enforces nothing, and its "
                "settings are absent."},
    {.name = "enforced",
     .type = ValueType::boolean,
     .meaning = "Whether the stack denies whenever the module does, whatever the others return."},
    {.name = "bypassed_by",
     .type = ValueType::list,
     .meaning = "The modules of earlier lines that can lead around this one to success."},
    {.name = "grants", .type = ValueType::boolean, .meaning = pam_grants_meaning},
}};

template <std::size_t Count>
constexpr std::array<FieldSchema, pam_field_count + Count> with_pam_fields(const std::array<FieldSchema, Count>& own) {
  std::array<FieldSchema, pam_field_count + Count> all = {};
  for (std::size_t i = 0; i < pam_field_count; ++i) all[i] = pam_module_fields[i];
  for (std::size_t i = 0; i < Count; ++i) all[pam_field_count + i] = own[i];
  return all;
}

inline constexpr ArgumentSchema pam_services_argument = {
    .name = "services",
    .type = ValueType::list,
    .meaning =
        "The services; those without a file in pam.d are passed over. A file that others include, such as "
        "common-auth or system-auth, may stand here too."};

inline constexpr ArgumentSchema pam_other_argument = {
    .name = "or_other",
    .type = ValueType::boolean,
    .required = false,
    .meaning =
        "Whether a service without a line of the type is answered as libpam does, with the lines of the service "
        "`other`; false for files that others include.",
    .fallback = "false"};

inline constexpr std::array<ArgumentSchema, 2> pam_module_arguments = {pam_services_argument, pam_other_argument};

/// What the argument `or_other`, wherever it stands, asks for.
[[nodiscard]] PamOther pam_other_of(const FactRequest& fact);

/// What these probes read: the stacks first.
template <std::size_t Count>
constexpr std::array<std::string_view, 3 + Count> with_pam_sources(const std::array<std::string_view, Count>& own) {
  std::array<std::string_view, 3 + Count> all = {"/etc/pam.d/*", "/usr/lib/pam.d/*", "/etc/pam.conf"};
  for (std::size_t i = 0; i < Count; ++i) all[3 + i] = own[i];
  return all;
}

/// A setting on its way to the value that counts: each that is read takes the place of the one before.
class PamValue {
 public:
  /// `from` tells where the program's own default is from: "default of pam_faillock".
  PamValue(std::optional<Value> value, std::string from) : value_(std::move(value)), source_(std::move(from)) {}
  void take(Value value, ValueType type, std::string from);
  [[nodiscard]] Field field() const;
  [[nodiscard]] const std::optional<Value>& value() const { return value_; }

 private:
  std::optional<Value> value_;
  std::string source_;
  bool is_default_ = true;
  std::vector<Overridden> overridden_;
  ValueType type_ = ValueType::text;
};

/// The name and value of an argument: "deny=5" → deny, 5.
struct PamArgument {
  std::string_view name;
  std::string_view value;
};
[[nodiscard]] PamArgument split_pam_argument(std::string_view argument);

/// Fills the fields behind the common ones.
using FillPamRecord = std::function<void(const PamStackLine& line, Record& record)>;

/// Answers one request, whose first argument is `services`.
void collect_pam_module(std::size_t request, const FactRequest& fact, formats::PamType type, std::string_view module,
                        const sources::Sources& sources, RecordSink& sink, const FillPamRecord& fill);

}  // namespace plimsoll::probes
