#include "engine/catalog/embed/json_schema.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "engine/catalog/operators.hpp"
#include "engine/core/controls.hpp"

namespace plimsoll::catalog {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* draft = "http://json-schema.org/draft-07/schema#";

Json reference(std::string_view name) {
  return {{"$ref", fmt::format("#/definitions/{}", name)}};
}
Json text_of(std::string_view description) {
  return {{"type", "string"}, {"minLength", 1}, {"description", description}};
}
Json list_of(const Json& item, std::string_view description = {}) {
  Json list = {{"type", "array"}, {"minItems", 1}, {"items", item}};
  if (!description.empty()) list["description"] = description;
  return list;
}
Json object_of(const Json& properties, const Json& required) {
  return {{"type", "object"}, {"additionalProperties", false}, {"required", required}, {"properties", properties}};
}
Json names(std::span<const std::string_view> list) {
  Json array = Json::array();
  for (const auto name : list) array.push_back(name);
  return array;
}

// `$name`, wherever a value stands.
Json or_parameter(Json literal) {
  return {{"anyOf", Json::array({std::move(literal), reference("parameter")})}};
}

Json literal(Wanted wanted, std::span<const std::string_view> allowed) {
  switch (wanted) {
    case Wanted::boolean:
      return {{"type", "boolean"}};
    case Wanted::integer:
      return {{"type", "integer"}};
    case Wanted::scalar:
      return {{"type", Json::array({"string", "integer"})}};
    case Wanted::mode:
      return {{"type", "string"}, {"pattern", "^[0-7]{1,4}$"}};
    case Wanted::duration:
      return {{"type", "string"}, {"pattern", "^[0-9]+[smhdw]$"}};
    case Wanted::list:
      return {{"type", "array"}, {"items", literal(Wanted::text, allowed)}};
    case Wanted::text:
      if (!allowed.empty()) return {{"enum", names(allowed)}};
      return {{"type", "string"}};
    case Wanted::time:
    case Wanted::version:
    case Wanted::address:
    case Wanted::pattern:
      return {{"type", "string"}};
  }
  return {{"type", "string"}};
}

// Fields with a closed set of values keep it in plain comparisons; the shared definition of their type has the rest.
Json comparison(ValueType type, std::span<const std::string_view> allowed) {
  Json operators = Json::object();
  for (const auto name : operators_for(type)) {
    const Operator op = *operator_named(name);
    const auto rule = *operand_rule(op, type);
    const bool whole = op == Operator::equals || op == Operator::in || op == Operator::not_in ||
                       op == Operator::contains_all || op == Operator::contains_none || op == Operator::subset_of;
    Json value = or_parameter(literal(rule.wanted, whole ? allowed : std::span<const std::string_view>{}));
    if (rule.many) {
      Json list = or_parameter(list_of(value));
      if (op == Operator::within_cidr) list["anyOf"].push_back(literal(rule.wanted, {}));
      value = list;
    }
    operators[std::string(name)] = value;
  }
  const Json map = {
      {"type", "object"}, {"additionalProperties", false}, {"minProperties", 1}, {"properties", operators}};
  Json forms = or_parameter(literal(wanted_of(type), allowed));
  forms["anyOf"].push_back(map);
  return forms;
}

std::string definition_name(const ProbeSchema& schema, std::string_view what) {
  return fmt::format("{}.{}", schema.name, what);
}

std::string field_text(const FieldSchema& field) {
  std::string text = fmt::format("{}. {}", name_of(field.type), field.meaning);
  if (!field.unit.empty()) text += fmt::format(" In {}.", field.unit);
  return text;
}

Json condition_schema(const ProbeSchema& schema) {
  Json properties = Json::object();
  for (const auto& field : schema.fields) {
    Json form = field.allowed.empty() ? reference(fmt::format("type.{}", name_of(field.type)))
                                      : comparison(field.type, field.allowed);
    // Draft 7 ignores what stands beside a $ref, editors' hover texts too, so it is wrapped.
    properties[std::string(field.name)] = {{"description", field_text(field)},
                                           {"allOf", Json::array({std::move(form)})}};
  }
  const Json self = reference(definition_name(schema, "condition"));
  properties["any"] = list_of(self, "At least one of these conditions holds.");
  properties["all"] = list_of(self, "All of these conditions hold.");
  properties["not"] = self;
  return {{"type", "object"}, {"additionalProperties", false}, {"minProperties", 1}, {"properties", properties}};
}

Json argument_schema(const ArgumentSchema& argument) {
  Json value = or_parameter(literal(wanted_of(argument.type), argument.allowed));
  value["description"] = argument.fallback.empty()
                             ? std::string(argument.meaning)
                             : fmt::format("{} Default: {}.", argument.meaning, argument.fallback);
  return value;
}

Json probe_schema(const ProbeSchema& schema) {
  Json properties = {{"probe", {{"const", schema.name}, {"description", schema.summary}}}};
  Json required = Json::array({"probe"});
  for (const auto& argument : schema.arguments) {
    properties[std::string(argument.name)] = argument_schema(argument);
    if (argument.required) required.push_back(argument.name);
  }
  const Json condition = reference(definition_name(schema, "condition"));
  Json fields = Json::array();
  for (const auto& field : schema.fields) fields.push_back(field.name);
  for (const auto* key : {"where", "every", "some", "none"}) properties[key] = condition;
  properties["count"] = reference("count");
  properties["show"] = list_of({{"enum", fields}}, "Fields to gather as evidence for a person; never breaks.");
  properties["if_empty"] = {{"enum", {"pass", "fail", "not_applicable"}},
                            {"description", "What no records at all mean."}};
  Json one_quantifier = Json::array();
  for (const auto* key : {"every", "some", "none", "count", "show"}) one_quantifier.push_back({{"required", {key}}});
  Json object = object_of(properties, required);
  object["oneOf"] = one_quantifier;
  return object;
}

// The short form of `applies`: arguments and conditions side by side.
Json short_schema(const ProbeSchema& schema) {
  Json object = condition_schema(schema);
  object.erase("minProperties");
  Json required = Json::array();
  for (const auto& argument : schema.arguments) {
    object["properties"][std::string(argument.name)] = argument_schema(argument);
    if (argument.required) required.push_back(argument.name);
  }
  object["required"] = required;
  object["description"] = schema.summary;
  return object;
}

Json definitions(std::span<const ProbeSchema* const> schemas) {
  Json all = Json::object();
  all["parameter"] = {
      {"type", "string"}, {"pattern", "^\\$[a-z][a-z0-9_]*$"}, {"description", "A parameter of this check."}};
  const Json limit = or_parameter({{"type", "integer"}, {"minimum", 0}});
  Json count = limit;
  count["anyOf"].push_back({{"type", "object"},
                            {"additionalProperties", false},
                            {"minProperties", 1},
                            {"properties", {{"at_least", limit}, {"at_most", limit}}}});
  count["description"] = "How many records there are.";
  all["count"] = count;
  for (int i = 0; i <= static_cast<int>(ValueType::address); ++i) {
    const auto type = static_cast<ValueType>(i);
    all[fmt::format("type.{}", name_of(type))] = comparison(type, {});
  }
  Json expressions = Json::array();
  const Json self = reference("expression");
  for (const auto* key : {"all", "any"}) expressions.push_back(object_of({{key, list_of(self)}}, Json::array({key})));
  expressions.push_back(object_of({{"not", self}}, Json::array({"not"})));
  Json short_forms = Json::object();
  for (const ProbeSchema* schema : schemas) {
    all[definition_name(*schema, "condition")] = condition_schema(*schema);
    all[definition_name(*schema, "question")] = probe_schema(*schema);
    expressions.push_back(reference(definition_name(*schema, "question")));
    short_forms[std::string(schema->name)] = short_schema(*schema);
  }
  all["expression"] = {{"anyOf", expressions}};
  all["applies"] = {{"description", "What the thing is, never whether it is well configured."},
                    {"anyOf", Json::array({self,
                                           {{"type", "object"},
                                            {"additionalProperties", false},
                                            {"minProperties", 1},
                                            {"properties", short_forms}}})}};
  return all;
}

Json text_list(std::string_view description) {
  return {{"description", description},
          {"anyOf", Json::array({Json{{"type", "string"}}, list_of({{"type", "string"}})})}};
}

Json controls_schema() {
  Json properties = Json::object();
  for (const auto& standard : standards()) {
    const Json id = {{"type", "string"}, {"pattern", standard.pattern}};
    properties[std::string(standard.id)] = {{"description", fmt::format("Controls of {}.", standard.title)},
                                            {"anyOf", Json::array({id, list_of(id)})}};
  }
  return {{"type", "object"},
          {"description", "What the check serves in standards other than benchmarks."},
          {"additionalProperties", false},
          {"minProperties", 1},
          {"properties", properties}};
}

std::string printed(const Json& json) {
  return json.dump(1, ' ') + "\n";
}

}  // namespace

std::string checks_schema(std::span<const ProbeSchema* const> schemas) {
  Json types = Json::array();
  for (int i = 0; i <= static_cast<int>(ValueType::address); ++i) types.push_back(name_of(static_cast<ValueType>(i)));
  const Json parameter = object_of({{"type", {{"enum", types}}},
                                    {"default", {{"description", "Of the type that is named above."}}},
                                    {"meaning", text_of("What setting it does.")}},
                                   Json::array({"type", "default"}));
  const Json check = object_of(
      {{"id",
        {{"type", "string"}, {"pattern", "^[a-z][a-z0-9-]*$"}, {"description", "Names the behaviour; permanent."}}},
       {"title", text_of("What is true of a good host.")},
       {"severity", {{"enum", {"info", "low", "medium", "high", "critical"}}, {"default", "medium"}}},
       {"rationale", text_of("What an attacker does with the weakness.")},
       {"remediation", text_of("How to mend it.")},
       {"references", text_list("Manual pages, specifications.")},
       {"tags", text_list("Words to find it by.")},
       {"controls", controls_schema()},
       {"parameters",
        {{"type", "object"},
         {"minProperties", 1},
         {"propertyNames", {{"pattern", "^[a-z][a-z0-9_]*$"}}},
         {"additionalProperties", parameter}}},
       {"applies", reference("applies")},
       {"check", reference("expression")}},
      Json::array({"id", "title", "rationale", "remediation", "check"}));
  return printed({{"$schema", draft},
                  {"title", "A file of plimsoll checks"},
                  {"type", "array"},
                  {"minItems", 1},
                  {"items", check},
                  {"definitions", definitions(schemas)}});
}

std::string profiles_schema(std::span<const ProbeSchema* const> schemas) {
  const Json level = {{"type", "integer"}, {"minimum", 1}, {"maximum", 9}};
  const Json set = {
      {"type", "object"}, {"minProperties", 1}, {"description", "Parameter, or check-id.parameter, and its value."}};
  const Json row =
      object_of({{"id", text_of("The benchmark's number, in quotes.")},
                 {"topic", text_of("Our words, for rows without a check.")},
                 {"level", {{"anyOf", Json::array({level, {{"type", "object"}, {"additionalProperties", level}}})}}},
                 {"role", text_list("Only for this role.")},
                 {"roles", text_list("Only for these roles.")},
                 {"assessment", {{"enum", {"automated", "manual", "decided"}}, {"default", "automated"}}},
                 {"checks", text_list("Ids of the checks that answer it.")},
                 {"set", set},
                 {"question", text_of("Manual rows: what the reviewer has to judge.")},
                 {"gap", text_of("Automated rows without a check: why there is none.")}},
                Json::array({"id"}));
  Json all = definitions(schemas);
  const Json excluded =
      object_of({{"id", text_of("A row of the profile that is extended.")}, {"reason", text_of("Why.")}},
                Json::array({"id", "reason"}));
  Json profile =
      object_of({{"profile", {{"type", "string"}, {"pattern", "^[a-z][a-z0-9.-]*$"}, {"description", "Its id."}}},
                 {"title", text_of("The document's name.")},
                 {"version", text_of("The document's version, in quotes.")},
                 {"description", text_of("What it is for.")},
                 {"roles", text_list("Roles that rows differ by; the first is the default.")},
                 {"fallback", {{"type", "boolean"}, {"description", "Chosen only when no other profile applies."}}},
                 {"beside",
                  {{"type", "boolean"},
                   {"description",
                    "About something on a host, such as a container runtime: a host that it applies to "
                    "still needs a profile of its own."}}},
                 {"applies", reference("applies")},
                 {"extends", text_of("The id of another profile, whose rows this one takes over.")},
                 {"set", set},
                 {"exclude", list_of(excluded, "Rows that this policy does not ask for.")},
                 {"sections",
                  {{"type", "object"},
                   {"additionalProperties", {{"type", "string"}}},
                   {"description", "Leading numbers of row ids, and our words for them."}}},
                 {"recommendations", list_of(row)}},
                Json::array({"profile", "title"}));
  profile["anyOf"] = Json::array({{{"required", {"version", "recommendations"}}}, {{"required", {"extends"}}}});
  Json schema = {{"$schema", draft}, {"title", "A plimsoll profile"}};
  schema.update(profile);
  schema["definitions"] = std::move(all);
  return printed(schema);
}

}  // namespace plimsoll::catalog
