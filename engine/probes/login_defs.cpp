#include "engine/probes/login_defs.hpp"

#include <fmt/core.h>

#include <array>

#include "engine/core/text.hpp"
#include "engine/formats/login_defs.hpp"
#include "engine/probes/login_settings.hpp"

namespace plimsoll::probes {
namespace {

struct Setting {
  std::string_view field;
  std::string_view key;
  ValueType type;
  std::string_view meaning;
  std::string_view unit = {};
};

constexpr std::string_view useradd = "/etc/default/useradd";

/// Without a line the shadow tools use what login.defs(5) says; the probe then says absent, for the default differs
/// between releases and distributions.
constexpr std::array settings = {
    Setting{"pass_max_days", "PASS_MAX_DAYS", ValueType::integer,
            "Days after which a new account's password must be changed; absent when not set (no limit).", "days"},
    Setting{"pass_min_days", "PASS_MIN_DAYS", ValueType::integer,
            "Days before a new account's password may be changed again; absent when not set (no limit).", "days"},
    Setting{"pass_warn_age", "PASS_WARN_AGE", ValueType::integer,
            "Days of warning before a new account's password expires; absent when not set (no warning).", "days"},
    Setting{
        "encrypt_method", "ENCRYPT_METHOD", ValueType::text,
        "Hash for passwords that the shadow tools set themselves (PAM has its own), as written; absent when not set "
        "(DES)."},
    Setting{"sha_crypt_min_rounds", "SHA_CRYPT_MIN_ROUNDS", ValueType::integer,
            "Least rounds of SHA-256 and SHA-512; absent when not set."},
    Setting{"yescrypt_cost_factor", "YESCRYPT_COST_FACTOR", ValueType::integer,
            "Cost of yescrypt; absent when not set."},
    Setting{"umask", "UMASK", ValueType::mode,
            "Mask for new home directories, and for sessions through pam_umask; absent when not set (022)."},
    Setting{"home_mode", "HOME_MODE", ValueType::mode,
            "Mode of new home directories; absent when not set (made from umask)."},
    Setting{"uid_min", "UID_MIN", ValueType::integer,
            "Least user id of ordinary accounts; absent when not set (1000)."},
    Setting{"uid_max", "UID_MAX", ValueType::integer, "Greatest user id of ordinary accounts; absent when not set."},
    Setting{"gid_min", "GID_MIN", ValueType::integer, "Least group id of ordinary groups; absent when not set (1000)."},
    Setting{"gid_max", "GID_MAX", ValueType::integer, "Greatest group id of ordinary groups; absent when not set."},
    Setting{"sys_uid_min", "SYS_UID_MIN", ValueType::integer, "Least user id of system accounts; absent when not set."},
    Setting{"sys_uid_max", "SYS_UID_MAX", ValueType::integer,
            "Greatest user id of system accounts; absent when not set (below uid_min)."},
    Setting{"sys_gid_min", "SYS_GID_MIN", ValueType::integer, "Least group id of system groups; absent when not set."},
    Setting{"sys_gid_max", "SYS_GID_MAX", ValueType::integer,
            "Greatest group id of system groups; absent when not set."},
    Setting{"usergroups_enab", "USERGROUPS_ENAB", ValueType::boolean,
            "Whether each new account gets a group of its own; absent when not set (no)."},
    Setting{"create_home", "CREATE_HOME", ValueType::boolean,
            "Whether new accounts get a home directory; absent when not set (no)."},
    Setting{"log_ok_logins", "LOG_OK_LOGINS", ValueType::boolean,
            "Whether login logs successes; absent when not set (no)."},
    Setting{"faillog_enab", "FAILLOG_ENAB", ValueType::boolean,
            "Whether login records failures; absent when not set (no)."},
    Setting{"fail_delay", "FAIL_DELAY", ValueType::integer,
            "Seconds that login waits after a failure; absent when not set.", "seconds"},
    Setting{"login_retries", "LOGIN_RETRIES", ValueType::integer,
            "Attempts that login allows; absent when not set (5)."},
    Setting{"login_timeout", "LOGIN_TIMEOUT", ValueType::integer,
            "Seconds that login waits for an answer; absent when not set (60).", "seconds"},
};

enum Extra : std::size_t { useradd_inactive = settings.size(), useradd_shell, umask_leaves, field_count };

constexpr std::array<FieldSchema, field_count> fields = [] {
  std::array<FieldSchema, field_count> made = {};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    made[i] = {
        .name = settings[i].field, .type = settings[i].type, .meaning = settings[i].meaning, .unit = settings[i].unit};
  }
  made[useradd_inactive] = {.name = "useradd_inactive",
                            .type = ValueType::integer,
                            .meaning =
                                "Days after the expiry of the password until a new account is disabled "
                                "(/etc/default/useradd, INACTIVE); -1 is never; absent when not set (never).",
                            .unit = "days"};
  made[useradd_shell] = {.name = "useradd_shell",
                         .type = ValueType::text,
                         .meaning = "Shell of new accounts (/etc/default/useradd, SHELL); absent when not set."};
  made[umask_leaves] = {.name = "umask_leaves",
                        .type = ValueType::mode,
                        .meaning = "The permission bits that `umask` leaves to new directories: 0750 for 027."};
  return made;
}();

constexpr std::array<std::string_view, 2> source_names = {"/etc/login.defs", "/etc/default/useradd"};

constexpr ProbeSchema schema = {
    .name = "login_defs",
    .summary =
        "The defaults for new accounts and passwords; of equal keys the last line counts. Existing accounts keep "
        "what probe `user` shows.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

/// Numbers as strtol(3) with base 0 takes them: 022 and 0x12 too.
std::optional<std::int64_t> parse_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() > 1 && text.front() == '0' && text.find_first_not_of("01234567") == std::string_view::npos) {
    const auto octal = parse_mode(text);
    return octal && negative ? std::optional(-*octal) : octal;
  }
  const auto number = text.starts_with('-') || text.starts_with('+') ? std::nullopt : parse_integer(text);
  return number && negative ? std::optional(-*number) : number;
}

Field field_of(const formats::LoginDefsSetting& setting, ValueType type, std::string_view path, std::string_view key) {
  Field field{Absent{}, fmt::format("{}:{}", path, setting.line), {}};
  for (const auto& [line, value] : setting.before)
    field.overridden.push_back({fmt::format("{}:{}", path, line), value});
  std::optional<Value> value;
  if (type == ValueType::boolean) {
    value = lower_case(setting.value) == "yes";
  } else if (type == ValueType::integer) {
    if (const auto number = parse_number(setting.value)) value = *number;
  } else if (type == ValueType::mode) {
    if (const auto mode = parse_mode(setting.value)) value = *mode;
  } else {
    value = setting.value;
  }
  if (value) {
    field.state = std::move(*value);
  } else {
    field.state = Unreadable{
        {Error::Kind::malformed, fmt::format("{}: {} \"{}\" is not a number", field.source, key, setting.value)}};
  }
  return field;
}

Result<formats::LoginDefs> read_useradd_defaults(const sources::Root& root) {
  const auto text = root.read(useradd, sources::max_config_bytes);
  if (!text) return std::unexpected(text.error());
  return formats::parse_useradd_defaults(*text);
}

/// One field of a file: from its text, absent when it is not there, unreadable when it cannot be read.
void put(Record& record, std::size_t index, const Result<formats::LoginDefs>& found, std::string_view path,
         std::string_view key) {
  if (!found && !is_missing(found.error())) {
    record.set_unreadable(index, found.error(), std::string(path));
    return;
  }
  const auto setting = found ? found->find(key) : formats::LoginDefs::const_iterator{};
  if (!found || setting == found->end()) {
    record.set_absent(index, std::string(path));
  } else {
    record.fields[index] = field_of(setting->second, fields[index].type, path, key);
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& defs = login_defs_of(sources);
  const auto defaults = read_useradd_defaults(sources.root);

  Record record(fields.size());
  record.resource = login_defs_path;
  record.source = login_defs_path;
  for (std::size_t i = 0; i < settings.size(); ++i) put(record, i, defs, login_defs_path, settings[i].key);
  put(record, useradd_inactive, defaults, useradd, "INACTIVE");
  put(record, useradd_shell, defaults, useradd, "SHELL");
  put(record, umask_leaves, defs, login_defs_path, "UMASK");
  if (const auto* mask = record.fields[umask_leaves].value()) {
    constexpr std::int64_t all = 0777;
    record.fields[umask_leaves].state = Value{all & ~std::get<std::int64_t>(*mask)};
  }
  for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
}

}  // namespace

const Probe login_defs_probe = {&schema, collect};

}  // namespace plimsoll::probes
