#include "reports/markup.hpp"

#include <sstream>

#include "tests/support/catch.hpp"

using namespace plimsoll::reports;

namespace {

std::string html(const Markup& markup) {
  std::ostringstream out;
  markup.write_html(out);
  return out.str();
}

}  // namespace

TEST_CASE("text can never become markup", "[reports]") {
  Markup markup;
  markup.top().add("p").set("title", "\"<&'").text("<script>&amp;]]>\"").add("b").text("x");
  const std::string written = html(markup);
  CHECK(written == "<p title=\"&quot;&lt;&amp;'\">&lt;script&gt;&amp;amp;]]&gt;\"<b>x</b></p>");
}

TEST_CASE("empty elements get an end tag in HTML", "[reports]") {
  Markup markup;
  markup.top().add("td");
  CHECK(html(markup) == "<td></td>");
}

TEST_CASE("foreign text is isolated and its invisible characters are marked", "[reports]") {
  Markup markup;
  markup.top().add("td").foreign_text("a\u202Eb");
  CHECK(html(markup) == "<td><bdi>a<mark>⟨U+202E⟩</mark>b</bdi></td>");
}

TEST_CASE("characters that XML cannot hold are named, in text and in attributes", "[reports]") {
  Markup markup;
  markup.top().add("a").set("b", "x\x1by\nz").text("\x01");
  std::ostringstream out;
  markup.write_xml(out);
  CHECK(out.str() == "<?xml version=\"1.0\"?>\n<a b=\"x⟨U+001B⟩y z\">⟨U+0001⟩</a>\n");
}
