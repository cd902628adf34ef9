#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>

#include "engine/core/ascii.hpp"
#include "engine/core/value.hpp"
#include "engine/probes/shell_session.hpp"

namespace plimsoll::probes {
namespace {

using formats::ShellEffect;

constexpr std::array<std::string_view, 2> names = {"umask", "TMOUT"};
constexpr std::array<std::string_view, 2> users = {"anybody", "root"};

constexpr std::array<ArgumentSchema, 2> arguments = {{
    {"name", ValueType::text, true, "What is set: the mask for new files, or the seconds that a shell waits.", "",
     names},
    {"user", ValueType::text, false,
     "Who logs in: root, whose own files are read as well, or anybody, for whom only files of the system count.",
     "anybody", users},
}};

enum FieldIndex : std::size_t { value, leaves, seconds, certain, exported, read_only, field_count };

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "value",
     .type = ValueType::text,
     .meaning = "The value as written, variables put in; absent where the variable may be taken back, unreadable where "
                "only running the file would tell."},
    {.name = "leaves",
     .type = ValueType::mode,
     .meaning = "Of a mask: the permission bits that new directories keep (0750 for 027); absent for TMOUT."},
    {.name = "seconds",
     .type = ValueType::integer,
     .meaning = "Of TMOUT: how long a shell waits, 0 for ever; absent for the mask.",
     .unit = "seconds"},
    {.name = "certain",
     .type = ValueType::boolean,
     .meaning =
         "Whether the statement is reached in any case; false where a condition decides that files do not tell."},
    {.name = "exported",
     .type = ValueType::boolean,
     .meaning = "Whether the variable is handed to other programs; absent for the mask, which always is."},
    {.name = "read_only",
     .type = ValueType::boolean,
     .meaning = "Whether users can no longer change it; absent for the mask, which they always can."},
}};

constexpr std::array<std::string_view, 5> source_names = {
    "/etc/profile and what it reads in", "/etc/bashrc, /etc/bash.bashrc", "root's .bash_profile or .profile, .bashrc",
    "/etc/profile.d/*.sh", "/etc/passwd"};

constexpr ProbeSchema schema = {
    .name = "shell.setting",
    .summary =
        "What an interactive bash that somebody logs in with has set when its start-up files are done: one "
        "record for each statement that may have the last word. Shell is not run: conditions about the user, "
        "the kind of shell and files that are there are decided, others are left open, and code that may do "
        "anything is an error.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = source_names,
};

/// The bits that umask takes away: an octal number, or "u=rwx,g=rx,o=".
std::optional<std::int64_t> parse_mask(std::string_view text) {
  constexpr std::int64_t all = 0777;
  if (const auto octal = parse_mode(text)) return *octal & all;
  std::int64_t kept = 0;
  std::int64_t named = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto clause = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = clause.find('=');
    if (equals == std::string_view::npos) return std::nullopt;  // "+" and "-" build on the mask that was there
    std::int64_t who = equals == 0 ? all : 0;
    for (const char c : clause.substr(0, equals)) {
      if (c == 'u') {
        who |= 0700;
      } else if (c == 'g') {
        who |= 0070;
      } else if (c == 'o') {
        who |= 0007;
      } else if (c == 'a') {
        who |= all;
      } else {
        return std::nullopt;
      }
    }
    std::int64_t bits = 0;
    for (const char c : clause.substr(equals + 1)) {
      if (c == 'r') {
        bits |= 0444;
      } else if (c == 'w') {
        bits |= 0222;
      } else if (c == 'x') {
        bits |= 0111;
      } else {
        return std::nullopt;
      }
    }
    kept = (kept & ~who) | (bits & who);
    named |= who;
  }
  return named == all ? std::optional(all & ~kept) : std::nullopt;
}

struct Outcome {
  std::vector<const ShellEffect*> candidates;
  std::vector<const ShellEffect*> overridden;
  bool exported = false;
  bool read_only = false;

  void assign(const ShellEffect& effect) {
    if (read_only) return;  // the shell refuses
    if (effect.certain) {
      overridden.insert(overridden.end(), candidates.begin(), candidates.end());
      candidates.clear();
    }
    for (const auto* known : candidates) {
      if (known->source == effect.source && known->text == effect.text && known->kind == effect.kind) return;
    }
    candidates.push_back(&effect);
  }
};

Outcome outcome_of(const formats::ShellStartup& login, std::string_view name) {
  Outcome outcome;
  const bool mask = name == "umask";
  for (const auto& effect : login.effects()) {
    if (mask != (effect.kind == ShellEffect::Kind::mask) || (!mask && effect.name != name)) continue;
    switch (effect.kind) {
      case ShellEffect::Kind::assigned:
      case ShellEffect::Kind::mask:
        outcome.assign(effect);
        break;
      case ShellEffect::Kind::removed:
        if (outcome.read_only) break;
        if (effect.certain) {
          outcome = {};
        } else {
          outcome.assign(effect);
        }
        break;
      case ShellEffect::Kind::exported:
        outcome.exported = outcome.exported || effect.certain;
        break;
      case ShellEffect::Kind::read_only:
        outcome.read_only = outcome.read_only || effect.certain;
        break;
    }
  }
  return outcome;
}

Record record_of(const ShellEffect& effect, const Outcome& outcome, std::string_view name) {
  Record record(fields.size());
  const bool mask = name == "umask";
  record.resource = fmt::format("{} in {}", name, effect.source.substr(0, effect.source.rfind(':')));
  record.source = effect.source;
  for (std::size_t i = 0; i < fields.size(); ++i) record.set_absent(i);
  record.set(certain, effect.certain);
  if (!mask) {
    record.set(exported, outcome.exported);
    record.set(read_only, outcome.read_only);
  }
  const auto number = mask ? leaves : seconds;
  if (effect.kind == ShellEffect::Kind::removed) return record;
  if (!effect.known) {
    const Error why{Error::Kind::unsupported,
                    fmt::format("{}: the value of {} is computed ({})", effect.source, name, effect.why_not)};
    record.set_unreadable(value, why);
    record.set_unreadable(number, why);
    return record;
  }
  auto& written = record.set(value, effect.text);
  for (const auto* lost : outcome.overridden) written.overridden.push_back({lost->source, lost->text});
  constexpr std::int64_t all = 0777;
  auto parsed = mask ? parse_mask(effect.text) : parse_integer(effect.text);
  if (mask && parsed) parsed = all & ~*parsed;
  if (parsed) {
    record.set(number, *parsed);
  } else {
    record.set_unreadable(
        number, {Error::Kind::malformed, fmt::format("{}: {} is set to \"{}\"", effect.source, name, effect.text)});
  }
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto name = requests[index].fact->text(0);
    const bool root = requests[index].fact->text(1) == "root";
    const auto& login = follow_login(sources, root ? Login::root : Login::anybody);
    const auto outcome = outcome_of(login, name);
    sink.looked_at(index, fmt::format("no statement about {} in {}", name, fmt::join(login.followed(), ", ")),
                   "/etc/profile");
    for (const auto* effect : outcome.candidates) sink.add(index, record_of(*effect, outcome, name));
    if (const auto why = login_obstacle(login)) sink.fail(index, *why);
  }
}

}  // namespace

const Probe shell_setting_probe = {&schema, collect};

}  // namespace plimsoll::probes
