#include "engine/probes/package.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/probes/package_databases.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 3> managers = {"dpkg", "rpm", "apk"};
constexpr std::array<ArgumentSchema, 1> arguments = {{
    {"name", ValueType::text, true,
     "The name of the package, without architecture. What another package Provides does not count."},
}};
constexpr std::array<FieldSchema, 5> fields = {{
    {"installed", ValueType::boolean,
     "Whether its files are on the disk: also when it is on hold, unpacked, half-configured or waits for triggers, and "
     "not when only its configuration is left. Unreadable when its installation stopped half way."},
    {"version", ValueType::version,
     "The installed version, the highest where there are several; of rpm with epoch and release (`1:2.06-70.el9`). "
     "Absent when it is not installed."},
    {"status", ValueType::text,
     "The three words of dpkg (`hold ok installed`); absent for rpm, apk, and unknown packages."},
    {"manager", ValueType::text, "Whose database it is.", "", managers},
    {"architectures", ValueType::list, "The architectures it is installed for; empty when it is not installed."},
}};
enum class PackageField : std::uint8_t { installed, version, status, manager, architectures };
constexpr std::array<std::string_view, 7> read_from = {
    "/var/lib/dpkg/status",      "/var/lib/dpkg/updates/*",
    "/var/lib/dpkg/status.d/*",  "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/var/lib/rpm/rpmdb.sqlite", "/usr/share/rpm/rpmdb.sqlite",
    "/lib/apk/db/installed",
};

constexpr ProbeSchema schema = {
    "package",
    "A package in the database of dpkg, rpm (SQLite, with its write-ahead log) or apk. A root without any of them is "
    "an error: there is no telling what is installed.",
    Cardinality::exactly_one,
    arguments,
    fields,
    "installed",
    read_from,
};

using Entries = std::vector<const PackageEntry*>;

Record new_record(const std::string& name) {
  Record record(fields.size());
  record.resource = "package " + name;
  return record;
}

void set_status(Record& record, const std::string& status) {
  if (status.empty()) {
    record.set_absent(PackageField::status);
  } else {
    record.set(PackageField::status, status);
  }
}

Record installed_record(const std::string& name, const PackageDatabase& database, const Entries& installed) {
  auto record = new_record(name);
  const auto* newest = *std::max_element(installed.begin(), installed.end(), [](const auto* left, const auto* right) {
    return compare_versions(left->version, right->version) < 0;
  });
  record.source = newest->source;
  TextList architectures;
  for (const auto* entry : installed) {
    if (!entry->architecture.empty()) architectures.push_back(entry->architecture);
  }
  std::sort(architectures.begin(), architectures.end());
  architectures.erase(std::unique(architectures.begin(), architectures.end()), architectures.end());
  record.set(PackageField::installed, true);
  if (newest->version.empty()) {
    record.set_unreadable(PackageField::version,
                          Error{Error::Kind::malformed, fmt::format("{}: no version is given", newest->source)});
  } else {
    record.set(PackageField::version, newest->version);
  }
  set_status(record, newest->status);
  record.set(PackageField::manager, std::string(database.manager));
  record.set(PackageField::architectures, std::move(architectures));
  return record;
}

/// A record of a package that is not there, or of which the database cannot say so much.
Record missing_record(const std::string& name, const std::vector<const PackageDatabase*>& databases) {
  auto record = new_record(name);
  const PackageEntry* known = nullptr;
  const PackageEntry* broken = nullptr;
  for (const auto* database : databases) {
    record.source += (record.source.empty() ? "" : ", ") + database->place;
    for (const auto& entry : database->entries) {
      if (entry.name != name) continue;
      if (entry.state == PackageEntry::State::broken) broken = &entry;
      known = &entry;
    }
  }
  if (broken != nullptr) known = broken;
  if (known != nullptr) record.source = known->source;
  set_status(record, known != nullptr ? known->status : "");
  record.set(PackageField::manager, std::string(databases.front()->manager));
  if (broken != nullptr) {
    const Error why{
        Error::Kind::malformed,
        fmt::format("the status of {} is \"{}\": nobody can say which of its files are there", name, broken->status),
        "finish or undo its installation: `dpkg --audit` lists such packages"};
    for (const auto field : {PackageField::installed, PackageField::version, PackageField::architectures}) {
      record.set_unreadable(field, why);
    }
    return record;
  }
  record.set(PackageField::installed, false);
  record.set_absent(PackageField::version);
  record.set(PackageField::architectures, TextList{});
  return record;
}

void answer(std::size_t request, const std::string& name, const std::vector<PackageDatabase>& databases,
            std::string_view root, RecordSink& sink) {
  const Error* problem = nullptr;
  std::vector<const PackageDatabase*> used;
  for (const auto& database : databases) {
    Entries installed;
    for (const auto& entry : database.entries) {
      if (entry.name == name && entry.state == PackageEntry::State::installed) installed.push_back(&entry);
    }
    if (!installed.empty()) return sink.add(request, installed_record(name, database, installed));
    if (database.error && problem == nullptr) problem = &*database.error;
    if (database.any_package) used.push_back(&database);
  }
  if (problem != nullptr) return sink.fail(request, *problem);
  if (databases.empty()) {
    return sink.fail(request, Error{Error::Kind::not_found,
                                    fmt::format("there is no package database (dpkg, rpm, apk) under {}", root)});
  }
  if (used.empty()) {
    return sink.fail(request,
                     Error{Error::Kind::malformed, fmt::format("{} holds no package at all", databases.front().place)});
  }
  sink.add(request, missing_record(name, used));
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  std::vector<std::string_view> names;
  for (const auto& request : requests) names.emplace_back(request.fact->text(0));
  std::sort(names.begin(), names.end());
  const auto databases = read_package_databases(sources, names);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    answer(i, requests[i].fact->text(0), databases, sources.root.name(), sink);
  }
}

}  // namespace

const Probe package_probe = {&schema, collect};

}  // namespace plimsoll::probes
