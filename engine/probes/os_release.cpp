#include "engine/probes/os_release.hpp"

#include <fmt/core.h>

#include <array>

#include "engine/formats/os_release.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<FieldSchema, 8> fields = {{
    {"exists", ValueType::boolean, "Whether there is an os-release file; when false, the other fields are absent."},
    {"id", ValueType::text,
     "The distribution, in lower case: `debian`, `rhel`. Absent, as are all below, when the file does not say."},
    {"id_like", ValueType::list, "The distributions it is derived from, nearest first."},
    {"version_id", ValueType::version, "Its version: `12`, `9.4`. Rolling distributions have none."},
    {"version_codename", ValueType::text, "The name of its version: `bookworm`."},
    {"name", ValueType::text, "Its name for people, without version."},
    {"pretty_name", ValueType::text, "Its name for people, with version."},
    {"variant_id", ValueType::text, "Its edition: `server`, `coreos`."},
}};
enum class OsField : std::uint8_t { exists, id, id_like, version_id, version_codename, name, pretty_name, variant_id };

struct Key {
  std::string_view name;
  OsField field;
};
constexpr std::array<Key, 7> keys = {{
    {"ID", OsField::id},
    {"ID_LIKE", OsField::id_like},
    {"VERSION_ID", OsField::version_id},
    {"VERSION_CODENAME", OsField::version_codename},
    {"NAME", OsField::name},
    {"PRETTY_NAME", OsField::pretty_name},
    {"VARIANT_ID", OsField::variant_id},
}};
constexpr std::array<std::string_view, 2> places = {"/etc/os-release", "/usr/lib/os-release"};

constexpr ProbeSchema schema = {
    "os_release",
    "The identity of the operating system from the first of /etc/os-release and /usr/lib/os-release that is there, as "
    "os-release(5) defines it.",
    Cardinality::exactly_one,
    {},
    fields,
    "exists",
    places,
};

TextList words_of(std::string_view text) {
  TextList words;
  while (!text.empty()) {
    const auto space = text.find(' ');
    if (space != 0) words.emplace_back(text.substr(0, space));
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return words;
}

/// The last assignment of a key counts, as in a shell; an empty value is none.
void set_key(Record& record, const Key& key, std::string_view path,
             const std::vector<formats::OsReleaseEntry>& entries) {
  record.set_absent(key.field);
  for (const auto& entry : entries) {
    if (entry.key != key.name) continue;
    const auto source = fmt::format("{}:{}", path, entry.line);
    if (entry.value.empty()) {
      record.set_absent(key.field, source);
    } else if (key.field == OsField::id_like) {
      record.set(key.field, words_of(entry.value), source);
    } else {
      record.set(key.field, entry.value, source);
    }
  }
}

Result<Record> read_record(const sources::Root& root) {
  Record record(fields.size());
  record.resource = "operating system";
  for (const auto path : places) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind == Error::Kind::not_found) continue;
      return std::unexpected(text.error());
    }
    auto entries = formats::parse_os_release(*text);
    if (!entries) {
      entries.error().what = fmt::format("{}: {}", path, entries.error().what);
      return std::unexpected(entries.error());
    }
    record.source = path;
    record.set(OsField::exists, true);
    for (const auto& key : keys) set_key(record, key, path, *entries);
    return record;
  }
  record.source = fmt::format("{}, {}", places[0], places[1]);
  for (std::size_t i = 0; i < fields.size(); ++i) record.set_absent(i);
  record.set(OsField::exists, false);
  return record;
}

// A type of its own, so that the memo keeps it apart.
struct OsRelease {
  Result<Record> record;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& record = os_release_of(sources);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (record) {
      sink.add(i, *record);
    } else {
      sink.fail(i, record.error());
    }
  }
}

}  // namespace

const Result<Record>& os_release_of(const sources::Sources& sources) {
  return sources.memo.get<OsRelease>([&] { return OsRelease{read_record(sources.root)}; }).record;
}

const Probe os_release_probe = {&schema, collect};

}  // namespace plimsoll::probes
