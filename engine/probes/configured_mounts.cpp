#include "engine/probes/configured_mounts.hpp"

#include <fmt/format.h>

#include <utility>

#include "engine/formats/mountinfo.hpp"
#include "engine/probes/conf_files.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t above_fstab = 2;  // /etc and /run
constexpr std::string_view fstab_path = "/etc/fstab";

bool noauto(const formats::FstabEntry& entry) {
  const auto options = formats::effective_options(entry.options);
  return formats::has_option(options, "noauto") && !formats::has_option(options, "x-systemd.automount") &&
         !formats::has_option(options, "comment=systemd.automount");
}

std::string joined(const formats::FstabEntry& entry) {
  return fmt::format("{}", fmt::join(entry.options, ","));
}

ConfiguredMounts::Answer not_configured(std::string source) {
  return {Field{Value{false}, source}, Field{Absent{}, source}, Field{Absent{}, std::move(source)}};
}

/// What one file says, with its place.
struct Setting {
  std::string value;
  std::string source;
};

void take(std::optional<Setting>& setting, const std::optional<formats::UnitValue>& found, const std::string& path) {
  if (found) setting = Setting{found->value, fmt::format("{}:{}", path, found->line)};
}

bool systemd_boots(const sources::Root& root) {
  return root.link_status("/usr/lib/systemd/systemd").has_value() ||
         root.link_status("/lib/systemd/systemd").has_value();
}

}  // namespace

ConfiguredMounts::ConfiguredMounts(const sources::Root& root) : root_(root) {
  const auto text = root.read(fstab_path, sources::max_config_bytes);
  if (text) {
    fstab_ = formats::parse_fstab(*text);
  } else if (text.error().kind != Error::Kind::not_found) {
    error_ = text.error();
  }
  for (auto& path : configuration_directories(root, "systemd/system")) {
    Directory directory{std::move(path), {}};
    const auto entries = root.list(directory.path);
    if (!entries && entries.error().kind != Error::Kind::not_found && !error_) error_ = entries.error();
    if (entries) {
      for (const auto& entry : *entries) directory.names.insert(entry.name);
    }
    directories_.push_back(std::move(directory));
  }
}

ConfiguredMounts::Answer ConfiguredMounts::of(std::string_view path) {
  auto found = error_ ? Result<Answer>(std::unexpected(*error_)) : answer(formats::plain_path(path));
  if (found) return std::move(*found);
  const Field unreadable{Unreadable{found.error()}};
  return {unreadable, unreadable, unreadable};
}

std::optional<ConfiguredMounts::Fragment> ConfiguredMounts::find_unit(const std::string& unit, std::size_t first,
                                                                      std::size_t last) const {
  for (std::size_t index = first; index < last && index < directories_.size(); ++index) {
    if (!directories_[index].names.contains(unit)) continue;
    Fragment fragment{directories_[index].path + "/" + unit, {}};
    fragment.text = root_.read(fragment.path, sources::max_config_bytes);
    if (!fragment.text && is_masked(root_, fragment.path)) fragment.text = std::string();
    return fragment;
  }
  return std::nullopt;
}

std::vector<std::string> ConfiguredMounts::drop_in_directories(const std::string& unit) const {
  // "var-lib.mount": var-lib.mount.d, var-.mount.d, mount.d (systemd.unit(5)), each in every unit directory.
  std::vector<std::string> names{unit + ".d"};
  const std::string stem = unit.substr(0, unit.size() - std::string_view(".mount").size());
  for (auto dash = stem.rfind('-'); dash != std::string::npos && dash > 0; dash = stem.rfind('-', dash - 1)) {
    if (dash + 1 < stem.size()) names.push_back(stem.substr(0, dash + 1) + ".mount.d");
  }
  names.emplace_back("mount.d");
  std::vector<std::string> out;
  for (const auto& name : names) {
    for (const auto& directory : directories_) {
      if (directory.names.contains(name)) out.push_back(directory.path + "/" + name);
    }
  }
  return out;
}

bool ConfiguredMounts::wanted(const std::string& unit) {
  if (!wanted_) wanted_ = read_wanted();
  return *wanted_ && (*wanted_)->contains(unit);
}

Result<std::set<std::string, std::less<>>> ConfiguredMounts::read_wanted() const {
  std::set<std::string, std::less<>> out;
  for (const auto& directory : directories_) {
    for (const auto& name : directory.names) {
      if (!name.ends_with(".wants") && !name.ends_with(".requires") && !name.ends_with(".upholds")) continue;
      const auto links = root_.list(directory.path + "/" + name);
      if (!links) {
        if (links.error().kind != Error::Kind::not_found) return std::unexpected(links.error());
        continue;
      }
      for (const auto& link : *links) out.insert(link.name);
    }
  }
  return out;
}

const formats::FstabEntry* ConfiguredMounts::fstab_entry(std::string_view path,
                                                         std::vector<Overridden>& duplicates) const {
  const formats::FstabEntry* first = nullptr;
  for (const auto& entry : fstab_) {
    if (entry.path != path || entry.type == "autofs" || entry.type == "swap") continue;
    if (first == nullptr) {
      first = &entry;
    } else {
      duplicates.push_back({fmt::format("{}:{}", fstab_path, entry.line), joined(entry)});
    }
  }
  return first;
}

Result<ConfiguredMounts::Answer> ConfiguredMounts::answer(std::string_view path) {
  const std::string name = formats::unit_name_of_path(path);
  const std::string unit = name + ".mount";
  std::vector<Overridden> overridden;
  const auto* entry = fstab_entry(path, overridden);
  auto fragment = find_unit(unit, 0, above_fstab);
  const bool replaces_fstab = fragment.has_value();
  if (!fragment && entry == nullptr) fragment = find_unit(unit, above_fstab, directories_.size());
  if (!fragment && entry == nullptr) {
    if (path == "/dev/shm" && systemd_boots(root_)) {
      // src/shared/mount-setup.c: what process 1 mounts before it reads any configuration.
      const std::string source = "/usr/lib/systemd/systemd";
      return Answer{Field{Value{true}, source}, Field{Value{TextList{"rw", "nosuid", "nodev", "strictatime"}}, source},
                    Field{Value{std::string("tmpfs")}, source}};
    }
    return not_configured(std::string(fstab_path));
  }

  std::optional<Setting> what;
  std::optional<Setting> options;
  std::string place;
  if (fragment) {
    if (!fragment->text) return std::unexpected(fragment->text.error());
    if (fragment->text->empty()) return not_configured(fragment->path);  // masked
    const auto parsed = formats::parse_mount_unit(*fragment->text);
    if (!parsed.where || formats::plain_path(parsed.where->value) != path) return not_configured(fragment->path);
    place = fragment->path;
    take(what, parsed.what, place);
    take(options, parsed.options, place);
    if (entry != nullptr && replaces_fstab) {
      overridden.insert(overridden.begin(), {fmt::format("{}:{}", fstab_path, entry->line), joined(*entry)});
    }
  } else {
    place = fmt::format("{}:{}", fstab_path, entry->line);
    what = Setting{entry->source, place};
    options = Setting{joined(*entry), place};
  }

  const bool by_fstab = entry != nullptr && !noauto(*entry);
  if (!by_fstab && !wanted(unit) && !wanted(name + ".automount")) {
    if (wanted_ && !*wanted_) return std::unexpected(wanted_->error());
    return not_configured(place);
  }

  const auto files = read_conf_files(root_, drop_in_directories(unit), DeadLinks::mask);
  if (!files) return std::unexpected(files.error());
  for (const auto& file : *files) {
    if (!file.text) return std::unexpected(file.text.error());
    const auto parsed = formats::parse_mount_unit(*file.text);
    take(what, parsed.what, file.path);
    if (parsed.options || parsed.resets_options) {
      if (options) overridden.push_back({options->source, options->value});
      options.reset();
      take(options, parsed.options, file.path);
    }
  }
  Answer out;
  out.configured = Field{Value{true}, place};
  const auto written = options ? formats::split_options(options->value) : std::vector<std::string>{};
  out.options =
      Field{Value{formats::effective_options(written)}, options ? options->source : place, std::move(overridden)};
  out.source = what ? Field{Value{what->value}, what->source} : Field{Absent{}, place};
  return out;
}

}  // namespace plimsoll::probes
