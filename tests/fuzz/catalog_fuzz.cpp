// A user's catalog: diagnostics with places, or a catalog that plans.
#include "engine/catalog/load.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll;
using namespace plimsoll::catalog;

namespace {

constexpr std::array<ArgumentSchema, 1> arguments = {{{.name = "name", .type = ValueType::text, .meaning = "a name"}}};
constexpr std::array<FieldSchema, 3> fields = {{{.name = "y", .type = ValueType::integer, .meaning = "a number"},
                                                {.name = "z", .type = ValueType::list, .meaning = "a list"},
                                                {.name = "m", .type = ValueType::mode, .meaning = "a mode"}}};
constexpr ProbeSchema schema = {
    .name = "x", .summary = "things", .cardinality = Cardinality::any, .arguments = arguments, .fields = fields};
constexpr std::array<const ProbeSchema*, 1> schemas = {&schema};

}  // namespace

PLIMSOLL_FUZZ(text) {
  using Kind = SourceFile::Kind;
  const std::vector<SourceFile> files = {{Kind::checks, "checks/a.yaml", "checks/a.yaml", std::string(text)},
                                         {Kind::profile, "profiles/b.yaml", "profiles/b.yaml", std::string(text)}};
  for (const auto& file : files) {
    const auto loaded = load_files({&file, 1}, "0", nullptr, schemas, {});
    require(loaded.catalog.has_value() == loaded.diagnostics.empty());
    if (!loaded.catalog) continue;
    Selection selection;
    for (std::size_t i = 0; i < loaded.catalog->check_count(); ++i) {
      selection.checks.emplace_back(loaded.catalog->check(i).id);
    }
    (void)make_plan(*loaded.catalog, selection, schemas);
  }
}
