#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/core/ascii.hpp"
#include "engine/core/value.hpp"
#include "engine/probes/sudoers.hpp"
#include "engine/probes/sudoers_policy.hpp"

namespace plimsoll::probes {
namespace {

using formats::SudoersAliasKind;
using formats::SudoersDefault;
using formats::SudoersOperation;
using formats::SudoersScope;

enum class Shape : std::uint8_t { flag, minutes, number, path, text };

struct Setting {
  std::string_view name;
  Shape shape;
  std::string_view fallback;  ///< "on", "off", a value, or empty: none. See default_of for those that differ
  std::string_view meaning;
};

constexpr std::array settings = {
    Setting{"use_pty", Shape::flag, "", "Whether commands run on a terminal of their own; by default since 1.9.14."},
    Setting{"authenticate", Shape::flag, "on", "Whether users must prove who they are before they run anything."},
    Setting{"timestamp_timeout", Shape::minutes, "",
            "How long a password that was given counts: 0 asks each time, less than 0 never again. The default is 15 "
            "minutes in the packages of Debian and Ubuntu, else 5."},
    Setting{"timestamp_type", Shape::text, "tty", "What it counts for: tty, ppid, kernel, or global for all sessions."},
    Setting{"passwd_tries", Shape::number, "3", "How many guesses a user has."},
    Setting{"logfile", Shape::path, "", "The file that commands are logged to; absent when there is none."},
    Setting{"log_subcmds", Shape::flag, "off", "Whether commands that a command starts are logged as well."},
    Setting{"log_input", Shape::flag, "off", "Whether what users type is recorded."},
    Setting{"log_output", Shape::flag, "off", "Whether what commands print is recorded."},
    Setting{"env_reset", Shape::flag, "on", "Whether commands start with a minimal environment."},
    Setting{"secure_path", Shape::text, "", "The PATH of commands; absent when none is set in the files."},
    Setting{"requiretty", Shape::flag, "off", "Whether sudo asks for a terminal to be run from."},
    Setting{"noexec", Shape::flag, "off", "Whether commands are kept from starting others."},
    Setting{"rootpw", Shape::flag, "off", "Whether root's password is asked for instead of the user's."},
    Setting{"runaspw", Shape::flag, "off", "Whether the password of runas_default is asked for."},
    Setting{"targetpw", Shape::flag, "off", "Whether the password of the user is asked for as whom the command runs."},
    Setting{"visiblepw", Shape::flag, "off", "Whether a password is asked for even where it shows on the screen."},
    Setting{"exempt_group", Shape::text, "", "The group whose members are asked for no password; absent when none is."},
};

enum Extra : std::size_t { scope = settings.size(), who, on_this_host, set_here, field_count };

constexpr std::array<std::string_view, 5> scopes = {"global", "host", "user", "runas", "command"};

constexpr ValueType type_of(Shape shape) {
  switch (shape) {
    case Shape::flag:
      return ValueType::boolean;
    case Shape::minutes:
    case Shape::number:
      return ValueType::integer;
    case Shape::path:
    case Shape::text:
      return ValueType::text;
  }
  return ValueType::text;
}

constexpr std::array<FieldSchema, field_count> fields = [] {
  std::array<FieldSchema, field_count> made = {};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    made[i] = {.name = settings[i].name,
               .type = type_of(settings[i].shape),
               .meaning = settings[i].meaning,
               .unit = settings[i].shape == Shape::minutes ? "seconds" : ""};
  }
  made[scope] = {.name = "scope",
                 .type = ValueType::text,
                 .meaning =
                     "For what the record holds: global, or only for some hosts (`Defaults@`), users "
                     "(`Defaults:`), users run as (`Defaults>`) or commands (`Defaults!`).",
                 .allowed = scopes};
  made[who] = {.name = "who",
               .type = ValueType::list,
               .meaning = "Those hosts, users or commands, aliases resolved; empty for the global record."};
  made[on_this_host] = {.name = "on_this_host",
                        .type = ValueType::boolean,
                        .meaning =
                            "Whether the record holds on this host; false for other hosts, unreadable where "
                            "addresses, netgroups or an unknown host name decide."};
  made[set_here] = {.name = "settings",
                    .type = ValueType::list,
                    .meaning =
                        "All settings that files make and that count, as written: `use_pty`, `!authenticate`, "
                        "`logfile=/var/log/sudo.log`."};
  return made;
}();

constexpr std::array<std::string_view, 5> source_names = {"/etc/sudoers with the files it includes", "/etc/sudo.conf",
                                                          "/etc/nsswitch.conf", "/usr/bin/sudo",
                                                          "the package databases, for the version"};

constexpr ProbeSchema schema = {
    .name = "sudoers.defaults",
    .summary =
        "How sudo behaves: one record of what holds for everybody (of equal settings the last one counts; what "
        "no file sets has the default of the installed version), and one for each list of hosts, users or "
        "commands that have settings of their own, which win over it: there, fields that are not set are "
        "absent.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

/// Minutes with a fraction, as seconds.
std::optional<std::int64_t> parse_minutes(std::string_view text) {
  bool negative = false;
  if (text.starts_with('-') || text.starts_with('+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  constexpr std::int64_t seconds = 60;
  constexpr std::size_t max_digits = 9;
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (whole.size() > max_digits || fraction.size() > max_digits) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : whole) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  value *= seconds;
  std::int64_t part = 0;
  std::int64_t unit = 1;
  for (const char c : fraction) {
    if (!is_digit(c)) return std::nullopt;
    part = part * 10 + (c - '0');
    unit *= 10;
  }
  // A fraction of a second still counts as one, so that "never again" is never taken for "each time".
  value += (part * seconds + unit - 1) / unit;
  return negative ? -value : value;
}

/// What one entry makes of a field; empty where sudo would not take the value, and keeps what was there.
std::optional<std::variant<Value, Absent, Unreadable>> state_of(Shape shape, const SudoersDefault& entry) {
  using State = std::variant<Value, Absent, Unreadable>;
  const bool off = entry.operation == SudoersOperation::off;
  const bool on = entry.operation == SudoersOperation::on;
  if (shape == Shape::flag) {
    if (!on && !off) return std::nullopt;
    return State{Value{on}};
  }
  if (shape == Shape::minutes && off) return State{Value{std::int64_t{0}}};
  if (shape == Shape::number && off) return std::nullopt;
  if (off) return State{Absent{}};
  if (entry.operation != SudoersOperation::set) return std::nullopt;
  std::optional<std::int64_t> number;
  switch (shape) {
    case Shape::minutes:
      number = parse_minutes(entry.value);
      break;
    case Shape::number:
      number = parse_integer(entry.value);
      break;
    case Shape::path:
      if (!entry.value.starts_with('/')) return std::nullopt;
      return State{Value{entry.value}};
    case Shape::text:
    case Shape::flag:
      return State{Value{entry.value}};
  }
  if (!number) return std::nullopt;
  return State{Value{*number}};
}

/// The settings of one scope, in the order in which sudo applies them.
class Scope {
 public:
  explicit Scope(Record& record) : record_(record) {}

  void apply(const Placed<SudoersDefault>& placed) {
    const auto& entry = placed.entry;
    const bool adds = entry.operation == SudoersOperation::add || entry.operation == SudoersOperation::remove;
    const auto known = std::ranges::find(settings, entry.name, &Setting::name);
    if (known != settings.end()) {
      const auto index = static_cast<std::size_t>(known - settings.begin());
      auto state = state_of(known->shape, entry);
      if (!state) return;
      auto overridden = std::move(record_.fields[index].overridden);
      if (const auto before = last_.find(entry.name); before != last_.end()) {
        overridden.push_back({before->second->source(), formats::to_text(before->second->entry)});
      }
      record_.fields[index] = Field{std::move(*state), placed.source(), std::move(overridden)};
    }
    if (adds) {
      additions_.push_back(&placed);
      return;
    }
    last_.insert_or_assign(entry.name, &placed);
  }

  void finish() {
    TextList words;
    for (const auto& [name, placed] : last_) words.push_back(formats::to_text(placed->entry));
    for (const auto* placed : additions_) words.push_back(formats::to_text(placed->entry));
    record_.set(set_here, std::move(words));
  }

 private:
  Record& record_;
  std::map<std::string, const Placed<SudoersDefault>*> last_;
  std::vector<const Placed<SudoersDefault>*> additions_;
};

bool is_everything(const formats::SudoersList& list) {
  return list.size() == 1 && list.front().text == "ALL" && !list.front().negated;
}

class Collector {
 public:
  explicit Collector(const SudoersPolicy& policy) : policy_(policy) {}

  std::vector<Record> records() {
    std::vector<Record> made;
    made.push_back(global());
    // Lists that are written alike are one record.
    std::map<std::string, std::vector<const Placed<SudoersDefault>*>> groups;
    std::vector<std::string> order;
    for (const auto& placed : policy_.defaults) {
      if (global_phase(placed.entry) != 0) continue;
      auto name = name_of_scope(placed.entry);
      auto& group = groups[name];
      if (group.empty()) order.push_back(std::move(name));
      group.push_back(&placed);
    }
    for (const auto& name : order) made.push_back(scoped(name, groups[name]));
    return made;
  }

 private:
  /// 1 or 2: the entry holds for everything on this host, and is applied in that turn; 0: only for some.
  [[nodiscard]] int global_phase(const SudoersDefault& entry) const {
    switch (entry.scope) {
      case SudoersScope::global:
        return 1;
      case SudoersScope::host:
        return policy_.on_this_host(*entry.who).value_or(false) ? 1 : 0;
      case SudoersScope::user:
      case SudoersScope::runas:
        return is_everything(*entry.who) ? 1 : 0;
      case SudoersScope::command:
        return is_everything(*entry.who) ? 2 : 0;
    }
    return 0;
  }

  static std::string name_of_scope(const SudoersDefault& entry) {
    constexpr std::string_view signs = " @:>!";
    std::string name = fmt::format("Defaults{}", signs[static_cast<std::size_t>(entry.scope)]);
    for (const auto& member : *entry.who) {
      if (name.back() != signs[static_cast<std::size_t>(entry.scope)]) name += ',';
      name += formats::to_text(member);
    }
    return name;
  }

  [[nodiscard]] std::string default_source() const {
    return policy_.version.empty() ? "default of sudo" : fmt::format("default of sudo {}", policy_.version);
  }

  void set_default(Record& record, std::size_t index) const {
    const auto& setting = settings[index];
    const auto source = default_source();
    const Error unknown{Error::Kind::unobservable,
                        fmt::format("no file sets {}, and its default depends on the release of sudo, which no "
                                    "package database tells",
                                    setting.name)};
    constexpr std::int64_t debian_timeout = 900;
    constexpr std::int64_t usual_timeout = 300;
    if (setting.name == "use_pty" || setting.name == "timestamp_timeout") {
      if (policy_.version.empty()) {
        record.set_unreadable(index, unknown, source);
      } else if (setting.name == "use_pty") {
        record.set(index, compare_versions(policy_.version, "1.9.14") >= 0, source);
      } else {
        record.set(index, policy_.package_manager == "dpkg" ? debian_timeout : usual_timeout, source);
      }
    } else if (setting.fallback.empty()) {
      record.set_absent(index, source);
    } else if (setting.shape == Shape::flag) {
      record.set(index, setting.fallback == "on", source);
    } else if (setting.shape == Shape::number) {
      record.set(index, parse_integer(setting.fallback).value_or(0), source);
    } else {
      record.set(index, std::string(setting.fallback), source);
    }
  }

  [[nodiscard]] Record global() const {
    Record record(fields.size());
    record.resource = "sudo Defaults";
    record.source = policy_.main_file;
    for (std::size_t i = 0; i < settings.size(); ++i) set_default(record, i);
    record.set(scope, std::string("global"));
    record.set(who, TextList{});
    record.set(on_this_host, true);
    Scope all(record);
    for (const int phase : {1, 2}) {
      for (const auto& placed : policy_.defaults) {
        if (global_phase(placed.entry) == phase) all.apply(placed);
      }
    }
    all.finish();
    return record;
  }

  [[nodiscard]] Record scoped(const std::string& name, const std::vector<const Placed<SudoersDefault>*>& group) const {
    const auto& first = group.front()->entry;
    Record record(fields.size());
    record.resource = fmt::format("sudo {}", name);
    record.source = group.front()->source();
    for (std::size_t i = 0; i < settings.size(); ++i) record.set_absent(i);
    record.set(scope, std::string(scopes[static_cast<std::size_t>(first.scope)]));
    constexpr std::array kinds = {SudoersAliasKind::user, SudoersAliasKind::host, SudoersAliasKind::user,
                                  SudoersAliasKind::runas, SudoersAliasKind::command};
    auto names = policy_.resolved(*first.who, kinds[static_cast<std::size_t>(first.scope)]);
    if (names) {
      record.set(who, std::move(*names));
    } else {
      record.set_unreadable(who, names.error());
    }
    if (first.scope != SudoersScope::host) {
      record.set(on_this_host, true);
    } else if (const auto here = policy_.on_this_host(*first.who)) {
      record.set(on_this_host, *here);
    } else {
      record.set_unreadable(on_this_host, {Error::Kind::unobservable,
                                           "addresses, netgroups or an unknown name decide "
                                           "whether this host is meant"});
    }
    Scope own(record);
    for (const auto* placed : group) own.apply(*placed);
    own.finish();
    return record;
  }

  const SudoersPolicy& policy_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& policy = sudoers_policy_of(sources);
  for (const auto& left_out : policy.left_out) sink.left_out(left_out.path, left_out.why, left_out.remedy);
  const auto records = Collector(policy).records();
  for (std::size_t index = 0; index < requests.size(); ++index) {
    sink.looked_at(index,
                   policy.exists ? fmt::format("{} settings in {} files", policy.defaults.size(), policy.files.size())
                                 : fmt::format("there is no {}", policy.main_file),
                   policy.main_file);
    if (policy.obstacle) {
      // What could not be read may set anything anew: what was found is no proof either way.
      sink.fail(index, *policy.obstacle);
    } else if (!policy.exists) {
      sink.fail(index, {Error::Kind::not_found,
                        fmt::format("there is no {}, so sudo lets nobody do anything", policy.main_file)});
    } else {
      for (const auto& record : records) sink.add(index, record);
    }
  }
}

}  // namespace

const Probe sudoers_defaults_probe = {&schema, collect};

}  // namespace plimsoll::probes
