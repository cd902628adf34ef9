#include "engine/probes/dnf_exclusions.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/dnf_conf.hpp"

namespace plimsoll::probes {
namespace {

using sources::Root;

constexpr std::string_view lock_settings = "/etc/dnf/plugins/versionlock.conf";
constexpr std::string_view dnf5_locks = "/etc/dnf/versionlock.toml";

std::string_view setting_of(const formats::DnfConf& conf, std::string_view key) {
  std::string_view value;
  for (const auto& setting : conf.settings) {
    if (setting.section == "main" && setting.key == key) value = setting.value;
  }
  return value;
}

}  // namespace

void DnfExclusions::add(Patterns& patterns, const DnfSection& section, std::string_view key) {
  for (const auto& placed : section.settings) {
    if (placed.setting.key != key) continue;
    for (const auto& word : formats::dnf_list(placed.setting.value)) {
      if (word.contains('$')) {
        unread_ = Error{Error::Kind::unsupported, fmt::format("{}:{}: {} has a variable, which is not replaced: {}",
                                                              placed.path, placed.setting.line, key, word)};
      }
      patterns.push_back({fmt::format("{}:{}", placed.path, placed.setting.line), formats::parse_rpm_pattern(word)});
    }
  }
}

DnfExclusions::Section DnfExclusions::section_of(const DnfSection& section) {
  Section patterns;
  add(patterns.excludes, section, "excludepkgs");
  add(patterns.excludes, section, "exclude");
  add(patterns.includes, section, "includepkgs");
  return patterns;
}

DnfExclusions::DnfExclusions(const Root& root, const DnfConfiguration& configuration) {
  TextList disabled;
  if (const auto* setting = configuration.main.find("disable_excludes")) {
    disabled = formats::dnf_list(setting->setting.value);
  }
  const auto is_disabled = [&](std::string_view name) {
    return std::ranges::any_of(disabled,
                               [&](const auto& word) { return word == name || word == "*" || word == "all"; });
  };
  for (const auto& repository : configuration.repositories) {
    if (!is_disabled(repository.id)) repositories_.emplace(repository.id, section_of(repository));
  }
  if (!is_disabled("main")) main_ = section_of(configuration.main);
  const auto plugins = dnf_truth_field(configuration.main, nullptr, "plugins", true);
  if (plugins.value() == nullptr || std::get<bool>(*plugins.value())) read_locks(root);
}

void DnfExclusions::read_locks(const Root& root) {
  const auto dnf5 = root.status(dnf5_locks);
  if (dnf5 ? dnf5->size > 0 : !is_missing(dnf5.error())) {
    unread_ = Error{Error::Kind::unsupported, fmt::format("the version locks of {} are not read", dnf5_locks)};
  }
  const auto text = root.read(lock_settings, sources::max_config_bytes);
  if (!text) {
    if (!is_missing(text.error())) unread_ = text.error();
    return;
  }
  const auto conf = formats::parse_dnf_conf(*text);
  if (!conf) {
    unread_ = Error{conf.error().kind, fmt::format("{}: {}", lock_settings, conf.error().what)};
    return;
  }
  if (!formats::dnf_truth(setting_of(*conf, "enabled")).value_or(true)) return;
  const auto path = setting_of(*conf, "locklist");
  if (!path.empty()) read_lock_list(root, std::string(path));
}

void DnfExclusions::read_lock_list(const Root& root, const std::string& path) {
  const auto text = root.read(path, sources::max_config_bytes);
  if (!text) {
    if (!is_missing(text.error())) unread_ = text.error();
    return;
  }
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    auto line = trimmed(take_line(rest));
    line = trimmed(line.substr(0, line.find('#')));
    const bool out = line.starts_with('!');
    if (out) line.remove_prefix(1);
    if (line.empty()) continue;
    (out ? lock_outs_ : locks_).push_back({fmt::format("{}:{}", path, number), formats::parse_rpm_pattern(line)});
  }
}

const DnfExclusions::Pattern* DnfExclusions::fitting(const Patterns& patterns, const formats::ListedPackage& package) {
  for (const auto& pattern : patterns) {
    if (formats::rpm_pattern_fits(pattern.forms, package)) return &pattern;
  }
  return nullptr;
}

std::string DnfExclusions::excluded_by(const DnfSection& repository, const formats::ListedPackage& package) const {
  static const Section nothing;
  const auto found = repositories_.find(repository.id);
  const auto& own = found == repositories_.end() ? nothing : found->second;
  for (const auto* patterns : {&main_.excludes, &own.excludes}) {
    if (const auto* pattern = fitting(*patterns, package)) return pattern->source;
  }
  // Where anything is included, all else is not.
  const auto& some = own.includes.empty() ? main_.includes : own.includes;
  if (some.empty() || fitting(main_.includes, package) != nullptr || fitting(own.includes, package) != nullptr)
    return {};
  return some.front().source;
}

std::string DnfExclusions::locked_by(const formats::ListedPackage& package) const {
  if (const auto* pattern = fitting(lock_outs_, package)) return pattern->source;
  if (fitting(locks_, package) != nullptr) return {};
  for (const auto& lock : locks_) {
    if (formats::rpm_pattern_names(lock.forms, package.name)) return lock.source;
  }
  return {};
}

Field DnfExclusions::field_of(const DnfSection& repository, const formats::ListedPackage& package) const {
  auto source = excluded_by(repository, package);
  if (source.empty()) source = locked_by(package);
  if (!source.empty()) return Field{true, std::move(source), {}};
  if (unread_) return Field{Unreadable{*unread_}, {}, {}};
  return Field{false, {}, {}};
}

}  // namespace plimsoll::probes
