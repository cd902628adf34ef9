#include <fmt/core.h>

#include <array>

#include "engine/core/text.hpp"
#include "engine/formats/pam_settings.hpp"
#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/pam_modules.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t { nullok = pam_field_count, use_authtok, remember, hash, rounds, field_count };

/// The values of `hash`, and how arguments and login.defs write them. pam_unix takes the first of these that a word
/// begins with.
constexpr std::array<std::string_view, 8> hashes = {"md5",      "bigcrypt", "sha256",        "sha512",
                                                    "blowfish", "des",      "gost_yescrypt", "yescrypt"};

constexpr auto fields = with_pam_fields(std::array<FieldSchema, field_count - pam_field_count>{{
    {.name = "nullok", .type = ValueType::boolean, .meaning = "Whether an account without a password may be entered."},
    {.name = "use_authtok",
     .type = ValueType::boolean,
     .meaning = "Whether a new password is taken only from the modules before it, which have judged it."},
    {.name = "remember",
     .type = ValueType::integer,
     .meaning = "How many old passwords the module itself keeps; absent when it keeps none."},
    {.name = "hash",
     .type = ValueType::text,
     .meaning = "How it stores a new password: its argument, else ENCRYPT_METHOD of login.defs (the first line of it), "
                "else des.",
     .allowed = hashes},
    {.name = "rounds", .type = ValueType::integer, .meaning = "The cost that its argument sets; absent without one."},
}});

constexpr std::array<std::string_view, 4> types = {"auth", "account", "password", "session"};
constexpr std::array<ArgumentSchema, 3> arguments = {{
    pam_services_argument,
    {.name = "type", .meaning = "Which of the four stacks.", .allowed = types},
    pam_other_argument,
}};
constexpr auto source_names = with_pam_sources(std::to_array<std::string_view>({"/etc/login.defs"}));

constexpr ProbeSchema schema = {
    .name = "pam.unix",
    .summary = "How services call pam_unix, which checks and changes the passwords of /etc/shadow.",
    .cardinality = Cardinality::any,
    .arguments = arguments,
    .fields = fields,
    .sources = source_names,
};

std::optional<std::string_view> hash_of(std::string_view word) {
  for (const auto hash_name : hashes) {
    if (word.starts_with(hash_name)) return hash_name;
  }
  return std::nullopt;
}

/// What login.defs sets, or the error of reading it.
Result<PamValue> default_hash(const sources::Root& root) {
  constexpr std::string_view path = "/etc/login.defs";
  PamValue value(Value{std::string("des")}, "default of pam_unix");
  const auto text = root.read(path, sources::max_config_bytes);
  if (!text) {
    if (text.error().kind == Error::Kind::not_found) return value;
    return std::unexpected(text.error());
  }
  const auto setting = formats::find_pam_key(*text, "ENCRYPT_METHOD");
  if (!setting) return value;
  // The names are compared without regard to case; one that the module does not know changes nothing.
  if (const auto name = hash_of(lower_case(setting->value))) {
    value.take(Value{std::string(*name)}, ValueType::text, fmt::format("{}:{}", path, setting->line));
  }
  return value;
}

void fill(const PamStackLine& line, const Result<PamValue>& start, Record& record) {
  auto method = start;
  bool named = false;  // by an argument, so that login.defs does not matter
  PamValue kept(std::nullopt, line.source);
  PamValue cost(std::nullopt, line.source);
  bool may_be_empty = false;
  bool authtok = false;
  for (const std::string_view argument : line.arguments) {  // the module looks at beginnings only
    const auto value = split_pam_argument(argument).value;
    if (argument.starts_with("nullok")) may_be_empty = true;
    if (argument.starts_with("use_authtok")) authtok = true;
    if (argument.starts_with("remember=")) kept.take(formats::leading_integer(value), ValueType::integer, line.source);
    if (argument.starts_with("rounds=")) cost.take(formats::leading_integer(value), ValueType::integer, line.source);
    if (const auto name = hash_of(argument)) {
      if (!method) method = PamValue(std::nullopt, line.source);
      method->take(Value{std::string(*name)}, ValueType::text, line.source);
      named = true;
    }
  }
  record.set(nullok, may_be_empty);
  record.set(use_authtok, authtok);
  record.fields[remember] = kept.field();
  record.fields[rounds] = cost.field();
  if (named || start) {
    record.fields[hash] = method->field();
  } else {
    record.set_unreadable(hash, start.error(), "/etc/login.defs");
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto start = default_hash(sources.root);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto& fact = *requests[i].fact;
    const auto type = formats::pam_type_named(fact.text(1)).value_or(formats::PamType::auth);
    collect_pam_module(i, fact, type, "pam_unix", sources, sink,
                       [&](const PamStackLine& line, Record& record) { fill(line, start, record); });
  }
}

}  // namespace

const Probe pam_unix_probe = {&schema, collect};

}  // namespace plimsoll::probes
