#include <algorithm>

#include "engine/catalog/compile.hpp"
#include "engine/catalog/operators.hpp"

namespace plimsoll::catalog {

namespace {

using image::Number;
using image::Range;

constexpr std::size_t max_expression_nodes = 10'000;

// Whether a literal has the form that evaluation expects; a damaged image must not make it read another type.
bool has_form(const Value& value, Wanted wanted) {
  switch (wanted) {
    case Wanted::boolean:
      return std::holds_alternative<bool>(value);
    case Wanted::integer:
    case Wanted::mode:
    case Wanted::time:
    case Wanted::duration:
      return std::holds_alternative<std::int64_t>(value);
    case Wanted::list:
      return std::holds_alternative<TextList>(value);
    case Wanted::scalar:
      return std::holds_alternative<std::string>(value) || std::holds_alternative<std::int64_t>(value);
    case Wanted::text:
    case Wanted::version:
    case Wanted::address:
    case Wanted::pattern:
      return std::holds_alternative<std::string>(value);
  }
  return false;
}

template <class Enum>
bool assign(Number number, Enum last, Enum& out) {
  if (number > static_cast<Number>(last)) return false;
  out = static_cast<Enum>(number);
  return true;
}

bool exceeds(Range range, std::size_t have) {
  return range.first > have || range.count > have - range.first;
}

}  // namespace

Decoder::Decoder(const image::View& view, std::span<const ProbeSchema* const> schemas) : view_(&view) {
  const Number count = view.count<image::ProbeRow>();
  probes_.reserve(count);
  for (Number i = 0; i < count; ++i) {
    const auto row = view.row<image::ProbeRow>(i);
    const std::string_view name = view.text(row.name);
    const auto found =
        std::find_if(schemas.begin(), schemas.end(), [&](const ProbeSchema* schema) { return schema->name == name; });
    probes_.push_back(found == schemas.end() || fingerprint(**found) != row.fingerprint ? nullptr : *found);
  }
}

std::optional<OpenExpression> Decoder::expression(Number number, std::size_t parameter_count) {
  parameter_count_ = parameter_count;
  OpenExpression expression;
  if (!whole(number, expression)) return std::nullopt;
  return expression;
}

std::expected<Expression, std::string> Decoder::bound(Number number, std::span<const Parameter> parameters,
                                                      std::span<const Value> values, PlanBuilder& builder) {
  Binding binding{builder, Binder(parameters, values)};
  parameter_count_ = parameters.size();
  binding_ = &binding;
  Expression expression;
  const bool sound = whole(number, expression);
  binding_ = nullptr;
  if (!binding.binder.problem().empty()) return std::unexpected(binding.binder.problem());
  if (!sound) return std::unexpected(std::string());
  return expression;
}

template <class AnyExpression>
bool Decoder::whole(Number number, AnyExpression& out) {
  used_parameters_ = false;
  budget_ = max_expression_nodes;
  return number < view_->count<image::ExpressionRow>() && read(view_->row<image::ExpressionRow>(number), number, out);
}

// Parts stand before the whole in their table, so no circle is possible.
template <class AnyExpression>
bool Decoder::read(const image::ExpressionRow& row, Number number, AnyExpression& out) {
  if (budget_ == 0 || !assign(row.kind, Expression::Kind::negation, out.kind)) return false;
  --budget_;
  if (out.kind == Expression::Kind::leaf) {
    return row.leaf < view_->count<image::LeafRow>() && leaf(view_->row<image::LeafRow>(row.leaf), out);
  }
  if (exceeds(row.parts, view_->count<image::LinkRow>()) || row.parts.count == 0) return false;
  if (out.kind == Expression::Kind::negation && row.parts.count != 1) return false;
  if (row.parts.count > budget_) return false;
  out.parts.resize(row.parts.count);
  for (Number i = 0; i < row.parts.count; ++i) {
    const Number part = view_->row<image::LinkRow>(row.parts.first + i).target;
    if (part >= number || !read(view_->row<image::ExpressionRow>(part), part, out.parts[i])) return false;
  }
  return true;
}

bool Decoder::leaf(const image::LeafRow& row, OpenExpression& out) {
  if (row.probe >= probes_.size() || probes_[row.probe] == nullptr) return false;
  out.leaf.probe = probes_[row.probe];
  return arguments(row, *out.leaf.probe, out.leaf.arguments) && question(row, *out.leaf.probe, out.leaf);
}

bool Decoder::leaf(const image::LeafRow& row, Expression& out) {
  if (row.probe >= probes_.size() || probes_[row.probe] == nullptr) return false;
  const ProbeSchema& probe = *probes_[row.probe];
  std::vector<std::optional<Value>> given;
  Leaf leaf;
  if (!arguments(row, probe, given) || !question(row, probe, leaf)) return false;
  binding_->binder.check_limits(leaf);
  if (binding_->binder.problem().empty()) out.leaf = binding_->builder.add(probe, std::move(given), std::move(leaf));
  return true;
}

template <class AnyTerm>
bool Decoder::arguments(const image::LeafRow& row, const ProbeSchema& probe, std::vector<std::optional<AnyTerm>>& out) {
  if (row.arguments.count != probe.arguments.size()) return false;
  if (exceeds(row.arguments, view_->count<image::ValueRow>())) return false;
  out.resize(row.arguments.count);
  for (Number i = 0; i < row.arguments.count; ++i) {
    const auto& schema = probe.arguments[i];
    if (!term(row.arguments.first + i, wanted_of(schema.type), schema.allowed, out[i])) return false;
    if (!out[i] && (schema.required || !schema.fallback.empty())) return false;
  }
  return true;
}

template <class AnyLeaf>
bool Decoder::question(const image::LeafRow& row, const ProbeSchema& probe, AnyLeaf& out) {
  if (!assign(row.quantifier, Quantifier::show, out.quantifier)) return false;
  if (!assign(row.if_empty, IfEmpty::not_applicable, out.if_empty)) return false;
  if (row.limits.count == 2 && !exceeds(row.limits, view_->count<image::ValueRow>())) {
    if (!limit(row.limits.first, out.count_at_least) || !limit(row.limits.first + 1, out.count_at_most)) return false;
  }
  if (exceeds(row.show, view_->count<image::LinkRow>()) || row.show.count > max_expression_nodes) return false;
  out.show.reserve(row.show.count);
  for (Number i = 0; i < row.show.count; ++i) {
    const Number field = view_->row<image::LinkRow>(row.show.first + i).target;
    if (field >= probe.fields.size()) return false;
    out.show.push_back(static_cast<std::uint16_t>(field));
  }
  return condition(row.where, probe, out.where) && condition(row.expect, probe, out.expect);
}

template <class AnyCondition>
bool Decoder::condition(Number number, const ProbeSchema& probe, AnyCondition& out) {
  if (number >= view_->count<image::ConditionRow>()) return false;
  const auto row = view_->row<image::ConditionRow>(number);
  if (budget_ == 0 || !assign(row.kind, Condition::Kind::negation, out.kind)) return false;
  --budget_;
  if (out.kind == Condition::Kind::test) return test(row, probe, out);
  if (exceeds(row.parts, view_->count<image::LinkRow>()) || row.parts.count > budget_) return false;
  if (out.kind == Condition::Kind::negation && row.parts.count != 1) return false;
  out.parts.resize(row.parts.count);
  for (Number i = 0; i < row.parts.count; ++i) {
    const Number part = view_->row<image::LinkRow>(row.parts.first + i).target;
    if (part >= number || !condition(part, probe, out.parts[i])) return false;
  }
  return true;
}

template <class AnyCondition>
bool Decoder::test(const image::ConditionRow& row, const ProbeSchema& probe, AnyCondition& out) {
  if (row.field >= probe.fields.size() || !assign(row.op, Operator::within_cidr, out.op)) return false;
  const auto rule = operand_rule(out.op, probe.fields[row.field].type);
  if (!rule || row.operands.count == 0 || (!rule->many && row.operands.count != 1)) return false;
  if (exceeds(row.operands, view_->count<image::ValueRow>())) return false;
  if (row.operands.count > max_expression_nodes) return false;
  out.field = static_cast<std::uint16_t>(row.field);
  const auto allowed = allowed_operands(probe, out.field, out.op);
  out.operands.reserve(row.operands.count);
  for (Number i = 0; i < row.operands.count; ++i) {
    if (!operand(row.operands.first + i, rule->wanted, allowed, out.operands)) return false;
  }
  return true;
}

bool Decoder::operand(Number number, Wanted wanted, std::span<const std::string_view> allowed, std::vector<Term>& out) {
  std::optional<Term> operand;
  if (!term(number, wanted, allowed, operand) || !operand) return false;
  out.push_back(std::move(*operand));
  return true;
}

bool Decoder::operand(Number number, Wanted wanted, std::span<const std::string_view> allowed,
                      std::vector<Value>& out) {
  const auto row = view_->row<image::ValueRow>(number);
  if (row.kind == image::ValueRow::Kind::parameter) {
    ParameterUse use;
    if (!parameter(row, wanted, use)) return false;
    binding_->binder.operand(use, allowed, out);
    return true;
  }
  return literal(row, out.emplace_back()) && has_form(out.back(), wanted);
}

bool Decoder::term(Number number, Wanted wanted, std::span<const std::string_view> /*allowed*/,
                   std::optional<Term>& out) {
  const auto row = view_->row<image::ValueRow>(number);
  if (row.kind == image::ValueRow::Kind::none) return true;
  if (row.kind == image::ValueRow::Kind::parameter) {
    ParameterUse use;
    if (!parameter(row, wanted, use)) return false;
    out = use;
    return true;
  }
  auto& value = std::get<Value>(out.emplace());
  return literal(row, value) && has_form(value, wanted);
}

bool Decoder::term(Number number, Wanted wanted, std::span<const std::string_view> allowed, std::optional<Value>& out) {
  const auto row = view_->row<image::ValueRow>(number);
  if (row.kind == image::ValueRow::Kind::none) return true;
  if (row.kind == image::ValueRow::Kind::parameter) {
    ParameterUse use;
    if (!parameter(row, wanted, use)) return false;
    out = binding_->binder.single(use, allowed);
    return true;
  }
  return literal(row, out.emplace()) && has_form(*out, wanted);
}

bool Decoder::limit(Number number, std::optional<Term>& out) {
  return term(number, Wanted::integer, {}, out);
}

bool Decoder::limit(Number number, std::optional<std::int64_t>& out) {
  std::optional<Value> value;
  if (!term(number, Wanted::integer, {}, value)) return false;
  if (!value) return true;
  const auto* integer = std::get_if<std::int64_t>(&*value);
  out = integer == nullptr ? 0 : *integer;  // not one: the binder has complained
  return true;
}

bool Decoder::parameter(const image::ValueRow& row, Wanted wanted, ParameterUse& out) {
  if (row.a >= parameter_count_ || !assign(row.b, last_wanted, out.wanted) || out.wanted != wanted) return false;
  out.index = static_cast<std::uint16_t>(row.a);
  used_parameters_ = true;
  return true;
}

bool Decoder::literal(const image::ValueRow& row, Value& out) const {
  using Kind = image::ValueRow::Kind;
  switch (row.kind) {
    case Kind::boolean:
      out = row.a != 0;
      return true;
    case Kind::integer:
      out = static_cast<std::int64_t>(std::uint64_t{row.a} | std::uint64_t{row.b} << 32U);
      return true;
    case Kind::text:
      out.emplace<std::string>(view_->text({row.a, row.b}));
      return true;
    case Kind::list: {
      const Range texts = view_->within<image::TextRow>({row.a, row.b});
      auto& items = out.emplace<TextList>();
      items.reserve(texts.count);
      for (Number i = 0; i < texts.count; ++i) {
        items.emplace_back(view_->text(view_->row<image::TextRow>(texts.first + i).text));
      }
      return true;
    }
    case Kind::none:
    case Kind::parameter:
      return false;
  }
  return false;
}

std::optional<Value> Decoder::value(Number number) const {
  Value value;
  if (!literal(view_->row<image::ValueRow>(number), value)) return std::nullopt;
  return value;
}

std::optional<std::vector<Parameter>> Decoder::parameters(Range range) const {
  const Range held = view_->within<image::ParameterRow>(range);
  std::vector<Parameter> found(held.count);
  for (Number i = 0; i < held.count; ++i) {
    const auto row = view_->row<image::ParameterRow>(held.first + i);
    Parameter& parameter = found[i];
    auto fallback = value(row.fallback);
    if (!assign(row.type, ValueType::address, parameter.type) || !fallback) return std::nullopt;
    if (!has_form(*fallback, wanted_of(parameter.type))) return std::nullopt;
    parameter.name = view_->text(row.name);
    parameter.meaning = view_->text(row.meaning);
    parameter.fallback = std::move(*fallback);
  }
  return found;
}

std::optional<Check> Decoder::check(Number number) {
  const auto row = view_->row<image::CheckRow>(number);
  Check check;
  check.id = view_->text(row.id);
  check.texts.title = view_->text(row.title);
  check.texts.rationale = view_->text(row.rationale);
  check.texts.remediation = view_->text(row.remediation);
  for (const auto text : view_->texts(row.references)) check.texts.references.emplace_back(text);
  for (const auto text : view_->texts(row.tags)) check.texts.tags.emplace_back(text);
  check.texts.controls = view_->controls(row.controls);
  check.file = view_->text(row.file);
  check.source = view_->text(row.source);
  check.line = row.line;
  auto parameters_read = parameters(row.parameters);
  if (!parameters_read || !assign(row.severity, Severity::critical, check.severity)) return std::nullopt;
  check.parameters = std::move(*parameters_read);
  if (row.applies != image::nothing) {
    check.applies = expression(row.applies, check.parameters.size());
    if (!check.applies) return std::nullopt;
  }
  auto body = expression(row.expression, check.parameters.size());
  if (!body) return std::nullopt;
  check.check = std::move(*body);
  return check;
}

bool Decoder::row(const image::RowRow& source, Row& out) const {
  out.id = view_->text(source.id);
  out.topic = view_->text(source.topic);
  out.section = view_->text(source.section);
  out.question = view_->text(source.question);
  out.gap = view_->text(source.gap);
  if (!assign(source.assessment, Assessment::decided, out.assessment)) return false;
  out.level = static_cast<std::uint8_t>(source.level);
  out.roles = source.roles;
  const Range levels = view_->within<image::RoleLevelRow>(source.role_levels);
  for (Number i = 0; i < levels.count; ++i) {
    const auto level = view_->row<image::RoleLevelRow>(levels.first + i);
    out.role_levels.emplace_back(static_cast<std::uint8_t>(level.role), static_cast<std::uint8_t>(level.level));
  }
  const Range checks = view_->within<image::RowCheckRow>(source.checks);
  for (Number i = 0; i < checks.count; ++i) {
    const auto row_check = view_->row<image::RowCheckRow>(checks.first + i);
    if (row_check.check >= view_->count<image::CheckRow>()) return false;
    RowCheck& added = out.checks.emplace_back();
    added.check = view_->text(view_->row<image::CheckRow>(row_check.check).id);
    const Range settings = view_->within<image::SettingRow>(row_check.settings);
    for (Number j = 0; j < settings.count; ++j) {
      const auto setting = view_->row<image::SettingRow>(settings.first + j);
      auto set = value(setting.value);
      if (!set) return false;
      added.set.emplace_back(view_->text(setting.name), std::move(*set));
    }
  }
  return true;
}

std::optional<Profile> Decoder::profile(Number number) {
  const auto source = view_->row<image::ProfileRow>(number);
  Profile profile;
  profile.id = view_->text(source.id);
  profile.title = view_->text(source.title);
  profile.version = view_->text(source.version);
  profile.description = view_->text(source.description);
  profile.file = view_->text(source.file);
  profile.line = source.line;
  profile.fallback = source.fallback != 0;
  profile.beside = source.beside != 0;
  for (const auto role : view_->texts(source.roles)) profile.roles.emplace_back(role);
  if (source.applies != image::nothing) {
    profile.applies = expression(source.applies, 0);
    if (!profile.applies) return std::nullopt;
  }
  const Range rows = view_->within<image::RowRow>(source.rows);
  profile.rows.resize(rows.count);
  for (Number i = 0; i < rows.count; ++i) {
    if (!row(view_->row<image::RowRow>(rows.first + i), profile.rows[i])) return std::nullopt;
  }
  return profile;
}

std::optional<Model> Decoder::model() {
  Model model;
  for (Number i = 0; i < view_->count<image::CheckRow>(); ++i) {
    auto read = check(i);
    if (!read) return std::nullopt;
    model.checks.push_back(std::move(*read));
  }
  for (Number i = 0; i < view_->count<image::ProfileRow>(); ++i) {
    auto read = profile(i);
    if (!read) return std::nullopt;
    model.profiles.push_back(std::move(*read));
  }
  return model;
}

}  // namespace plimsoll::catalog
