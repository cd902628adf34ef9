#include "engine/catalog/compile.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace plimsoll::catalog {

namespace {

using image::Number;
using image::Range;

class Compiler {
 public:
  std::string run(const Model& model, std::string_view version) {
    std::vector<image::CheckRow> checks;
    checks.reserve(model.checks.size());
    for (const auto& check : model.checks) checks.push_back(compile_check(check));
    for (const auto& row : checks) writer_.add(row);
    std::vector<image::ProfileRow> profiles;
    profiles.reserve(model.profiles.size());
    for (const auto& profile : model.profiles) profiles.push_back(compile_profile(profile, model));
    for (const auto& row : profiles) writer_.add(row);
    return writer_.finish(version);
  }

 private:
  // Adds the rows side by side; whatever they name has to stand before. What is said twice stands there once, so that
  // equal expressions (many checks apply where the same package is) are one to whoever reads the image.
  template <class Row>
  Range add_all(std::span<const Row> rows) {
    if (rows.empty()) return {};
    const std::string_view bytes(reinterpret_cast<const char*>(rows.data()), rows.size_bytes());
    const auto [place, added] = known_.try_emplace({Row::table, std::string(bytes)});
    if (!added) return place->second;
    Range range{0, static_cast<Number>(rows.size())};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Number number = writer_.add(rows[i]);
      if (i == 0) range.first = number;
    }
    place->second = range;
    return range;
  }
  template <class Row>
  Range add_all(const std::vector<Row>& rows) {
    return add_all(std::span<const Row>(rows));
  }
  template <class Row>
  Number add_once(const Row& row) {
    return add_all(std::span<const Row>(&row, 1)).first;
  }

  Range links(const std::vector<Number>& targets) {
    std::vector<image::LinkRow> rows;
    rows.reserve(targets.size());
    for (const Number target : targets) rows.push_back({target});
    return add_all(rows);
  }

  Range texts(const std::vector<std::string>& list) {
    std::vector<image::TextRow> rows;
    rows.reserve(list.size());
    for (const auto& text : list) rows.push_back({writer_.text(text)});
    return add_all(rows);
  }

  image::ValueRow value_row(const Value& value) {
    using Kind = image::ValueRow::Kind;
    if (const auto* flag = std::get_if<bool>(&value)) return {Kind::boolean, *flag ? Number{1} : Number{0}, 0};
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      const auto bits = static_cast<std::uint64_t>(*number);
      return {Kind::integer, static_cast<Number>(bits), static_cast<Number>(bits >> 32U)};
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
      const image::Text stored = writer_.text(*text);
      return {Kind::text, stored.offset, stored.length};
    }
    const Range stored = texts(std::get<TextList>(value));
    return {Kind::list, stored.first, stored.count};
  }

  image::ValueRow term_row(const std::optional<Term>& term) {
    if (!term) return {};
    if (const auto* use = std::get_if<ParameterUse>(&*term)) {
      return {image::ValueRow::Kind::parameter, use->index, static_cast<Number>(use->wanted)};
    }
    return value_row(std::get<Value>(*term));
  }

  Number compile_condition(const OpenCondition& condition) {
    image::ConditionRow row;
    row.kind = static_cast<Number>(condition.kind);
    row.field = condition.field;
    row.op = static_cast<Number>(condition.op);
    std::vector<image::ValueRow> operands;
    operands.reserve(condition.operands.size());
    for (const auto& operand : condition.operands) operands.push_back(term_row(operand));
    row.operands = add_all(operands);
    std::vector<Number> parts;
    parts.reserve(condition.parts.size());
    for (const auto& part : condition.parts) parts.push_back(compile_condition(part));
    row.parts = links(parts);
    return add_once(row);
  }

  Number compile_leaf(const OpenLeaf& leaf) {
    image::LeafRow row;
    row.probe = probe_number(*leaf.probe);
    std::vector<image::ValueRow> arguments;
    arguments.reserve(leaf.arguments.size());
    for (const auto& argument : leaf.arguments) arguments.push_back(term_row(argument));
    row.arguments = add_all(arguments);
    row.quantifier = static_cast<Number>(leaf.quantifier);
    row.where = compile_condition(leaf.where);
    row.expect = compile_condition(leaf.expect);
    if (leaf.count_at_least || leaf.count_at_most) {
      row.limits = add_all(std::vector{term_row(leaf.count_at_least), term_row(leaf.count_at_most)});
    }
    row.show = links({leaf.show.begin(), leaf.show.end()});
    row.if_empty = static_cast<Number>(leaf.if_empty);
    return add_once(row);
  }

  Number compile_expression(const OpenExpression& expression) {
    image::ExpressionRow row;
    row.kind = static_cast<Number>(expression.kind);
    if (expression.kind == Expression::Kind::leaf) row.leaf = compile_leaf(expression.leaf);
    std::vector<Number> parts;
    parts.reserve(expression.parts.size());
    for (const auto& part : expression.parts) parts.push_back(compile_expression(part));
    row.parts = links(parts);
    return add_once(row);
  }

  Number probe_number(const ProbeSchema& probe) {
    const auto found = probes_.find(probe.name);
    if (found != probes_.end()) return found->second;
    const Number number = writer_.add(image::ProbeRow{writer_.text(probe.name), fingerprint(probe)});
    probes_.emplace(probe.name, number);
    return number;
  }

  void collect_probes(const OpenExpression& expression, std::vector<Number>& out) {
    if (expression.kind == Expression::Kind::leaf) {
      const Number number = probe_number(*expression.leaf.probe);
      if (std::find(out.begin(), out.end(), number) == out.end()) out.push_back(number);
    }
    for (const auto& part : expression.parts) collect_probes(part, out);
  }

  image::CheckRow compile_check(const Check& check) {
    image::CheckRow row;
    row.id = writer_.text(check.id);
    row.title = writer_.text(check.texts.title);
    row.rationale = writer_.text(check.texts.rationale);
    row.remediation = writer_.text(check.texts.remediation);
    row.file = writer_.text(check.file);
    row.source = writer_.text(check.source);
    row.line = check.line;
    row.severity = static_cast<Number>(check.severity);
    row.references = texts(check.texts.references);
    row.tags = texts(check.texts.tags);
    std::vector<std::string> controls;
    for (const auto& control : check.texts.controls) {
      controls.push_back(control.standard);
      controls.push_back(control.id);
    }
    row.controls = texts(controls);
    std::vector<image::ParameterRow> parameters;
    parameters.reserve(check.parameters.size());
    for (const auto& parameter : check.parameters) {
      parameters.push_back({writer_.text(parameter.name), writer_.text(parameter.meaning),
                            writer_.text(to_text(parameter.fallback, parameter.type)),
                            static_cast<Number>(parameter.type), writer_.add(value_row(parameter.fallback))});
    }
    row.parameters = add_all(parameters);
    std::vector<Number> probes;
    if (check.applies) {
      row.applies = compile_expression(*check.applies);
      collect_probes(*check.applies, probes);
    }
    row.expression = compile_expression(check.check);
    collect_probes(check.check, probes);
    row.probes = links(probes);
    return row;
  }

  image::RowRow compile_row(const Row& source, const Model& model) {
    image::RowRow row;
    row.id = writer_.text(source.id);
    row.topic = writer_.text(source.topic);
    row.section = writer_.text(source.section);
    row.question = writer_.text(source.question);
    row.gap = writer_.text(source.gap);
    row.assessment = static_cast<Number>(source.assessment);
    row.level = source.level;
    row.roles = source.roles;
    std::vector<image::RoleLevelRow> levels;
    levels.reserve(source.role_levels.size());
    for (const auto& [role, level] : source.role_levels) levels.push_back({role, level});
    row.role_levels = add_all(levels);
    std::vector<image::RowCheckRow> checks;
    for (const auto& row_check : source.checks) {
      std::vector<image::SettingRow> settings;
      settings.reserve(row_check.set.size());
      for (const auto& [name, value] : row_check.set) {
        settings.push_back({writer_.text(name), writer_.add(value_row(value))});
      }
      const Check* check = model.find_check(row_check.check);
      checks.push_back(
          {check == nullptr ? image::nothing : static_cast<Number>(check - model.checks.data()), add_all(settings)});
    }
    row.checks = add_all(checks);
    return row;
  }

  image::ProfileRow compile_profile(const Profile& profile, const Model& model) {
    image::ProfileRow row;
    row.id = writer_.text(profile.id);
    row.title = writer_.text(profile.title);
    row.version = writer_.text(profile.version);
    row.description = writer_.text(profile.description);
    row.file = writer_.text(profile.file);
    row.line = profile.line;
    row.fallback = profile.fallback ? 1 : 0;
    row.beside = profile.beside ? 1 : 0;
    if (profile.applies) row.applies = compile_expression(*profile.applies);
    row.roles = texts(profile.roles);
    std::vector<image::RowRow> rows;
    rows.reserve(profile.rows.size());
    for (const auto& source : profile.rows) rows.push_back(compile_row(source, model));
    row.rows = add_all(rows);
    return row;
  }

  image::Writer writer_;
  std::map<std::pair<image::Table, std::string>, Range> known_;  // the bytes of rows that stand side by side
  std::map<std::string_view, Number> probes_;
};

}  // namespace

std::string compile(const Model& model, std::string_view version) {
  return Compiler().run(model, version);
}

image::Number fingerprint(const ProbeSchema& schema) {
  Number hash = 2166136261U;  // FNV-1a
  const auto mix = [&hash](std::string_view text, ValueType type) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    hash = (hash ^ (0x80U + static_cast<Number>(type))) * 16777619U;
  };
  for (const auto& argument : schema.arguments) mix(argument.name, argument.type);
  mix(schema.presence, ValueType::boolean);
  for (const auto& field : schema.fields) mix(field.name, field.type);
  return hash;
}

}  // namespace plimsoll::catalog
