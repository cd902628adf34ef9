#include "engine/probes/dnf_configuration.hpp"

#include <fmt/core.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <map>
#include <ranges>

#include "engine/probes/path_glob.hpp"

namespace plimsoll::probes {
namespace {

using sources::Root;

constexpr std::string_view main_file = "/etc/dnf/dnf.conf";
constexpr std::array<std::string_view, 4> repository_folders = {"/etc/yum.repos.d", "/etc/yum/repos.d",
                                                                "/etc/distro.repos.d", "/usr/share/dnf5/repos.d"};

class Reader {
 public:
  explicit Reader(const Root& root) : root_(root), dnf5_(root.status("/usr/bin/dnf5").has_value()) {}

  DnfConfiguration read() {
    found_.main.id = "main";
    found_.main.path = main_file;
    if (dnf5_) {
      for (const auto& path : masked_by_name({"/usr/share/dnf5/libdnf.conf.d", "/etc/dnf/libdnf5.conf.d"}, ".conf")) {
        read_main(path);
      }
    }
    read_main(std::string(main_file));
    errors_ = &found_.repository_errors;
    for (const auto folder : repository_folders) {
      if (!dnf5_ && folder.starts_with("/usr/")) continue;
      for (const auto& path : files(fmt::format("{}/*.repo", folder))) read_repositories(path);
    }
    if (dnf5_) {
      for (const auto& path :
           masked_by_name({"/usr/share/dnf5/repos.override.d", "/etc/dnf/repos.override.d"}, ".repo")) {
        override_repositories(path);
      }
    }
    return found_;
  }

 private:
  std::vector<std::string> files(const std::string& pattern) {
    auto paths = glob_paths(root_, pattern);
    if (paths) return std::move(*paths);
    errors_->push_back(paths.error());
    return {};
  }

  /// Of equal names the one in the last folder, sorted by name.
  std::vector<std::string> masked_by_name(const std::array<std::string_view, 2>& folders, std::string_view ending) {
    std::map<std::string, std::string> by_name;
    for (const auto folder : folders) {
      for (auto& path : files(fmt::format("{}/*{}", folder, ending))) {
        auto name = path.substr(folder.size() + 1);
        by_name[std::move(name)] = std::move(path);
      }
    }
    std::vector<std::string> paths;
    paths.reserve(by_name.size());
    for (auto& [name, path] : by_name) paths.push_back(std::move(path));
    return paths;
  }

  std::optional<formats::DnfConf> parse(const std::string& path) {
    const auto text = root_.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found) errors_->push_back(text.error());
      return {};
    }
    auto conf = formats::parse_dnf_conf(*text);
    if (conf) return std::move(*conf);
    errors_->push_back({conf.error().kind, fmt::format("{}: {}", path, conf.error().what)});
    return {};
  }

  static void append(DnfSection& section, const formats::DnfConf& conf, const std::string& name,
                     const std::string& path) {
    for (const auto& setting : conf.settings) {
      if (setting.section == name) section.settings.push_back({setting, path});
    }
  }

  void add_repositories(const formats::DnfConf& conf, const std::string& path) {
    for (const auto& id : conf.sections) {
      if (id == "main" || std::ranges::find(found_.repositories, id, &DnfSection::id) != found_.repositories.end()) {
        continue;
      }
      append(found_.repositories.emplace_back(DnfSection{id, path, {}}), conf, id, path);
    }
  }

  void read_main(const std::string& path) {
    const auto conf = parse(path);
    if (!conf) return;
    append(found_.main, *conf, "main", path);
    add_repositories(*conf, path);
  }

  void read_repositories(const std::string& path) {
    const auto conf = parse(path);
    if (conf) add_repositories(*conf, path);
  }

  /// Sections are patterns for the ids of repositories.
  void override_repositories(const std::string& path) {
    const auto conf = parse(path);
    if (!conf) return;
    for (const auto& pattern : conf->sections) {
      for (auto& repository : found_.repositories) {
        if (fnmatch(pattern.c_str(), repository.id.c_str(), 0) == 0) append(repository, *conf, pattern, path);
      }
    }
  }

  const Root& root_;
  bool dnf5_;
  DnfConfiguration found_;
  std::vector<Error>* errors_ = &found_.main_errors;
};

std::string place(const DnfPlacedSetting& setting) {
  return fmt::format("{}:{}", setting.path, setting.setting.line);
}

}  // namespace

const DnfPlacedSetting* DnfSection::find(std::string_view key) const {
  for (const auto& setting : std::views::reverse(settings)) {
    if (setting.setting.key == key) return &setting;
  }
  return nullptr;
}

DnfConfiguration read_dnf_configuration(const Root& root) {
  return Reader(root).read();
}

const DnfConfiguration& dnf_configuration_of(const sources::Sources& sources) {
  return sources.memo.get<DnfConfiguration>([&] { return read_dnf_configuration(sources.root); });
}

Field dnf_truth_field(const DnfSection& section, const DnfSection* parent, std::string_view key, bool fallback) {
  const auto* found = section.find(key);
  const auto* owner = &section;
  if (found == nullptr && parent != nullptr) {
    found = parent->find(key);
    owner = parent;
  }
  if (found == nullptr) return Field{fallback, section.path, {}};
  Field field{Absent{}, place(*found), {}};
  const auto truth = formats::dnf_truth(found->setting.value);
  if (truth) {
    field.state = *truth;
  } else {
    field.state = Unreadable{{Error::Kind::malformed, fmt::format("{}: {} = \"{}\" is neither yes nor no", field.source,
                                                                  key, found->setting.value)}};
  }
  const auto add = [&](const DnfSection& from) {
    for (const auto& setting : from.settings) {
      if (setting.setting.key == key && &setting != found) {
        field.overridden.push_back({place(setting), setting.setting.value});
      }
    }
  };
  add(*owner);
  if (parent != nullptr && owner != parent) add(*parent);
  return field;
}

}  // namespace plimsoll::probes
