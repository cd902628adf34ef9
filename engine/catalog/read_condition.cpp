#include <fmt/core.h>

#include <algorithm>

#include "engine/catalog/map_reader.hpp"
#include "engine/catalog/operators.hpp"
#include "engine/catalog/read_expression.hpp"

namespace plimsoll::catalog {

namespace {

using formats::YamlNode;

// Joins tests that must all hold; one test stands for itself.
OpenCondition joined(std::vector<OpenCondition> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  OpenCondition condition;
  condition.kind = Condition::Kind::all;
  condition.parts = std::move(parts);
  return condition;
}

class ConditionReader {
 public:
  ConditionReader(const ProbeSchema& probe, Parameters parameters, const ReadContext& context)
      : probe_(probe), parameters_(parameters), context_(context) {}

  std::optional<OpenCondition> read(const YamlNode& node) const {
    const auto& reporter = context_.reporter;
    if (!node.is_map()) {
      reporter.add("wrong-shape", node, fmt::format("a condition is a map of fields, not {}", described(node)));
      return std::nullopt;
    }
    if (node.entries.empty()) {
      reporter.add("empty-condition", node, "this condition states nothing");
      return std::nullopt;
    }
    report_duplicate_keys(node, reporter);
    std::vector<OpenCondition> parts;
    bool sound = true;
    for (const auto& [key, value] : node.entries) {
      auto part = read_entry(key, value);
      if (part) {
        parts.push_back(std::move(*part));
      } else {
        sound = false;
      }
    }
    return sound ? std::optional(joined(std::move(parts))) : std::nullopt;
  }

 private:
  std::optional<OpenCondition> read_entry(const YamlNode& key, const YamlNode& value) const {
    if (key.text == "not") {
      auto part = read(value);
      if (!part) return std::nullopt;
      OpenCondition condition;
      condition.kind = Condition::Kind::negation;
      condition.parts.push_back(std::move(*part));
      return condition;
    }
    if (key.text == "any" || key.text == "all") return read_several(key, value);
    const int index = field_index(probe_, key.text);
    if (index < 0) {
      report_field(key);
      return std::nullopt;
    }
    return read_tests(static_cast<std::uint16_t>(index), value);
  }

  void report_field(const YamlNode& key) const {
    std::vector<std::string_view> names;
    for (const auto& field : probe_.fields) names.push_back(field.name);
    std::string hint = suggestion(key.text, names);
    if (argument_index(probe_, key.text) >= 0) hint = "it is an argument: it stands beside `probe`, not in a condition";
    if (operator_named(key.text)) hint = "an operator stands under a field: `field: { " + key.text + ": … }`";
    context_.reporter.add("unknown-field", key, fmt::format("probe `{}` has no field `{}`", probe_.name, key.text),
                          std::move(hint));
  }

  std::optional<OpenCondition> read_several(const YamlNode& key, const YamlNode& value) const {
    if (!value.is_sequence() || value.items.empty()) {
      context_.reporter.add("wrong-shape", value, fmt::format("`{}` in a condition is a list of conditions", key.text));
      return std::nullopt;
    }
    OpenCondition condition;
    condition.kind = key.text == "any" ? Condition::Kind::any : Condition::Kind::all;
    bool sound = true;
    for (const auto& item : value.items) {
      auto part = read(item);
      if (part) {
        condition.parts.push_back(std::move(*part));
      } else {
        sound = false;
      }
    }
    return sound ? std::optional(std::move(condition)) : std::nullopt;
  }

  std::optional<OpenCondition> read_tests(std::uint16_t field, const YamlNode& value) const {
    if (!value.is_map()) return read_test(field, Operator::equals, value, value);
    if (value.entries.empty()) {
      context_.reporter.add("empty-condition", value,
                            fmt::format("the condition on field `{}` states nothing", probe_.fields[field].name));
      return std::nullopt;
    }
    report_duplicate_keys(value, context_.reporter);
    std::vector<OpenCondition> tests;
    bool sound = true;
    for (const auto& [key, operand] : value.entries) {
      const auto op = operator_named(key.text);
      std::optional<OpenCondition> test;
      if (op) {
        test = read_test(field, *op, key, operand);
      } else {
        report_operator(key, probe_.fields[field]);
      }
      if (test) {
        tests.push_back(std::move(*test));
      } else {
        sound = false;
      }
    }
    return sound ? std::optional(joined(std::move(tests))) : std::nullopt;
  }

  void report_operator(const YamlNode& key, const FieldSchema& field) const {
    const auto names = operator_names();
    std::string hint = suggestion(key.text, names);
    if (hint.empty())
      hint = fmt::format("for {} there are {}", name_of(field.type), listed(operators_for(field.type), "and"));
    context_.reporter.add("unknown-operator", key, fmt::format("there is no operator `{}`", key.text), std::move(hint));
  }

  std::optional<OpenCondition> read_test(std::uint16_t index, Operator op, const YamlNode& place,
                                         const YamlNode& operand) const {
    const FieldSchema& field = probe_.fields[index];
    const auto rule = operand_rule(op, field.type);
    if (!rule) {
      std::string hint =
          fmt::format("for {} there are {}", name_of(field.type), listed(operators_for(field.type), "and"));
      if (field.type == ValueType::version && op == Operator::at_least) hint = "did you mean `version_at_least`?";
      context_.reporter.add(
          "wrong-operator", place,
          fmt::format("`{}` does not fit field `{}`, whose type is {}", name_of(op), field.name, name_of(field.type)),
          std::move(hint));
      return std::nullopt;
    }
    const std::string what = op == Operator::equals ? fmt::format("field `{}`", field.name)
                                                    : fmt::format("`{}` on field `{}`", name_of(op), field.name);
    OpenCondition test;
    test.kind = Condition::Kind::test;
    test.field = index;
    test.op = op;
    const std::span<const std::string_view> allowed =
        is_whole_value(op) ? field.allowed : std::span<const std::string_view>{};
    if (rule->many && !(op == Operator::within_cidr && operand.is_scalar())) {
      if (!read_list(operand, rule->wanted, what, allowed, test.operands)) return std::nullopt;
      return test;
    }
    auto term = read_term(operand, rule->wanted, rule->many, what, allowed, parameters_, context_);
    if (!term) return std::nullopt;
    test.operands.push_back(std::move(*term));
    return test;
  }

  // Operators that compare with whole values (or items), so that only possible ones make sense.
  static bool is_whole_value(Operator op) {
    return op == Operator::equals || op == Operator::in || op == Operator::not_in || op == Operator::contains_all ||
           op == Operator::contains_none || op == Operator::subset_of;
  }

  bool read_list(const YamlNode& operand, Wanted wanted, const std::string& what,
                 std::span<const std::string_view> allowed, std::vector<Term>& out) const {
    if (operand.is_scalar() && parameter_named_by(operand)) {
      auto term = read_term(operand, wanted, true, what, allowed, parameters_, context_);
      if (!term) return false;
      const auto& type = parameters_[std::get<ParameterUse>(*term).index].type;
      if (type != ValueType::list) {
        context_.reporter.add("wrong-type", operand,
                              fmt::format("{} takes a list, and parameter `{}` is {}", what, operand.text.substr(1),
                                          phrase_of(wanted_of(type))),
                              fmt::format("put it in brackets: [{}]", operand.text));
        return false;
      }
      out.push_back(std::move(*term));
      return true;
    }
    if (!operand.is_sequence()) {
      context_.reporter.add("wrong-type", operand, fmt::format("{} takes a list, not {}", what, described(operand)),
                            operand.is_scalar() ? "put it in brackets" : "");
      return false;
    }
    if (operand.items.empty()) {
      context_.reporter.add("empty-condition", operand, fmt::format("{} has an empty list", what));
      return false;
    }
    bool sound = true;
    for (const auto& item : operand.items) {
      auto term = read_term(item, wanted, true, what, allowed, parameters_, context_);
      if (term) {
        out.push_back(std::move(*term));
      } else {
        sound = false;
      }
    }
    return sound;
  }

  const ProbeSchema& probe_;
  Parameters parameters_;
  const ReadContext& context_;
};

}  // namespace

std::optional<OpenCondition> read_condition(const YamlNode& node, const ProbeSchema& probe, Parameters parameters,
                                            const ReadContext& context) {
  return ConditionReader(probe, parameters, context).read(node);
}

std::optional<Term> read_term(const YamlNode& node, Wanted wanted, bool many, const std::string& what,
                              std::span<const std::string_view> allowed, Parameters parameters,
                              const ReadContext& context) {
  const ValueRules rules{allowed, context.check_pattern};
  if (const auto name = parameter_named_by(node)) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& parameter) { return parameter.name == *name; });
    if (found == parameters.end() || found->broken) return std::nullopt;  // reported where it is declared, or not
    if (!convertible(found->type, wanted, many)) {
      context.reporter.add("wrong-type", node,
                           fmt::format("{} takes {}, and parameter `{}` is {}", what, phrase_of(wanted), *name,
                                       phrase_of(wanted_of(found->type))));
      return std::nullopt;
    }
    std::string problem;
    if (const auto* items = std::get_if<TextList>(&found->fallback); items != nullptr && many) {
      const auto values = convert_items(*items, wanted, rules);
      if (!values) problem = values.error();
    } else if (const auto value = convert(found->fallback, found->type, wanted, rules); !value) {
      problem = value.error();
    }
    if (!problem.empty()) {
      context.reporter.add("wrong-type", node,
                           fmt::format("{} cannot take the default of parameter `{}`: {}", what, *name, problem));
      return std::nullopt;
    }
    return ParameterUse{static_cast<std::uint16_t>(found - parameters.begin()), wanted};
  }
  auto value = parse_literal(node, wanted, what, rules);
  if (value) return std::move(*value);
  // A list names its place as a whole; a faulty item is worth its own.
  const YamlNode* place = &node;
  if (node.is_sequence() && wanted == Wanted::list) {
    for (const auto& item : node.items) {
      if (!parse_literal(item, Wanted::text, what, rules)) {
        place = &item;
        break;
      }
    }
  }
  context.reporter.add(value.error().code, *place, value.error().message, value.error().hint);
  return std::nullopt;
}

void report_references(const YamlNode& node, Parameters parameters, std::vector<bool>& used, const Reporter& reporter,
                       std::string_view without_parameters) {
  if (const auto name = parameter_named_by(node)) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& parameter) { return parameter.name == *name; });
    if (found != parameters.end()) {
      used[static_cast<std::size_t>(found - parameters.begin())] = true;
      return;
    }
    std::vector<std::string_view> names;
    for (const auto& parameter : parameters) names.push_back(parameter.name);
    std::string hint = suggestion(*name, names);
    if (hint.empty()) hint = without_parameters;
    reporter.add("unknown-parameter", node, fmt::format("there is no parameter `{}` here", *name), std::move(hint));
    return;
  }
  for (const auto& item : node.items) report_references(item, parameters, used, reporter, without_parameters);
  for (const auto& [key, value] : node.entries)
    report_references(value, parameters, used, reporter, without_parameters);
}

}  // namespace plimsoll::catalog
