#include "engine/probes/gsettings_defaults.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/formats/gsettings_schema.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_bytes = std::size_t{16} << 20U;

// The directories of XDG_DATA_DIRS in their order; the first two are those of Ubuntu's session.
constexpr std::array<std::string_view, 4> places = {
    "/usr/share/ubuntu/glib-2.0/schemas/gschemas.compiled", "/usr/share/gnome/glib-2.0/schemas/gschemas.compiled",
    "/usr/local/share/glib-2.0/schemas/gschemas.compiled", "/usr/share/glib-2.0/schemas/gschemas.compiled"};

struct SchemaFiles {
  std::vector<std::pair<std::string, Result<std::string>>> files;  ///< path and bytes of those that are there
};

const SchemaFiles& schema_files_of(const sources::Sources& sources) {
  return sources.memo.get<SchemaFiles>([&] {
    SchemaFiles found;
    for (const auto place : places) {
      auto bytes = sources.root.read(place, max_bytes);
      if (!bytes && is_missing(bytes.error())) continue;
      found.files.emplace_back(place, std::move(bytes));
    }
    return found;
  });
}

}  // namespace

Field gsettings_default_of(const sources::Sources& sources, const std::string& setting) {
  for (const auto& [path, bytes] : schema_files_of(sources).files) {
    if (!bytes) return Field{Unreadable{bytes.error()}, path, {}};
    auto found = formats::gsettings_default(*bytes, setting);
    if (!found) {
      return Field{Unreadable{Error{found.error().kind, fmt::format("{}: {}", path, found.error().what)}}, path, {}};
    }
    if (*found) return Field{Value{std::move((*found)->text)}, path, {}};
  }
  return Field{Unreadable{Error{Error::Kind::unobservable, fmt::format("no installed schema has {}", setting)}},
               std::string(places.back()),
               {}};
}

}  // namespace plimsoll::probes
