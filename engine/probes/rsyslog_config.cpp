#include "engine/probes/rsyslog_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/glob.hpp"
#include "engine/formats/rsyslog_conf.hpp"
#include "engine/probes/path_glob.hpp"
#include "engine/probes/rsyslog_action.hpp"
#include "engine/probes/unit_command.hpp"
#include "engine/probes/unit_files.hpp"

namespace plimsoll::probes {
namespace {

using formats::RsyslogStatement;

constexpr int max_depth = 20;
constexpr std::size_t max_files = 2000;
constexpr std::size_t max_total_actions = 20'000;
constexpr std::int64_t usual_umask = 022;

struct OldListener {
  std::string_view directive;
  std::string_view module;
};
/// Directives that open a port, each with the module that has to be loaded.
constexpr std::array old_listeners = {
    OldListener{"inputtcpserverrun", "imtcp"},   OldListener{"udpserverrun", "imudp"},
    OldListener{"inputudpserverrun", "imudp"},   OldListener{"inputptcpserverrun", "imptcp"},
    OldListener{"inputrelpserverrun", "imrelp"}, OldListener{"inputgssserverrun", "imgssapi"},
};

/// Where journald forwards to. imuxsock takes it over from systemd in the place of its own unless told not to.
constexpr std::string_view forward_socket = "/run/systemd/journal/syslog";

constexpr std::array<std::string_view, 7> network_modules = {"imtcp",    "imudp",  "imptcp", "imrelp",
                                                             "imgssapi", "imdtls", "imhttp"};

class Reader {
 public:
  explicit Reader(const sources::Sources& sources) : sources_(sources) { setup_.path = "/etc/rsyslog.conf"; }

  RsyslogSetup read() {
    setup_.umask.value = usual_umask;
    read_unit();
    read_file(setup_.path, 0);
    std::erase_if(setup_.listeners, [&](const auto& found) { return !setup_.modules.contains(found.module); });
    return std::move(setup_);
  }

 private:
  /// -f names another file; UMask= is what files are created under, unless the configuration sets one.
  void read_unit() {
    constexpr std::array<std::string_view, 1> names = {"rsyslog.service"};
    const auto command = read_unit_command(sources_, names);
    if (!command) return fail(command.error());
    for (std::size_t i = 1; i < command->words.size(); ++i) {
      const std::string_view word = command->words[i];
      if (!word.starts_with("-f")) continue;
      if (word.size() > 2) {
        setup_.path = word.substr(2);
      } else if (i + 1 < command->words.size()) {
        setup_.path = command->words[i + 1];
      }
    }
    const auto unit = unit_files_of(sources_).load(names.front());
    if (!unit) return fail(unit.error());
    for (std::size_t i = 0; i < unit->assignments.size(); ++i) {
      const auto& found = unit->assignments[i];
      if (found.section != "Service" || found.key != "UMask") continue;
      if (const auto mode = parse_mode(found.value)) setup_.umask = {*mode, unit->assignment_sources[i]};
    }
  }

  void read_file(const std::string& path, int depth) {
    if (depth > max_depth || ++files_ > max_files) {
      return fail({Error::Kind::too_large, fmt::format("{}: too many files are included", path)});
    }
    const auto text = sources_.root.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found) fail(text.error());
      return;
    }
    if (depth == 0) setup_.exists = true;
    const auto config = formats::parse_rsyslog_conf(*text);
    for (const auto& statement : config.statements) {
      if (setup_.actions.size() > max_total_actions) return;
      apply(statement, fmt::format("{}:{}", path, statement.line), depth);
    }
    if (config.error) {
      auto error = *config.error;
      error.what = fmt::format("{}: {}", path, error.what);
      fail(std::move(error));
    }
  }

  void apply(const RsyslogStatement& statement, const std::string& source, int depth) {
    switch (statement.kind) {
      case RsyslogStatement::Kind::include:
        return include(statement, source, depth);
      case RsyslogStatement::Kind::directive:
        return directive(statement, source);
      case RsyslogStatement::Kind::action:
        setup_.actions.push_back(old_rsyslog_action(statement, source, now_));
        return;
      case RsyslogStatement::Kind::object:
        return object(statement, source);
    }
  }

  void include(const RsyslogStatement& statement, const std::string& source, int depth) {
    const auto* const file = statement.parameter("file");
    if (statement.text.empty() || (file != nullptr && !file->literal)) {
      return fail({Error::Kind::unsupported, fmt::format("{}: what it includes is not written there", source)});
    }
    std::string pattern = statement.text;
    if (pattern.ends_with('/')) pattern += '*';
    for (const auto& alternative : formats::expand_braces(pattern)) {
      const auto paths = glob_paths(sources_.root, alternative);
      if (!paths) {
        fail(paths.error());
        continue;
      }
      for (const auto& path : *paths) {
        const auto status = sources_.root.status(path);
        if (status && status->type == sources::FileType::directory) continue;
        read_file(path, depth + 1);
      }
    }
  }

  void directive(const RsyslogStatement& statement, const std::string& source) {
    const auto& name = statement.name;
    const auto& value = statement.text;
    if (set_rsyslog_default(statement, source, now_)) return;
    if (name == "modload") return load(value, source);
    if (name == "umask") {
      if (const auto mode = parse_mode(value)) setup_.umask = {*mode, source};
    } else if (name == "defaultnetstreamdriver") {
      setup_.driver = {value, source};
    } else if (name == "defaultnetstreamdrivercafile") {
      setup_.ca_file = {value, source};
    } else if (name == "omitlocallogging") {
      setup_.forwarded = {lower_case(value) != "on", source};
    } else if (name == "addunixlistensocket") {
      if (value == forward_socket) setup_.forwarded = {true, source};
    } else if (name == "udpserveraddress" || name == "inputptcpserverlistenip") {
      listen_address_ = value;
    }
    for (const auto& old : old_listeners) {
      if (old.directive != name) continue;
      const bool has_address = old.module == "imudp" || old.module == "imptcp";
      setup_.listeners.push_back({std::string(old.module), has_address ? listen_address_ : "", value, true, source});
    }
  }

  /// "imtcp", "imtcp.so", "/usr/lib/rsyslog/imtcp.so" and "builtin:omfile".
  void load(std::string_view module, const std::string& source) {
    auto name = base_name(module);
    if (name.ends_with(".so")) name.remove_suffix(3);
    if (name.starts_with("builtin:")) name.remove_prefix(8);
    setup_.modules.emplace(lower_case(name), source);
  }

  void object(const RsyslogStatement& statement, const std::string& source) {
    if (statement.name == "action") {
      setup_.actions.push_back(rsyslog_action(statement, source, now_));
    } else if (statement.name == "input") {
      listen(statement, source);
    } else if (statement.name == "module") {
      const auto* const name = statement.find("load");
      if (name == nullptr) return;
      load(*name, source);
      if (const auto* const use = statement.find("syssock.use")) setup_.forwarded = {lower_case(*use) == "on", source};
      if (name->ends_with("omfile")) set_rsyslog_module_mode(statement, source, now_);
    } else if (statement.name == "global") {
      if (const auto* const value = statement.find("defaultnetstreamdriver")) setup_.driver = {*value, source};
      if (const auto* const value = statement.find("defaultnetstreamdrivercafile")) setup_.ca_file = {*value, source};
      if (const auto* const value = statement.find("umask")) {
        if (const auto mode = parse_mode(*value)) setup_.umask = {*mode, source};
      }
    }
  }

  void listen(const RsyslogStatement& statement, const std::string& source) {
    const auto* const type = statement.find("type");
    if (type == nullptr) return;
    RsyslogListener listener;
    listener.module = lower_case(*type);
    const auto* const socket = statement.find("socket");
    if (listener.module == "imuxsock" && socket != nullptr && *socket == forward_socket)
      setup_.forwarded = {true, source};
    listener.source = source;
    if (const auto* const address = statement.find("address")) listener.address = *address;
    if (const auto* const port = statement.find("port")) listener.port = *port;
    const bool unix_socket = listener.module == "imptcp" && statement.find("path") != nullptr;
    listener.network = std::ranges::find(network_modules, listener.module) != network_modules.end() && !unix_socket;
    setup_.listeners.push_back(std::move(listener));
  }

  void fail(Error error) {
    if (!setup_.error) setup_.error = std::move(error);
  }

  const sources::Sources& sources_;
  RsyslogSetup setup_;
  RsyslogDefaults now_;
  std::string listen_address_;
  std::size_t files_ = 0;
};

}  // namespace

const RsyslogSetup& rsyslog_setup(const sources::Sources& sources) {
  return sources.memo.get<RsyslogSetup>([&] { return Reader(sources).read(); });
}

}  // namespace plimsoll::probes
