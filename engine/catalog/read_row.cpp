#include "engine/catalog/read_row.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "engine/catalog/bind.hpp"
#include "engine/catalog/map_reader.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::catalog {

namespace {

using formats::YamlNode;

constexpr std::array<std::string_view, 10> row_keys = {"id",         "topic",  "level", "role",     "roles",
                                                       "assessment", "checks", "set",   "question", "gap"};
constexpr std::array<std::string_view, 3> assessments = {"automated", "manual", "decided"};
constexpr std::int64_t max_level = 9;

class RowReader {
 public:
  RowReader(const MapReader& map, std::span<const std::string> roles, const Model& checks, const ReadContext& context)
      : map_(map), roles_(roles), checks_(checks), context_(context), reporter_(context.reporter) {}

  Row read() const {
    Row row;
    row.id = map_.required_text("id");
    if (const YamlNode* id = map_.find("id"); id != nullptr && id->is_scalar() && !id->quoted) {
      const auto literal = parse_literal(*id, Wanted::text, "`id`");
      if (!literal) reporter_.add(literal.error().code, *id, literal.error().message, literal.error().hint);
    }
    row.topic = map_.text("topic");
    row.question = map_.text("question");
    row.gap = map_.text("gap");
    read_levels(row);
    read_roles(row);
    read_assessment(row);
    read_check_names(row);
    require_reasons(row);
    if (const YamlNode* set = map_.find("set")) apply_set(*set, std::span(&row, 1), checks_, context_);
    return row;
  }

 private:
  std::optional<std::uint8_t> level_of(const YamlNode& node) const {
    const auto value = parse_literal(node, Wanted::integer, "`level`");
    if (!value) {
      reporter_.add(value.error().code, node, value.error().message, value.error().hint);
      return std::nullopt;
    }
    const auto level = std::get<std::int64_t>(*value);
    if (level >= 1 && level <= max_level) return static_cast<std::uint8_t>(level);
    reporter_.add("not-allowed", node, fmt::format("`level` cannot be {}", level),
                  fmt::format("levels go from 1 to {}", max_level));
    return std::nullopt;
  }

  std::optional<std::uint8_t> role_of(const YamlNode& node) const {
    std::vector<std::string_view> names(roles_.begin(), roles_.end());
    const auto found = std::find(names.begin(), names.end(), node.text);
    if (node.is_scalar() && found != names.end()) return static_cast<std::uint8_t>(found - names.begin());
    std::string hint = suggestion(node.text, names);
    if (names.empty()) hint = "list the profile's roles under `roles:`";
    reporter_.add("unknown-role", node, fmt::format("this profile has no role {}", described(node)), std::move(hint));
    return std::nullopt;
  }

  void read_levels(Row& row) const {
    const YamlNode* node = map_.find("level");
    if (node == nullptr) return;
    if (!node->is_map()) {
      row.level = level_of(*node).value_or(0);
      return;
    }
    report_duplicate_keys(*node, reporter_);
    row.roles = 0;  // only the roles that have a level
    for (const auto& [key, value] : node->entries) {
      const auto role = role_of(key);
      const auto level = level_of(value);
      if (!role || !level) continue;
      row.role_levels.emplace_back(*role, *level);
      row.roles |= std::uint32_t{1} << *role;
    }
  }

  void read_roles(Row& row) const {
    if (map_.find("role") == nullptr && map_.find("roles") == nullptr) return;
    row.roles = 0;
    for (const auto* key : {"role", "roles"}) {
      for (const auto* item : map_.texts(key)) {
        if (const auto role = role_of(*item)) row.roles |= std::uint32_t{1} << *role;
      }
    }
  }

  void read_assessment(Row& row) const {
    const YamlNode* node = map_.find("assessment");
    if (node == nullptr || (node->is_scalar() && node->text == "automated")) return;
    if (node->is_scalar() && (node->text == "manual" || node->text == "decided")) {
      row.assessment = node->text == "manual" ? Assessment::manual : Assessment::decided;
      return;
    }
    reporter_.add("not-allowed", *node, fmt::format("`assessment` cannot be {}", described(*node)),
                  suggestion(node->text, assessments));
  }

  void read_check_names(Row& row) const {
    std::set<std::string_view> seen;
    for (const auto* item : map_.texts("checks")) {
      const Check* check = checks_.find_check(item->text);
      if (check == nullptr) {
        std::vector<std::string_view> names;
        names.reserve(checks_.checks.size());
        for (const auto& known : checks_.checks) names.push_back(known.id);
        reporter_.add("unknown-check", *item, fmt::format("there is no check `{}`", item->text),
                      suggestion(item->text, names));
        continue;
      }
      if (!seen.insert(item->text).second) {
        reporter_.add("duplicate-id", *item, fmt::format("check `{}` stands in this row already", item->text));
        continue;
      }
      if (row.assessment != Assessment::manual && only_shows(check->check)) {
        reporter_.add(
            "row-only-shows", *item,
            fmt::format("check `{}` only gathers evidence, and this row is {}", item->text, name_of(row.assessment)),
            "add `assessment: manual`");
      }
      row.checks.push_back({item->text});
    }
  }

  void require_reasons(const Row& row) const {
    const YamlNode* checks = map_.find("checks");
    const bool none = checks == nullptr || (checks->is_sequence() && checks->items.empty());
    if (row.assessment != Assessment::manual) {
      if (const YamlNode* question = map_.find("question")) {
        reporter_.add("needless-key", *question,
                      fmt::format("`question` stands in {} row",
                                  row.assessment == Assessment::decided ? "a decided" : "an automated"),
                      "add `assessment: manual`");
      }
      if (none && row.gap.empty() && map_.find("gap") == nullptr) {
        reporter_.add("row-without-gap", map_.node(),
                      fmt::format("this {} row names no check and does not say why", name_of(row.assessment)),
                      "add `checks: [...]`, or `gap:` with the reason");
      }
    } else if (none && row.question.empty() && map_.find("question") == nullptr) {
      reporter_.add("row-without-question", map_.node(), "this manual row has neither checks nor a question",
                    "add `question:` with what the reviewer has to judge");
    }
    const YamlNode* gap = map_.find("gap");
    if (gap != nullptr && (!none || row.assessment == Assessment::manual)) {
      reporter_.add("needless-key", *gap, "`gap` stands in a row that does not need one", "leave `gap` out");
    }
  }

  const MapReader& map_;
  std::span<const std::string> roles_;
  const Model& checks_;
  const ReadContext& context_;
  const Reporter& reporter_;
};

void put(RowCheck& check, const std::string& name, Value value) {
  const auto found =
      std::find_if(check.set.begin(), check.set.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == check.set.end()) {
    check.set.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

std::string problem_of(const Check& check, const RowCheck& row_check, const ReadContext& context) {
  std::vector<Value> values;
  for (const auto& parameter : check.parameters) {
    const auto found = std::find_if(row_check.set.begin(), row_check.set.end(),
                                    [&](const auto& entry) { return entry.first == parameter.name; });
    values.push_back(found == row_check.set.end() ? parameter.fallback : found->second);
  }
  return problem_with_values(check, values, context.check_pattern);
}

// Sets one name in all rows. False when no check has it.
bool set_one(const YamlNode& key, const YamlNode& node, std::span<Row> rows, const Model& checks,
             const ReadContext& context) {
  const std::size_t dot = key.text.find('.');
  const std::string only = dot == std::string::npos ? std::string() : key.text.substr(0, dot);
  const std::string name = dot == std::string::npos ? key.text : key.text.substr(dot + 1);
  bool found = false;
  bool reported = false;
  for (auto& row : rows) {
    for (auto& row_check : row.checks) {
      if (!only.empty() && row_check.check != only) continue;
      const Check* check = checks.find_check(row_check.check);
      if (check == nullptr) continue;
      const auto parameter = std::find_if(check->parameters.begin(), check->parameters.end(),
                                          [&](const Parameter& known) { return known.name == name; });
      if (parameter == check->parameters.end()) continue;
      found = true;
      auto value =
          parse_literal(node, wanted_of(parameter->type), fmt::format("parameter `{}` of check `{}`", name, check->id));
      if (!value) {
        if (!reported) context.reporter.add(value.error().code, node, value.error().message, value.error().hint);
        reported = true;
        continue;
      }
      put(row_check, name, std::move(*value));
      const std::string problem = problem_of(*check, row_check, context);
      if (problem.empty() || reported) continue;
      reported = true;
      context.reporter.add("wrong-type", node, fmt::format("check `{}`: {}", check->id, problem));
    }
  }
  return found;
}

}  // namespace

Row read_row(const YamlNode& node, std::span<const std::string> roles, const Model& checks,
             const ReadContext& context) {
  const MapReader map(node, "a row", row_keys, context.reporter);
  return map.is_map() ? RowReader(map, roles, checks, context).read() : Row{};
}

void apply_set(const YamlNode& node, std::span<Row> rows, const Model& checks, const ReadContext& context) {
  if (!node.is_map()) {
    context.reporter.add("wrong-shape", node, fmt::format("`set` is a map of parameters, not {}", described(node)));
    return;
  }
  report_duplicate_keys(node, context.reporter);
  for (const auto& [key, value] : node.entries) {
    if (set_one(key, value, rows, checks, context)) continue;
    std::set<std::string> names;
    for (const auto& row : rows) {
      for (const auto& row_check : row.checks) {
        const Check* check = checks.find_check(row_check.check);
        if (check == nullptr) continue;
        for (const auto& parameter : check->parameters) {
          names.insert(parameter.name);
          if (key.text.find('.') != std::string::npos) names.insert(check->id + "." + parameter.name);
        }
      }
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    context.reporter.add("set-names-nothing", key, fmt::format("no check here has a parameter `{}`", key.text),
                         suggestion(key.text, candidates));
  }
}

}  // namespace plimsoll::catalog
