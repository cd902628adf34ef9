#include "engine/catalog/image.hpp"

#include "engine/catalog/compile.hpp"
#include "engine/catalog/state.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/catalog/toy_probes.hpp"

using namespace plimsoll;
using catalog::Catalog;
namespace image = catalog::image;

namespace {

std::string sound_image() {
  auto outcome = toy::load_texts({toy::checks_file(toy::sound_checks), toy::profile_file(toy::sound_profile)});
  REQUIRE(outcome.catalog);
  return outcome.catalog->state().owned;
}

// Reads everything there is; what matters is that it ends.
std::size_t read_all(const Catalog& catalog) {
  std::size_t bytes = catalog.version().size() + catalog.digest().size();
  for (std::size_t i = 0; i < catalog.check_count(); ++i) {
    const auto check = catalog.check(i);
    bytes += check.id.size() + check.title.size() + check.source.size() + check.probes.size();
  }
  for (std::size_t i = 0; i < catalog.profile_count(); ++i) {
    bytes += catalog.profile(i).id.size() + catalog.rows(i, "").size() + catalog.rows(i, "workstation").size();
  }
  bytes += catalog.find_check("ip-forward").value_or(0) + catalog.find_profile("example-linux-3.0").value_or(0);
  catalog::Selection selection;
  selection.profiles = {{"example-linux-3.0", ""}};
  const auto outcome = catalog::make_plan(catalog, selection, toy::schemas());
  bytes += outcome.problems.size() + catalog::make_detection_plan(catalog, toy::schemas()).checks.size();
  catalog::Decoder decoder(catalog.state().view, toy::schemas());
  return bytes + (decoder.model() ? 1 : 0);
}

}  // namespace

TEST_CASE("a block that is cut short is refused", "[catalog][image]") {
  const std::string whole = sound_image();
  REQUIRE(image::View::open(whole));
  for (std::size_t size = 0; size < whole.size(); size += size < 300 ? 1 : 97) {
    CHECK_FALSE(image::View::open(std::string_view(whole).substr(0, size)));
  }
  CHECK_FALSE(image::View::open(whole + "x"));
}

TEST_CASE("headers that lie are refused", "[catalog][image]") {
  const std::string whole = sound_image();
  const auto with = [&](auto change) {
    image::Header header;
    std::memcpy(&header, whole.data(), sizeof header);
    change(header);
    std::string block = whole;
    std::memcpy(block.data(), &header, sizeof header);
    return image::View::open(block).has_value();
  };
  CHECK(with([](image::Header&) {}));
  CHECK_FALSE(with([](image::Header& header) { header.magic[0] = 'P'; }));
  CHECK_FALSE(with([](image::Header& header) { ++header.version; }));
  CHECK_FALSE(with([](image::Header& header) { --header.bytes; }));
  CHECK_FALSE(with([](image::Header& header) { header.pool_bytes = 0xFFFFFFFF; }));
  CHECK_FALSE(with([](image::Header& header) { header.pool_offset = 0xFFFFFFF0; }));
  CHECK_FALSE(with([](image::Header& header) { header.offsets[3] = 0; }));
  CHECK_FALSE(with([](image::Header& header) { header.counts[3] = 0x10000000; }));
}

TEST_CASE("a block with any byte changed does no harm", "[catalog][image]") {
  const std::string whole = sound_image();
  std::size_t opened = 0;
  for (std::size_t at = sizeof(image::Header); at < whole.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xFF'}) {
      std::string block = whole;
      block[at] = static_cast<char>(block[at] ^ flip);
      auto catalog = catalog::catalog_of(std::move(block));
      if (catalog && read_all(*catalog) > 0) ++opened;
    }
  }
  CHECK(opened > 0);
}

TEST_CASE("texts are stored once", "[catalog][image]") {
  image::Writer writer;
  const auto first = writer.text("the same words");
  const auto second = writer.text("the same words");
  CHECK(first.offset == second.offset);
  CHECK(writer.text("").length == 0);
  const std::string block = writer.finish("1.0");
  const auto view = image::View::open(block);
  REQUIRE(view);
  CHECK(view->text(first) == "the same words");
  CHECK(view->text({0xFFFFFFFF, 2}).empty());
  CHECK(view->text(view->header().catalog_version) == "1.0");
}
