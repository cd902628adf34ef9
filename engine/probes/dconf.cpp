#include "engine/probes/dconf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <ranges>

#include "engine/probes/dconf_databases.hpp"
#include "engine/probes/gsettings_defaults.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 2> profiles = {"user", "gdm"};
constexpr std::array<ArgumentSchema, 2> arguments = {{
    {"profile", ValueType::text, true, "Whose setting: user for people's sessions, gdm for the login screen.", "",
     profiles},
    {"key", ValueType::text, true, "Its path: /org/gnome/desktop/session/idle-delay."},
}};
constexpr std::array<FieldSchema, 9> fields = {{
    {"value", ValueType::scalar,
     "The value in the compiled databases, which is what a person gets who has set nothing, or may not; true and false "
     "for a truth, text without quotes. Absent when no database sets it: the default of the program counts."},
    {"type", ValueType::text,
     "Its GVariant type: b, i, u, s. A value of another type than the setting has is no value for GNOME. Absent as "
     "value."},
    {"locked", ValueType::boolean,
     "Whether people cannot change it: a compiled database after the first of the profile locks it, or the profile "
     "begins "
     "with no database of theirs."},
    {"after_update", ValueType::scalar,
     "The value that the key files on disk give when dconf compiles them the next time; absent when they set none."},
    {"after_update_type", ValueType::text, "Its type; absent as after_update."},
    {"locked_after_update", ValueType::boolean, "Whether the lock files on disk lock it then."},
    {"outdated", ValueType::boolean,
     "Whether a key file, a lock file or their directories in a database of the profile changed after it was "
     "compiled."},
    {"databases", ValueType::list, "The databases of the profile in their order (`system-db:local`)."},
    {"default", ValueType::scalar,
     "What the setting is where no database sets it, or one sets a value of another type: from the compiled schemas, "
     "into which a distribution's overrides went. Unreadable where no installed schema has the key."},
}};
enum class DconfField : std::uint8_t {
  value,
  type,
  locked,
  after_update,
  after_update_type,
  locked_after_update,
  outdated,
  databases,
  fallback
};
constexpr std::array<std::string_view, 8> read_from = {
    "/etc/dconf/profile/*",
    "/usr/local/share/dconf/profile/*",
    "/usr/share/dconf/profile/*",
    "/etc/dconf/db/*",
    "/usr/share/gdm/dconf/*",
    "/var/lib/gdm3/greeter-dconf-defaults",
    "/usr/local/share/glib-2.0/schemas/gschemas.compiled",
    "/usr/share/glib-2.0/schemas/gschemas.compiled",
};
constexpr ProbeSchema schema = {
    .name = "dconf",
    .summary =
        "One setting of GNOME in the dconf databases of a profile: what the compiled databases say, and what the key "
        "files "
        "behind them would. People's own databases and DCONF_PROFILE are not read.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .presence = {},
    .sources = read_from,
};

/// What one database says of one key.
struct Answer {
  bool locks = false;
  std::string lock_source;
  std::optional<formats::Variant> value;
  std::string value_source;
  std::optional<Error> error;  ///< it cannot be told
};

Answer compiled_answer(const DconfDatabaseFiles& files, const std::string& key) {
  Answer answer;
  answer.error = files.compiled_error;
  if (!files.bytes) return answer;  // a database that is not there is passed over
  const auto place = [&](const Error& why) { return Error{why.kind, fmt::format("{}: {}", files.compiled, why.what)}; };
  const auto table = formats::open_gvdb(*files.bytes);
  if (!table) {
    answer.error = place(table.error());
    return answer;
  }
  answer.value_source = files.compiled;
  answer.lock_source = files.compiled;
  const auto locks = formats::gvdb_subtable(*table, ".locks");
  answer.locks = locks && formats::gvdb_has(*locks, key);
  auto value = formats::gvdb_value(*table, key);
  if (value) {
    answer.value = std::move(*value);
  } else {
    answer.error = place(value.error());
  }
  return answer;
}

Answer key_file_answer(const DconfDatabaseFiles& files, const std::string& key) {
  if (files.directory.empty()) return compiled_answer(files, key);
  Answer answer;
  answer.error = files.key_files_error;
  if (answer.error) return answer;
  const auto lock = std::ranges::find(files.locks, key, &DconfLock::key);
  answer.locks = lock != files.locks.end();
  if (answer.locks) answer.lock_source = lock->source;
  const auto slash = key.rfind('/');
  const auto group = slash == 0 || slash == std::string::npos ? std::string() : key.substr(1, slash - 1);
  for (const auto& file : files.key_files) {
    const auto* entry = formats::find_entry(file.entries, group, key.substr(slash + 1));
    if (entry == nullptr) continue;
    if (auto value = formats::parse_variant_text(entry->value)) answer.value = std::move(*value);
    answer.value_source = fmt::format("{}:{}", file.path, entry->line);
    break;
  }
  return answer;
}

struct Fields {
  DconfField value;
  DconfField type;
  DconfField locked;
};

void set_value(Record& record, const Fields& into, const std::vector<Answer>& answers, std::size_t first) {
  std::vector<Overridden> losing;
  const Answer* found = nullptr;
  for (const auto& answer : answers | std::views::drop(first)) {
    if (answer.error && found == nullptr) {
      record.set_unreadable(into.value, *answer.error);
      record.set_unreadable(into.type, *answer.error);
      return;
    }
    if (!answer.value) continue;
    if (found == nullptr) {
      found = &answer;
    } else {
      losing.push_back({answer.value_source, answer.value->text});
    }
  }
  if (found == nullptr) {
    record.set_absent(into.value);
    record.set_absent(into.type);
    return;
  }
  record.set(into.value, found->value->text, found->value_source).overridden = std::move(losing);
  if (found->value->type.empty()) {
    record.set_unreadable(into.type, {Error::Kind::unsupported, "the types of containers are not worked out"});
  } else {
    record.set(into.type, found->value->type, found->value_source);
  }
}

/// dconf's own rule (dconf_engine_read): the lock that is nearest to the end of the profile makes all databases before
/// it count for nothing; the first database's locks are not asked.
void set_answers(Record& record, const Fields& into, const DconfProfile& profile, const std::vector<Answer>& answers) {
  std::size_t first = 0;
  std::string lock_source = profile.source;
  std::optional<Error> unknown;
  for (std::size_t i = answers.size(); i-- > 1;) {
    if (answers[i].error) {
      unknown = answers[i].error;
    } else if (answers[i].locks) {
      first = i;
      lock_source = answers[i].lock_source;
      break;
    }
  }
  const bool own = !answers.empty() && profile.databases.front().database.kind == formats::DconfDatabase::Kind::user;
  if (first == 0 && own && unknown) {
    record.set_unreadable(into.locked, *unknown);
  } else {
    record.set(into.locked, first > 0 || !own, lock_source);
  }
  set_value(record, into, answers, first);
}

Record record_of(const sources::Sources& sources, const DconfProfile& profile, const std::string& name,
                 const std::string& key) {
  Record record(fields.size());
  record.resource = fmt::format("{} of dconf profile {}", key, name);
  record.source = profile.source;
  std::vector<Answer> compiled;
  std::vector<Answer> configured;
  TextList databases;
  bool outdated = false;
  for (const auto& files : profile.databases) {
    compiled.push_back(compiled_answer(files, key));
    configured.push_back(key_file_answer(files, key));
    constexpr std::array<std::string_view, 3> kinds = {"user-db", "system-db", "file-db"};
    databases.push_back(
        fmt::format("{}:{}", kinds[static_cast<std::size_t>(files.database.kind)], files.database.name));
    outdated = outdated || files.outdated;
  }
  set_answers(record, {DconfField::value, DconfField::type, DconfField::locked}, profile, compiled);
  set_answers(record, {DconfField::after_update, DconfField::after_update_type, DconfField::locked_after_update},
              profile, configured);
  record.set(DconfField::outdated, outdated);
  record.set(DconfField::databases, std::move(databases));
  record.fields[static_cast<std::size_t>(DconfField::fallback)] = gsettings_default_of(sources, key);
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  std::map<std::string, Result<DconfProfile>, std::less<>> read;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto& name = std::get<std::string>(*requests[index].fact->arguments[0]);
    const auto& key = std::get<std::string>(*requests[index].fact->arguments[1]);
    auto known = read.find(name);
    if (known == read.end()) known = read.emplace(name, read_dconf_profile(sources.root, name)).first;
    if (known->second) {
      sink.add(index, record_of(sources, *known->second, name, key));
    } else {
      sink.fail(index, known->second.error());
    }
  }
}

}  // namespace

const Probe dconf_probe = {&schema, collect};

}  // namespace plimsoll::probes
