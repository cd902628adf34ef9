// What rsyslogd would do, from its configuration with all files that it includes; read once per run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/value.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// A value, and the place that sets it; without a place it is a default.
template <class T>
struct Placed {
  T value = {};
  std::string source = {};
};

struct RsyslogAction {
  std::string type;     ///< the output module: "omfile", "omfwd", "omusrmsg"; "stop" for what drops a message
  std::string filter;   ///< which messages it gets; empty: all of its ruleset
  std::string ruleset;  ///< empty: the default one
  std::string source;   ///< "/etc/rsyslog.conf:61"

  std::string file;                  ///< of omfile and ompipe; empty for a name made from a template
  std::string template_name;         ///< of such a name
  Placed<std::int64_t> create_mode;  ///< of omfile, before the umask

  std::string target;  ///< of omfwd and omrelp
  std::string port;
  std::string protocol;               ///< "udp", "tcp", "relp"
  bool tls = false;                   ///< asks for it; whether there is a driver stands in `driver`
  std::optional<std::string> driver;  ///< of this action; else the global one
  std::string auth_mode;              ///< "x509/name", "anon"; empty: none
  TextList permitted_peers;
};

struct RsyslogListener {
  std::string module;   ///< "imtcp"
  std::string address;  ///< empty: every address
  std::string port;
  bool network = false;  ///< by its module: a socket that other hosts may reach
  std::string source;
};

struct RsyslogSetup {
  std::string path;     ///< of the main file
  bool exists = false;  ///< it is there
  std::vector<RsyslogAction> actions;
  std::vector<RsyslogListener> listeners;
  std::map<std::string, std::string> modules;  ///< loaded ones → where
  std::optional<Placed<bool>> forwarded;       ///< whether the socket that the journal forwards to is read, where said
  std::optional<Placed<std::string>> driver;   ///< DefaultNetstreamDriver
  std::optional<Placed<std::string>> ca_file;  ///< DefaultNetstreamDriverCAFile
  Placed<std::int64_t> umask;                  ///< of the process: its unit's unless the configuration sets one
  std::optional<Error> error;                  ///< some of it could not be read
};
[[nodiscard]] const RsyslogSetup& rsyslog_setup(const sources::Sources& sources);

}  // namespace plimsoll::probes
