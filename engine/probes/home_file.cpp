#include "engine/probes/home_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "engine/probes/accounts.hpp"
#include "engine/probes/file_facts.hpp"
#include "engine/probes/login_shells.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_entries = 100'000;  // of one home directory

enum class ExtraField : std::uint8_t {
  path = file_field_count,
  name,
  user,
  login_shell,
  owner_is_user,
  group_is_users_group,
};
constexpr std::size_t field_count = file_field_count + 6;

constexpr std::array<FieldSchema, field_count> fields = [] {
  std::array<FieldSchema, field_count> all{};
  std::copy(file_field_schemas.begin(), file_field_schemas.end(), all.begin());
  all[file_field_count] = {"path", ValueType::text, "Where it is."};
  all[file_field_count + 1] = {"name", ValueType::text, "The last part of its path, which starts with a dot."};
  all[file_field_count + 2] = {"user", ValueType::text, "The account whose home directory holds it."};
  all[file_field_count + 3] = {"login_shell", ValueType::boolean,
                               "Whether that account has a shell to log in with, as the probe `user` tells."};
  all[file_field_count + 4] = {"owner_is_user", ValueType::boolean,
                               "Whether it belongs to that account; absent as the mode is."};
  all[file_field_count + 5] = {"group_is_users_group", ValueType::boolean,
                               "Whether its group is the primary group of that account; absent as the mode is."};
  return all;
}();

constexpr std::array<std::string_view, 4> source_names = {"/etc/passwd", "/etc/shells", "home directories",
                                                          "the extended attribute system.posix_acl_access"};

constexpr ProbeSchema schema = {
    "home.file",
    "What stands in the home directories of the accounts in /etc/passwd under a name that starts with a dot, "
    "directories included and those below not; one that several accounts share counts for each. A home directory "
    "that is not there has none; one that may not be read is an error.",
    Cardinality::any,
    {},
    fields,
    "",
    source_names,
};

class Search {
 public:
  Search(const sources::Sources& sources, RecordSink& sink, std::size_t requests)
      : sources_(sources), sink_(sink), requests_(requests), names_(sources), shells_(valid_shells(sources.root)) {}

  void run() {
    const auto& accounts = accounts_of(sources_);
    if (accounts.passwd_error() != nullptr) return fail(*accounts.passwd_error());
    for (const auto& entry : accounts.passwd.entries) {
      if (sources_.stop.stop_requested()) {
        return fail({Error::Kind::timed_out, fmt::format("stopped before the home directory of {}", entry.name)});
      }
      if (!entry.compat && entry.home.starts_with('/')) look_into(entry);
    }
    for (const auto& bad : accounts.passwd.bad) {
      gap_ = Error{Error::Kind::malformed, fmt::format("/etc/passwd:{}: {}", bad.line, bad.why)};
    }
    for (std::size_t index = 0; index < requests_; ++index) {
      sink_.looked_at(index, fmt::format("{} hidden names in {} home directories", found_, listings_.size()),
                      "/etc/passwd");
    }
    if (gap_) fail(*gap_);
  }

 private:
  void fail(const Error& why) {
    for (std::size_t index = 0; index < requests_; ++index) sink_.fail(index, why);
  }

  /// The hidden names of a directory, listed once however many accounts live there.
  const std::vector<std::string>& hidden_names(const std::string& home) {
    const auto known = listings_.find(home);
    if (known != listings_.end()) return known->second;
    std::vector<std::string> hidden;
    const auto entries = sources_.root.list(home);
    const bool nothing_there = !entries && (entries.error().kind == Error::Kind::not_found ||
                                            entries.error().kind == Error::Kind::unsupported);
    if (!entries && !nothing_there && !gap_) gap_ = entries.error();
    if (entries) {
      for (const auto& entry : *entries) {
        if (entry.name.starts_with('.')) hidden.push_back(entry.name);
      }
    }
    if (hidden.size() > max_entries) {
      hidden.resize(max_entries);
      gap_ = Error{Error::Kind::too_large, fmt::format("{} holds more than {} hidden names", home, max_entries)};
    }
    return listings_.emplace(home, std::move(hidden)).first->second;
  }

  void look_into(const formats::PasswdEntry& entry) {
    auto home = entry.home;
    while (home.size() > 1 && home.ends_with('/')) home.pop_back();
    for (const auto& hidden : hidden_names(home)) {
      const auto file = fmt::format("{}/{}", home == "/" ? "" : home, hidden);
      Record record(field_count);
      describe_file(record, file, sources_.root, names_);
      record.set(ExtraField::path, file);
      record.set(ExtraField::name, hidden);
      record.set(ExtraField::user, entry.name);
      if (shells_) {
        record.set(ExtraField::login_shell, is_login_shell(*shells_, entry.shell), "/etc/passwd");
      } else {
        record.set_unreadable(ExtraField::login_shell, shells_.error(), "/etc/shells");
      }
      compare(record, FileField::uid, ExtraField::owner_is_user, entry.uid);
      compare(record, FileField::gid, ExtraField::group_is_users_group, entry.gid);
      ++found_;
      for (std::size_t index = 0; index < requests_; ++index) sink_.add(index, record);
    }
  }

  static void compare(Record& record, FileField of, ExtraField into, std::uint32_t id) {
    const auto& field = record.fields[static_cast<std::size_t>(of)];
    if (const auto* value = field.value()) {
      record.set(into, std::get<std::int64_t>(*value) == std::int64_t{id});
    } else if (const auto* why = field.unreadable()) {
      record.set_unreadable(into, *why);
    } else {
      record.set_absent(into);
    }
  }

  const sources::Sources& sources_;
  RecordSink& sink_;
  std::size_t requests_;
  OwnerNames names_;
  Result<std::vector<std::string>> shells_;
  std::map<std::string, std::vector<std::string>> listings_;
  std::size_t found_ = 0;
  std::optional<Error> gap_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& accounts = accounts_of(sources);
  for (const auto& service : accounts.other_user_services) {
    sink.left_out(fmt::format("home directories of accounts known to the name service \"{}\"", service),
                  "/etc/nsswitch.conf names it; only local files are read", "audit the directory service itself");
  }
  Search(sources, sink, requests.size()).run();
}

}  // namespace

const Probe home_file_probe = {&schema, collect};

}  // namespace plimsoll::probes
