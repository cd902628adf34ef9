#include "engine/formats/gsettings_schema.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/gvdb.hpp"

namespace plimsoll::formats {
namespace {

std::unexpected<Error> unsupported(std::string what) {
  return std::unexpected(Error{Error::Kind::unsupported, std::move(what)});
}

std::size_t fixed_size(char type) {
  switch (type) {
    case 'b':
    case 'y':
      return 1;
    case 'n':
    case 'q':
      return 2;
    case 'i':
    case 'u':
    case 'h':
      return 4;
    case 'x':
    case 't':
    case 'd':
      return 8;
    default:
      return 0;
  }
}

/// A key is a tuple: the default, then what the schema says of translations, ranges, choices, and of single desktops.
Result<std::optional<Variant>> first_of_tuple(std::string_view stored, bool big_endian) {
  const auto separator = stored.rfind('\0');
  const auto type = separator == std::string_view::npos ? std::string_view{} : stored.substr(separator + 1);
  if (type.size() < 3 || !type.starts_with('(')) {
    return std::unexpected(Error{Error::Kind::malformed, "a key of a schema is no tuple"});
  }
  if (type.contains("a{sv}")) return unsupported("its default differs between desktops");
  const char of = type[1];
  auto data = stored.substr(0, separator);
  if (of == 's' || of == 'o' || of == 'g') {
    data = data.substr(0, data.find('\0') + 1);  // a text holds no other NUL than its own end
  } else if (fixed_size(of) != 0) {
    data = data.substr(0, fixed_size(of));
  } else {
    return unsupported(fmt::format("a default of type {} is not made out", presentable(type, 40)));
  }
  std::string member(data);
  member += '\0';
  member += of;
  auto value = parse_variant_bytes(member, big_endian);
  if (!value) return std::unexpected(value.error());
  return std::move(*value);
}

}  // namespace

Result<std::optional<Variant>> gsettings_default(std::string_view bytes, std::string_view setting) {
  const auto table = open_gvdb(bytes);
  if (!table) return std::unexpected(table.error());
  const auto slash = setting.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const auto path = setting.substr(0, slash + 1);
  std::string id(setting.substr(1, slash - 1));
  std::ranges::replace(id, '/', '.');
  const auto schema = gvdb_subtable(*table, id);
  if (!schema) return std::nullopt;
  const auto own_path = gvdb_value(*schema, ".path");
  if (!own_path) return std::unexpected(own_path.error());
  if (!*own_path || (*own_path)->text != path) return std::nullopt;
  const auto stored = gvdb_bytes(*schema, setting.substr(slash + 1));
  if (!stored) return std::nullopt;
  return first_of_tuple(*stored, schema->big_endian);
}

}  // namespace plimsoll::formats
