#include "engine/probes/apt.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/probes/apt_configuration.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 3> source_files = {"/etc/apt/sources.list", "/etc/apt/sources.list.d/*.list",
                                                          "/etc/apt/sources.list.d/*.sources"};
constexpr std::array<FieldSchema, 12> source_fields = {{
    {"enabled", ValueType::boolean, "Whether apt uses it: a stanza can say no."},
    {"types", ValueType::list, "deb for packages, deb-src for their sources."},
    {"uris", ValueType::list, "Where it is, passwords in addresses masked."},
    {"suites", ValueType::list, "Which releases of it."},
    {"components", ValueType::list, "Which parts of them; empty where the suite is an exact path."},
    {"signed_by", ValueType::list,
     "The key files and fingerprints that alone vouch for it, `embedded key` for a key in the stanza; absent when none "
     "is "
     "named, and every key that apt trusts vouches for it."},
    {"trusted", ValueType::boolean,
     "Whether it is taken as it comes (yes) or never trusted (no); absent when not set."},
    {"allow_insecure", ValueType::boolean, "Whether it may come without a signature; not when it is not set."},
    {"allow_weak", ValueType::boolean, "Whether its signature may be weak; not when it is not set."},
    {"allow_downgrade_to_insecure", ValueType::boolean,
     "Whether it may lose the signature that it had; not when it is not set."},
    {"check_valid_until", ValueType::boolean,
     "Whether lists that are too old are refused; absent when it is not set, and Acquire::Check-Valid-Until counts."},
    {"format", ValueType::text, "one-line or deb822."},
}};
enum class SourceField : std::uint8_t {
  enabled,
  types,
  uris,
  suites,
  components,
  signed_by,
  trusted,
  allow_insecure,
  allow_weak,
  allow_downgrade_to_insecure,
  check_valid_until,
  format
};
constexpr ProbeSchema source_schema = {
    .name = "apt.source",
    .summary = "The package sources of apt in both of their formats, one record for each line or stanza.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = source_fields,
    .presence = {},
    .sources = source_files,
};

constexpr std::array<std::string_view, 5> key_files = {"/etc/apt/sources.list", "/etc/apt/sources.list.d",
                                                       "/etc/apt/trusted.gpg", "/etc/apt/trusted.gpg.d/*.gpg",
                                                       "/etc/apt/trusted.gpg.d/*.asc"};
constexpr std::array<FieldSchema, 7> key_file_fields = {{
    {"path", ValueType::text, "Where it is."},
    {"exists", ValueType::boolean, "Whether it is there, links followed."},
    {"mode", ValueType::mode, "Its mode; absent when it is not there."},
    {"uid", ValueType::integer, "Its owner; absent when it is not there."},
    {"gid", ValueType::integer, "Its group; absent when it is not there."},
    {"for_all_sources", ValueType::boolean,
     "Whether its keys vouch for every source that names none (/etc/apt/trusted.gpg and trusted.gpg.d)."},
    {"named_by", ValueType::list, "The sources in use that name it."},
}};
enum class KeyFileField : std::uint8_t { path, exists, mode, uid, gid, for_all_sources, named_by };
constexpr ProbeSchema key_file_schema = {
    .name = "apt.key_file",
    .summary = "The files of keys that vouch for packages: those that sources in use name, and those for all sources.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = key_file_fields,
    .presence = {},
    .sources = key_files,
};

constexpr std::array<std::string_view, 2> setting_files = {"/etc/apt/apt.conf.d/*", "/etc/apt/apt.conf"};
constexpr std::array<ArgumentSchema, 1> setting_arguments = {{
    {"name", ValueType::text, true, "Its full name, in whatever case: APT::Install-Recommends."},
}};
constexpr std::array<FieldSchema, 2> setting_fields = {{
    {"value", ValueType::scalar, "Its value, of several the last; absent when nothing sets it."},
    {"enabled", ValueType::boolean,
     "The value as a truth (1, yes, true, on …); absent when nothing sets it or it is none, and apt has its default."},
}};
enum class SettingField : std::uint8_t { value, enabled };
constexpr ProbeSchema setting_schema = {
    .name = "apt.setting",
    .summary = "One setting of apt's configuration, in the files that all its programs read.",
    .cardinality = Cardinality::exactly_one,
    .arguments = setting_arguments,
    .fields = setting_fields,
    .presence = {},
    .sources = setting_files,
};

const AptSources& sources_of(const sources::Sources& sources) {
  return sources.memo.get<AptSources>([&] { return read_apt_sources(sources.root); });
}

TextList signers(const std::string& value) {
  if (value.contains("-----BEGIN ")) return {"embedded key"};
  return formats::apt_words(value);
}

Record source_record(const formats::AptSource& source, const std::string& path) {
  Record record(source_fields.size());
  record.source = fmt::format("{}:{}", path, source.line);
  TextList uris;
  for (const auto& uri : source.uris) uris.push_back(address_without_password(uri));
  record.resource = fmt::format("package source {}", uris.empty() ? path : uris.front());
  for (const auto& suite : source.suites) record.resource += " " + suite;
  record.set(SourceField::enabled, source.enabled);
  record.set(SourceField::types, source.types);
  record.set(SourceField::uris, std::move(uris));
  record.set(SourceField::suites, source.suites);
  record.set(SourceField::components, source.components);
  record.set(SourceField::format, std::string(path.ends_with(".sources") ? "deb822" : "one-line"));
  const auto option = [&](std::string_view name) {
    const auto found = source.options.find(name);
    return found == source.options.end() || found->second.empty() ? nullptr : &found->second;
  };
  const auto* keys = option("signed-by");
  if (keys == nullptr) {
    record.set_absent(SourceField::signed_by);
  } else {
    record.set(SourceField::signed_by, signers(*keys));
  }
  const auto put_truth = [&](SourceField field, std::string_view name, bool has_default) {
    const auto* value = option(name);
    const auto truth = value == nullptr ? std::nullopt : formats::apt_truth(*value);
    if (truth) {
      record.set(field, *truth);
    } else if (has_default) {
      record.set(field, false);
    } else {
      record.set_absent(field);
    }
  };
  put_truth(SourceField::trusted, "trusted", false);
  put_truth(SourceField::allow_insecure, "allow-insecure", true);
  put_truth(SourceField::allow_weak, "allow-weak", true);
  put_truth(SourceField::allow_downgrade_to_insecure, "allow-downgrade-to-insecure", true);
  put_truth(SourceField::check_valid_until, "check-valid-until", false);
  return record;
}

void collect_sources(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = sources_of(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    sink.looked_at(index, "no package source", std::string(source_files[0]));
    for (const auto& file : found.files) {
      for (const auto& source : file.sources) sink.add(index, source_record(source, file.path));
    }
    if (!found.errors.empty()) sink.fail(index, found.errors.front());
  }
}

struct KeyFile {
  bool for_all_sources = false;
  TextList named_by;
};

std::map<std::string, KeyFile> named_key_files(const AptSources& found) {
  std::map<std::string, KeyFile> files;
  for (const auto& file : found.files) {
    for (const auto& source : file.sources) {
      const auto option = source.options.find("signed-by");
      if (!source.enabled || option == source.options.end()) continue;
      for (auto& word : signers(option->second)) {
        if (word.starts_with('/'))
          files[std::move(word)].named_by.push_back(fmt::format("{}:{}", file.path, source.line));
      }
    }
  }
  return files;
}

Record key_file_record(const sources::Root& root, const std::string& path, const KeyFile& file) {
  Record record(key_file_fields.size());
  record.resource = path;
  record.source = path;
  record.set(KeyFileField::path, path);
  record.set(KeyFileField::for_all_sources, file.for_all_sources);
  record.set(KeyFileField::named_by, file.named_by);
  const auto status = root.status(path);
  if (status) {
    record.set(KeyFileField::exists, true);
    record.set(KeyFileField::mode, std::int64_t{status->mode});
    record.set(KeyFileField::uid, std::int64_t{status->uid});
    record.set(KeyFileField::gid, std::int64_t{status->gid});
    return record;
  }
  const bool missing = status.error().kind == Error::Kind::not_found;
  for (const auto field : {KeyFileField::mode, KeyFileField::uid, KeyFileField::gid}) {
    if (missing) {
      record.set_absent(field);
    } else {
      record.set_unreadable(field, status.error());
    }
  }
  if (missing) {
    record.set(KeyFileField::exists, false);
  } else {
    record.set_unreadable(KeyFileField::exists, status.error());
  }
  return record;
}

void collect_key_files(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = sources_of(sources);
  auto files = named_key_files(found);
  std::optional<Error> failure;
  if (!found.errors.empty()) failure = found.errors.front();
  const auto for_all = apt_files(sources.root, "/etc/apt/trusted.gpg.d", {".gpg", ".asc"});
  if (!for_all) failure = for_all.error();
  if (for_all) {
    for (const auto& path : *for_all) files[path].for_all_sources = true;
  }
  if (sources.root.status("/etc/apt/trusted.gpg")) files["/etc/apt/trusted.gpg"].for_all_sources = true;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    sink.looked_at(index, "no file of keys", "/etc/apt/trusted.gpg.d");
    for (const auto& [path, file] : files) sink.add(index, key_file_record(sources.root, path, file));
    if (failure) sink.fail(index, *failure);
  }
}

void collect_settings(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& settings = sources.memo.get<AptSettings>([&] { return read_apt_settings(sources.root); });
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (!settings.errors.empty()) {
      sink.fail(index, settings.errors.front());
      continue;
    }
    const auto& name = requests[index].fact->text(0);
    Record record(setting_fields.size());
    record.resource = fmt::format("apt setting {}", name);
    record.source = setting_files[1];
    const auto* setting = settings.tree.find(name);
    if (setting == nullptr) {
      record.set_absent(SettingField::value);
      record.set_absent(SettingField::enabled);
      sink.add(index, std::move(record));
      continue;
    }
    auto& value = record.set(SettingField::value, setting->value, setting->source);
    for (const auto& [place, text] : setting->before) value.overridden.push_back({place, text});
    if (const auto truth = formats::apt_truth(setting->value)) {
      record.set(SettingField::enabled, *truth, setting->source).overridden = value.overridden;
    } else {
      record.set_absent(SettingField::enabled, setting->source);
    }
    sink.add(index, std::move(record));
  }
}

}  // namespace

const Probe apt_source_probe = {&source_schema, collect_sources};
const Probe apt_key_file_probe = {&key_file_schema, collect_key_files};
const Probe apt_setting_probe = {&setting_schema, collect_settings};

}  // namespace plimsoll::probes
