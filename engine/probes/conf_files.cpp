#include "engine/probes/conf_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

namespace plimsoll::probes {

namespace {

Error hidden_or_not(const std::string& link, const std::string& path) {
  return {Error::Kind::unobservable,
          fmt::format("{} is a link to nowhere: it hides {} from kmod 30 but not from kmod 34", link, path),
          fmt::format("remove {}, or link it to /dev/null", link)};
}

}  // namespace

std::vector<std::string> configuration_directories(const sources::Root& root, std::string_view name) {
  std::vector<std::string> out;
  for (const std::string_view base : {"/etc/", "/run/", "/usr/local/lib/", "/usr/lib/"}) {
    out.push_back(std::string(base).append(name));
  }
  const auto lib = root.link_status("/lib");
  if (lib && lib->type == sources::FileType::directory) out.push_back(std::string("/lib/").append(name));
  return out;
}

bool is_masked(const sources::Root& root, std::string_view path) {
  const auto target = root.read_link(path);
  return target && (*target == "/dev/null" || target->ends_with("../dev/null"));
}

Result<std::vector<ConfFile>> read_conf_files(const sources::Root& root, const std::vector<std::string>& directories,
                                              DeadLinks links) {
  std::map<std::string, ConfFile> found;
  std::map<std::string, std::string> dead;  // name → path of the first link to nowhere, where that may not count
  for (const auto& directory : directories) {
    const auto entries = root.list(directory);
    if (!entries) {
      if (entries.error().kind == Error::Kind::not_found) continue;
      return std::unexpected(entries.error());
    }
    for (const auto& entry : *entries) {
      if (!entry.name.ends_with(".conf") || entry.name.starts_with('.') || entry.name.size() < 6) continue;
      if (entry.type == sources::FileType::directory || found.contains(entry.name)) continue;
      const std::string path = directory + "/" + entry.name;
      auto text = root.read(path, sources::max_config_bytes);
      const bool may_be_link = entry.type == sources::FileType::symlink || entry.type == sources::FileType::unknown;
      if (!text && may_be_link) {
        if (is_masked(root, path)) {
          text = std::string();
        } else if (text.error().kind == Error::Kind::not_found) {
          if (links == DeadLinks::release) {
            dead.emplace(entry.name, path);
            continue;
          }
          text = std::string();
        }
      } else if (!text && text.error().kind == Error::Kind::not_found) {
        continue;  // removed since the directory was listed
      }
      if (const auto link = dead.find(entry.name); link != dead.end()) {
        text = std::unexpected(hidden_or_not(link->second, path));
      }
      found.emplace(entry.name, ConfFile{path, entry.name, std::move(text)});
    }
  }
  std::vector<ConfFile> out;
  out.reserve(found.size());
  for (auto& [name, file] : found) out.push_back(std::move(file));
  return out;
}

}  // namespace plimsoll::probes
