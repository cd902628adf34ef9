#include "engine/probes/sudoers_policy.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/glob.hpp"
#include "engine/formats/lines.hpp"
#include "engine/formats/passwd.hpp"
#include "engine/probes/host_name.hpp"
#include "engine/probes/package_databases.hpp"

namespace plimsoll::probes {
namespace {

using formats::SudoersAliasKind;
using formats::SudoersList;
using formats::SudoersMember;

constexpr std::size_t max_depth = 128;      // sudo's own limit
constexpr std::size_t max_files = 1'000;    // files that include each other are read again and again
constexpr std::size_t max_members = 1'000;  // of a list with its aliases resolved
constexpr std::size_t max_alias_depth = 64;

class Reader {
 public:
  Reader(const sources::Sources& sources, SudoersPolicy& policy) : root_(sources.root), policy_(policy) {}

  void read() {
    policy_.main_file = main_file();
    if (policy_.obstacle) return;
    look_for_other_programs();
    const auto services = root_.read("/etc/nsswitch.conf", sources::max_config_bytes);
    if (services) {
      const auto named = formats::nsswitch_services(*services, "sudoers");
      for (const auto& service : named) {
        if (service == "files") continue;
        hinder({Error::Kind::unsupported,
                fmt::format("/etc/nsswitch.conf has sudo ask the service \"{}\", whose rules no file shows", service),
                "audit the directory service itself"});
      }
      if (!named.empty() && std::ranges::find(named, "files") == named.end()) return;
    } else if (services.error().kind != Error::Kind::not_found) {
      hinder(services.error());
    }
    read_main_file();
  }

 private:
  void hinder(Error error) {
    if (!policy_.obstacle) policy_.obstacle = std::move(error);
  }

  /// sudo.conf(5): "Plugin sudoers_policy sudoers.so sudoers_file=/etc/x".
  std::string main_file() {
    std::string path = "/etc/sudoers";
    const auto text = root_.read("/etc/sudo.conf", sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found) hinder(text.error());
      return path;
    }
    formats::Lines lines(*text);
    std::string_view line;
    while (lines.next(line)) {
      std::string_view rest = line;
      if (formats::take_word(rest) != "Plugin") continue;
      const auto symbol = formats::take_word(rest);
      if (symbol.ends_with("_policy") && symbol != "sudoers_policy") {
        hinder({Error::Kind::unsupported,
                fmt::format("/etc/sudo.conf:{}: the policy comes from the plugin \"{}\"", lines.number(), symbol)});
      }
      if (symbol != "sudoers_policy") continue;
      while (!rest.empty()) {
        constexpr std::string_view option = "sudoers_file=";
        const auto word = formats::take_word(rest);
        if (word.starts_with(option)) path = word.substr(option.size());
      }
    }
    return path;
  }

  /// sudo-rs takes the same files, or /etc/sudoers-rs, and knows few of the settings; links of /usr/bin/sudo tell.
  void look_for_other_programs() {
    std::string path = "/usr/bin/sudo";
    for (int links = 0; links < 4; ++links) {
      const auto target = root_.read_link(path);
      if (!target) return;
      if (target->find("sudo-rs") != std::string::npos || target->find("/cargo/") != std::string::npos) {
        hinder({Error::Kind::unsupported, "/usr/bin/sudo is sudo-rs, whose settings and defaults are other ones"});
        return;
      }
      if (!target->starts_with('/')) return;
      path = *target;
    }
  }

  /// Why sudo would not use a file or directory of this owner and mode; empty: it would.
  static std::string insecure(const sources::FileStatus& status) {
    constexpr std::uint32_t others_write = 0002;
    constexpr std::uint32_t group_writes = 0020;
    if (status.uid != 0) return fmt::format("sudo refuses it: its owner has the user id {}, not 0", status.uid);
    if ((status.mode & others_write) != 0) return "sudo refuses it: everybody may write it";
    if ((status.mode & group_writes) != 0 && status.gid != 0) {
      return fmt::format("sudo refuses it: the group {} may write it", status.gid);
    }
    return {};
  }

  void read_main_file() {
    const auto& path = policy_.main_file;
    const auto status = root_.status(path);
    if (!status) {
      policy_.exists = status.error().kind != Error::Kind::not_found;
      if (policy_.exists) hinder(status.error());
      return;
    }
    policy_.exists = true;
    if (const auto why = insecure(*status); !why.empty()) {
      return hinder({Error::Kind::malformed, fmt::format("{}: {}, and lets nobody do anything", path, why),
                     fmt::format("chown root:root {0} && chmod 0440 {0}", path)});
    }
    read_file(path, 0);
  }

  void read_file(const std::string& path, std::size_t depth) {
    if (depth > max_depth || policy_.files.size() >= max_files) {
      return hinder({Error::Kind::too_large, fmt::format("{}: too many levels of includes", path)});
    }
    const auto text = root_.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind == Error::Kind::not_found) {
        policy_.left_out.push_back({path, "a file includes it, and it is not there", ""});
      } else {
        hinder(text.error());
      }
      return;
    }
    policy_.files.push_back(path);
    for (auto& entry : formats::parse_sudoers(*text)) {
      if (auto* setting = std::get_if<formats::SudoersDefault>(&entry)) {
        policy_.defaults.push_back({std::move(*setting), path});
      } else if (auto* rule = std::get_if<formats::SudoersRule>(&entry)) {
        policy_.rules.push_back({std::move(*rule), path});
      } else if (auto* alias = std::get_if<formats::SudoersAlias>(&entry)) {
        // A second alias of the same name is an error, and the first one stays.
        policy_.aliases.emplace(std::pair{alias->kind, alias->name}, std::move(alias->members));
      } else if (const auto* bad = std::get_if<formats::SudoersBadEntry>(&entry)) {
        hinder({Error::Kind::malformed, fmt::format("{}:{}: syntax error: {}", path, bad->line, bad->why),
                "run `visudo --check`"});
      } else if (const auto* include = std::get_if<formats::SudoersInclude>(&entry)) {
        follow(*include, path, depth);
      }
    }
  }

  void follow(const formats::SudoersInclude& include, const std::string& from, std::size_t depth) {
    std::string path = include.path;
    for (auto at = path.find("%h"); at != std::string::npos; at = path.find("%h", at)) {
      if (policy_.host_name.empty()) {
        return hinder(
            {Error::Kind::unobservable,
             fmt::format("{}:{}: the file is named after the host, whose name is unknown", from, include.line)});
      }
      const auto short_name = policy_.host_name.substr(0, policy_.host_name.find('.'));
      path.replace(at, 2, short_name);
      at += short_name.size();
    }
    if (!path.starts_with('/')) path = from.substr(0, from.rfind('/') + 1) + path;
    if (include.directory) return read_directory(path, depth);
    read_secure(path, depth);
  }

  void read_secure(const std::string& path, std::size_t depth) {
    if (const auto status = root_.status(path)) {
      if (auto why = insecure(*status); !why.empty()) {
        policy_.left_out.push_back({path, std::move(why), fmt::format("chown root:root {0} && chmod 0440 {0}", path)});
        return;
      }
    }
    read_file(path, depth + 1);
  }

  /// Regular files whose names have no "." and do not end in "~", in the order of their bytes.
  void read_directory(const std::string& path, std::size_t depth) {
    const auto status = root_.status(path);
    if (!status) {
      if (status.error().kind != Error::Kind::not_found) hinder(status.error());
      return;
    }
    if (status->type != sources::FileType::directory) return;
    if (auto why = insecure(*status); !why.empty()) {
      policy_.left_out.push_back({path, std::move(why), fmt::format("chown root:root {0} && chmod 0750 {0}", path)});
      return;
    }
    const auto entries = root_.list(path);
    if (!entries) return hinder(entries.error());
    for (const auto& entry : *entries) {
      if (entry.name.ends_with('~') || entry.name.find('.') != std::string::npos) continue;
      const auto file = fmt::format("{}/{}", path, entry.name);
      const auto file_status = root_.status(file);
      if (file_status && file_status->type != sources::FileType::regular) continue;
      if (!file_status && file_status.error().kind == Error::Kind::not_found) continue;
      read_secure(file, depth);
    }
  }

  const sources::Root& root_;
  SudoersPolicy& policy_;
};

bool is_address(std::string_view text) {
  return text.find(':') != std::string_view::npos || text.find('/') != std::string_view::npos ||
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Carries negations into aliases; stops at the limits, which `full` then says.
struct Resolver {
  const SudoersPolicy& policy;
  SudoersAliasKind kind;
  std::vector<std::string> out = {};
  bool full = false;

  void add(const SudoersList& list, bool negated, std::size_t depth) {
    for (const auto& member : list) {
      if (full) return;
      const bool no = member.negated != negated;
      const auto alias = member.alias ? policy.aliases.find({kind, member.text}) : policy.aliases.end();
      if (alias != policy.aliases.end()) {
        if (depth >= max_alias_depth) {
          full = true;
          return;
        }
        add(alias->second, no, depth + 1);
        continue;
      }
      out.push_back((no ? "!" : "") + member.text);
      full = out.size() > max_members;
    }
  }
};

struct HostMatcher {
  const SudoersPolicy& policy;
  std::size_t steps = 0;

  /// Empty: no member of the list fits; else what the last one that fits says, which may be unknown.
  std::optional<std::optional<bool>> decide(const SudoersList& list, std::size_t depth) {
    for (auto member = list.rbegin(); member != list.rend(); ++member) {
      if (++steps > max_members) return std::optional<bool>{};
      const auto fits = one(*member, depth);
      if (!fits) return std::optional<bool>{};
      if (*fits) return !member->negated;
    }
    return std::nullopt;
  }

  std::optional<bool> one(const SudoersMember& member, std::size_t depth) {
    if (member.text == "ALL") return true;
    if (member.alias) {
      const auto alias = policy.aliases.find({SudoersAliasKind::host, member.text});
      if (alias != policy.aliases.end()) {
        if (depth >= max_alias_depth) return std::nullopt;
        const auto decided = decide(alias->second, depth + 1);
        return decided ? *decided : std::optional(false);
      }
    }
    if (member.text.starts_with('+') || is_address(member.text) || policy.host_name.empty()) return std::nullopt;
    const std::string whole = lower_case(policy.host_name);
    const bool qualified = member.text.find('.') != std::string::npos;
    return formats::glob_matches(lower_case(member.text), qualified ? whole : whole.substr(0, whole.find('.')),
                                 formats::GlobKind::text);
  }
};

}  // namespace

Result<std::vector<std::string>> SudoersPolicy::resolved(const SudoersList& list, SudoersAliasKind kind) const {
  Resolver resolver{*this, kind};
  resolver.add(list, false, 0);
  if (!resolver.full) return std::move(resolver.out);
  return std::unexpected(Error{Error::Kind::too_large, "aliases that are too long or name each other"});
}

std::optional<bool> SudoersPolicy::on_this_host(const SudoersList& hosts) const {
  HostMatcher matcher{*this};
  const auto decided = matcher.decide(hosts, 0);
  return decided ? *decided : std::optional(false);
}

const SudoersPolicy& sudoers_policy_of(const sources::Sources& sources) {
  return sources.memo.get<SudoersPolicy>([&] {
    SudoersPolicy policy;
    policy.host_name = host_name_of(sources);
    constexpr std::array<std::string_view, 2> names = {"sudo", "sudo-ldap"};
    for (const auto& database : read_package_databases(sources, names)) {
      for (const auto& entry : database.entries) {
        if (entry.state != PackageEntry::State::installed) continue;
        policy.version = entry.version;
        policy.package_manager = database.manager;
      }
    }
    Reader(sources, policy).read();
    return policy;
  });
}

}  // namespace plimsoll::probes
