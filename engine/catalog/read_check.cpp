#include "engine/catalog/read_check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/catalog/map_reader.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::catalog {

namespace {

using formats::YamlNode;

constexpr std::array<std::string_view, 11> check_keys = {"id",          "title",      "severity", "rationale",
                                                         "remediation", "references", "tags",     "controls",
                                                         "parameters",  "applies",    "check"};
constexpr std::array<std::string_view, 5> severities = {"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 9> types = {"boolean", "integer", "text",    "list",   "scalar",
                                                   "mode",    "time",    "version", "address"};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  formats::Lines lines(text);
  std::string_view line;
  while (lines.next(line)) out.push_back(line);
  return out;
}

bool is_parameter_name(std::string_view text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class CheckReader {
 public:
  CheckReader(const ReadContext& context, std::span<const std::string_view> lines)
      : context_(context), reporter_(context.reporter), lines_(lines) {}

  // `end_line`: the first line after the check.
  CheckEntry read(const YamlNode& node, std::uint32_t end_line) const {
    CheckEntry entry{{}, &reporter_.file(), node.line, node.column};
    const MapReader map(node, "a check", check_keys, reporter_);
    if (!map.is_map()) return entry;
    Check& check = entry.check;
    check.id = map.required_text("id");
    check.file = reporter_.file().relative;
    check.line = node.line;
    if (const YamlNode* id = map.find("id"); id != nullptr && !check.id.empty()) {
      entry.line = id->line;
      entry.column = id->column;
      if (!is_id(check.id, false)) {
        reporter_.add("bad-id", *id, fmt::format("`{}` is not an id", check.id),
                      "lower-case letters, digits and hyphens, starting with a letter");
      }
    }
    check.texts.title = map.required_text("title");
    check.texts.rationale = map.required_text("rationale");
    check.texts.remediation = map.required_text("remediation");
    for (const auto* item : map.texts("references")) check.texts.references.emplace_back(trimmed(item->text));
    for (const auto* item : map.texts("tags")) check.texts.tags.emplace_back(trimmed(item->text));
    if (const YamlNode* controls = map.find("controls")) read_controls(*controls, check.texts.controls);
    check.severity = read_severity(map);
    if (const YamlNode* parameters = map.find("parameters")) read_parameters(*parameters, check.parameters);
    read_expressions(map, check);
    check.source = source_of(map.node(), end_line);
    return entry;
  }

 private:
  Severity read_severity(const MapReader& map) const {
    const YamlNode* node = map.find("severity");
    if (node == nullptr) return Severity::medium;
    const auto severity = node->is_scalar() ? severity_named(node->text) : std::nullopt;
    if (severity) return *severity;
    reporter_.add("not-allowed", *node, fmt::format("`severity` cannot be {}", described(*node)),
                  suggestion(node->text, severities));
    return Severity::medium;
  }

  void read_controls(const YamlNode& node, std::vector<Control>& out) const {
    std::vector<std::string_view> names;
    for (const auto& standard : standards()) names.push_back(standard.id);
    const MapReader map(node, "`controls`", names, reporter_);
    if (!map.is_map()) return;
    if (node.entries.empty()) reporter_.add("wrong-shape", node, "`controls` names no standard");
    for (const auto& [name, ids] : node.entries) {
      const Standard* standard = find_standard(name.text);
      if (standard == nullptr) continue;  // reported as an unknown key
      for (const auto* item : map.texts(name.text)) {
        Control control{name.text, std::string(trimmed(item->text))};
        if (!is_control_id(*standard, control.id)) {
          reporter_.add("bad-control", *item, fmt::format("{} has no control `{}`", standard->title, control.id),
                        "its family, a number, and the number of an enhancement in parentheses: AC-6, AC-6(2)");
        } else if (std::find(out.begin(), out.end(), control) != out.end()) {
          reporter_.add("bad-control", *item, fmt::format("control `{}` stands there twice", control.id));
        } else {
          out.push_back(std::move(control));
        }
      }
    }
  }

  void read_parameters(const YamlNode& node, std::vector<Parameter>& out) const {
    if (!node.is_map() || node.entries.empty()) {
      reporter_.add("wrong-shape", node, fmt::format("`parameters` is a map of names, not {}", described(node)));
      return;
    }
    report_duplicate_keys(node, reporter_);
    static constexpr std::array<std::string_view, 3> keys = {"type", "default", "meaning"};
    for (const auto& [name, value] : node.entries) {
      Parameter parameter;
      parameter.name = name.text;
      if (!is_parameter_name(name.text)) {
        reporter_.add("bad-id", name, fmt::format("`{}` is not the name of a parameter", name.text),
                      "lower-case letters, digits and underscores, starting with a letter");
      }
      const MapReader map(value, "a parameter", keys, reporter_);
      const YamlNode* type = map.required("type");
      const YamlNode* fallback = map.required("default");
      parameter.meaning = map.text("meaning");
      const auto known = type != nullptr && type->is_scalar() ? value_type_named(type->text) : std::nullopt;
      if (known) {
        parameter.type = *known;
        read_default(fallback, parameter);
      } else if (type != nullptr) {
        reporter_.add("not-allowed", *type, fmt::format("there is no type {}", described(*type)),
                      suggestion(type->text, types));
      }
      // One with mistakes is kept: its uses are not mistakes as well. Its type must then fit its value.
      parameter.broken = !known || fallback == nullptr || !fits(parameter);
      if (parameter.broken) parameter.fallback = placeholder(parameter.type);
      out.push_back(std::move(parameter));
    }
  }

  void read_default(const YamlNode* node, Parameter& parameter) const {
    if (node == nullptr) return;
    auto value = parse_literal(*node, wanted_of(parameter.type), fmt::format("parameter `{}`", parameter.name));
    if (value) {
      parameter.fallback = std::move(*value);
      return;
    }
    reporter_.add(value.error().code, *node, value.error().message, value.error().hint);
  }

  static Value placeholder(ValueType type) {
    switch (type) {
      case ValueType::boolean:
        return false;
      case ValueType::integer:
      case ValueType::mode:
      case ValueType::time:
        return std::int64_t{0};
      case ValueType::list:
        return TextList{};
      case ValueType::text:
      case ValueType::scalar:
      case ValueType::version:
      case ValueType::address:
        break;
    }
    return std::string();
  }
  static bool fits(const Parameter& parameter) {
    if (parameter.type == ValueType::scalar && std::holds_alternative<std::int64_t>(parameter.fallback)) return true;
    return parameter.fallback.index() == placeholder(parameter.type).index();
  }

  void read_expressions(const MapReader& map, Check& check) const {
    std::vector<bool> used(check.parameters.size());
    const YamlNode* applies = map.find("applies");
    const YamlNode* expression = map.required("check");
    for (const auto* node : {applies, expression}) {
      if (node != nullptr) report_references(*node, check.parameters, used, reporter_);
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i]) continue;
      const auto& entries = map.find("parameters")->entries;
      const auto at = std::find_if(entries.begin(), entries.end(),
                                   [&](const auto& entry) { return entry.first.text == check.parameters[i].name; });
      reporter_.add("unused-parameter", at->first,
                    fmt::format("parameter `{}` is never used", check.parameters[i].name),
                    fmt::format("write `${}` where its value belongs", check.parameters[i].name));
    }
    if (applies != nullptr) check.applies = read_applies(*applies, check.parameters, context_);
    if (expression == nullptr) return;
    if (auto read = read_expression(*expression, check.parameters, context_)) check.check = std::move(*read);
  }

  // The lines of `applies` and `check` as they stand in the file, moved to the left margin.
  std::string source_of(const YamlNode& node, std::uint32_t end_line) const {
    std::string source;
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      const YamlNode& key = node.entries[i].first;
      if (key.text != "applies" && key.text != "check") continue;
      std::size_t end = i + 1 < node.entries.size() ? node.entries[i + 1].first.line : end_line;
      end = std::min<std::size_t>(end - 1, lines_.size());
      const auto needless = [this](std::size_t line) {
        const std::string_view text = trimmed(lines_[line - 1]);
        return text.empty() || text.starts_with('#');
      };
      while (end > key.line && needless(end)) --end;
      end = std::max<std::size_t>(end, key.line);
      for (std::size_t line = key.line; line <= end; ++line) {
        const std::string_view text = lines_[line - 1];
        const std::size_t indent = std::min<std::size_t>(text.find_first_not_of(' '), key.column - 1);
        source += text.substr(std::min(indent, text.size()));
        source += '\n';
      }
    }
    return source;
  }

  const ReadContext& context_;
  const Reporter& reporter_;
  std::span<const std::string_view> lines_;
};

}  // namespace

void read_checks(const YamlNode& root, const ReadContext& context, std::vector<CheckEntry>& out) {
  if (root.kind == YamlNode::Kind::null || (root.is_sequence() && root.items.empty())) {
    context.reporter.add("empty-file", 1, 1, "there is no check in this file");
    return;
  }
  if (!root.is_sequence()) {
    context.reporter.add("wrong-shape", root, fmt::format("a file of checks is a list, not {}", described(root)),
                         "begin each check with `- id:`");
    return;
  }
  const auto lines = lines_of(context.reporter.file().text);
  const CheckReader reader(context, lines);
  for (std::size_t i = 0; i < root.items.size(); ++i) {
    const auto end = i + 1 < root.items.size() ? root.items[i + 1].line : static_cast<std::uint32_t>(lines.size()) + 1;
    out.push_back(reader.read(root.items[i], end));
  }
}

}  // namespace plimsoll::catalog
