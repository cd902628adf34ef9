#include "engine/probes/systemd_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "engine/formats/kernel_command_line.hpp"
#include "engine/formats/systemd_config.hpp"
#include "engine/probes/boot_configuration.hpp"
#include "engine/probes/conf_files.hpp"
#include "engine/probes/package_databases.hpp"
#include "engine/probes/systemd_settings.hpp"

namespace plimsoll::probes {
namespace {

using formats::SystemdValue;

enum ArgumentIndex : std::size_t { file_argument, section_argument, key_argument };
enum FieldIndex : std::size_t { value, configured, items, fallback, passed_over };

constexpr std::array<std::string_view, 7> file_names = {"journald.conf",  "journal-upload.conf", "journal-remote.conf",
                                                        "timesyncd.conf", "coredump.conf",       "logind.conf",
                                                        "resolved.conf"};

constexpr std::array<ArgumentSchema, 3> arguments = {{
    {.name = "file",
     .type = ValueType::text,
     .meaning = "The name of the main file in /etc/systemd, which names the drop-in directories too.",
     .allowed = file_names},
    {.name = "section",
     .type = ValueType::text,
     .meaning = "The section that the setting stands in, without brackets; the same key elsewhere sets nothing."},
    {.name = "key",
     .type = ValueType::text,
     .meaning = "The setting as the manual page writes it; one that the probe does not know is an error."},
}};

constexpr std::array<FieldSchema, 5> fields = {{
    {.name = "value",
     .type = ValueType::scalar,
     .meaning = "What the daemon would use: booleans as yes and no, sizes in bytes, time spans in seconds, words of a "
                "list with a blank between them; the default where nothing is set, absent where that is not known."},
    {.name = "configured",
     .type = ValueType::boolean,
     .meaning = "Whether a file, or the kernel's command line, sets it to a value that the daemon takes."},
    {.name = "items", .type = ValueType::list, .meaning = "The words of that value; absent where `value` is."},
    {.name = "default",
     .type = ValueType::scalar,
     .meaning = "What holds where nothing is set; absent where nothing does, or where the build or the size of a file "
                "system decides."},
    {.name = "passed_over",
     .type = ValueType::list,
     .meaning = "Lines for this setting whose value the daemon does not take, so that they change nothing: "
                "\"/etc/systemd/journald.conf:3 Storage=disk\"."},
}};

constexpr std::array<std::string_view, 5> source_names = {
    "/etc/systemd/FILE, else that of /run/systemd, "
    "/usr/local/lib/systemd or /usr/lib/systemd",
    "/etc/systemd/FILE.d", "/run/systemd/FILE.d", "/usr/lib/systemd/FILE.d", "/proc/cmdline"};

constexpr ProbeSchema schema = {
    .name = "systemd.config",
    .summary =
        "One setting of a daemon of systemd, as the daemon would read it: the main file, then the drop-in files of all "
        "directories in the order of their names, where of equal names the one in /etc, /run, /usr/local/lib, /usr/lib "
        "counts. The last line that has a valid value wins; of journald, what the running kernel was told with "
        "systemd.journald.forward_to_syslog and its like wins over all of them.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .sources = source_names,
};

/// One file of a daemon's configuration, in the order in which it is read.
struct ReadFile {
  std::string path;
  formats::SystemdConfig config;
  std::optional<Error> error;  ///< it, or the rest of it, is not known
};

struct ReadConfig {
  std::string main;  ///< path of the main file, also when there is none
  std::vector<ReadFile> files;
};

ReadFile read_file(std::string path, const Result<std::string>& text) {
  ReadFile file{std::move(path), {}, std::nullopt};
  if (!text) {
    file.error = text.error();
    return file;
  }
  file.config = formats::parse_systemd_config(*text);
  if (file.config.bad_header != 0) {
    file.error = Error{Error::Kind::malformed,
                       fmt::format("{}:{}: a section header without its bracket", file.path, file.config.bad_header),
                       "write the name of the section in [brackets]"};
  }
  return file;
}

Result<ReadConfig> read_config(const sources::Root& root, std::string_view name) {
  ReadConfig config;
  config.main = fmt::format("/etc/systemd/{}", name);
  for (const auto& path : configuration_directories(root, fmt::format("systemd/{}", name))) {
    auto text = root.read(path, sources::max_config_bytes);
    if (!text && is_masked(root, path)) text = std::string();
    if (!text && text.error().kind == Error::Kind::not_found) continue;
    config.main = path;
    config.files.push_back(read_file(path, text));
    break;
  }
  const auto drop_ins =
      read_conf_files(root, configuration_directories(root, fmt::format("systemd/{}.d", name)), DeadLinks::mask);
  if (!drop_ins) return std::unexpected(drop_ins.error());
  for (const auto& file : *drop_ins) config.files.push_back(read_file(file.path, file.text));
  return config;
}

/// What the files together leave of one setting.
struct Outcome {
  std::optional<std::string> value;
  std::string source;
  std::vector<Overridden> before;
  TextList passed_over;
  std::optional<Error> error;  ///< a file that could not be read may say otherwise
};

void apply(Outcome& outcome, const SystemdSetting& setting, const formats::UnitAssignment& line, std::string source) {
  const bool resets = line.value.empty() && (setting.kind == SystemdValue::text || setting.kind == SystemdValue::words);
  const auto value = line.value.empty() ? std::nullopt : systemd_value(setting.kind, line.value, setting.allowed);
  if (!value && !resets) {
    outcome.passed_over.push_back(fmt::format("{} {}={}", source, line.key, line.value));
    return;
  }
  const bool adds = setting.kind == SystemdValue::words && value;
  if (outcome.value && !adds) outcome.before.push_back({outcome.source, *outcome.value});
  if (adds && outcome.value && !outcome.value->empty()) {
    outcome.value = *outcome.value + " " + *value;
  } else {
    outcome.value = value.value_or("");
  }
  outcome.source = std::move(source);
  if (!adds) outcome.error.reset();
}

/// What journald takes from the kernel's command line as well, over all files (systemd-journald.service(8)).
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kernel_parameters = {{
    {"ForwardToSyslog", "systemd.journald.forward_to_syslog"},
    {"ForwardToKMsg", "systemd.journald.forward_to_kmsg"},
    {"ForwardToConsole", "systemd.journald.forward_to_console"},
    {"ForwardToWall", "systemd.journald.forward_to_wall"},
    {"MaxLevelStore", "systemd.journald.max_level_store"},
    {"MaxLevelSyslog", "systemd.journald.max_level_syslog"},
}};

void apply_command_line(Outcome& outcome, const SystemdSetting& setting, const sources::Sources& sources) {
  const auto* const known =
      std::ranges::find(kernel_parameters, setting.key, &decltype(kernel_parameters)::value_type::first);
  if (setting.file != "journald.conf" || known == kernel_parameters.end()) return;
  const auto& text = running_command_line(sources).text;
  if (!text) {
    const auto kind = text.error().kind;
    if (kind != Error::Kind::not_found && kind != Error::Kind::unobservable) outcome.error = text.error();
    return;
  }
  for (const auto& parameter : formats::parse_kernel_command_line(*text)) {
    if (!formats::same_parameter(parameter.name, known->second)) continue;
    const bool is_flag = !parameter.value && setting.kind == SystemdValue::boolean;
    apply(outcome, setting,
          {.section = std::string(setting.section),
           .key = std::string(known->second),
           .value = is_flag ? "yes" : parameter.value.value_or(""),
           .line = 1},
          "/proc/cmdline");
  }
}

Outcome settle(const ReadConfig& config, const SystemdSetting& setting, const sources::Sources& sources) {
  Outcome outcome;
  for (const auto& file : config.files) {
    for (const auto& line : file.config.assignments) {
      if (line.section != setting.section) continue;
      if (line.key != setting.key && (setting.old_key.empty() || line.key != setting.old_key)) continue;
      apply(outcome, setting, line, fmt::format("{}:{}", file.path, line.line));
    }
    if (file.error) outcome.error = file.error;
  }
  apply_command_line(outcome, setting, sources);
  return outcome;
}

/// What holds where nothing is set. Until 253~rc2 the packages of Debian, and Ubuntu's after them, were patched to hand
/// the journal on to syslog (Re-enable-journal-forwarding-to-syslog.patch); since then they ship a drop-in file for it.
Result<std::string> default_of(const SystemdSetting& setting, const sources::Sources& sources) {
  if (setting.key != "ForwardToSyslog") return std::string(setting.fallback);
  constexpr std::array<std::string_view, 1> names = {"systemd"};
  for (const auto& database : read_package_databases(sources, names)) {
    if (database.error) return std::unexpected(*database.error);
    for (const auto& entry : database.entries) {
      const bool patched = database.manager == "dpkg" && entry.state == PackageEntry::State::installed &&
                           compare_versions(entry.version, "253~rc2") < 0;
      if (patched) return std::string("yes");
    }
  }
  return std::string(setting.fallback);
}

Record record_of(const ReadConfig& config, const SystemdSetting& setting, const sources::Sources& sources) {
  auto outcome = settle(config, setting, sources);
  const auto otherwise = default_of(setting, sources);
  Record record(fields.size());
  record.resource = fmt::format("{} [{}] {}", setting.file, setting.section, setting.key);
  record.source = config.main;
  const std::string source = outcome.value ? outcome.source : config.main;
  if (!otherwise) {
    record.set_unreadable(fallback, otherwise.error());
  } else if (otherwise->empty()) {
    record.set_absent(fallback);
  } else {
    record.set(fallback, *otherwise);
  }
  if (outcome.error) {
    record.set_unreadable(value, *outcome.error);
    record.set_unreadable(configured, *outcome.error);
    record.set_unreadable(items, *outcome.error);
    record.set_unreadable(passed_over, *std::move(outcome.error));
    return record;
  }
  const bool set = outcome.value && !outcome.value->empty();
  // An empty list is a setting of its own ("no fallback servers"); an empty text takes the default back.
  const bool emptied = outcome.value && outcome.value->empty() && setting.kind == SystemdValue::words;
  record.set(configured, set || emptied, source).overridden = outcome.before;
  record.set(passed_over, outcome.passed_over, source);
  if (!set && !emptied && !otherwise) {
    record.set_unreadable(items, otherwise.error());
    record.set_unreadable(value, otherwise.error());
  } else if (set || emptied || !otherwise->empty()) {
    std::string text = set || emptied ? *outcome.value : *otherwise;
    record.set(items, formats::unit_words(text), source);
    record.set(value, std::move(text), source).overridden = outcome.before;
  } else {
    record.set_absent(items, source);
    record.set_absent(value, source).overridden = outcome.before;
  }
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  std::map<std::string, Result<ReadConfig>, std::less<>> read;
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto& fact = *requests[index].fact;
    const auto& file = fact.text(file_argument);
    const auto& section = fact.text(section_argument);
    const auto& key = fact.text(key_argument);
    const auto* const setting = find_systemd_setting(file, section, key);
    if (setting == nullptr) {
      sink.fail(index, Error{Error::Kind::unsupported,
                             fmt::format("{} has no setting [{}] {} that is known here", file, section, key)});
      continue;
    }
    auto found = read.find(file);
    if (found == read.end()) found = read.emplace(file, read_config(sources.root, file)).first;
    if (found->second) {
      sink.add(index, record_of(*found->second, *setting, sources));
    } else {
      sink.fail(index, found->second.error());
    }
  }
}

}  // namespace

const Probe systemd_config_probe = {&schema, collect};

}  // namespace plimsoll::probes
