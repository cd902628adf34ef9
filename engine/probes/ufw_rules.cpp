#include "engine/probes/ufw_rules.hpp"

#include <fmt/core.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/formats/iptables_save.hpp"
#include "engine/formats/shell_assignments.hpp"

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
using formats::PacketChain;
using formats::PacketFilter;
using formats::PacketHook;
using formats::PacketRule;
using formats::PacketVerdict;

struct Setting {
  std::string value;
  std::string source;
};

Result<Setting> setting(const formats::ShellAssignments& settings, std::string_view name, std::string_view fallback) {
  const auto* found = settings.find(name);
  if (found == nullptr) return Setting{std::string(fallback), "/etc/default/ufw"};
  if (!found->literal) {
    return std::unexpected(Error{Error::Kind::unsupported, fmt::format("{}: the value of {} cannot be known ({})",
                                                                       found->source, name, found->why_not)});
  }
  return Setting{found->text, found->source};
}

PacketRule jump_to(std::string target) {
  PacketRule rule;
  rule.verdict = PacketVerdict::jump;
  rule.text = "-j " + target;
  rule.target = std::move(target);
  return rule;
}

PacketChain& chain(PacketFilter& filter, const std::string& family, const std::string& name) {
  for (auto& found : filter.chains) {
    if (found.family == family && found.table == "filter" && found.name == name) return found;
  }
  PacketChain made;
  made.family = family;
  made.table = "filter";
  made.name = name;
  filter.chains.push_back(std::move(made));
  return filter.chains.back();
}

struct BuiltIn {
  const char* name;
  const char* word;  ///< in the names of ufw's chains
  PacketHook hook;
};
constexpr std::array built_in = {BuiltIn{"INPUT", "input", PacketHook::input},
                                 BuiltIn{"FORWARD", "forward", PacketHook::forward},
                                 BuiltIn{"OUTPUT", "output", PacketHook::output}};

Result<void> read_files(const sources::Root& root, IpFamily family, PacketFilter& filter) {
  const std::string_view six = family == IpFamily::ipv6 ? "6" : "";
  std::vector<formats::IptablesFile> files;
  for (const auto* name : {"before", "user", "after"}) {
    auto path = fmt::format("/etc/ufw/{}{}.rules", name, six);
    auto text = root.read(path, sources::max_config_bytes);
    // Before 0.35, Debian kept the users' rules elsewhere.
    if (!text && text.error().kind == Error::Kind::not_found && std::string_view(name) == "user") {
      path = fmt::format("/lib/ufw/user{}.rules", six);
      text = root.read(path, sources::max_config_bytes);
    }
    if (!text && text.error().kind == Error::Kind::not_found) continue;
    if (!text) return std::unexpected(text.error());
    files.push_back({std::move(path), std::move(*text)});
  }
  return formats::parse_iptables_save(files, family, filter);
}

void put_together(PacketFilter& filter, IpFamily family, std::size_t index, const Setting& policy) {
  const std::string word = family == IpFamily::ipv4 ? "ip" : "ip6";
  const std::string prefix = family == IpFamily::ipv4 ? "ufw" : "ufw6";
  const auto& base = built_in.at(index);
  const auto named = [&](std::string_view kind) { return fmt::format("{}-{}-{}", prefix, kind, base.word); };
  chain(filter, word, prefix + "-logging-deny");
  chain(filter, word, prefix + "-logging-allow");
  chain(filter, word, named("user"));
  chain(filter, word, named("after"));
  chain(filter, word, named("before")).rules.push_back(jump_to(named("user")));
  const bool accepts = policy.value == "ACCEPT";
  PacketRule skip;
  skip.verdict = accepts                    ? PacketVerdict::accept
                 : policy.value == "REJECT" ? PacketVerdict::reject
                                            : PacketVerdict::drop;
  skip.text = "(the default policy)";
  skip.source = policy.source;
  chain(filter, word, named("skip-to-policy")).rules = {skip};
  auto& top = chain(filter, word, base.name);
  top.hook = base.hook;
  top.type = "filter";
  top.drops = !accepts;
  top.source = policy.source;
  top.rules = {jump_to(named("before")), jump_to(named("after"))};
}

/// With IPV6=no, ufw lets the host talk to itself and nobody else.
void close_ipv6(PacketFilter& filter, const Setting& setting) {
  for (const auto& base : built_in) {
    auto& top = chain(filter, "ip6", base.name);
    top.hook = base.hook;
    top.type = "filter";
    top.drops = true;
    top.source = setting.source;
    PacketRule rule;
    rule.verdict = PacketVerdict::accept;
    rule.text = base.hook == PacketHook::output ? "-o lo -j ACCEPT" : "-i lo -j ACCEPT";
    rule.source = setting.source;
    const auto kind = base.hook == PacketHook::output ? formats::PacketCondition::Kind::out_interface
                                                      : formats::PacketCondition::Kind::in_interface;
    rule.conditions.push_back({.kind = kind, .names = {"lo"}});
    top.rules = {std::move(rule)};
  }
}

}  // namespace

Result<PacketFilter> ufw_rules(const sources::Root& root) {
  formats::ShellAssignments settings;
  for (const auto* path : {"/etc/default/ufw", "/etc/ufw/ufw.conf"}) {
    const auto text = root.read(path, sources::max_config_bytes);
    if (text) settings.read(path, *text);
    if (!text && text.error().kind != Error::Kind::not_found) return std::unexpected(text.error());
  }
  PacketFilter filter;
  const auto enabled = setting(settings, "ENABLED", "no");
  if (!enabled) return std::unexpected(enabled.error());
  if (enabled->value != "yes" && enabled->value != "YES") return filter;
  const auto six = setting(settings, "IPV6", "no");
  if (!six) return std::unexpected(six.error());
  const bool with_ipv6 = lower_case(six->value) == "yes";
  for (const auto family : {IpFamily::ipv4, IpFamily::ipv6}) {
    if (family == IpFamily::ipv6 && !with_ipv6) {
      close_ipv6(filter, *six);
      continue;
    }
    if (const auto read = read_files(root, family, filter); !read) return std::unexpected(read.error());
    constexpr std::array<std::string_view, 3> names = {"DEFAULT_INPUT_POLICY", "DEFAULT_FORWARD_POLICY",
                                                       "DEFAULT_OUTPUT_POLICY"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto policy = setting(settings, names.at(i), "");
      if (!policy) return std::unexpected(policy.error());
      if (policy->value != "ACCEPT" && policy->value != "DROP" && policy->value != "REJECT") {
        return std::unexpected(Error{
            Error::Kind::malformed,
            fmt::format("{}: {} is not ACCEPT, DROP or REJECT, so ufw does not start", policy->source, names.at(i))});
      }
      put_together(filter, family, i, *policy);
    }
  }
  return filter;
}

}  // namespace plimsoll::probes
