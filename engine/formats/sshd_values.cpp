// read_sshd_values of sshd_keywords.hpp: what the arguments of one line mean.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/sshd_keywords.hpp"

namespace plimsoll::formats {
namespace {

using Values = Result<std::vector<std::string>>;

struct Choice {
  std::string_view written;
  std::string_view printed;
};
constexpr std::array yes_no = {Choice{"yes", "yes"}, Choice{"no", "no"}};
constexpr std::array forwarding = {Choice{"yes", "yes"}, Choice{"all", "yes"}, Choice{"no", "no"},
                                   Choice{"remote", "remote"}, Choice{"local", "local"}};
constexpr std::array root_login = {
    Choice{"yes", "yes"}, Choice{"no", "no"}, Choice{"without-password", "without-password"},
    Choice{"prohibit-password", "without-password"}, Choice{"forced-commands-only", "forced-commands-only"}};
constexpr std::array rhosts = {Choice{"yes", "yes"}, Choice{"no", "no"}, Choice{"shosts-only", "shosts-only"}};
constexpr std::array families = {Choice{"inet", "inet"}, Choice{"inet6", "inet6"}, Choice{"any", "any"}};
constexpr std::array compression = {Choice{"yes", "yes"}, Choice{"delayed", "yes"}, Choice{"no", "no"}};
constexpr std::array gateway_ports = {Choice{"yes", "yes"}, Choice{"no", "no"},
                                      Choice{"clientspecified", "clientspecified"}};
constexpr std::array tunnels = {Choice{"yes", "yes"}, Choice{"no", "no"}, Choice{"point-to-point", "point-to-point"},
                                Choice{"ethernet", "ethernet"}};
constexpr std::array digests = {Choice{"md5", "MD5"}, Choice{"sha1", "SHA1"}, Choice{"sha256", "SHA256"},
                                Choice{"sha384", "SHA384"}, Choice{"sha512", "SHA512"}};
constexpr std::array log_levels = {Choice{"silent", "SILENT"}, Choice{"quiet", "SILENT"}, Choice{"fatal", "FATAL"},
                                   Choice{"error", "ERROR"},   Choice{"info", "INFO"},    Choice{"verbose", "VERBOSE"},
                                   Choice{"debug", "DEBUG"},   Choice{"debug1", "DEBUG"}, Choice{"debug2", "DEBUG2"},
                                   Choice{"debug3", "DEBUG3"}};
constexpr std::array facilities = {
    Choice{"daemon", "DAEMON"}, Choice{"user", "USER"},     Choice{"auth", "AUTH"},     Choice{"authpriv", "AUTHPRIV"},
    Choice{"local0", "LOCAL0"}, Choice{"local1", "LOCAL1"}, Choice{"local2", "LOCAL2"}, Choice{"local3", "LOCAL3"},
    Choice{"local4", "LOCAL4"}, Choice{"local5", "LOCAL5"}, Choice{"local6", "LOCAL6"}, Choice{"local7", "LOCAL7"}};

std::span<const Choice> choices_of(std::string_view keyword) {
  if (keyword == "permitrootlogin") return root_login;
  if (keyword == "ignorerhosts") return rhosts;
  if (keyword == "addressfamily") return families;
  if (keyword == "compression") return compression;
  if (keyword == "gatewayports") return gateway_ports;
  if (keyword == "permittunnel") return tunnels;
  if (keyword == "fingerprinthash") return digests;
  if (keyword == "loglevel") return log_levels;
  if (keyword == "syslogfacility") return facilities;
  if (keyword == "allowtcpforwarding" || keyword == "allowstreamlocalforwarding") return forwarding;
  return yes_no;
}

std::unexpected<Error> refused(std::string what) {
  return std::unexpected(Error{Error::Kind::malformed, std::move(what)});
}

Values read_choice(std::string_view keyword, const std::string& argument) {
  // PermitTunnel alone compares case.
  const auto written = keyword == "permittunnel" ? argument : lower_case(argument);
  const auto choices = choices_of(keyword);
  const auto found = std::ranges::find(choices, written, &Choice::written);
  if (found == choices.end()) return refused(fmt::format("unsupported option \"{}\"", argument));
  return std::vector{std::string(found->printed)};
}

Values read_number(std::optional<std::int64_t> number, const std::string& argument) {
  if (!number) return refused(fmt::format("\"{}\" is not a number that sshd takes", argument));
  return std::vector{std::to_string(*number)};
}

Values read_octal(const std::string& argument) {
  const auto mode = parse_mode(argument);
  if (!mode || *mode > 0777) return refused(fmt::format("\"{}\" is not an octal mask", argument));
  return std::vector{fmt::format("0{:o}", *mode)};
}

Values read_port(const std::string& argument) {
  constexpr std::int64_t largest_port = 65535;
  if (argument == "ssh") return std::vector<std::string>{"22"};
  const auto port = parse_sshd_integer(argument);
  if (!port || *port == 0 || *port > largest_port) return refused(fmt::format("\"{}\" is not a port", argument));
  return std::vector{std::to_string(*port)};
}

/// "A:B:C" or "A"; the second form leaves the rate as it was, which the reader of all lines fills in.
Values read_max_startups(const std::string& argument) {
  std::array<std::int64_t, 3> numbers = {};
  std::size_t count = 0;
  std::string_view text = argument;
  while (count < numbers.size()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_sshd_integer(text.substr(0, digits));
    if (!number) break;
    numbers.at(count++) = *number;
    text.remove_prefix(digits);
    if (!text.starts_with(':')) break;
    text.remove_prefix(1);
  }
  const auto [start, rate, full] = numbers;
  const bool good = (count == 1 && start > 0) || (count == 3 && start > 0 && start <= full && rate >= 1 && rate <= 100);
  if (!good) return refused(fmt::format("\"{}\" is not start:rate:full", argument));
  if (count == 1) return std::vector{std::to_string(start)};
  return std::vector{fmt::format("{}:{}:{}", start, rate, full)};
}

/// Bits of IPv4, and after a colon of IPv6.
Values read_netblock_sizes(const std::string& argument) {
  const auto colon = argument.find(':');
  const auto four = parse_sshd_integer(std::string_view(argument).substr(0, colon));
  if (!four || *four > 32) return refused(fmt::format("\"{}\" is not a size of networks", argument));
  if (colon != std::string::npos) {
    const auto six = parse_sshd_integer(std::string_view(argument).substr(colon + 1));
    if (!six || *six > 128) return refused(fmt::format("\"{}\" is not a size of networks", argument));
  }
  return std::vector{argument};
}

/// HOST:PORT, with brackets around an address that has colons; PermitListen takes a port alone, too.
bool is_forwarding_target(std::string_view argument, bool port_alone) {
  std::string_view port = argument;
  if (argument.starts_with('[')) {
    const auto close = argument.find(']');
    if (close == std::string_view::npos) return false;
    port = argument.substr(close + 1);
    if (port.empty()) return false;
    port.remove_prefix(1);
  } else if (const auto end = argument.find_first_of(":/"); end != std::string_view::npos) {
    port = argument.substr(end + 1);
  } else if (!port_alone) {
    return false;
  }
  constexpr std::int64_t largest_port = 65535;
  if (port.empty()) return false;
  if (port == "*" || port.find_first_not_of("0123456789") != std::string_view::npos)
    return true;  // or a service's name
  const auto number = parse_integer(port);
  return number && *number <= largest_port && *number > 0;
}

/// parse_ipqos of misc.c.
bool is_quality_of_service(std::string_view argument) {
  static constexpr std::string_view names[] = {"af11", "af12", "af13", "af21",     "af22",       "af23",       "af31",
                                               "af32", "af33", "af41", "af42",     "af43",       "cs0",        "cs1",
                                               "cs2",  "cs3",  "cs4",  "cs5",      "cs6",        "cs7",        "ef",
                                               "le",   "va",   "none", "lowdelay", "throughput", "reliability"};
  const auto lower = lower_case(argument);
  if (std::ranges::find(names, std::string_view(lower)) != std::end(names)) return true;
  // strtol(3) with base 0, and nothing behind the number.
  constexpr long largest = 255;
  const std::string zero_terminated(argument);
  char* end = nullptr;
  const long number = std::strtol(zero_terminated.c_str(), &end, 0);
  return !zero_terminated.empty() && *end == '\0' && number >= 0 && number <= largest;
}

Values read_quality_of_service(const std::vector<std::string>& arguments) {
  if (arguments.size() > 2) return refused("extra arguments at end of line");
  for (const auto& argument : arguments) {
    if (!is_quality_of_service(argument)) return refused(fmt::format("bad IPQoS value \"{}\"", argument));
  }
  return arguments;
}

Values read_one(const SshdKeyword& keyword, const std::string& argument) {
  switch (keyword.kind) {
    case SshdKind::flag:
    case SshdKind::choice:
    case SshdKind::log_level:
    case SshdKind::log_facility:
      return read_choice(keyword.canonical, argument);
    case SshdKind::integer:
      return read_number(parse_sshd_integer(argument), argument);
    case SshdKind::time:
      if (keyword.canonical == "unusedconnectiontimeout" && lower_case(argument) == "none") {
        return std::vector<std::string>{"0"};
      }
      return read_number(parse_sshd_time(argument), argument);
    case SshdKind::octal:
      return read_octal(argument);
    case SshdKind::port:
      return read_port(argument);
    case SshdKind::max_startups:
      return read_max_startups(argument);
    case SshdKind::user_environment:
    case SshdKind::path:
    case SshdKind::word:
    case SshdKind::word_adds_up:
    case SshdKind::algorithms:
      if (keyword.canonical == "persourcenetblocksize") return read_netblock_sizes(argument);
      return std::vector{argument};
    case SshdKind::words_add_up:
    case SshdKind::words_once:
    case SshdKind::listen_address:
    case SshdKind::subsystem:
    case SshdKind::rest_of_line:
    case SshdKind::command:
    case SshdKind::unchecked:
    case SshdKind::match:
    case SshdKind::include:
    case SshdKind::ignored:
      break;
  }
  std::unreachable();
}

/// auth2_methods_valid of auth2.c: methods, each perhaps with a ":submethod"; or the one word "any".
bool is_method_list(std::string_view argument) {
  static constexpr std::string_view methods[] = {"publickey", "password",        "keyboard-interactive",
                                                 "hostbased", "gssapi-with-mic", "none"};
  if (argument == "any") return true;
  if (argument.ends_with(',')) return false;
  return std::ranges::all_of(split_at_commas(argument), [](const std::string& method) {
    return std::ranges::find(methods, std::string_view(method).substr(0, method.find(':'))) != std::end(methods);
  });
}

Values read_words(const SshdKeyword& keyword, const std::vector<std::string>& arguments) {
  const auto& name = keyword.canonical;
  for (const auto& argument : arguments) {
    const bool sets = argument.find('=') != std::string::npos;
    if (argument.empty()) return refused("empty argument");
    if (name == "acceptenv" && sets) return refused(fmt::format("\"{}\" is not the name of a variable", argument));
    if (name == "setenv" && !sets) return refused("SetEnv needs NAME=value");
    if (name == "authenticationmethods" && !is_method_list(argument)) {
      return refused(fmt::format("\"{}\" is not a list of authentication methods", argument));
    }
    if (name == "authenticationmethods" && argument == "any" && arguments.size() > 1) {
      return refused("\"any\" must appear alone");
    }
    if ((name == "channeltimeout" || name == "logverbose") && lower_case(argument) == "none" && arguments.size() > 1) {
      return refused("\"none\" must appear alone");
    }
  }
  const bool targets = name == "permitopen" || name == "permitlisten";
  const bool one_word = targets && !arguments.empty() && (arguments.front() == "any" || arguments.front() == "none");
  for (const auto& argument : arguments) {
    if (targets && !one_word && !is_forwarding_target(argument, name == "permitlisten")) {
      return refused(fmt::format("\"{}\" is not a host with a port", argument));
    }
  }
  if (arguments.empty() && (name == "authenticationmethods" || name == "permitopen" || name == "permitlisten")) {
    return refused("missing argument");
  }
  return arguments;
}

/// Bytes (with a unit of scan_scaled(3)) and a time; "default" and "none" are 0.
Values read_rekey_limit(const std::vector<std::string>& arguments) {
  std::string_view size = arguments.front();
  std::int64_t bytes = 0;
  if (size != "default") {
    std::int64_t unit = 1;
    const auto suffix = std::string_view("kmgtpe").find(lower_case(size.substr(size.size() - 1)));
    if (suffix != std::string_view::npos) {
      unit = std::int64_t{1} << (10 * (suffix + 1));
      size.remove_suffix(1);
    }
    const auto number = parse_sshd_integer(size);
    if (!number || __builtin_mul_overflow(*number, unit, &bytes)) {
      return refused(fmt::format("\"{}\" is not an amount of data", arguments.front()));
    }
    constexpr std::int64_t one_cipher_block = 16;
    if (bytes != 0 && bytes < one_cipher_block) return refused("RekeyLimit is too small");
  }
  std::int64_t seconds = 0;
  if (arguments.size() > 1 && arguments[1] != "none") {
    const auto time = parse_sshd_time(arguments[1]);
    if (!time) return refused(fmt::format("\"{}\" is not a time", arguments[1]));
    seconds = *time;
  }
  if (arguments.size() > 2) return refused("extra arguments at end of line");
  return std::vector{std::to_string(bytes), std::to_string(seconds)};
}

Values read_key_options(const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    const auto option = lower_case(argument);
    if (option != "none" && option != "touch-required" && option != "verify-required") {
      return refused(fmt::format("unsupported option \"{}\"", argument));
    }
  }
  return arguments;
}

Values read_rest(const SshdKeyword& keyword, std::string_view rest) {
  if (keyword.canonical == "versionaddendum") {
    rest = rest.substr(0, rest.find('#'));
    while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\t')) rest.remove_suffix(1);
  }
  if (keyword.kind == SshdKind::command && !rest.starts_with('/') && lower_case(rest) != "none") {
    return refused("the command must be an absolute path");
  }
  return std::vector{std::string(rest)};
}

}  // namespace

Values read_sshd_values(const SshdKeyword& keyword, const SshdLine& line) {
  const auto& arguments = line.arguments;
  switch (keyword.kind) {
    case SshdKind::ignored:
    case SshdKind::match:
    case SshdKind::include:
      return std::vector<std::string>{};
    case SshdKind::rest_of_line:
    case SshdKind::command:
      return read_rest(keyword, line.rest);
    case SshdKind::words_add_up:
    case SshdKind::words_once:
      return read_words(keyword, arguments);
    case SshdKind::unchecked:
    case SshdKind::subsystem:
    case SshdKind::listen_address:
      if (arguments.empty() || arguments.front().empty()) return refused("missing argument");
      if (keyword.kind == SshdKind::subsystem && arguments.size() < 2) return refused("missing subsystem command");
      if (keyword.canonical == "pubkeyauthoptions") return read_key_options(arguments);
      if (keyword.canonical == "rekeylimit") return read_rekey_limit(arguments);
      if (keyword.canonical == "ipqos") return read_quality_of_service(arguments);
      return arguments;
    case SshdKind::flag:
    case SshdKind::choice:
    case SshdKind::integer:
    case SshdKind::time:
    case SshdKind::path:
    case SshdKind::word:
    case SshdKind::algorithms:
    case SshdKind::log_level:
    case SshdKind::log_facility:
    case SshdKind::octal:
    case SshdKind::word_adds_up:
    case SshdKind::port:
    case SshdKind::max_startups:
    case SshdKind::user_environment:
      if (arguments.empty() || arguments.front().empty()) return refused("missing argument");
      if (arguments.size() > 1) return refused("extra arguments at end of line");
      return read_one(keyword, arguments.front());
  }
  std::unreachable();
}

}  // namespace plimsoll::formats
