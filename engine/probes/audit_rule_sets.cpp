#include "engine/probes/audit_rule_sets.hpp"

#include <fmt/core.h>
#include <linux/audit.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/mountinfo.hpp"
#include "engine/probes/accounts.hpp"
#include "engine/probes/conf_files.hpp"
#include "engine/probes/unit_files.hpp"

namespace plimsoll::probes {
namespace {

using formats::AuditLine;
using formats::AuditRule;

constexpr std::string_view rules_directory = "/etc/audit/rules.d";
constexpr std::string_view rules_file = "/etc/audit/audit.rules";
constexpr std::size_t most_rules = 20'000;

struct SourceLine {
  std::string text;
  std::string source;
};

/// "10-base" before "9-late"? No: digits count as numbers, as sort -V and ls -v have it.
bool natural_less(std::string_view one, std::string_view other) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < one.size() && j < other.size()) {
    if (is_digit(one[i]) && is_digit(other[j])) {
      const auto end_of = [](std::string_view text, std::size_t at) {
        while (at < text.size() && is_digit(text[at])) ++at;
        return at;
      };
      auto left = one.substr(i, end_of(one, i) - i);
      auto right = other.substr(j, end_of(other, j) - j);
      i += left.size();
      j += right.size();
      while (left.size() > 1 && left.front() == '0') left.remove_prefix(1);
      while (right.size() > 1 && right.front() == '0') right.remove_prefix(1);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else {
      if (one[i] != other[j]) return one[i] < other[j];
      ++i;
      ++j;
    }
  }
  if (one.size() - i != other.size() - j) return one.size() - i < other.size() - j;
  return one < other;
}

/// What this host's augenrules(8), a shell script around awk, makes of blanks and of carriage returns.
struct Augenrules {
  bool knows_blanks = false;            ///< its `\s` means a blank to gawk, and the letter s to mawk
  bool drops_carriage_returns = false;  ///< since version 4 of the audit system
};

Augenrules augenrules_of(const sources::Root& root) {
  Augenrules found;
  const auto awk = root.read_link("/usr/bin/awk");
  const auto chosen = root.read_link("/etc/alternatives/awk");
  const bool alternative = awk && awk->ends_with("/alternatives/awk");
  found.knows_blanks = !(alternative && chosen && chosen->ends_with("mawk"));
  const auto script = root.read("/usr/sbin/augenrules", sources::max_config_bytes);
  found.drops_carriage_returns = script && script->find("\\r$") != std::string::npos;
  return found;
}

/// Adds a file's lines as cat(1) does: one that does not end joins with the first of the next file.
class Concatenation {
 public:
  void add(std::string_view text, const std::string& path) {
    std::uint32_t number = 0;
    while (!text.empty()) {
      const auto end = text.find('\n');
      const auto line = text.substr(0, end);
      ++number;
      if (open_) {
        lines_.back().text += line;
      } else {
        lines_.push_back({std::string(line), fmt::format("{}:{}", path, number)});
      }
      open_ = end == std::string_view::npos;
      text = open_ ? std::string_view{} : text.substr(end + 1);
    }
  }

  [[nodiscard]] std::vector<SourceLine> take() { return std::move(lines_); }

 private:
  std::vector<SourceLine> lines_;
  bool open_ = false;
};

/// A file that auditctl is handed as it is.
Result<std::vector<SourceLine>> lines_of_file(const sources::Root& root, const std::string& path) {
  const auto text = root.read(path, sources::max_config_bytes);
  if (!text) return std::unexpected(text.error());
  Concatenation lines;
  lines.add(*text, path);
  return lines.take();
}

/// augenrules(8): of -D alone, -b, -f and -e the last counts; the first three come first, -e comes last.
std::vector<SourceLine> in_order_of_augenrules(std::vector<SourceLine> lines, const Augenrules& augenrules) {
  std::array<std::vector<SourceLine>, 3> first;
  std::vector<SourceLine> rest;
  std::vector<SourceLine> last;
  for (auto& line : lines) {
    if (augenrules.drops_carriage_returns && line.text.ends_with('\r')) line.text.pop_back();
    const auto content = augenrules.knows_blanks ? trimmed(line.text) : std::string_view(line.text);
    const auto keep_last = [&](std::vector<SourceLine>& kept) {
      kept.clear();
      kept.push_back(std::move(line));
    };
    if (content.starts_with('#')) continue;
    if (content.starts_with("-e")) {
      keep_last(last);
    } else if (content == "-D") {
      keep_last(first[0]);
    } else if (content.starts_with("-b")) {
      keep_last(first[1]);
    } else if (content.starts_with("-f")) {
      keep_last(first[2]);
    } else {
      rest.push_back(std::move(line));
    }
  }
  std::vector<SourceLine> ordered;
  const auto append = [&ordered](std::vector<SourceLine>& part) {
    std::move(part.begin(), part.end(), std::back_inserter(ordered));
  };
  for (auto& part : first) append(part);
  append(rest);
  append(last);
  return ordered;
}

/// Who loads the rules when the host starts, by the units that do so in the releases of the audit system.
struct Loader {
  std::string name;  // "augenrules", "auditctl", "nothing"
  std::string file = std::string(rules_file);
  std::string source = std::string(rules_directory);
};

Result<Loader> loader_of(const sources::Sources& sources) {
  const auto& units = unit_files_of(sources);
  if (units.error() != nullptr) return std::unexpected(*units.error());
  bool any_unit = false;
  std::string path;
  for (const std::string_view name : {"audit-rules.service", "auditd.service"}) {
    const auto unit = units.load(name);
    if (!unit) return std::unexpected(unit.error());
    if (unit->path.empty()) continue;
    any_unit = true;
    path = unit->path;
    for (std::size_t i = 0; i < unit->assignments.size(); ++i) {
      const auto& assignment = unit->assignments[i];
      if (assignment.section != "Service" || !assignment.key.starts_with("ExecStart")) continue;
      const auto words = formats::unit_words(assignment.value);
      if (words.empty()) continue;
      const auto program = base_name(words.front());
      if (program == "augenrules" || program == "-augenrules") {
        return Loader{"augenrules", std::string(rules_file), std::string(rules_directory)};
      }
      const auto file = std::find(words.begin(), words.end(), "-R");
      if (program == "auditctl" && file != words.end() && file + 1 != words.end()) {
        return Loader{"auditctl", *(file + 1), *(file + 1)};
      }
    }
  }
  // Without any unit of the audit system there is nothing to go by but what its packages have always done.
  if (any_unit) return Loader{"nothing", "", path};
  return Loader{"augenrules", std::string(rules_file), std::string(rules_directory)};
}

Result<std::vector<SourceLine>> lines_of_directory(const sources::Root& root) {
  const auto entries = root.list(rules_directory);
  if (!entries && entries.error().kind == Error::Kind::not_found) {
    // augenrules then hands auditctl the file as it is.
    auto lines = lines_of_file(root, std::string(rules_file));
    if (!lines && lines.error().kind == Error::Kind::not_found) return std::vector<SourceLine>{};
    return lines;
  }
  if (!entries) return std::unexpected(entries.error());
  std::vector<std::string> names;
  for (const auto& entry : *entries) {
    if (entry.name.ends_with(".rules") && !entry.name.starts_with('.')) names.push_back(entry.name);
  }
  std::sort(names.begin(), names.end(), natural_less);
  Concatenation all;
  for (const auto& name : names) {
    const auto path = fmt::format("{}/{}", rules_directory, name);
    // cat(1) has nothing to add of a directory, and augenrules goes on; a link to /dev/null holds nothing.
    if (const auto status = root.status(path); status && status->type == sources::FileType::directory) continue;
    if (is_masked(root, path)) continue;
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text && text.error().kind != Error::Kind::not_found) return std::unexpected(text.error());
    if (text) all.add(*text, path);
  }
  return in_order_of_augenrules(all.take(), augenrules_of(root));
}

formats::AuditHost host_of(const sources::Sources& sources) {
  formats::AuditHost host;
  host.machine = audited_machine(sources);
  const auto& accounts = accounts_of(sources);
  host.user_id = [&accounts](std::string_view name) {
    const auto* user = accounts.user(name);
    return user == nullptr ? std::nullopt : std::optional(user->uid);
  };
  host.group_id = [&accounts](std::string_view name) {
    const auto* group = accounts.group_named(name);
    return group == nullptr ? std::nullopt : std::optional(group->gid);
  };
  host.is_directory = [&root = sources.root](std::string_view path) {
    const auto status = root.status(path);
    return status && status->type == sources::FileType::directory;
  };
  host.exists = [&root = sources.root](std::string_view path) {
    const auto status = root.status(path);
    return status.has_value() || status.error().kind != Error::Kind::not_found;
  };
  return host;
}

/// Runs lines as `auditctl -R` does.
class Loading {
 public:
  Loading(const formats::AuditHost& host, AuditRulesAtBoot& out) : host_(host), out_(out) {}

  void run(const std::vector<SourceLine>& lines) {
    for (const auto& line : lines) {
      auto parsed = formats::parse_audit_line(line.text, host_);
      parsed.rule.source = line.source;
      const auto problem = apply(parsed);
      if (problem.empty()) continue;
      if (out_.refused.size() < most_rules) out_.refused.push_back(fmt::format("{}: {}", line.source, problem));
      if (!ignores_) {
        out_.stopped = true;
        break;
      }
    }
    out_.rules = std::move(rules_);
  }

 private:
  std::string apply(AuditLine& line) {
    const AuditSetting setting{line.number, line.rule.source};
    // Control lines that auditctl refuses once `-e 2` stands are refused as rules are.
    const bool locked = out_.enabled && out_.enabled->number == 2;
    std::string refusal = locked ? "the rules are locked by then" : "";
    switch (line.kind) {
      case AuditLine::Kind::nothing:
        break;
      case AuditLine::Kind::bad:
        return std::move(line.problem);
      case AuditLine::Kind::ignore_errors:
        ignores_ = true;
        break;
      case AuditLine::Kind::continue_errors:
        ignores_ = true;
        out_.continues = line.rule.source;
        break;
      case AuditLine::Kind::enabled:
        if (!locked) out_.enabled = setting;
        return refusal;
      case AuditLine::Kind::failure:
        if (!locked) out_.failure = setting;
        return refusal;
      case AuditLine::Kind::backlog_limit:
        if (!locked) out_.backlog_limit = setting;
        return refusal;
      case AuditLine::Kind::clear:
        if (!locked) clear(line.rule.key);
        return refusal;
      case AuditLine::Kind::remove:
        return locked ? refusal : remove(line.rule);
      case AuditLine::Kind::add:
      case AuditLine::Kind::prepend:
        return locked ? refusal : add(line);
    }
    return {};
  }

  void clear(std::string_view key) {
    std::erase_if(rules_, [&](const AuditRule& rule) { return key.empty() || rule.key == key; });
  }

  std::string remove(const AuditRule& unwanted) {
    const auto gone = std::erase_if(rules_, [&](const AuditRule& rule) { return same_rule(rule, unwanted); });
    return gone == 0 ? "there is no such rule to delete" : "";
  }

  std::string add(AuditLine& line) {
    const auto twin =
        std::find_if(rules_.begin(), rules_.end(), [&](const AuditRule& rule) { return same_rule(rule, line.rule); });
    if (twin != rules_.end()) return fmt::format("the same rule stands in {}", twin->source);
    if (rules_.size() >= most_rules) return "too many rules";
    rules_.insert(line.kind == AuditLine::Kind::prepend ? rules_.begin() : rules_.end(), std::move(line.rule));
    return {};
  }

  const formats::AuditHost& host_;
  AuditRulesAtBoot& out_;
  std::vector<AuditRule> rules_;
  bool ignores_ = false;
};

void resolve_paths(const sources::Root& root, std::vector<AuditRule>& rules) {
  for (auto& rule : rules) {
    for (auto& field : rule.fields) {
      if (field.field == AUDIT_WATCH || field.field == AUDIT_DIR)
        field.text = with_links_resolved_above(root, field.text);
    }
  }
}

AuditRulesAtBoot read_at_boot(const sources::Sources& sources) {
  AuditRulesAtBoot out;
  out.source = rules_directory;
  const auto loader = loader_of(sources);
  if (!loader) {
    out.rules = std::unexpected(loader.error());
    return out;
  }
  out.loaded_by = loader->name;
  out.source = loader->source;
  if (loader->name == "nothing") return out;
  const auto lines =
      loader->name == "augenrules" ? lines_of_directory(sources.root) : lines_of_file(sources.root, loader->file);
  if (!lines) {
    if (lines.error().kind != Error::Kind::not_found) out.rules = std::unexpected(lines.error());
    return out;
  }
  Loading(host_of(sources), out).run(*lines);
  resolve_paths(sources.root, *out.rules);
  return out;
}

AuditRulesNow read_now(const sources::Sources& sources) {
  if (!sources::kernel_visible(sources.root) || sources.audit == nullptr) {
    const auto hidden = sources::kernel_not_visible("NETLINK_AUDIT");
    return {std::unexpected(hidden), std::unexpected(hidden)};
  }
  AuditRulesNow out{std::vector<AuditRule>{}, sources.audit->status};
  if (!sources.audit->rules) {
    out.rules = std::unexpected(sources.audit->rules.error());
    return out;
  }
  for (const auto& bytes : *sources.audit->rules) {
    auto rule = formats::parse_audit_rule_data(bytes);
    if (!rule) {
      out.rules = std::unexpected(rule.error());
      return out;
    }
    rule->source = fmt::format("the kernel's rule {}", out.rules->size() + 1);
    out.rules->push_back(std::move(*rule));
  }
  resolve_paths(sources.root, *out.rules);
  return out;
}

}  // namespace

const AuditRulesAtBoot& audit_rules_at_boot(const sources::Sources& sources) {
  return sources.memo.get<AuditRulesAtBoot>([&] { return read_at_boot(sources); });
}

const AuditRulesNow& audit_rules_now(const sources::Sources& sources) {
  return sources.memo.get<AuditRulesNow>([&] { return read_now(sources); });
}

const formats::Machine& audited_machine(const sources::Sources& sources) {
  return sources.memo.get<formats::Machine>([&] {
    constexpr std::size_t max_program_bytes = 8U << 20U;
    for (const std::string_view path : {"/sbin/auditctl", "/usr/bin/true", "/bin/sh"}) {
      const auto program = sources.root.read(path, max_program_bytes);
      const auto machine = program ? formats::machine_of_program(*program) : std::nullopt;
      if (machine) return *machine;
    }
    return formats::machine_x86_64();
  });
}

std::string with_links_resolved_above(const sources::Root& root, std::string_view path) {
  constexpr int most_links = 40;  // as the kernel
  auto plain = formats::plain_path(path);
  int links = 0;
  std::size_t at = 1;
  while (true) {
    const auto slash = plain.find('/', at);
    if (slash == std::string::npos) return plain;
    const auto target = root.read_link(plain.substr(0, slash));
    if (!target) {
      at = slash + 1;
      continue;
    }
    if (++links > most_links) return std::string(path);
    const auto above = plain.substr(0, plain.rfind('/', slash - 1));
    const auto joined =
        target->starts_with('/') ? *target + plain.substr(slash) : above + "/" + *target + plain.substr(slash);
    // `..` in a link's text climbs from where the link stands.
    std::string climbed;
    std::string_view rest = joined;
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const auto part = rest.substr(0, rest.find('/'));
      rest.remove_prefix(part.size());
      if (part == "..") {
        climbed.resize(climbed.empty() ? 0 : climbed.rfind('/'));
      } else if (!part.empty() && part != ".") {
        climbed += fmt::format("/{}", part);
      }
    }
    plain = climbed.empty() ? "/" : climbed;
    at = 1;
  }
}

}  // namespace plimsoll::probes
