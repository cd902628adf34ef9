#include "engine/probes/rsyslog_action.hpp"

#include <utility>

#include "engine/core/text.hpp"

namespace plimsoll::probes {
namespace {

std::string without_template(std::string_view text) {
  return std::string(trimmed(text.substr(0, text.find(';'))));
}

/// "@host", "@@host:514", "@@(o,z9)[2001:db8::1]:10514;template".
void read_target(std::string_view text, RsyslogAction& action) {
  text.remove_prefix(1);
  action.protocol = "udp";
  if (text.starts_with('@')) {
    action.protocol = "tcp";
    text.remove_prefix(1);
  }
  if (text.starts_with('(')) {
    const auto close = text.find(')');
    text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
  }
  auto target = without_template(text);
  if (target.starts_with('[')) {
    const auto close = target.find(']');
    if (close != std::string::npos) {
      if (close + 1 < target.size() && target[close + 1] == ':') action.port = target.substr(close + 2);
      target = target.substr(1, close - 1);
    }
  } else if (const auto colon = target.find(':'); colon != std::string::npos) {
    action.port = target.substr(colon + 1);
    target.resize(colon);
  }
  action.target = std::move(target);
  if (action.port.empty()) action.port = "514";
}

/// ":omrelp:host:2514;template", ":omusrmsg:*".
void read_module_action(std::string_view text, RsyslogAction& action, const RsyslogDefaults& now) {
  text.remove_prefix(1);
  const auto colon = text.find(':');
  action.type = lower_case(text.substr(0, colon));
  const auto rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (action.type == "omrelp") {
    action.protocol = "relp";
    auto target = without_template(rest);
    if (const auto port = target.rfind(':'); port != std::string::npos) {
      action.port = target.substr(port + 1);
      target.resize(port);
    }
    action.target = std::move(target);
  } else if (action.type == "omfile") {
    action.file = without_template(rest);
    action.create_mode = now.old_mode;
  }
}

RsyslogAction started(const formats::RsyslogStatement& statement, const std::string& source) {
  RsyslogAction action;
  action.filter = statement.filter;
  action.ruleset = statement.ruleset;
  action.source = source;
  return action;
}

std::string text_of(const formats::RsyslogStatement& statement, std::string_view name) {
  const auto* const found = statement.find(name);
  return found == nullptr ? std::string() : *found;
}

void read_forward(const formats::RsyslogStatement& statement, RsyslogAction& action) {
  action.target = text_of(statement, "target");
  action.port = text_of(statement, "port");
  if (action.type == "omrelp") {
    action.protocol = "relp";
    action.tls = lower_case(text_of(statement, "tls")) == "on";
    action.auth_mode = lower_case(text_of(statement, "tls.authmode"));
    if (const auto* const peers = statement.parameter("tls.permittedpeer")) action.permitted_peers = peers->values;
    return;
  }
  const auto protocol = lower_case(text_of(statement, "protocol"));
  action.protocol = protocol.empty() ? "udp" : protocol;
  if (action.port.empty()) action.port = "514";
  if (const auto* const driver = statement.find("streamdriver")) action.driver = *driver;
  if (const auto* const driver = statement.find("streamdriver.name")) action.driver = *driver;
  action.tls = action.protocol == "tcp" &&
               (text_of(statement, "streamdrivermode") == "1" || text_of(statement, "streamdriver.mode") == "1");
  action.auth_mode = lower_case(text_of(statement, "streamdriverauthmode"));
  if (action.auth_mode.empty()) action.auth_mode = lower_case(text_of(statement, "streamdriver.authmode"));
  const auto* peers = statement.parameter("streamdriverpermittedpeers");
  if (peers == nullptr) peers = statement.parameter("streamdriver.permittedpeers");
  if (peers != nullptr) action.permitted_peers = peers->values;
}

}  // namespace

bool set_rsyslog_default(const formats::RsyslogStatement& directive, const std::string& source, RsyslogDefaults& now) {
  const auto& name = directive.name;
  if (name == "filecreatemode") {
    if (const auto mode = parse_mode(directive.text)) now.old_mode = {*mode, source};
  } else if (name == "resetconfigvariables") {
    const auto object_mode = now.object_mode;
    now = {};
    now.object_mode = object_mode;
  } else if (name == "actionsendstreamdriver") {
    now.old_driver = directive.text;
  } else if (name == "actionsendstreamdrivermode") {
    now.old_driver_mode = directive.text;
  } else if (name == "actionsendstreamdriverauthmode") {
    now.old_auth_mode = lower_case(directive.text);
  } else if (name == "actionsendstreamdriverpermittedpeer") {
    now.old_peers.push_back(directive.text);
  } else {
    return false;
  }
  return true;
}

void set_rsyslog_module_mode(const formats::RsyslogStatement& module, const std::string& source, RsyslogDefaults& now) {
  const auto* const text = module.find("filecreatemode");
  if (text == nullptr) return;
  if (const auto mode = parse_mode(*text)) now.object_mode = {*mode, source};
}

RsyslogAction old_rsyslog_action(const formats::RsyslogStatement& statement, const std::string& source,
                                 RsyslogDefaults& now) {
  auto action = started(statement, source);
  std::string_view text = statement.text;
  if (text.starts_with("-/") || text.starts_with("-?")) text.remove_prefix(1);
  const char first = text.empty() ? '\0' : text.front();
  if (first == '/' || first == '?') {
    action.type = "omfile";
    action.create_mode = now.old_mode;
    if (first == '/') {
      action.file = without_template(text);
    } else {
      action.template_name = without_template(text.substr(1));
    }
  } else if (first == '|') {
    action.type = "ompipe";
    action.file = without_template(text.substr(1));
  } else if (first == '@') {
    action.type = "omfwd";
    read_target(text, action);
    action.tls = action.protocol == "tcp" && now.old_driver_mode == "1";
    if (!now.old_driver.empty()) action.driver = now.old_driver;
    action.auth_mode = now.old_auth_mode;
    action.permitted_peers = std::exchange(now.old_peers, {});
  } else if (first == ':') {
    read_module_action(text, action, now);
  } else if (first == '>') {
    action.type = "ommysql";  // host, user and password stand behind it
  } else if (first == '^') {
    action.type = "omshell";
  } else if (text == "~" || lower_case(text) == "stop") {
    action.type = "stop";
  } else {
    action.type = "omusrmsg";
  }
  return action;
}

RsyslogAction rsyslog_action(const formats::RsyslogStatement& statement, const std::string& source,
                             const RsyslogDefaults& now) {
  auto action = started(statement, source);
  action.type = lower_case(text_of(statement, "type"));
  if (action.type.starts_with("builtin:")) action.type.erase(0, 8);
  if (action.type == "omfile") {
    action.file = text_of(statement, "file");
    action.template_name = text_of(statement, "dynafile");
    action.create_mode = now.object_mode;
    const auto mode = parse_mode(text_of(statement, "filecreatemode"));
    if (mode) action.create_mode = {*mode, source};
  } else if (action.type == "ompipe") {
    action.file = text_of(statement, "pipe");
  } else if (action.type == "omfwd" || action.type == "omrelp") {
    read_forward(statement, action);
  }
  return action;
}

}  // namespace plimsoll::probes
