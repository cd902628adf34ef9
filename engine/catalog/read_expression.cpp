#include "engine/catalog/read_expression.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/catalog/map_reader.hpp"

namespace plimsoll::catalog {

namespace {

using formats::YamlNode;

constexpr std::array<std::string_view, 5> quantifiers = {"every", "some", "none", "count", "show"};
constexpr std::array<std::string_view, 3> outcomes = {"pass", "fail", "not_applicable"};

bool is_quantifier(std::string_view key) {
  return std::find(quantifiers.begin(), quantifiers.end(), key) != quantifiers.end();
}
bool is_reserved(std::string_view key) {
  return is_quantifier(key) || key == "probe" || key == "where" || key == "if_empty";
}

std::optional<Term> fallback_of(const ArgumentSchema& argument) {
  if (argument.fallback.empty()) return std::nullopt;
  auto value = parse_value(argument.fallback, argument.type);
  if (!value) return std::nullopt;
  return std::move(*value);
}

class ExpressionReader {
 public:
  ExpressionReader(Parameters parameters, const ReadContext& context)
      : parameters_(parameters), context_(context), reporter_(context.reporter) {}

  std::optional<OpenExpression> read(const YamlNode& node) const {
    if (!node.is_map()) {
      reporter_.add("wrong-shape", node, fmt::format("an expression is a map, not {}", described(node)),
                    "one of `probe`, `all`, `any` or `not`");
      return std::nullopt;
    }
    if (node.find("probe") != nullptr) return read_leaf(node);
    report_duplicate_keys(node, reporter_);
    if (node.entries.size() == 1) {
      const auto& [key, value] = node.entries.front();
      if (key.text == "all" || key.text == "any") return read_several(key, value);
      if (key.text == "not") {
        auto part = read(value);
        if (!part) return std::nullopt;
        OpenExpression expression;
        expression.kind = Expression::Kind::negation;
        expression.parts.push_back(std::move(*part));
        return expression;
      }
    }
    static constexpr std::array<std::string_view, 4> forms = {"probe", "all", "any", "not"};
    const YamlNode* place = &node;
    for (const auto& entry : node.entries) {
      if (std::find(forms.begin(), forms.end(), entry.first.text) == forms.end()) place = &entry.first;
    }
    reporter_.add("wrong-shape", *place,
                  "an expression has `probe`, or else one of `all`, `any` and `not` and nothing beside it",
                  place == &node ? "" : suggestion(place->text, forms));
    return std::nullopt;
  }

  // `{ package: { name: x, version: { version_at_least: "2" } } }`
  std::optional<OpenExpression> read_short(const YamlNode& node) const {
    report_duplicate_keys(node, reporter_);
    std::vector<OpenExpression> parts;
    bool sound = true;
    for (const auto& [key, value] : node.entries) {
      auto part = read_short_entry(key, value);
      if (part) {
        parts.push_back(std::move(*part));
      } else {
        sound = false;
      }
    }
    if (!sound) return std::nullopt;
    if (parts.size() == 1) return std::move(parts.front());
    OpenExpression expression;
    expression.kind = Expression::Kind::all;
    expression.parts = std::move(parts);
    return expression;
  }

  const ProbeSchema* find_probe(const YamlNode& name) const {
    std::vector<std::string_view> names;
    for (const ProbeSchema* schema : context_.schemas) {
      if (name.is_scalar() && schema->name == name.text) return schema;
      names.push_back(schema->name);
    }
    if (!name.is_scalar()) {
      reporter_.add("wrong-shape", name, fmt::format("`probe` is the name of a probe, not {}", described(name)));
    } else {
      reporter_.add("unknown-probe", name, fmt::format("there is no probe `{}`", name.text),
                    suggestion(name.text, names));
    }
    return nullptr;
  }

 private:
  std::optional<OpenExpression> read_several(const YamlNode& key, const YamlNode& value) const {
    if (!value.is_sequence() || value.items.empty()) {
      reporter_.add("wrong-shape", value, fmt::format("`{}` is a list of expressions", key.text));
      return std::nullopt;
    }
    OpenExpression expression;
    expression.kind = key.text == "all" ? Expression::Kind::all : Expression::Kind::any;
    bool sound = true;
    for (const auto& item : value.items) {
      auto part = read(item);
      if (part) {
        expression.parts.push_back(std::move(*part));
      } else {
        sound = false;
      }
    }
    return sound ? std::optional(std::move(expression)) : std::nullopt;
  }

  std::optional<OpenExpression> read_leaf(const YamlNode& node) const {
    report_duplicate_keys(node, reporter_);
    const ProbeSchema* probe = find_probe(*node.find("probe"));
    if (probe == nullptr) return std::nullopt;
    OpenExpression expression;
    OpenLeaf& leaf = expression.leaf;
    leaf.probe = probe;
    leaf.arguments.resize(probe->arguments.size());
    bool sound = true;
    for (const auto& [key, value] : node.entries) {
      if (!is_reserved(key.text)) sound = read_argument(key, value, leaf, true) && sound;
    }
    sound = complete_arguments(node, leaf) && sound;
    const YamlNode* where = node.find("where");
    if (where != nullptr) {
      auto condition = read_condition(*where, *probe, parameters_, context_);
      if (condition) {
        leaf.where = std::move(*condition);
      } else {
        sound = false;
      }
    }
    sound = read_quantifier(node, sound, leaf) && sound;
    sound = read_if_empty(node, where != nullptr, leaf) && sound;
    return sound ? std::optional(std::move(expression)) : std::nullopt;
  }

  bool read_argument(const YamlNode& key, const YamlNode& value, OpenLeaf& leaf, bool report) const {
    const int index = argument_index(*leaf.probe, key.text);
    if (index < 0) {
      if (report) report_argument(key, *leaf.probe);
      return false;
    }
    const auto& argument = leaf.probe->arguments[static_cast<std::size_t>(index)];
    auto term = read_term(value, wanted_of(argument.type), false, fmt::format("argument `{}`", argument.name),
                          argument.allowed, parameters_, context_);
    if (!term) {
      // Given, though wrong: it is not missing as well.
      leaf.arguments[static_cast<std::size_t>(index)].emplace(ParameterUse{});
      return false;
    }
    leaf.arguments[static_cast<std::size_t>(index)] = std::move(*term);
    return true;
  }

  void report_argument(const YamlNode& key, const ProbeSchema& probe) const {
    std::vector<std::string_view> names;
    for (const auto& argument : probe.arguments) names.push_back(argument.name);
    const std::size_t argument_count = names.size();
    for (const auto quantifier : quantifiers) names.push_back(quantifier);
    names.insert(names.end(), {"where", "if_empty"});
    std::string hint = suggestion(key.text, names);
    if (field_index(probe, key.text) >= 0)
      hint = "it is a field: conditions stand under `every`, `some`, `none` or `where`";
    if (hint.empty()) hint = suggestion(key.text, std::span(names).first(argument_count));
    reporter_.add("unknown-argument", key, fmt::format("probe `{}` has no argument `{}`", probe.name, key.text),
                  std::move(hint));
  }

  bool complete_arguments(const YamlNode& place, OpenLeaf& leaf) const {
    bool sound = true;
    for (std::size_t i = 0; i < leaf.arguments.size(); ++i) {
      if (leaf.arguments[i]) continue;
      const auto& argument = leaf.probe->arguments[i];
      leaf.arguments[i] = fallback_of(argument);
      if (leaf.arguments[i] || !argument.required) continue;
      reporter_.add("missing-argument", place,
                    fmt::format("probe `{}` needs argument `{}`", leaf.probe->name, argument.name),
                    std::string(argument.meaning));
      sound = false;
    }
    return sound;
  }

  // Without a quantifier there may be a misspelt one; then `sound` is false already.
  bool read_quantifier(const YamlNode& node, bool sound, OpenLeaf& leaf) const {
    const YamlNode* key = nullptr;
    const YamlNode* value = nullptr;
    for (const auto& entry : node.entries) {
      if (!is_quantifier(entry.first.text)) continue;
      if (key != nullptr) {
        if (key->text == entry.first.text) continue;  // a duplicate key, reported as such
        reporter_.add("quantifier", entry.first, fmt::format("`{}` stands beside `{}`", entry.first.text, key->text),
                      "state two questions under `all:`");
        return false;
      }
      key = &entry.first;
      value = &entry.second;
    }
    if (key == nullptr && !sound) return false;
    if (key == nullptr) {
      reporter_.add("quantifier", node,
                    fmt::format("this question to probe `{}` does not say what must hold", leaf.probe->name),
                    "add one of " + listed(quantifiers));
      return false;
    }
    const auto at = std::find(quantifiers.begin(), quantifiers.end(), key->text) - quantifiers.begin();
    leaf.quantifier = static_cast<Quantifier>(at);
    if (leaf.quantifier == Quantifier::count) return read_count(*value, leaf);
    if (leaf.quantifier == Quantifier::show) return read_show(*value, leaf);
    auto condition = read_condition(*value, *leaf.probe, parameters_, context_);
    if (!condition) return false;
    leaf.expect = std::move(*condition);
    return true;
  }

  bool read_count(const YamlNode& value, OpenLeaf& leaf) const {
    const auto limit = [&](const YamlNode& node, const char* what) {
      return read_term(node, Wanted::integer, false, what, {}, parameters_, context_);
    };
    if (value.is_scalar()) {
      leaf.count_at_least = limit(value, "`count`");
      leaf.count_at_most = leaf.count_at_least;
      return leaf.count_at_least.has_value() && limits_make_sense(value, leaf);
    }
    static constexpr std::array<std::string_view, 2> keys = {"at_least", "at_most"};
    const MapReader map(value, "`count`", keys, reporter_);
    if (!map.is_map()) return false;
    const YamlNode* least = map.find("at_least");
    const YamlNode* most = map.find("at_most");
    if (least == nullptr && most == nullptr) {
      reporter_.add("empty-condition", value, "`count` has no limit", "add `at_least` or `at_most`");
      return false;
    }
    if (least != nullptr) leaf.count_at_least = limit(*least, "`at_least`");
    if (most != nullptr) leaf.count_at_most = limit(*most, "`at_most`");
    return (least == nullptr || leaf.count_at_least) && (most == nullptr || leaf.count_at_most) &&
           limits_make_sense(value, leaf);
  }

  // With parameters the defaults count; other values are judged as they are set.
  bool limits_make_sense(const YamlNode& place, const OpenLeaf& leaf) const {
    const auto number = [&](const std::optional<Term>& term) -> std::optional<std::int64_t> {
      if (!term) return std::nullopt;
      const auto* use = std::get_if<ParameterUse>(&*term);
      return std::get<std::int64_t>(use != nullptr ? parameters_[use->index].fallback : std::get<Value>(*term));
    };
    const auto least = number(leaf.count_at_least);
    const auto most = number(leaf.count_at_most);
    if ((least && *least < 0) || (most && *most < 0) || (least && most && *least > *most)) {
      reporter_.add("bad-limits", place, "no number of records lies within these limits");
      return false;
    }
    return true;
  }

  bool read_show(const YamlNode& value, OpenLeaf& leaf) const {
    if (!value.is_sequence() || value.items.empty()) {
      reporter_.add("wrong-shape", value, "`show` is a list of fields");
      return false;
    }
    std::vector<std::string_view> names;
    for (const auto& field : leaf.probe->fields) names.push_back(field.name);
    bool sound = true;
    for (const auto& item : value.items) {
      const int index = field_index(*leaf.probe, item.text);
      if (index < 0) {
        reporter_.add("unknown-field", item, fmt::format("probe `{}` has no field `{}`", leaf.probe->name, item.text),
                      suggestion(item.text, names));
        sound = false;
      } else {
        leaf.show.push_back(static_cast<std::uint16_t>(index));
      }
    }
    return sound;
  }

  bool read_if_empty(const YamlNode& node, bool filtered, OpenLeaf& leaf) const {
    const YamlNode* value = node.find("if_empty");
    const bool judges_records = leaf.quantifier != Quantifier::count && leaf.quantifier != Quantifier::show;
    const bool has_quantifier = std::any_of(node.entries.begin(), node.entries.end(),
                                            [](const auto& entry) { return is_quantifier(entry.first.text); });
    const bool possible = judges_records && (leaf.probe->cardinality == Cardinality::any || filtered);
    if (!has_quantifier) return value == nullptr;
    if (value == nullptr) {
      if (!possible) return true;
      const std::string why = leaf.probe->cardinality == Cardinality::any
                                  ? fmt::format("probe `{}` may find nothing", leaf.probe->name)
                                  : "`where` may leave no record";
      reporter_.add("if-empty-missing", node, why + ", and `if_empty` does not say what that means",
                    "add `if_empty: pass`, `fail` or `not_applicable`");
      return false;
    }
    if (!possible) {
      reporter_.add("if-empty-needless", *value,
                    judges_records ? fmt::format("probe `{}` always finds exactly one", leaf.probe->name)
                                   : fmt::format("`{}` is an answer even without records", name_of(leaf.quantifier)),
                    "leave `if_empty` out");
      return false;
    }
    if (value->is_scalar()) {
      if (value->text == "pass") leaf.if_empty = IfEmpty::pass;
      if (value->text == "fail") leaf.if_empty = IfEmpty::fail;
      if (value->text == "not_applicable") leaf.if_empty = IfEmpty::not_applicable;
    }
    if (leaf.if_empty != IfEmpty::impossible) return true;
    reporter_.add("not-allowed", *value, fmt::format("`if_empty` cannot be {}", described(*value)),
                  suggestion(value->text, outcomes));
    return false;
  }

  std::optional<OpenExpression> read_short_entry(const YamlNode& key, const YamlNode& value) const {
    const ProbeSchema* probe = find_probe(key);
    if (probe == nullptr) return std::nullopt;
    if (!value.is_map()) {
      reporter_.add("wrong-shape", value,
                    fmt::format("`{}` here is a map of arguments and conditions, not {}", key.text, described(value)));
      return std::nullopt;
    }
    OpenExpression expression;
    OpenLeaf& leaf = expression.leaf;
    leaf.probe = probe;
    leaf.quantifier = Quantifier::some;  // nothing found: it is not there, so it does not apply
    leaf.if_empty = probe->cardinality == Cardinality::any ? IfEmpty::fail : IfEmpty::impossible;
    leaf.arguments.resize(probe->arguments.size());
    YamlNode conditions = value;
    conditions.entries.clear();
    bool sound = true;
    for (const auto& entry : value.entries) {
      if (argument_index(*probe, entry.first.text) >= 0) {
        sound = read_argument(entry.first, entry.second, leaf, true) && sound;
      } else {
        conditions.entries.push_back(entry);
      }
    }
    sound = complete_arguments(value, leaf) && sound;
    if (conditions.entries.empty()) return read_presence(key, std::move(expression), sound);
    auto condition = read_condition(conditions, *probe, parameters_, context_);
    if (!condition || !sound) return std::nullopt;
    leaf.expect = std::move(*condition);
    return expression;
  }

  std::optional<OpenExpression> read_presence(const YamlNode& key, OpenExpression expression, bool sound) const {
    const ProbeSchema& probe = *expression.leaf.probe;
    const int presence = probe.presence.empty() ? -1 : field_index(probe, probe.presence);
    if (presence < 0) {
      reporter_.add("empty-condition", key, fmt::format("nothing says when `{}` applies", probe.name),
                    "state a condition on one of its fields");
      return std::nullopt;
    }
    OpenCondition& expect = expression.leaf.expect;
    expect.kind = Condition::Kind::test;
    expect.field = static_cast<std::uint16_t>(presence);
    expect.operands.emplace_back(std::in_place_type<Value>, true);
    return sound ? std::optional(std::move(expression)) : std::nullopt;
  }

  Parameters parameters_;
  const ReadContext& context_;
  const Reporter& reporter_;
};

}  // namespace

std::optional<OpenExpression> read_expression(const YamlNode& node, Parameters parameters, const ReadContext& context) {
  return ExpressionReader(parameters, context).read(node);
}

std::optional<OpenExpression> read_applies(const YamlNode& node, Parameters parameters, const ReadContext& context) {
  const ExpressionReader reader(parameters, context);
  const bool full = !node.is_map() || node.entries.empty() || node.find("probe") != nullptr ||
                    node.find("all") != nullptr || node.find("any") != nullptr || node.find("not") != nullptr;
  return full ? reader.read(node) : reader.read_short(node);
}

}  // namespace plimsoll::catalog
