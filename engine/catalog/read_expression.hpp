// The check language: YAML in, typed expressions out. Everything is checked against the probes' schemas.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/diagnostics.hpp"
#include "engine/catalog/model.hpp"

namespace plimsoll::catalog {

/// What the readers of one file share.
struct ReadContext {
  std::span<const ProbeSchema* const> schemas;
  std::string (*check_pattern)(std::string_view) = nullptr;
  Reporter reporter;
};

/// The parameters that expressions may refer to. References to others are reported once, by `report_references`.
using Parameters = std::span<const Parameter>;

/// `check:` and `applies:`. Empty after anything was reported that leaves no sound expression.
[[nodiscard]] std::optional<OpenExpression> read_expression(const formats::YamlNode& node, Parameters parameters,
                                                            const ReadContext& context);

/// As above, and also the short form `{ package: { name: openssh-server } }`: probe → arguments and conditions; without
/// a condition, the thing must be there.
[[nodiscard]] std::optional<OpenExpression> read_applies(const formats::YamlNode& node, Parameters parameters,
                                                         const ReadContext& context);

/// A map of field → literal or operators, with `any`, `all` and `not` inside.
[[nodiscard]] std::optional<OpenCondition> read_condition(const formats::YamlNode& node, const ProbeSchema& probe,
                                                          Parameters parameters, const ReadContext& context);

/// One value: a literal, or a reference to a parameter of a fitting type.
[[nodiscard]] std::optional<Term> read_term(const formats::YamlNode& node, Wanted wanted, bool many,
                                            const std::string& what, std::span<const std::string_view> allowed,
                                            Parameters parameters, const ReadContext& context);

/// Reports each `$name` under the node that no parameter has, and marks those that one has in `used`.
void report_references(const formats::YamlNode& node, Parameters parameters, std::vector<bool>& used,
                       const Reporter& reporter,
                       std::string_view without_parameters = "declare it under `parameters:`");

}  // namespace plimsoll::catalog
