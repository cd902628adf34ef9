#include "engine/cli/probe_tables.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <vector>

#include "engine/cli/listing.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

/// "one of a, b" as a sentence of its own, or nothing.
string allowed_sentence(std::span<const string_view> allowed) {
  return allowed.empty() ? string() : fmt::format(" One of {}.", fmt::join(allowed, ", "));
}

string need_of(const ArgumentSchema& argument) {
  if (argument.required) return "required";
  return argument.fallback.empty() ? string("optional") : fmt::format("default {}", argument.fallback);
}

string type_of(const FieldSchema& field) {
  return field.unit.empty() ? string(name_of(field.type)) : fmt::format("{} ({})", name_of(field.type), field.unit);
}

string_view records_of(const ProbeSchema& schema) {
  return schema.cardinality == Cardinality::exactly_one ? "exactly one"
                                                        : "any number; a check says with `if_empty` what none means";
}

/// A cell of a Markdown table: a bar would end it.
string cell(string_view text) {
  string out;
  for (const char c : text) {
    if (c == '|') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

}  // namespace

string probe_list(std::span<const ProbeSchema* const> schemas, std::size_t width) {
  std::vector<std::vector<string>> rows;
  for (const ProbeSchema* schema : schemas) rows.push_back({string(schema->name), string(schema->summary)});
  return table_text(rows, width);
}

string probe_text(const ProbeSchema& schema, std::size_t width) {
  const std::size_t inner = width > 2 ? width - 2 : width;
  string out = fmt::format("{}\n", schema.name);
  out += hanging(schema.summary, 0, 0, width) + "\n\n";
  out += fmt::format("Records: {}\n", records_of(schema));
  if (!schema.sources.empty()) {
    out += hanging(fmt::format("Reads: {}", fmt::join(schema.sources, ", ")), 0, 7, width) + "\n";
  }
  if (!schema.presence.empty()) out += fmt::format("Says that it is there: {}\n", schema.presence);
  if (!schema.arguments.empty()) {
    std::vector<std::vector<string>> rows;
    for (const ArgumentSchema& argument : schema.arguments) {
      rows.push_back({string(argument.name), string(name_of(argument.type)), need_of(argument),
                      string(argument.meaning) + allowed_sentence(argument.allowed)});
    }
    out += "\nArguments:\n" + indented(table_text(rows, inner));
  }
  std::vector<std::vector<string>> rows;
  for (const FieldSchema& field : schema.fields) {
    rows.push_back({string(field.name), type_of(field), string(field.meaning) + allowed_sentence(field.allowed)});
  }
  out += "\nFields:\n" + indented(table_text(rows, inner));
  return out;
}

string probe_markdown(std::span<const ProbeSchema* const> schemas) {
  string out;
  for (const ProbeSchema* schema : schemas) {
    if (!out.empty()) out += "\n";
    out += fmt::format("### `{}`\n\n{}\n\nRecords: {}.", schema->name, schema->summary, records_of(*schema));
    if (!schema->sources.empty()) out += fmt::format(" Reads {}.", fmt::join(schema->sources, ", "));
    out += "\n";
    if (!schema->arguments.empty()) {
      out += "\n| argument | type | | meaning |\n| --- | --- | --- | --- |\n";
      for (const ArgumentSchema& argument : schema->arguments) {
        out += fmt::format("| `{}` | {} | {} | {} |\n", argument.name, name_of(argument.type), cell(need_of(argument)),
                           cell(string(argument.meaning) + allowed_sentence(argument.allowed)));
      }
    }
    out += "\n| field | type | meaning |\n| --- | --- | --- |\n";
    for (const FieldSchema& field : schema->fields) {
      out += fmt::format("| `{}` | {} | {} |\n", field.name, type_of(field),
                         cell(string(field.meaning) + allowed_sentence(field.allowed)));
    }
  }
  return out;
}

}  // namespace plimsoll::cli
