#include "engine/probes/unit_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/core/text.hpp"
#include "engine/probes/conf_files.hpp"

namespace plimsoll::probes {
namespace {

using sources::FileType;

constexpr std::string_view persistent = "/etc/systemd/system";

constexpr std::array<std::string_view, 13> search_path = {"/etc/systemd/system.control",
                                                          "/run/systemd/system.control",
                                                          "/run/systemd/transient",
                                                          "/run/systemd/generator.early",
                                                          persistent,
                                                          "/etc/systemd/system.attached",
                                                          "/run/systemd/system",
                                                          "/run/systemd/system.attached",
                                                          "/run/systemd/generator",
                                                          "/usr/local/lib/systemd/system",
                                                          "/usr/lib/systemd/system",
                                                          "/lib/systemd/system",
                                                          "/run/systemd/generator.late"};

std::string_view directory_of(std::string_view path) {
  return path.substr(0, path.rfind('/'));
}

bool is_generated(std::string_view directory) {
  return directory.starts_with("/run/systemd/generator");
}
bool is_runtime(std::string_view directory) {
  return directory.starts_with("/run/");
}

/// The target of a link as a path, `..` and `.` taken out.
std::string absolute_target(std::string_view directory, std::string_view target) {
  const std::string joined = target.starts_with('/') ? std::string(target) : fmt::format("{}/{}", directory, target);
  std::vector<std::string_view> parts;
  std::string_view rest = joined;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const auto part = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string path;
  for (const auto part : parts) path.append("/").append(part);
  return path;
}

std::vector<std::string> install_list(const Unit& unit, std::string_view key) {
  std::vector<std::string> list;
  for (const auto& assignment : unit.assignments) {
    if (assignment.section != "Install" || assignment.key != key) continue;
    if (assignment.value.empty()) list.clear();
    for (auto& word : formats::unit_words(assignment.value)) list.push_back(std::move(word));
  }
  return list;
}

/// Whether a link of this name is one that [Install] of the unit would make; %i and %p stand for instance and prefix.
bool is_own_alias(const Unit& unit, std::string_view link) {
  const auto at = unit.name.find('@');
  const auto dot = unit.name.rfind('.');
  const auto prefix = unit.name.substr(0, std::min(at, dot));
  const auto instance = at == std::string::npos ? std::string{} : unit.name.substr(at + 1, dot - at - 1);
  return std::ranges::any_of(install_list(unit, "Alias"), [&](std::string alias) {
    for (const auto& [specifier, text] : {std::pair<std::string_view, const std::string&>{"%i", instance},
                                          std::pair<std::string_view, const std::string&>{"%p", prefix}}) {
      if (const auto found = alias.find(specifier); found != std::string::npos) alias.replace(found, 2, text);
    }
    return alias == link;
  });
}

/// Whether a link of this name starts the instance that [Install] of the template names.
bool is_default_instance(const Unit& unit, std::string_view link) {
  const auto instances = install_list(unit, "DefaultInstance");
  const auto at = unit.name.find("@.");
  if (instances.empty() || at == std::string::npos) return false;
  return link == fmt::format("{}@{}{}", unit.name.substr(0, at), instances.back(), unit.name.substr(at + 1));
}

/// Names whose ".d" directories apply: the unit's own, its template's, those of its dashed prefixes, its type's.
std::vector<std::string> drop_in_names(std::string_view name) {
  std::vector<std::string> names = {std::string(name)};
  if (auto pattern = template_of(name); !pattern.empty()) names.push_back(std::move(pattern));
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return names;
  const auto type = name.substr(dot);
  auto stem = name.substr(0, std::min(name.find('@'), dot));
  if (stem.ends_with('-')) stem.remove_suffix(1);
  for (auto dash = stem.rfind('-'); dash != std::string_view::npos && dash > 0; dash = stem.rfind('-', dash - 1)) {
    names.push_back(fmt::format("{}{}", stem.substr(0, dash + 1), type));
  }
  names.emplace_back(type.substr(1));
  return names;
}

}  // namespace

std::string UnitEntry::path() const {
  return subdirectory.empty() ? fmt::format("{}/{}", directory, name)
                              : fmt::format("{}/{}/{}", directory, subdirectory, name);
}

std::string template_of(std::string_view name) {
  const auto at = name.find('@');
  const auto dot = name.rfind('.');
  if (at == std::string_view::npos || dot == std::string_view::npos || dot < at || dot == at + 1) return {};
  return fmt::format("{}@{}", name.substr(0, at), name.substr(dot));
}

UnitFiles::UnitFiles(const sources::Root& root) : root_(root) {
  // On a merged /usr the last but one is another name of the directory before it.
  const auto usr_lib = root.status("/usr/lib/systemd/system");
  const auto lib = root.status("/lib/systemd/system");
  const bool merged = usr_lib && lib && usr_lib->device == lib->device && usr_lib->inode == lib->inode;
  for (const auto directory : search_path) {
    if (merged && directory.starts_with("/lib/")) continue;
    directories_.emplace_back(directory);
    list_directory(directories_.back());
  }
  find_what_counts();
}

void UnitFiles::list_directory(const std::string& directory) {
  const auto link_target = [&](const std::string& path) {
    const auto target = root_.read_link(path);
    return target ? *target : std::string{};
  };
  const auto note_error = [&](const Error& error) {
    if (error.kind != Error::Kind::not_found && !error_) error_ = error;
  };
  const auto entries = root_.list(directory);
  if (!entries) return note_error(entries.error());
  for (const auto& entry : *entries) {
    const auto path = [&] { return fmt::format("{}/{}", directory, entry.name); };  // of few of the many
    // It may be a link to a directory.
    if (entry.name.ends_with(".d")) drop_in_directories_.insert(path());
    if (entry.type == FileType::directory) {
      const auto dot = entry.name.rfind('.');
      const auto kind = dot == std::string::npos ? std::string{} : entry.name.substr(dot);
      if (kind != ".wants" && kind != ".requires" && kind != ".upholds") continue;
      const auto links = root_.list(path());
      if (!links) {
        note_error(links.error());
        continue;
      }
      for (const auto& link : *links) {
        pulls_.push_back({directory, entry.name.substr(0, dot), link.name,
                          link.type == FileType::symlink ? link_target(fmt::format("{}/{}", path(), link.name)) : "",
                          entry.name});
      }
    } else {
      files_[entry.name].push_back(
          {directory, "", entry.name, entry.type == FileType::symlink ? link_target(path()) : "", ""});
    }
  }
}

/// The entry that decides what a name stands for. Links that lead nowhere do not count.
const UnitEntry* UnitFiles::first_entry(std::string_view name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) return nullptr;
  for (const auto& entry : found->second) {
    if (entry.link_target.empty() || entry.link_target == "/dev/null" || root_.status(entry.path())) return &entry;
  }
  return nullptr;
}

bool UnitFiles::has_file(std::string_view name) const {
  const auto any = [&](std::string_view wanted) {
    const auto found = files_.find(wanted);
    return found != files_.end() && std::ranges::any_of(found->second, [&](const UnitEntry& entry) {
             const auto status = root_.status(entry.path());
             return status && status->type == FileType::regular && status->size > 0;
           });
  };
  const auto pattern = template_of(name);
  return any(name) || (!pattern.empty() && any(pattern));
}

Result<Unit> UnitFiles::load(std::string_view name) const {
  Unit unit;
  unit.name = name;
  constexpr int longest_chain = 8;
  for (int steps = 0;; ++steps) {
    if (steps > longest_chain) {
      return std::unexpected(Error{Error::Kind::failed, fmt::format("the aliases of {} lead in a circle", name)});
    }
    const auto* entry = first_entry(unit.name);
    if (entry == nullptr) {
      const auto pattern = template_of(unit.name);
      if (!pattern.empty()) entry = first_entry(pattern);
    }
    if (entry == nullptr) break;

    const auto path = entry->path();
    if (entry->link_target == "/dev/null") {
      unit.mask = path;
      break;
    }
    if (entry->link_target.empty()) {
      const auto status = root_.status(path);
      if (status && status->type == FileType::regular && status->size == 0) {
        unit.mask = path;
      } else {
        unit.path = path;
      }
      break;
    }
    const auto target = absolute_target(entry->directory, entry->link_target);
    const auto target_name = base_name(target);
    if (target_name == entry->name) {
      unit.path = target;
      const auto directory = directory_of(target);
      unit.linked = std::ranges::find(search_path, directory) == search_path.end();
      break;
    }
    unit.through_alias |= entry->name == name;
    // A link to a template keeps the instance of the name that was asked for.
    const auto at = unit.name.find('@');
    const auto target_at = target_name.find("@.");
    if (at != std::string::npos && target_at != std::string_view::npos) {
      const auto dot = unit.name.rfind('.');
      unit.name = fmt::format("{}@{}{}", target_name.substr(0, target_at), unit.name.substr(at + 1, dot - at - 1),
                              target_name.substr(target_at + 1));
    } else {
      unit.name = target_name;
    }
  }
  if (unit.path.empty()) return unit;
  if (auto read = read_assignments(unit); !read) return std::unexpected(read.error());
  if (auto read = read_drop_ins(unit, name); !read) return std::unexpected(read.error());
  return unit;
}

Result<void> UnitFiles::read_assignments(Unit& unit) const {
  const auto text = root_.read(unit.path, sources::max_config_bytes);
  if (!text) return std::unexpected(text.error());
  unit.assignments = formats::parse_unit_file(*text);
  for (const auto& assignment : unit.assignments) {
    unit.assignment_sources.push_back(fmt::format("{}:{}", unit.path, assignment.line));
  }
  return {};
}

Result<void> UnitFiles::read_drop_ins(Unit& unit, std::string_view asked) const {
  std::vector<std::string> names = drop_in_names(unit.name);
  if (asked != unit.name) names.insert(names.begin(), std::string(asked));
  std::vector<std::string> directories;
  for (const auto& name : names) {
    for (const auto& directory : directories_) {
      auto path = fmt::format("{}/{}.d", directory, name);
      if (drop_in_directories_.contains(path)) directories.push_back(std::move(path));
    }
  }
  const auto files = read_conf_files(root_, directories, DeadLinks::mask);
  if (!files) return std::unexpected(files.error());
  for (const auto& file : *files) {
    if (!file.text) return std::unexpected(file.text.error());
    if (file.text->empty()) continue;
    unit.drop_ins.push_back(file.path);
    for (auto& assignment : formats::parse_unit_file(*file.text)) {
      unit.assignment_sources.push_back(fmt::format("{}:{}", file.path, assignment.line));
      unit.assignments.push_back(std::move(assignment));
    }
  }
  return {};
}

std::vector<const UnitEntry*> UnitFiles::links_to(const Unit& unit) const {
  std::vector<const UnitEntry*> links;
  for (const auto& link : pulls_) {
    if (link.name == unit.name || link.target_name() == unit.name) links.push_back(&link);
  }
  for (const auto& [name, entries] : files_) {
    if (name == unit.name) continue;
    for (const auto& entry : entries) {
      if (entry.target_name() == unit.name && is_own_alias(unit, name)) links.push_back(&entry);
    }
  }
  return links;
}

std::vector<const UnitEntry*> UnitFiles::links_at_boot(const Unit& unit) const {
  auto links = links_to(unit);
  std::erase_if(links, [](const UnitEntry* link) { return !link->counts_at_boot; });
  return links;
}

/// Of entries with one name that start the same thing, the first directory's counts, and pulls_ stands in their order.
void UnitFiles::find_what_counts() {
  const auto stays = [](const UnitEntry& entry) { return entry.directory != "/run/systemd/system"; };
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (auto& link : pulls_) {
    link.target_name_at = link.link_target.size() - base_name(link.link_target).size();
    link.counts_at_boot = stays(link) && seen.emplace(link.subdirectory, link.name).second &&
                          !link.link_target.empty() && !link.link_target.ends_with("/dev/null");
  }
  for (auto& [name, entries] : files_) {
    for (auto& entry : entries) {
      entry.target_name_at = entry.link_target.size() - base_name(entry.link_target).size();
      entry.counts_at_boot = stays(entry);
    }
  }
}

std::string_view UnitFiles::state_of(const Unit& unit) const {
  if (!unit.mask.empty()) return is_runtime(unit.mask) ? "masked-runtime" : "masked";
  if (unit.path.empty()) return "not-found";
  if (unit.through_alias) return "alias";
  const auto directory = directory_of(unit.path);
  if (is_generated(directory)) return "generated";
  if (directory == "/run/systemd/transient") return "transient";

  bool at_runtime = false;
  bool anywhere = false;
  bool under_other_name = false;
  for (const auto* link : links_to(unit)) {
    const bool configured = link->directory == persistent || is_runtime(link->directory);
    if (link->name != unit.name && !is_own_alias(unit, link->name) && !is_default_instance(unit, link->name)) {
      under_other_name |= configured;
    } else if (link->directory == persistent) {
      return "enabled";
    } else {
      (configured && !is_generated(link->directory) ? at_runtime : anywhere) = true;
    }
  }
  if (at_runtime) return "enabled-runtime";
  const bool instance = !template_of(unit.name).empty();
  if (anywhere && instance) return "static";
  if (const auto own = files_.find(unit.name); own != files_.end()) {
    for (const auto& entry : own->second) {
      if (entry.link_target.empty()) break;
      if (!root_.status(entry.path())) continue;
      if (entry.directory == persistent) return "linked";
      if (is_runtime(entry.directory)) return "linked-runtime";
    }
  }
  for (const auto& [name, entries] : files_) {
    const bool leads_here =
        name != unit.name && std::ranges::any_of(entries, [&](const UnitEntry& entry) {
          return entry.target_name() == unit.name && (entry.directory == persistent || is_runtime(entry.directory));
        });
    under_other_name |= leads_here && !is_own_alias(unit, name);
  }
  if (under_other_name) return "indirect";
  const bool installable = !install_list(unit, "WantedBy").empty() || !install_list(unit, "RequiredBy").empty() ||
                           !install_list(unit, "UpheldBy").empty() || !install_list(unit, "Alias").empty();
  if (installable) return "disabled";
  return install_list(unit, "Also").empty() ? "static" : "indirect";
}

const UnitFiles& unit_files_of(const sources::Sources& sources) {
  return sources.memo.get<UnitFiles>([&] { return UnitFiles(sources.root); });
}

}  // namespace plimsoll::probes
