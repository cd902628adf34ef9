#include "engine/probes/rsyslog.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/probes/rsyslog_config.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 3> source_names = {
    "/etc/rsyslog.conf", "the files of $IncludeConfig and include()", "rsyslog.service"};

enum SetupField : std::size_t { exists, modules, reads_journal, reads_socket, stream_driver, ca_file, umask };
constexpr std::array<FieldSchema, 7> setup_fields = {{
    {.name = "exists", .type = ValueType::boolean, .meaning = "Whether its main file is there."},
    {.name = "modules", .type = ValueType::list, .meaning = "The modules that it loads, sorted."},
    {.name = "reads_journal",
     .type = ValueType::boolean,
     .meaning = "Whether it reads the journal itself (imjournal), so that the journal need not forward to it."},
    {.name = "reads_socket",
     .type = ValueType::boolean,
     .meaning =
         "Whether it reads the socket that the journal forwards to: imuxsock is loaded, and its system socket is "
         "not switched off (SysSock.Use, $OmitLocalLogging)."},
    {.name = "stream_driver",
     .type = ValueType::text,
     .meaning = "The driver for connections that name none (DefaultNetstreamDriver); absent when not set (ptcp, "
                "which knows no TLS)."},
    {.name = "ca_file",
     .type = ValueType::text,
     .meaning = "The file of the authority that log hosts must be certified by (DefaultNetstreamDriverCAFile); absent "
                "when not set."},
    {.name = "umask",
     .type = ValueType::mode,
     .meaning = "The bits that no file it creates gets: of the configuration, else of its unit, else 0022."},
}};

constexpr ProbeSchema setup_schema = {
    .name = "rsyslog",
    .summary = "What rsyslogd is set up with as a whole, from its configuration with all files it includes.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = setup_fields,
    .presence = "exists",
    .sources = source_names,
};

enum ActionField : std::size_t {
  type,
  filter,
  ruleset,
  file,
  dynamic_file,
  configured_mode,
  create_mode,
  target,
  port,
  protocol,
  tls,
  driver,
  auth_mode,
  permitted_peers
};
constexpr std::array<FieldSchema, 14> action_fields = {{
    {.name = "type",
     .type = ValueType::text,
     .meaning = "Its output module: omfile, omfwd (another host), omrelp, omusrmsg (terminals), ompipe, omprog; stop "
                "for one that drops the message."},
    {.name = "filter",
     .type = ValueType::text,
     .meaning = "Which messages it gets, as written: \"auth,authpriv.*\", \"if … then\"; empty for all."},
    {.name = "ruleset", .type = ValueType::text, .meaning = "The ruleset it stands in; absent for the default one."},
    {.name = "file",
     .type = ValueType::text,
     .meaning = "The file or pipe it writes; absent for other types and for names made from a template."},
    {.name = "dynamic_file",
     .type = ValueType::text,
     .meaning = "The template that makes the name of its file; absent when there is none."},
    {.name = "configured_mode",
     .type = ValueType::mode,
     .meaning = "The mode it asks for when it creates a file: the $FileCreateMode in force where it stands, or for an "
                "action() its own or its module's parameter; 0644 where nothing is said. Absent for other types."},
    {.name = "create_mode",
     .type = ValueType::mode,
     .meaning = "The mode that such a file gets, after the umask; absent for other types."},
    {.name = "target", .type = ValueType::text, .meaning = "The host it sends to; absent when it sends to none."},
    {.name = "port", .type = ValueType::text, .meaning = "The port there; absent as `target` is, or when not written."},
    {.name = "protocol", .type = ValueType::text, .meaning = "udp, tcp or relp; absent as `target` is."},
    {.name = "tls",
     .type = ValueType::boolean,
     .meaning = "Whether it asks for TLS and has a driver that can (gtls, ossl, mbedtls); absent as `target` is."},
    {.name = "driver",
     .type = ValueType::text,
     .meaning = "The driver of its connection, its own or the global one; absent when neither is set."},
    {.name = "auth_mode",
     .type = ValueType::text,
     .meaning = "How it makes sure of the other host: x509/name, x509/certvalid, x509/fingerprint, anon; absent when "
                "not set."},
    {.name = "permitted_peers",
     .type = ValueType::list,
     .meaning = "The names or fingerprints that the other host's certificate may have; absent when not set."},
}};

constexpr ProbeSchema action_schema = {
    .name = "rsyslog.action",
    .summary =
        "What rsyslogd does with messages: each action, in the order of the configuration and the files that it "
        "includes, with the directives that are in force where it stands.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = action_fields,
    .sources = source_names,
};

enum InputField : std::size_t { module, address, input_port, network, remote };
constexpr std::array<FieldSchema, 5> input_fields = {{
    {.name = "module", .type = ValueType::text, .meaning = "The input module: imtcp, imudp, imrelp, imfile."},
    {.name = "address",
     .type = ValueType::text,
     .meaning = "The address it listens on; absent when it listens on all, or on none."},
    {.name = "port", .type = ValueType::text, .meaning = "The port it listens on; absent when it has none."},
    {.name = "network", .type = ValueType::boolean, .meaning = "Whether it listens on the network at all."},
    {.name = "remote",
     .type = ValueType::boolean,
     .meaning = "Whether other hosts can reach it: on the network, and not on a loopback address alone."},
}};

constexpr ProbeSchema input_schema = {
    .name = "rsyslog.input",
    .summary =
        "The inputs that rsyslogd opens beside those of its modules: input() and the old directives, where the "
        "module is loaded. A module alone listens nowhere.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = input_fields,
    .sources = source_names,
};

void put(Record& record, std::size_t index, const std::string& text) {
  if (text.empty()) {
    record.set_absent(index);
  } else {
    record.set(index, text);
  }
}

void put(Record& record, std::size_t index, const std::optional<Placed<std::string>>& found) {
  if (found) {
    record.set(index, found->value, found->source);
  } else {
    record.set_absent(index);
  }
}

void collect_setup(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& setup = rsyslog_setup(sources);
  Record record(setup_fields.size());
  record.resource = "rsyslogd";
  record.source = setup.path;
  // A module that was seen is loaded, whatever the rest says.
  const auto loads = [&](std::size_t field, const char* name) {
    const auto found = setup.modules.find(name);
    if (found != setup.modules.end()) {
      record.set(field, true, found->second);
    } else if (setup.error) {
      record.set_unreadable(field, *setup.error);
    } else {
      record.set(field, false);
    }
  };
  if (setup.error) {
    for (std::size_t i = 0; i < setup_fields.size(); ++i) record.set_unreadable(i, *setup.error);
    if (setup.exists) record.set(exists, true);
  } else {
    TextList names;
    for (const auto& [name, source] : setup.modules) names.push_back(name);
    record.set(exists, setup.exists);
    record.set(modules, std::move(names));
    put(record, stream_driver, setup.driver);
    put(record, ca_file, setup.ca_file);
    record.set(umask, setup.umask.value, setup.umask.source);
  }
  loads(reads_journal, "imjournal");
  loads(reads_socket, "imuxsock");
  if (setup.forwarded && !setup.forwarded->value && !setup.error)
    record.set(reads_socket, false, setup.forwarded->source);
  for (std::size_t index = 0; index < requests.size(); ++index) sink.add(index, record);
}

std::string name_of(const RsyslogAction& action) {
  if (!action.file.empty()) return action.file;
  if (!action.template_name.empty()) return fmt::format("template {}", action.template_name);
  if (!action.target.empty()) return fmt::format("{} {}", action.type, action.target);
  return action.type;
}

Record record_of(const RsyslogAction& action, const RsyslogSetup& setup) {
  Record record(action_fields.size());
  record.resource = fmt::format("rsyslog action {}", name_of(action));
  record.source = action.source;
  record.set(type, action.type);
  record.set(filter, action.filter);
  put(record, ruleset, action.ruleset);
  put(record, file, action.file);
  put(record, dynamic_file, action.template_name);
  if (action.type != "omfile") {
    record.set_absent(configured_mode);
    record.set_absent(create_mode);
  } else if (setup.error) {  // what could not be read may set another mode or umask
    record.set_unreadable(configured_mode, *setup.error);
    record.set_unreadable(create_mode, *setup.error);
  } else {
    const auto& place = action.create_mode.source;
    record.set(configured_mode, action.create_mode.value, place);
    record.set(create_mode, action.create_mode.value & ~setup.umask.value, place);
  }
  put(record, target, action.target);
  put(record, port, action.port);
  put(record, protocol, action.protocol);
  if (action.target.empty()) {
    for (const auto field : {tls, driver, auth_mode, permitted_peers}) record.set_absent(field);
    return record;
  }
  std::string used = action.driver.value_or(setup.driver ? setup.driver->value : std::string());
  const auto word = lower_case(used);
  const bool capable = action.type == "omrelp" || word == "gtls" || word == "ossl" || word == "mbedtls";
  if (action.tls && !capable && setup.error) {
    record.set_unreadable(tls, *setup.error);
  } else {
    record.set(tls, action.tls && capable);
  }
  put(record, driver, used);
  put(record, auth_mode, action.auth_mode);
  if (action.permitted_peers.empty()) {
    record.set_absent(permitted_peers);
  } else {
    record.set(permitted_peers, action.permitted_peers);
  }
  return record;
}

void collect_actions(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& setup = rsyslog_setup(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& action : setup.actions) sink.add(index, record_of(action, setup));
    sink.looked_at(index, fmt::format("{} actions", setup.actions.size()), setup.path);
    if (setup.error) sink.fail(index, *setup.error);
  }
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address == "[::1]" || address == "localhost";
}

void collect_inputs(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& setup = rsyslog_setup(sources);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& listener : setup.listeners) {
      Record record(input_fields.size());
      record.resource =
          fmt::format("rsyslog input {}{}{}", listener.module, listener.port.empty() ? "" : " ", listener.port);
      record.source = listener.source;
      record.set(module, listener.module);
      put(record, address, listener.address);
      put(record, input_port, listener.port);
      record.set(network, listener.network);
      record.set(remote, listener.network && !is_loopback(listener.address));
      sink.add(index, std::move(record));
    }
    sink.looked_at(index, fmt::format("{} inputs", setup.listeners.size()), setup.path);
    if (setup.error) sink.fail(index, *setup.error);
  }
}

}  // namespace

const Probe rsyslog_probe = {&setup_schema, collect_setup};
const Probe rsyslog_action_probe = {&action_schema, collect_actions};
const Probe rsyslog_input_probe = {&input_schema, collect_inputs};

}  // namespace plimsoll::probes
