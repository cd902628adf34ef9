#include "engine/formats/gsettings_schema.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/gvdb_bytes.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

std::string text_of(std::string_view bytes, std::string_view setting) {
  const auto found = gsettings_default(bytes, setting);
  if (!found) return found.error().kind == Error::Kind::unsupported ? "(unsupported)" : "(malformed)";
  return *found ? (*found)->type + ' ' + (*found)->text : "(none)";
}

}  // namespace

TEST_CASE("defaults are read from what glib-compile-schemas writes", "[formats]") {
  std::ifstream file(PLIMSOLL_SOURCE_DIR "/tests/fuzz/corpus/gvdb/schemas", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  CHECK(text_of(bytes, "/org/example/number") == "u 300");
  CHECK(text_of(bytes, "/org/example/plain") == "u 7");  // an override
  CHECK(text_of(bytes, "/org/example/on") == "b true");
  CHECK(text_of(bytes, "/org/example/text") == "s hello");
  CHECK(text_of(bytes, "/org/example/empty") == "s ");
  CHECK(text_of(bytes, "/org/example/choice") == "s bb");
  CHECK(text_of(bytes, "/org/example/list") == "(unsupported)");
  CHECK(text_of(bytes, "/org/example/desktop") == "(unsupported)");
  CHECK(text_of(bytes, "/org/example/gone") == "(none)");
  CHECK(text_of(bytes, "/org/example/elsewhere/k") == "(none)");  // its path is another
  CHECK(text_of(bytes, "/org/nothing/k") == "(none)");
  CHECK(text_of(bytes, "/number") == "(none)");
  CHECK(text_of(bytes, "") == "(none)");
}

TEST_CASE("what is no compiled schema is an error", "[formats]") {
  CHECK(text_of("text", "/org/example/number") == "(malformed)");
  auto bytes = tests::gsettings_schema_bytes({{"org.example", {{"number", {"u", "5"}}}}});
  CHECK(text_of(bytes, "/org/example/number") == "u 5");
  bytes.replace(bytes.find("(u)"), 3, "(t)");
  CHECK(text_of(bytes, "/org/example/number") == "(malformed)");
  bytes.replace(bytes.find("(t)"), 3, "xyz");
  CHECK(text_of(bytes, "/org/example/number") == "(malformed)");
}
