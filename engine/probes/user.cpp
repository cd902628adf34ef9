#include "engine/probes/user.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "engine/formats/posix_acl.hpp"
#include "engine/probes/accounts.hpp"
#include "engine/probes/file_facts.hpp"
#include "engine/probes/login_settings.hpp"
#include "engine/probes/login_shells.hpp"

namespace plimsoll::probes {
namespace {

using formats::PasswdEntry;
using formats::PasswordState;
using formats::ShadowEntry;

enum FieldIndex : std::size_t {
  name,
  uid,
  gid,
  primary_group,
  group_exists,
  home,
  shell,
  shell_listed,
  login_shell,
  is_system,
  uid_count,
  name_count,
  password_in_passwd,
  in_shadow,
  password,
  hash_algorithm,
  locked,
  last_changed,
  last_changed_in_future,
  min_days,
  max_days,
  warn_days,
  inactive_days,
  expires,
  home_exists,
  home_mode,
  home_acl_mode,
  home_owner_is_user,
  home_group_is_users_group,
  field_count,
};

constexpr std::array<std::string_view, 5> passwd_states = {"shadowed", "empty", "hash", "locked", "none"};
constexpr std::array<std::string_view, 4> password_states = {"empty", "hash", "locked", "none"};
constexpr std::array<std::string_view, 13> algorithms = {"yescrypt", "gost-yescrypt", "scrypt",  "sha512", "sha256",
                                                         "bcrypt",   "sha1",          "sun-md5", "md5",    "nt",
                                                         "bsdi-des", "des",           "unknown"};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "name", .type = ValueType::text, .meaning = "Name of the account."},
    {.name = "uid",
     .type = ValueType::integer,
     .meaning = "User id as the C library reads it (\"+0\" is 0); absent for a `+` or `-` entry of nss_compat."},
    {.name = "gid", .type = ValueType::integer, .meaning = "Id of the primary group; absent as uid."},
    {.name = "primary_group",
     .type = ValueType::text,
     .meaning = "Name of the primary group; absent when /etc/group has none with that id."},
    {.name = "group_exists", .type = ValueType::boolean, .meaning = "Whether /etc/group has the primary group."},
    {.name = "home", .type = ValueType::text, .meaning = "Home directory as written; may be empty."},
    {.name = "shell",
     .type = ValueType::text,
     .meaning = "Shell as written; login programs take an empty one for /bin/sh."},
    {.name = "shell_listed", .type = ValueType::boolean, .meaning = "Whether the shell stands in /etc/shells."},
    {.name = "login_shell",
     .type = ValueType::boolean,
     .meaning =
         "Whether the shell stands in /etc/shells and is neither nologin nor false, in whatever directory. One that "
         "is not listed can still be logged in with: see shell."},
    {.name = "is_system",
     .type = ValueType::boolean,
     .meaning =
         "Whether the uid is below UID_MIN of /etc/login.defs (1000 when not set) or 65534 (nobody); false for uid 0."},
    {.name = "uid_count", .type = ValueType::integer, .meaning = "Lines of /etc/passwd with this uid; 1 is good."},
    {.name = "name_count", .type = ValueType::integer, .meaning = "Lines of /etc/passwd with this name; 1 is good."},
    {.name = "password_in_passwd",
     .type = ValueType::text,
     .meaning =
         "Second field of /etc/passwd: shadowed (x), empty, hash, locked (a hash behind `!` or `*`), none (`*`, `!` "
         "or other text that no password matches).",
     .allowed = passwd_states},
    {.name = "in_shadow", .type = ValueType::boolean, .meaning = "Whether /etc/shadow has a line of this name."},
    {.name = "password",
     .type = ValueType::text,
     .meaning =
         "What the password in effect is: empty (none is asked for), hash, locked (a hash behind `!` or `*`), none (no "
         "password can match: `*`, `!`, `!!`, a missing line). From /etc/shadow when /etc/passwd says x.",
     .allowed = password_states},
    {.name = "hash_algorithm",
     .type = ValueType::text,
     .meaning = "How the hash was made, also of a locked one; absent when there is no hash.",
     .allowed = algorithms},
    {.name = "locked",
     .type = ValueType::boolean,
     .meaning = "Whether no password lets the account in: password is locked or none. Keys and su from root still do."},
    {.name = "last_changed",
     .type = ValueType::time,
     .meaning = "Day of the last change of the password (1970-01-01: must change at next login); absent when not set."},
    {.name = "last_changed_in_future",
     .type = ValueType::boolean,
     .meaning =
         "Whether that day has not come yet (UTC), which keeps the password from expiring; absent as last_changed."},
    {.name = "min_days",
     .type = ValueType::integer,
     .meaning = "Days before the password may be changed again; absent when not set.",
     .unit = "days"},
    {.name = "max_days",
     .type = ValueType::integer,
     .meaning = "Days after which the password must be changed; absent when not set, which is never.",
     .unit = "days"},
    {.name = "warn_days",
     .type = ValueType::integer,
     .meaning = "Days of warning before that; absent when not set.",
     .unit = "days"},
    {.name = "inactive_days",
     .type = ValueType::integer,
     .meaning = "Days after expiry of the password until the account is disabled; absent when not set, which is never.",
     .unit = "days"},
    {.name = "expires", .type = ValueType::time, .meaning = "Day on which the account ends; absent when not set."},
    {.name = "home_exists",
     .type = ValueType::boolean,
     .meaning = "Whether home leads to a directory, links followed."},
    {.name = "home_mode", .type = ValueType::mode, .meaning = "Mode of that directory; absent when there is none."},
    {.name = "home_acl_mode",
     .type = ValueType::mode,
     .meaning = "What users and groups named in an ACL of that directory may do together, after its mask, as one octal "
                "digit; 0000 when none is named, absent when there is no directory."},
    {.name = "home_owner_is_user",
     .type = ValueType::boolean,
     .meaning = "Whether the directory belongs to this uid; absent when there is none."},
    {.name = "home_group_is_users_group",
     .type = ValueType::boolean,
     .meaning = "Whether the directory's group is the user's primary group; absent when there is none."},
}};

constexpr std::array shadow_fields = {in_shadow, last_changed, last_changed_in_future, min_days,
                                      max_days,  warn_days,    inactive_days,          expires};
constexpr std::array password_fields = {password, hash_algorithm, locked};

constexpr std::array<std::string_view, 6> source_names = {"/etc/passwd", "/etc/shadow",     "/etc/group",
                                                          "/etc/shells", "/etc/login.defs", "home directories"};

constexpr ProbeSchema schema = {
    .name = "user",
    .summary =
        "The accounts of /etc/passwd, one record a line, joined with /etc/shadow by name. Accounts of directory "
        "services are not in these files; nsswitch.conf is looked at, and they are named as left out.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

class Collector {
 public:
  explicit Collector(const sources::Sources& sources)
      : root_(sources.root),
        accounts_(accounts_of(sources)),
        shadow_(shadow_accounts_of(sources)),
        shells_(valid_shells(sources.root)),
        uid_min_(least_user_id(sources)) {
    constexpr std::int64_t milliseconds_per_day = 86'400'000;
    today_ = sources.clock.now_ms() / milliseconds_per_day;
    for (const auto& entry : accounts_.passwd.entries) {
      ++names_[entry.name];
      if (!entry.compat) ++uids_[entry.uid];
    }
    for (const auto& entry : shadow_.shadow.entries) by_name_.emplace(entry.name, &entry);
  }

  [[nodiscard]] Record record_of(const PasswdEntry& entry) const {
    Record record(fields.size());
    record.resource = fmt::format("user {}", entry.name);
    record.source = fmt::format("/etc/passwd:{}", entry.line);
    record.set(name, entry.name);
    record.set(name_count, names_.at(entry.name));
    record.set(password_in_passwd, std::string(formats::name_of(entry.password.state)));
    set_shadow(record, entry);
    if (entry.compat) {
      for (const auto field :
           {uid, gid, primary_group, group_exists, home, shell, shell_listed, login_shell, is_system, uid_count,
            home_exists, home_mode, home_acl_mode, home_owner_is_user, home_group_is_users_group}) {
        record.set_absent(field);
      }
      return record;
    }
    record.set(uid, std::int64_t{entry.uid});
    record.set(gid, std::int64_t{entry.gid});
    record.set(uid_count, uids_.at(entry.uid));
    record.set(home, entry.home);
    record.set(shell, entry.shell);
    set_group(record, entry);
    set_shell(record, entry);
    set_system(record, entry);
    set_home(record, entry);
    return record;
  }

  [[nodiscard]] static Record record_of(const formats::BadLine& bad) {
    Record record(fields.size());
    record.source = fmt::format("/etc/passwd:{}", bad.line);
    record.resource = bad.name.empty() ? record.source : fmt::format("user {}", bad.name);
    const Error why = error_of(bad, "/etc/passwd");
    for (std::size_t field = 0; field < fields.size(); ++field) record.set_unreadable(field, why);
    if (!bad.name.empty()) record.set(name, bad.name);
    return record;
  }

  [[nodiscard]] static Error error_of(const formats::BadLine& bad, std::string_view path) {
    return {Error::Kind::malformed, fmt::format("{}:{}: {}", path, bad.line, bad.why)};
  }

 private:
  /// Why it is unknown what /etc/shadow says of a name that has no good line there; empty: it has none.
  [[nodiscard]] std::optional<Error> shadow_obstacle(const std::string& user) const {
    const auto& error = shadow_.shadow_error;
    if (error && error->kind != Error::Kind::not_found) return error;
    for (const auto& bad : shadow_.shadow.bad) {
      if (bad.name.empty() || bad.name == user) return error_of(bad, "/etc/shadow");
    }
    return std::nullopt;
  }

  void set_shadow(Record& record, const PasswdEntry& entry) const {
    const bool points_there = entry.password.state == PasswordState::shadowed;
    if (!points_there) set_password(record, entry.password, {});

    const auto found = by_name_.find(entry.name);
    if (found != by_name_.end()) {
      const auto source = fmt::format("/etc/shadow:{}", found->second->line);
      record.set(in_shadow, true, source);
      set_ageing(record, *found->second, source);
      if (points_there) set_password(record, found->second->password, source);
      return;
    }
    const std::string source = "/etc/shadow";
    if (const auto why = shadow_obstacle(entry.name)) {
      for (const auto field : shadow_fields) record.set_unreadable(field, *why, source);
      if (points_there) {
        for (const auto field : password_fields) record.set_unreadable(field, *why, source);
      }
      return;
    }
    for (const auto field : shadow_fields) record.set_absent(field, source);
    record.set(in_shadow, false, source);
    if (points_there) set_password(record, {PasswordState::none, {}}, source);
  }

  static void set_password(Record& record, const formats::PasswordField& field, const std::string& source) {
    record.set(password, std::string(formats::name_of(field.state)), source);
    record.set(locked, field.state == PasswordState::locked || field.state == PasswordState::none, source);
    if (field.algorithm) {
      record.set(hash_algorithm, std::string(formats::name_of(*field.algorithm)), source);
    } else {
      record.set_absent(hash_algorithm, source);
    }
  }

  void set_ageing(Record& record, const ShadowEntry& entry, const std::string& source) const {
    const auto set_days = [&](FieldIndex field, const std::optional<std::chrono::days>& days) {
      if (days) {
        record.set(field, std::int64_t{days->count()}, source);
      } else {
        record.set_absent(field, source);
      }
    };
    const auto set_date = [&](FieldIndex field, const std::optional<std::chrono::sys_days>& date) {
      if (date) {
        record.set(field, std::int64_t{std::chrono::sys_seconds(*date).time_since_epoch().count()}, source);
      } else {
        record.set_absent(field, source);
      }
    };
    set_date(last_changed, entry.changed);
    set_date(expires, entry.expires);
    set_days(min_days, entry.min_age);
    set_days(max_days, entry.max_age);
    set_days(warn_days, entry.warn_before);
    set_days(inactive_days, entry.inactive_after);
    if (entry.changed) {
      record.set(last_changed_in_future, entry.changed->time_since_epoch().count() > today_, source);
    } else {
      record.set_absent(last_changed_in_future, source);
    }
  }

  void set_group(Record& record, const PasswdEntry& entry) const {
    if (const auto* error = accounts_.group_error()) {
      record.set_unreadable(primary_group, *error, "/etc/group");
      record.set_unreadable(group_exists, *error, "/etc/group");
      return;
    }
    const auto group = accounts_.group_name(entry.gid);
    if (group) {
      record.set(primary_group, std::string(*group), "/etc/group");
      record.set(group_exists, true, "/etc/group");
    } else if (!accounts_.group.bad.empty()) {
      const auto why = error_of(accounts_.group.bad.front(), "/etc/group");
      record.set_unreadable(primary_group, why, "/etc/group");
      record.set_unreadable(group_exists, why, "/etc/group");
    } else {
      record.set_absent(primary_group, "/etc/group");
      record.set(group_exists, false, "/etc/group");
    }
  }

  void set_shell(Record& record, const PasswdEntry& entry) const {
    if (!shells_) {
      record.set_unreadable(shell_listed, shells_.error(), "/etc/shells");
      record.set_unreadable(login_shell, shells_.error(), "/etc/shells");
      return;
    }
    record.set(shell_listed, std::ranges::find(*shells_, effective_shell(entry.shell)) != shells_->end());
    record.set(login_shell, is_login_shell(*shells_, entry.shell));
  }

  void set_system(Record& record, const PasswdEntry& entry) const {
    constexpr std::uint32_t nobody = 65534;
    if (entry.uid == 0) {
      record.set(is_system, false);
    } else if (entry.uid == nobody) {
      record.set(is_system, true);
    } else if (uid_min_) {
      record.set(is_system, std::int64_t{entry.uid} < *uid_min_);
    } else {
      record.set_unreadable(is_system, uid_min_.error(), "/etc/login.defs");
    }
  }

  void set_home(Record& record, const PasswdEntry& entry) const {
    const auto details = {home_mode, home_acl_mode, home_owner_is_user, home_group_is_users_group};
    const auto no_home = [&] {
      record.set(home_exists, false, entry.home);
      for (const auto field : details) record.set_absent(field, entry.home);
    };
    if (!entry.home.starts_with('/')) return no_home();
    const auto status = root_.status(entry.home);
    if (!status && status.error().kind == Error::Kind::not_found) return no_home();
    if (!status) {
      record.set_unreadable(home_exists, status.error(), entry.home);
      for (const auto field : details) record.set_unreadable(field, status.error(), entry.home);
      return;
    }
    if (status->type != sources::FileType::directory) return no_home();
    record.set(home_exists, true, entry.home);
    record.set(home_mode, std::int64_t{status->mode}, entry.home);
    if (const auto acl = read_acl(entry.home, root_)) {
      record.set(home_acl_mode, std::int64_t{formats::granted_by_name(*acl)}, entry.home);
    } else {
      record.set_unreadable(home_acl_mode, acl.error(), entry.home);
    }
    record.set(home_owner_is_user, status->uid == entry.uid, entry.home);
    record.set(home_group_is_users_group, status->gid == entry.gid, entry.home);
  }

  const sources::Root& root_;
  const Accounts& accounts_;
  const ShadowAccounts& shadow_;
  Result<std::vector<std::string>> shells_;
  Result<std::int64_t> uid_min_;
  std::int64_t today_ = 0;
  std::unordered_map<std::string, std::int64_t> names_;
  std::unordered_map<std::uint32_t, std::int64_t> uids_;
  std::unordered_map<std::string, const ShadowEntry*> by_name_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& accounts = accounts_of(sources);
  const Collector collector(sources);
  for (const auto& service : accounts.other_user_services) {
    sink.left_out(fmt::format("accounts known to the name service \"{}\"", service),
                  "/etc/nsswitch.conf names it; only local files are read", "audit the directory service itself");
  }
  if (const auto* error = accounts.services_error()) {
    sink.left_out("accounts of directory services", error->what, error->remedy);
  }
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (accounts.passwd_error() != nullptr) {
      sink.fail(index, *accounts.passwd_error());
      continue;
    }
    sink.looked_at(index, fmt::format("{} lines of /etc/passwd", accounts.passwd.entries.size()), "/etc/passwd");
    for (const auto& entry : accounts.passwd.entries) sink.add(index, collector.record_of(entry));
    for (const auto& bad : accounts.passwd.bad) sink.add(index, Collector::record_of(bad));
    if (!accounts.passwd.bad.empty()) sink.fail(index, Collector::error_of(accounts.passwd.bad.front(), "/etc/passwd"));
  }
}

}  // namespace

const Probe user_probe = {&schema, collect};

}  // namespace plimsoll::probes
