#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/formats/pam_settings.hpp"
#include "engine/probes/pam_module_fields.hpp"
#include "engine/probes/pam_modules.hpp"

namespace plimsoll::probes {
namespace {

struct Setting {
  std::string_view name;
  std::int64_t fallback;  ///< -1000: what is only written to turn it on (a boolean field)
  std::string_view meaning;
};
constexpr std::int64_t flag = -1000;

constexpr std::array<Setting, 18> known = {{
    {"difok", 1, "How many characters of a new password must not stand in the old one; 0: any."},
    {"minlen", 8, "The least length, less what the positive credits give; never under 6."},
    {"dcredit", 0, "Digits: at least so many when negative, else the most that count towards the length."},
    {"ucredit", 0, "Capital letters, likewise."},
    {"lcredit", 0, "Small letters, likewise."},
    {"ocredit", 0, "Other characters, likewise."},
    {"minclass", 0, "The least number of these four classes of characters; at most 4."},
    {"maxrepeat", 0, "The most equal characters in a row; 0: any."},
    {"maxclassrepeat", 0, "The most characters of one class in a row; 0: any."},
    {"maxsequence", 0, "The longest run such as 1234 or dcba; 0: any."},
    {"gecoscheck", 0, "Whether words of the user's full name are refused; 0: not."},
    {"dictcheck", 1, "Whether words of a dictionary are refused; 0: not."},
    {"usercheck", 1, "Whether the user's name is refused; 0: not."},
    {"usersubstr", 0, "Of which length parts of the user's name are refused; 0: none."},
    {"enforcing", 1, "Whether a bad password is refused; 0: the user is only warned."},
    {"retry", 1, "How many times a user may try."},
    {"enforce_for_root", flag, "Whether root's choices are refused too, instead of only warned about."},
    {"local_users_only", flag, "Whether the passwords of users that do not stand in /etc/passwd are not judged."},
}};

/// libpwquality takes these too; nothing here depends on them.
constexpr std::array<std::string_view, 2> texts = {"badwords", "dictpath"};
/// Arguments that pam_pwquality takes itself, whatever follows.
constexpr std::array<std::string_view, 8> own_arguments = {
    "debug",        "type=",       "difignore=",     "reject_username",
    "authtok_type", "use_authtok", "use_first_pass", "try_first_pass"};

enum FieldIndex : std::size_t { first_setting = pam_field_count, problem = first_setting + known.size(), field_count };

constexpr auto fields = with_pam_fields([] {
  std::array<FieldSchema, field_count - pam_field_count> own = {};
  for (std::size_t i = 0; i < known.size(); ++i) {
    own[i] = {.name = known[i].name,
              .type = known[i].fallback == flag ? ValueType::boolean : ValueType::integer,
              .meaning = known[i].meaning};
  }
  own[known.size()] = {.name = "problem",
                       .type = ValueType::text,
                       .meaning =
                           "Where libpwquality stops reading its files, and why: at the first name or value that it "
                           "does not know. Absent when it does not stop."};
  return own;
}());

constexpr auto source_names = with_pam_sources(
    std::to_array<std::string_view>({"/etc/security/pwquality.conf.d/*.conf", "/etc/security/pwquality.conf"}));

constexpr ProbeSchema schema = {
    .name = "pam.pwquality",
    .summary =
        "How the password stacks of services call pam_pwquality, which judges new passwords: pwquality.conf.d/*.conf "
        "by "
        "name, overridden by pwquality.conf, overridden by arguments.",
    .cardinality = Cardinality::any,
    .arguments = pam_module_arguments,
    .fields = fields,
    .sources = source_names,
};

constexpr std::string_view default_source = "default of libpwquality";
constexpr std::string_view main_file = "/etc/security/pwquality.conf";
constexpr std::string_view directory = "/etc/security/pwquality.conf.d";
constexpr std::size_t longest_line = 1023;

class Settings {
 public:
  Settings() {
    values_.reserve(known.size());
    for (const auto& setting : known) {
      Value value = setting.fallback;
      if (setting.fallback == flag) value = false;
      values_.emplace_back(std::move(value), std::string(default_source));
    }
  }

  /// False: libpwquality does not know the name, or the value is no number.
  bool take(std::string_view written, std::string_view value, const std::string& source) {
    const auto name = lower_case(written);
    const auto found = std::ranges::find(known, name, &Setting::name);
    if (found == known.end()) return std::ranges::find(texts, name) != texts.end();
    auto& kept = values_[static_cast<std::size_t>(found - known.begin())];
    if (found->fallback == flag) {  // to name it is to turn it on, whatever the value
      kept.take(true, ValueType::boolean, source);
      return true;
    }
    auto number = parse_integer(value);
    // libpwquality keeps an int, and takes neither the least nor the greatest.
    using Int = std::numeric_limits<int>;
    if (!number || *number <= Int::min() || *number >= Int::max()) return false;
    if (name == "minlen") number = std::max<std::int64_t>(*number, 6);
    if (name == "minclass") number = std::min<std::int64_t>(*number, 4);
    kept.take(*number, ValueType::integer, source);
    return true;
  }

  void write(Record& record) const {
    for (std::size_t i = 0; i < known.size(); ++i) record.fields[first_setting + i] = values_[i].field();
  }

 private:
  std::vector<PamValue> values_;
};

/// What the files say, which is the same for every call.
struct Files {
  Settings settings;
  std::string problem;
  std::optional<Error> error;
};

/// False: nothing more is read.
bool read_file(const std::string& path, std::string_view text, Files& files) {
  const auto parsed = formats::parse_pam_settings(text, longest_line);
  for (const auto& setting : parsed.settings) {
    const auto source = fmt::format("{}:{}", path, setting.line);
    if (files.settings.take(setting.name, setting.value, source)) continue;
    files.problem = fmt::format("{}: \"{} = {}\" is not understood, and nothing behind it is read", source,
                                setting.name, setting.value);
    return false;
  }
  if (parsed.too_long) {
    files.problem = fmt::format("{}:{} is too long, and nothing behind it is read", path, *parsed.too_long);
    return false;
  }
  return true;
}

Files read_files(const sources::Root& root) {
  Files files;
  std::vector<std::string> paths;
  if (const auto entries = root.list(directory)) {
    for (const auto& entry : *entries) {
      const auto ending = entry.name.find(".conf");
      if (ending != std::string::npos && ending + 5 == entry.name.size()) {
        paths.push_back(fmt::format("{}/{}", directory, entry.name));
      }
    }
  } else if (entries.error().kind != Error::Kind::not_found) {
    files.error = entries.error();
    return files;
  }
  paths.emplace_back(main_file);
  for (const auto& path : paths) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (text) {
      if (!read_file(path, *text, files)) return files;
    } else if (text.error().kind != Error::Kind::not_found) {
      files.error = text.error();
      return files;
    }
  }
  return files;
}

void fill(const PamStackLine& line, const Files& files, Record& record) {
  auto settings = files.settings;
  std::vector<std::string> named;
  for (const std::string_view argument : line.arguments) {
    const auto is_own = [&](std::string_view own) { return argument.starts_with(own); };
    if (std::ranges::any_of(own_arguments, is_own)) continue;
    const auto [name, value] = split_pam_argument(argument);
    if (settings.take(name, value, line.source)) named.push_back(lower_case(name));
  }
  settings.write(record);
  if (files.error) {  // only what arguments say is certain
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (std::ranges::find(named, known[i].name) != named.end()) continue;
      record.set_unreadable(first_setting + i, *files.error, std::string(main_file));
    }
    record.set_unreadable(problem, *files.error, std::string(main_file));
  } else if (files.problem.empty()) {
    record.set_absent(problem, std::string(main_file));
  } else {
    record.set(problem, files.problem);
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto files = read_files(sources.root);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    collect_pam_module(i, *requests[i].fact, formats::PamType::password, "pam_pwquality", sources, sink,
                       [&](const PamStackLine& line, Record& record) { fill(line, files, record); });
  }
}

}  // namespace

const Probe pam_pwquality_probe = {&schema, collect};

}  // namespace plimsoll::probes
