#include "engine/formats/xml_events.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

namespace {

/// Writes down what it sees.
class Writer final : public XmlVisitor {
 public:
  void open(std::string_view name, const XmlAttributes& attributes) override {
    seen += '<';
    seen += name;
    if (!attributes.find("a").empty()) (seen += ' ') += attributes.find("a");
    seen += '>';
  }
  void close(std::string_view name) override { ((seen += "</") += name) += '>'; }
  void text(std::string_view part) override { seen += part; }
  std::string seen;
};

Result<std::string> read(std::string_view text, std::size_t step) {
  Writer writer;
  XmlEvents events(writer, "r");
  for (; !text.empty(); text.remove_prefix(std::min(step, text.size()))) {
    if (const auto fed = events.feed(text.substr(0, step)); !fed) return std::unexpected(fed.error());
  }
  if (const auto ended = events.end(); !ended) return std::unexpected(ended.error());
  return writer.seen;
}

Error refused(std::string_view text) {
  const auto outcome = read(text, 1000);
  REQUIRE_FALSE(outcome);
  return outcome.error();
}

std::string times(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("elements, attributes and texts come in their order, however the blocks are cut", "[formats][xml_events]") {
  const auto step = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{1000});
  CHECK(read("<?xml version='1.0'?><!-- c --><r><x:b b='1' a='&lt;&#65;'/>t &amp; u<![CDATA[<c>]]></r>", step) ==
        "<r><x:b <A></x:b>t & u<c></r>");
}

TEST_CASE("what is no XML is malformed, with its line", "[formats][xml_events]") {
  CHECK(refused("<r>\n<a></b></r>") == Error{Error::Kind::malformed, "line 2: no XML: mismatched tag"});
  CHECK(refused("<r><a>").kind == Error::Kind::malformed);
  CHECK(refused("").kind == Error::Kind::malformed);
  CHECK(refused("<s/>").what == "line 1: its root element is not r");
  CHECK(refused("<r>&nothing;</r>").kind == Error::Kind::malformed);
}

TEST_CASE("documents that mean harm are refused", "[formats][xml_events]") {
  CHECK(refused("<!DOCTYPE r [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><r>&b;</r>").kind ==
        Error::Kind::malformed);
  CHECK(refused("<!DOCTYPE r SYSTEM '/etc/passwd'><r/>").kind == Error::Kind::malformed);
  CHECK(refused("<r>" + times("<a>", 64)).kind == Error::Kind::too_large);
  CHECK(refused("<r><a b='" + std::string(2U << 20U, 'x') + "'/></r>").kind == Error::Kind::too_large);
  CHECK(refused("<r><!--" + std::string(2U << 20U, 'x') + "--></r>").kind == Error::Kind::too_large);
  std::string names = "<r>";
  for (int i = 0; i < 500'000; ++i) names += "<n" + std::to_string(i) + "/>";
  CHECK(refused(names + "</r>").kind == Error::Kind::too_large);
}

TEST_CASE("long texts and many elements are not held", "[formats][xml_events]") {
  CHECK(read("<r>" + std::string(3U << 20U, 'x') + "</r>", 70'000).has_value());
  CHECK(read("<r>" + times("<a>b</a>", 100'000) + "</r>", 70'000).has_value());
}
