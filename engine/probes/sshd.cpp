#include "engine/probes/sshd.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/formats/sshd_config.hpp"
#include "engine/formats/unit_file.hpp"
#include "engine/probes/path_glob.hpp"
#include "engine/probes/sshd_fields.hpp"
#include "engine/probes/sshd_program.hpp"

namespace plimsoll::probes {
namespace {

using formats::SshdAlgorithms;
using formats::SshdConfig;
using formats::SshdRelease;
using formats::SshdSetting;

/// Fields that are no keyword of their own; they follow those of sshd_fields.
enum Extra : std::size_t {
  installed = sshd_fields.size(),
  version,
  listen_address,
  max_startups_start,
  max_startups_rate,
  max_startups_full,
  match_blocks,
  match_keywords,
  match_settings,
  command_line_options,
  config_files,
  preferred_key_exchange,
  field_count,
};

constexpr ValueType type_of(SshdShape shape) {
  switch (shape) {
    case SshdShape::text:
    case SshdShape::optional:
      return ValueType::text;
    case SshdShape::integer:
    case SshdShape::seconds:
      return ValueType::integer;
    case SshdShape::list:
    case SshdShape::algorithms:
      return ValueType::list;
  }
  return ValueType::text;
}

constexpr std::array<FieldSchema, field_count> fields = [] {
  std::array<FieldSchema, field_count> made = {};
  for (std::size_t i = 0; i < sshd_fields.size(); ++i) {
    const auto& field = sshd_fields[i];
    made[i] = {.name = field.name,
               .type = type_of(field.shape),
               .meaning = field.meaning,
               .unit = field.shape == SshdShape::seconds ? "seconds" : ""};
  }
  made[installed] = {.name = "installed",
                     .type = ValueType::boolean,
                     .meaning = "Whether there is an sshd, or a configuration for one; where not, all else is absent."};
  made[version] = {.name = "version",
                   .type = ValueType::text,
                   .meaning =
                       "The version the program names itself (\"OpenSSH_9.2p1 Debian-2\"), else that of its "
                       "package; absent when unknown."};
  made[listen_address] = {.name = "listen_address",
                          .type = ValueType::list,
                          .meaning =
                              "Addresses with ports: \"0.0.0.0:22\", \"[::]:22\"; names are not looked up. A socket "
                              "unit that starts sshd listens by its own rules."};
  made[max_startups_start] = {.name = "max_startups_start",
                              .type = ValueType::integer,
                              .meaning = "Waiting connections from which on some are refused."};
  made[max_startups_rate] = {.name = "max_startups_rate",
                             .type = ValueType::integer,
                             .meaning = "Share of connections refused from there on.",
                             .unit = "percent"};
  made[max_startups_full] = {.name = "max_startups_full",
                             .type = ValueType::integer,
                             .meaning = "Waiting connections from which on all are refused."};
  made[match_blocks] = {
      .name = "match_blocks",
      .type = ValueType::integer,
      .meaning = "Match blocks that hold for some connections only; none of the other fields shows them."};
  made[match_keywords] = {.name = "match_keywords",
                          .type = ValueType::list,
                          .meaning = "Keywords set in such blocks, in lower case, sorted."};
  made[match_settings] = {.name = "match_settings",
                          .type = ValueType::list,
                          .meaning = "The same with values, in words of `sshd -T`: \"permitrootlogin yes\"."};
  made[command_line_options] = {
      .name = "command_line_options",
      .type = ValueType::list,
      .meaning = "Options that the unit or init script starts sshd with; -o wins over the file."};
  made[config_files] = {.name = "config_files",
                        .type = ValueType::list,
                        .meaning =
                            "The files that are read, each once: the main file, then what Include lines bring in, "
                            "in their order."};
  made[preferred_key_exchange] = {
      .name = "preferred_key_exchange", .type = ValueType::text, .meaning = "The first of kex_algorithms."};
  return made;
}();

constexpr std::array<std::string_view, 5> source_names = {"/etc/ssh/sshd_config", "/usr/sbin/sshd", "/etc/default/ssh",
                                                          "/etc/sysconfig/sshd", "ssh.service, sshd.service"};

constexpr ProbeSchema schema = {
    .name = "sshd",
    .summary =
        "The configuration sshd would start with, outside Match blocks: options of its command line, "
        "sshd_config with its includes, defaults of the installed version.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = fields,
    .presence = "installed",
    .sources = source_names,
};

/// A release that the tables do not know is read by the rules of the newest one.
SshdRelease known_release(SshdRelease release) {
  return formats::sshd_algorithms(SshdAlgorithms::macs, release).empty() ? 0 : release;
}

class Writer {
 public:
  Writer(const SshdProgram& program, const SshdConfig& config) : program_(program), config_(config) {}

  void write(Record& record) const {
    for (std::size_t i = 0; i < sshd_fields.size(); ++i) record.fields[i] = field_of(sshd_fields[i]);
    imply_no_forwarding(record);
    write_max_startups(record);
    record.set(listen_address, listen_addresses());
    if (const auto* listen = config_.find("listenaddress")) record.fields[listen_address].source = listen->source;
    record.set(match_blocks, std::int64_t{config_.match_blocks});
    record.set(match_keywords, config_.match_keywords);
    record.set(match_settings, config_.match_settings);
    set_preferred_key_exchange(record);
  }

 private:
  [[nodiscard]] std::string default_source() const {
    return fmt::format("default of sshd {}", formats::to_text(program_.release));
  }

  static void set_preferred_key_exchange(Record& record) {
    const auto& all = record.fields[field_named("kexalgorithms")];
    const auto* value = all.value();
    if (value == nullptr) {
      record.fields[preferred_key_exchange] = all;
    } else {
      record.set(preferred_key_exchange, std::get<TextList>(*value).front(), all.source);
    }
  }

  static constexpr std::size_t field_named(std::string_view keyword) {
    for (std::size_t i = 0; i < sshd_fields.size(); ++i) {
      if (sshd_fields[i].keyword == keyword) return i;
    }
    return field_count;
  }

  [[nodiscard]] static std::optional<SshdAlgorithms> algorithms_of(std::string_view keyword) {
    if (keyword == "ciphers") return SshdAlgorithms::ciphers;
    if (keyword == "macs") return SshdAlgorithms::macs;
    if (keyword == "kexalgorithms") return SshdAlgorithms::key_exchange;
    if (keyword == "casignaturealgorithms") return SshdAlgorithms::ca_signatures;
    return SshdAlgorithms::host_keys;
  }

  [[nodiscard]] Field field_of(const SshdField& field) const {
    const auto* setting = config_.find(field.keyword);
    if (field.shape == SshdShape::algorithms) return algorithms_field(field, setting);
    const TextList values = setting != nullptr ? setting->values : formats::unit_words(field.fallback);
    Field made{Absent{}, setting != nullptr ? setting->source : default_source(), {}};
    if (setting != nullptr) made.overridden = setting->overridden;
    const auto joined = fmt::format("{}", fmt::join(values, " "));
    switch (field.shape) {
      case SshdShape::text:
        made.state = Value{joined};
        break;
      case SshdShape::optional:
        if (joined != "none" && joined != "NONE" && joined != "None") made.state = Value{joined};
        break;
      case SshdShape::integer:
      case SshdShape::seconds:
        if (const auto number = parse_integer(joined)) made.state = Value{*number};
        break;
      case SshdShape::list:
      case SshdShape::algorithms:
        if (!values.empty()) made.state = Value{values};
        break;
    }
    return made;
  }

  /// A list that is written out in full is what counts whatever the release; all else builds on the release's own.
  [[nodiscard]] Field algorithms_field(const SshdField& field, const SshdSetting* setting) const {
    Field made{Absent{}, setting != nullptr ? setting->source : default_source(), {}};
    if (setting != nullptr) made.overridden = setting->overridden;
    const std::string configured = setting != nullptr ? setting->values.front() : "";
    const auto which = *algorithms_of(field.keyword);
    auto lists = program_.algorithms(which);
    if (lists) program_.add_own_algorithms(configured, *lists);
    if (!lists) {
      const bool complete = !configured.empty() && configured.find_first_of("+-^") != 0 &&
                            configured.find_first_of("*?") == std::string::npos;
      if (complete) {
        made.state = Value{formats::split_at_commas(configured)};
      } else {
        made.state = Unreadable{lists.error()};
      }
      return made;
    }
    auto assembled = formats::assemble_algorithms(which, configured, *lists);
    if (assembled) {
      made.state = Value{std::move(*assembled)};
    } else {
      auto error = assembled.error();
      error.what = fmt::format("{}: {}: {}; sshd refuses to start", made.source, field.keyword, error.what);
      made.state = Unreadable{std::move(error)};
    }
    return made;
  }

  void imply_no_forwarding(Record& record) const {
    const auto* disable = config_.find("disableforwarding");
    if (disable == nullptr || disable->values.front() != "yes") return;
    constexpr SshdRelease first_that_keeps_the_promise = 1000;
    for (std::size_t i = 0; i < sshd_fields.size(); ++i) {
      const auto keyword = sshd_fields[i].keyword;
      const bool always = keyword == "allowtcpforwarding" || keyword == "allowstreamlocalforwarding";
      const bool later = keyword == "x11forwarding" || keyword == "allowagentforwarding";
      if (!always && !(later && program_.release >= first_that_keeps_the_promise)) continue;
      auto& field = record.fields[i];
      if (const auto* own = config_.find(keyword)) {
        field.overridden.push_back({own->source, own->values.front()});
      }
      field.state = Value{std::string("no")};
      field.source = disable->source;
    }
  }

  void write_max_startups(Record& record) const {
    const auto* setting = config_.find("maxstartups");
    std::string_view rest = setting != nullptr ? std::string_view(setting->values.front()) : "10:30:100";
    for (const auto field : {max_startups_start, max_startups_rate, max_startups_full}) {
      const auto colon = rest.find(':');
      if (const auto number = parse_integer(rest.substr(0, colon))) {
        record.set(field, *number, setting != nullptr ? setting->source : default_source());
      }
      rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
    }
  }

  [[nodiscard]] TextList listen_addresses() const {
    const auto* ports_set = config_.find("port");
    const TextList ports = ports_set != nullptr ? ports_set->values : TextList{"22"};
    const auto* listen = config_.find("listenaddress");
    const auto* family = config_.find("addressfamily");
    TextList addresses;
    if (listen == nullptr) {
      const std::string only = family != nullptr ? family->values.front() : "any";
      for (const auto& port : ports) {
        if (only != "inet") addresses.push_back(fmt::format("[::]:{}", port));
        if (only != "inet6") addresses.push_back(fmt::format("0.0.0.0:{}", port));
      }
      return addresses;
    }
    for (const auto& value : listen->values) {
      const auto words = formats::unit_words(value);
      const auto domain = words.size() > 2 ? fmt::format(" rdomain {}", words[2]) : std::string{};
      std::string_view host = words.front();
      std::string_view port;
      const bool bare_v6 = host.find('[') == std::string_view::npos && std::ranges::count(host, ':') > 1;
      if (const auto colon = host.rfind(':'); !bare_v6 && colon != std::string_view::npos && !host.ends_with(']')) {
        port = host.substr(colon + 1);
        host = host.substr(0, colon);
      }
      if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
      const auto shown = host.find(':') == std::string_view::npos ? std::string(host) : fmt::format("[{}]", host);
      for (const auto& each : port.empty() ? ports : TextList{std::string(port)}) {
        addresses.push_back(fmt::format("{}:{}{}", shown, each, domain));
      }
    }
    return addresses;
  }

  const SshdProgram& program_;
  const SshdConfig& config_;
};

Result<SshdConfig> read_config(const sources::Root& root, const SshdStart& start, SshdRelease release,
                               TextList& read_files) {
  auto text = root.read(start.config, sources::max_config_bytes);
  if (!text) {
    auto error = text.error();
    if (error.kind == Error::Kind::not_found) error.what += "; sshd does not start without it";
    return std::unexpected(std::move(error));
  }
  formats::SshdInput input;
  input.options = start.options;
  input.file = {start.config, std::move(*text)};
  input.release = release;
  read_files.push_back(start.config);
  // The reader goes over everything twice, and must find the same both times.
  std::map<std::string, std::string> contents;
  input.include = [&](const std::string& pattern) -> Result<std::vector<formats::SshdFile>> {
    const auto paths = glob_paths(root, pattern);
    if (!paths) return std::unexpected(paths.error());
    std::vector<formats::SshdFile> files;
    for (const auto& path : *paths) {
      auto known = contents.find(path);
      if (known == contents.end()) {
        auto content = root.read(path, sources::max_config_bytes);
        if (!content) return std::unexpected(content.error());
        known = contents.emplace(path, std::move(*content)).first;
        read_files.push_back(path);
      }
      files.push_back({path, known->second});
    }
    return files;
  };
  auto config = formats::read_sshd_config(input);
  // Ports of the command line replace those of the file; they stand in front of them here.
  const auto given = std::ranges::count_if(start.options, [](const auto& line) { return line.starts_with("Port "); });
  if (config && given > 0) {
    auto& ports = config->settings.at("port").values;
    ports.resize(std::min(ports.size(), static_cast<std::size_t>(given)));
  }
  return config;
}

Result<Record> read_record(const sources::Sources& sources) {
  const auto program = read_sshd_program(sources);
  if (!program) return std::unexpected(program.error());
  const auto start = read_sshd_start(sources);
  if (!start) return std::unexpected(start.error());

  Record record(fields.size());
  record.resource = "sshd";
  record.source = start->config;
  const auto there = sources.root.status(start->config);
  const bool missing = !there && there.error().kind == Error::Kind::not_found;
  if (!program->installed && missing) {
    for (std::size_t i = 0; i < fields.size(); ++i) record.set_absent(i);
    record.set(installed, false, "/usr/sbin/sshd");
    return record;
  }
  TextList read_files;
  const auto config = read_config(sources.root, *start, known_release(program->release), read_files);
  if (!config) return std::unexpected(config.error());
  Writer(*program, *config).write(record);
  record.set(installed, true, program->source);
  if (program->banner.empty()) {
    record.set_absent(version);
  } else {
    record.set(version, program->banner, program->source);
  }
  record.set(command_line_options, start->words, start->source);
  record.set(config_files, std::move(read_files));
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto record = read_record(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    if (record) {
      sink.add(index, *record);
    } else {
      sink.fail(index, record.error());
    }
  }
}

}  // namespace

const Probe sshd_probe = {&schema, collect};

}  // namespace plimsoll::probes
