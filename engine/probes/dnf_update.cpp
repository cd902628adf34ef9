#include "engine/probes/dnf_update.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/probes/dnf_configuration.hpp"
#include "engine/probes/dnf_exclusions.hpp"
#include "engine/probes/dnf_lists.hpp"
#include "engine/probes/dnf_modules.hpp"
#include "engine/probes/dnf_pending.hpp"
#include "engine/probes/rpm_packages.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::int64_t seconds_of_day = 86'400;
constexpr std::array<std::string_view, 8> read_from = {"the rpm database",
                                                       "/etc/dnf/dnf.conf",
                                                       "/etc/yum.repos.d/*.repo",
                                                       "/var/cache/dnf/*/repodata/*",
                                                       "/var/cache/libdnf5/*/repodata/*",
                                                       "/etc/dnf/plugins/versionlock.conf",
                                                       "/etc/dnf/versionlock.toml",
                                                       "/etc/dnf/modules.d/*.module"};
constexpr std::array<ArgumentSchema, 1> arguments = {{
    {"within_days", ValueType::integer, false,
     "How old lists may be: where those of a repository in use were brought up to date longer ago, that is an error "
     "beside what they hold. Left out: lists of any age count."},
}};
constexpr std::array<FieldSchema, 9> fields = {{
    {"package", ValueType::text, "Its name."},
    {"architecture", ValueType::text, "The architecture it is installed for."},
    {"installed", ValueType::version, "The version that is installed, of several the newest."},
    {"available", ValueType::version,
     "The newest version that dnf would take; where it takes none, the newest of those that it passes over. Unreadable "
     "where the package is of a module and it matters which of its streams is enabled."},
    {"repository", ValueType::text, "The id of the repository that has it."},
    {"refreshed", ValueType::time, "When dnf last brought the lists of that repository up to date."},
    {"excluded", ValueType::boolean,
     "Whether dnf passes it over: excludepkgs, includepkgs or a version lock. Unreadable where the version locks are."},
    {"security", ValueType::boolean,
     "Whether an advisory on security names it, or a version between; absent where no repository has advisories."},
    {"advisories", ValueType::list, "The ids of these advisories; absent likewise."},
}};
enum class UpdateField : std::uint8_t {
  package,
  architecture,
  installed,
  available,
  repository,
  refreshed,
  excluded,
  security,
  advisories
};
constexpr ProbeSchema schema = {
    .name = "dnf.update",
    .summary =
        "The installed packages of which the lists that dnf fetched hold a newer version, one record each, as `dnf "
        "check-update` finds them: by architecture, from the preferred repository. What replaces a package of another "
        "name (Obsoletes) is not seen. A repository in use without lists on the disk is an error.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .presence = {},
    .sources = read_from,
};

/// What was found, for all requests.
struct Answer {
  std::vector<Record> records;
  std::size_t installed = 0;
  std::vector<std::pair<std::string, std::int64_t>> lists;  ///< repository, when its lists were brought up to date
  std::string place;                                        ///< of the oldest of them
  std::optional<Error> failure;
};

class Finder {
 public:
  Finder(const sources::Sources& sources, const DnfConfiguration& configuration, const RpmPackages& installed)
      : sources_(sources),
        installed_(installed),
        lists_(read_dnf_lists(sources.root, configuration)),
        exclusions_(sources.root, configuration),
        pending_(installed.packages, exclusions_) {}

  Answer find() {
    answer_.installed = installed_.packages.size();
    for (const auto& error : lists_.errors) fail(error);
    if (lists_.lists.empty() && lists_.errors.empty()) {
      fail({Error::Kind::unobservable, "no repository of dnf is in use, so nothing tells of newer packages"});
    }
    for (const auto& list : lists_.lists) {
      answer_.lists.emplace_back(list.repository->id, list.refreshed);
      compare(list);
    }
    const auto oldest = std::ranges::min_element(lists_.lists, {}, &DnfList::refreshed);
    if (oldest != lists_.lists.end()) answer_.place = oldest->refreshed_place;
    if (pending_.any_modular()) modules_ = active_modules(sources_.root, lists_, sources_.stop);
    if (pending_.any_newer()) read_advisories();
    for (const auto& [name, packages] : pending_.names()) {
      for (const auto& installed : packages.packages) add_record(packages, installed);
    }
    return std::move(answer_);
  }

 private:
  void fail(Error error) {
    if (!answer_.failure) answer_.failure = std::move(error);
  }

  void compare(const DnfList& list) {
    formats::RpmPackageList reader([&](const formats::ListedPackage& package) { pending_.add(list, package); });
    auto done = unpack_dnf_list(sources_.root, list, "primary", sources_.stop,
                                [&](std::string_view block) { return reader.feed(block); });
    if (!done) return fail(std::move(done.error()));
    if (auto ended = reader.end(); !ended) {
      fail({ended.error().kind,
            fmt::format("{}: {}", list.path_of("primary").value_or(list.place()), ended.error().what)});
    }
  }

  void read_advisories() {
    for (const auto& list : lists_.lists) {
      if (!list.has("updateinfo")) continue;
      any_advisories_ = true;
      formats::RpmAdvisoryList reader([&](const formats::RpmAdvisory& advisory) { pending_.add(advisory); });
      auto done = unpack_dnf_list(sources_.root, list, "updateinfo", sources_.stop,
                                  [&](std::string_view block) { return reader.feed(block); });
      if (done) done = reader.end();
      if (!done && !advisories_unread_) advisories_unread_ = done.error();
    }
  }

  void add_record(const InstalledName& name, const InstalledPackage& installed) {
    const auto& taken = installed.newer;
    const bool in_doubt = modules_ && name.in_module && (taken || installed.modular);
    const auto* newer = taken                ? &*taken
                        : in_doubt           ? &*installed.modular
                        : installed.excluded ? &*installed.excluded
                                             : nullptr;
    if (newer == nullptr) return;
    const auto& list = *newer->list;
    const auto source = fmt::format("{}:{}", list.path_of("primary").value_or(list.place()), newer->package.line);
    Record record(fields.size());
    record.resource = fmt::format("package {}", installed.package->name);
    record.source = installed_.place;
    record.set(UpdateField::package, installed.package->name);
    record.set(UpdateField::architecture, installed.package->architecture);
    record.set(UpdateField::installed, installed.package->full_version());
    record.set(UpdateField::repository, list.repository->id, source);
    record.set(UpdateField::refreshed, list.refreshed, list.refreshed_place);
    record.fields[static_cast<std::size_t>(UpdateField::excluded)] =
        in_doubt && !taken ? Field{false, {}, {}} : newer->excluded;
    if (in_doubt) {
      auto what = fmt::format(
          "{} is newer, but the package is of a module ({}), and which of its streams dnf takes is not worked out",
          newer->package.full_version(), *modules_);
      record.set_unreadable(UpdateField::available,
                            Error{Error::Kind::unsupported, std::move(what), "look at `dnf check-update`"}, source);
    } else {
      record.set(UpdateField::available, newer->package.full_version(), source);
    }
    put_advisories(record, installed);
    answer_.records.push_back(std::move(record));
  }

  void put_advisories(Record& record, const InstalledPackage& installed) const {
    TextList ids(installed.advisories.begin(), installed.advisories.end());
    if (ids.empty() && advisories_unread_) {
      record.set_unreadable(UpdateField::security, *advisories_unread_);
      record.set_unreadable(UpdateField::advisories, *advisories_unread_);
    } else if (ids.empty() && !any_advisories_) {
      record.set_absent(UpdateField::security);
      record.set_absent(UpdateField::advisories);
    } else {
      record.set(UpdateField::security, !ids.empty());
      record.set(UpdateField::advisories, std::move(ids));
    }
  }

  const sources::Sources& sources_;
  const RpmPackages& installed_;
  DnfLists lists_;
  DnfExclusions exclusions_;
  PendingUpdates pending_;
  Answer answer_;
  std::optional<std::string> modules_;  ///< why some stream may be active
  bool any_advisories_ = false;
  std::optional<Error> advisories_unread_;
};

std::optional<Error> too_old(const Answer& answer, std::int64_t days, std::int64_t now) {
  const auto most = std::clamp<std::int64_t>(days, 0, 36'500) * seconds_of_day;
  for (const auto& [repository, refreshed] : answer.lists) {
    // A time to come says nothing either.
    if (refreshed >= now - most && refreshed <= now + seconds_of_day) continue;
    return Error{Error::Kind::unobservable,
                 fmt::format("the lists of repository {} were brought up to date {}, not within {} days", repository,
                             utc_seconds(refreshed), days),
                 "run `dnf makecache`"};
  }
  return {};
}

Answer find_updates(const sources::Sources& sources) {
  const auto& configuration = dnf_configuration_of(sources);
  Answer answer;
  for (const auto* errors : {&configuration.main_errors, &configuration.repository_errors}) {
    if (!errors->empty()) answer.failure = errors->front();
  }
  const auto installed = rpm_packages_of(sources);
  if (!installed) answer.failure = installed.error();
  if (answer.failure) return answer;
  return Finder(sources, configuration, **installed).find();
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto answer = find_updates(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (!answer.lists.empty()) {
      const auto oldest = std::ranges::min_element(answer.lists, {}, &std::pair<std::string, std::int64_t>::second);
      sink.looked_at(index,
                     fmt::format("compared {} packages with the lists of {} repositories, the oldest of {}",
                                 answer.installed, answer.lists.size(), utc_seconds(oldest->second)),
                     answer.place);
    }
    for (const auto& record : answer.records) sink.add(index, record);
    auto failure = answer.failure;
    const auto& days = requests[index].fact->arguments[0];
    if (!failure && days) {
      failure = too_old(answer, std::get<std::int64_t>(*days), sources.clock.now_ms() / 1000);
    }
    if (failure) sink.fail(index, *failure);
  }
}

}  // namespace

const Probe dnf_update_probe = {&schema, collect};

}  // namespace plimsoll::probes
