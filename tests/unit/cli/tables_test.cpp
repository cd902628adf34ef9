#include "engine/cli/listing.hpp"
#include "engine/cli/probe_tables.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::cli;

TEST_CASE("columns are as wide as their widest cell, and the last one is wrapped", "[cli]") {
  const std::vector<std::string> rows[] = {{"a", "größe", "one two three four five six seven eight nine"},
                                           {"bbb", "x", "y"}};
  CHECK(table_text(rows, 0) == "a    größe  one two three four five six seven eight nine\nbbb  x      y\n");
  CHECK(table_text(rows, 46) ==
        "a    größe  one two three four five six seven\n            eight nine\nbbb  x      y\n");
  CHECK(table_text(rows, 40) == "a    größe\n    one two three four five six seven\n    eight nine\nbbb  x\n    y\n");
}

TEST_CASE("a probe's tables hold every argument and field", "[cli]") {
  static constexpr std::string_view kinds[] = {"a", "b"};
  static constexpr std::string_view sources[] = {"/etc/x"};
  static constexpr ArgumentSchema arguments[] = {{"name", ValueType::text, true, "What to read.", {}, {}},
                                                 {"kind", ValueType::text, false, "Which.", "a", kinds}};
  static constexpr FieldSchema fields[] = {{"size", ValueType::integer, "How large it is.", "bytes", {}},
                                           {"kind", ValueType::text, "This | that.", {}, kinds}};
  static constexpr ProbeSchema schema = {"x",      "Reads x.", Cardinality::exactly_one, arguments, fields,
                                         "exists", sources};
  CHECK(probe_text(schema, 0) ==
        "x\nReads x.\n\nRecords: exactly one\nReads: /etc/x\nSays that it is there: exists\n\nArguments:\n"
        "  name  text  required   What to read.\n  kind  text  default a  Which. One of a, b.\n\nFields:\n"
        "  size  integer (bytes)  How large it is.\n  kind  text             This | that. One of a, b.\n");
  const ProbeSchema* const all[] = {&schema};
  CHECK(probe_markdown(all) ==
        "### `x`\n\nReads x.\n\nRecords: exactly one. Reads /etc/x.\n\n"
        "| argument | type | | meaning |\n| --- | --- | --- | --- |\n| `name` | text | required | What to read. |\n"
        "| `kind` | text | default a | Which. One of a, b. |\n\n"
        "| field | type | meaning |\n| --- | --- | --- |\n| `size` | integer (bytes) | How large it is. |\n"
        "| `kind` | text | This \\| that. One of a, b. |\n");
}
