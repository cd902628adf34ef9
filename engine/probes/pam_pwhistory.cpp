#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/core/text.hpp"
#include "engine/formats/pam_settings.hpp"
#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/pam_modules.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t { remember = pam_field_count, enforce_for_root, use_authtok, retry, field_count };

constexpr auto fields = with_pam_fields(std::array<FieldSchema, field_count - pam_field_count>{{
    {.name = "remember",
     .type = ValueType::integer,
     .meaning = "How many old passwords of each user are refused; 0: none."},
    {.name = "enforce_for_root",
     .type = ValueType::boolean,
     .meaning = "Whether a password that root sets is held against the old ones too."},
    {.name = "use_authtok",
     .type = ValueType::boolean,
     .meaning = "Whether a new password is taken only from the modules before it, which have judged it."},
    {.name = "retry", .type = ValueType::integer, .meaning = "How many times a user may try."},
}});

constexpr auto source_names =
    with_pam_sources(std::to_array<std::string_view>({"/etc/security/pwhistory.conf", "the module pam_pwhistory.so"}));

constexpr ProbeSchema schema = {
    .name = "pam.pwhistory",
    .summary =
        "How the password stacks of services call pam_pwhistory, which refuses old passwords: pwhistory.conf, where "
        "the installed module is one that reads it, overridden by arguments.",
    .cardinality = Cardinality::any,
    .arguments = pam_module_arguments,
    .fields = fields,
    .sources = source_names,
};

constexpr std::string_view default_source = "default of pam_pwhistory";
constexpr std::string_view conf_path = "/etc/security/pwhistory.conf";
constexpr std::size_t max_module_bytes = 4U << 20U;

struct Settings {
  PamValue remember{Value{std::int64_t{10}}, std::string(default_source)};
  PamValue enforce_for_root{Value{false}, std::string(default_source)};
  PamValue retry{Value{std::int64_t{1}}, std::string(default_source)};
};

/// Modules before 1.5.3 know no file, but distributions have taken the code back into older ones: the name of the file
/// in the module itself tells.
Result<bool> reads_file(const PamStackLine& line, const sources::Sources& sources) {
  const auto path = find_pam_module(sources, line.path);
  if (!path) return std::unexpected(path.error());
  const auto bytes = sources.root.read(*path, max_module_bytes);
  if (!bytes) return std::unexpected(bytes.error());
  return bytes->find("pwhistory.conf") != std::string::npos;
}

void take_file(const std::string& path, std::string_view text, Settings& settings) {
  const auto source = [&](const formats::PamSetting& setting) { return fmt::format("{}:{}", path, setting.line); };
  if (const auto found = formats::find_pam_key(text, "enforce_for_root")) {
    settings.enforce_for_root.take(true, ValueType::boolean, source(*found));
  }
  if (const auto found = formats::find_pam_key(text, "remember")) {
    if (const auto number = formats::scan_unsigned(found->value, 32)) {
      settings.remember.take(*number, ValueType::integer, source(*found));
    }
  }
  if (const auto found = formats::find_pam_key(text, "retry")) {
    if (const auto number = formats::scan_unsigned(found->value, 32)) {
      settings.retry.take(*number, ValueType::integer, source(*found));
    }
  }
}

void take_arguments(const PamStackLine& line, Settings& settings) {
  for (const auto& argument : line.arguments) {
    const auto [written, value] = split_pam_argument(argument);
    const auto name = lower_case(written);
    if (name == "remember") {
      const auto number = std::clamp<std::int64_t>(formats::leading_integer(value), 0, 400);
      settings.remember.take(number, ValueType::integer, line.source);
    } else if (name == "retry") {
      settings.retry.take(std::max<std::int64_t>(formats::leading_integer(value), 0), ValueType::integer, line.source);
    } else if (name == "enforce_for_root") {
      settings.enforce_for_root.take(true, ValueType::boolean, line.source);
    }
  }
}

bool given(const PamStackLine& line, std::string_view wanted) {
  return std::ranges::any_of(
      line.arguments, [&](const auto& argument) { return lower_case(split_pam_argument(argument).name) == wanted; });
}

void fill(const PamStackLine& line, const sources::Sources& sources, Record& record) {
  std::string path(conf_path);
  for (const std::string_view argument : line.arguments) {
    if (argument.starts_with("conf=")) path = argument.substr(std::string_view("conf=").size());
  }
  Settings settings;
  std::optional<Error> error;  // of what the file may say
  const auto text = sources.root.read(path, sources::max_config_bytes);
  if (text) {
    const auto reads = reads_file(line, sources);
    if (!reads) {
      error = reads.error();
    } else if (*reads) {
      take_file(path, *text, settings);
    }
  } else if (text.error().kind != Error::Kind::not_found) {
    error = text.error();
  }
  take_arguments(line, settings);

  record.set(use_authtok, given(line, "use_authtok"));
  const auto put = [&](std::size_t field, const PamValue& value, std::string_view name) {
    if (error && !given(line, name)) {
      record.set_unreadable(field, *error, path);
    } else {
      record.fields[field] = value.field();
    }
  };
  put(remember, settings.remember, "remember");
  put(enforce_for_root, settings.enforce_for_root, "enforce_for_root");
  put(retry, settings.retry, "retry");
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    collect_pam_module(i, *requests[i].fact, formats::PamType::password, "pam_pwhistory", sources, sink,
                       [&](const PamStackLine& line, Record& record) { fill(line, sources, record); });
  }
}

}  // namespace

const Probe pam_pwhistory_probe = {&schema, collect};

}  // namespace plimsoll::probes
