#include "engine/probes/apparmor_profiles.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_tunable_depth = 4;

/// Names that apparmor_parser passes over when it loads a directory.
bool is_left_over(std::string_view name) {
  constexpr std::array<std::string_view, 10> endings = {".dpkg-new",    ".dpkg-old", ".dpkg-dist", ".dpkg-bak",
                                                        ".dpkg-remove", ".pacsave",  ".pacnew",    ".rpmnew",
                                                        ".rpmsave",     ".orig"};
  if (name.starts_with('.') || name.ends_with('~') || name.ends_with(".rej") || name == "README") return true;
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return name.ends_with(ending); });
}

class Reader {
 public:
  explicit Reader(const sources::Root& root) : root_(root) {}

  AppArmorProfiles read() {
    read_kernel();
    read_tunables(fmt::format("{}/tunables", apparmor_directory), 0);
    read_directory(std::string(apparmor_directory), true);
    read_directory("/var/lib/snapd/apparmor/profiles", false);
    return std::move(out_);
  }

 private:
  void note(const Error& error) {
    if (error.kind != Error::Kind::not_found && !out_.disk_error) out_.disk_error = error;
  }

  void read_kernel() {
    constexpr std::string_view parameter = "/sys/module/apparmor/parameters/enabled";
    if (!sources::kernel_visible(root_)) {
      out_.enabled = std::unexpected(sources::kernel_not_visible(parameter));
      out_.loaded = std::unexpected(sources::kernel_not_visible(apparmor_loaded_path));
      return;
    }
    const auto enabled = root_.read(parameter, sources::max_proc_bytes);
    if (enabled) {
      out_.enabled = trimmed(*enabled) == "Y";
    } else if (enabled.error().kind != Error::Kind::not_found) {
      out_.enabled = std::unexpected(enabled.error());
    }
    if (out_.enabled && !*out_.enabled) return;
    const auto text = root_.read(apparmor_loaded_path, sources::max_proc_bytes);
    if (text) {
      out_.loaded = formats::parse_apparmor_labels(*text);
    } else if (text.error().kind == Error::Kind::not_found) {
      out_.loaded = std::unexpected(Error{Error::Kind::unobservable,
                                          fmt::format("{} is not there, though AppArmor is on", apparmor_loaded_path),
                                          "mount securityfs at /sys/kernel/security"});
    } else {
      out_.loaded = std::unexpected(text.error());
    }
  }

  void read_tunables(const std::string& directory, std::size_t depth) {
    const auto entries = root_.list(directory);
    if (!entries) return note(entries.error());
    for (const auto& entry : *entries) {
      const auto path = directory + "/" + entry.name;
      if (entry.type == sources::FileType::directory) {
        if (depth < max_tunable_depth) read_tunables(path, depth + 1);
        continue;
      }
      if (is_left_over(entry.name)) continue;
      const auto text = root_.read(path, sources::max_config_bytes);
      if (!text) {
        note(text.error());
        continue;
      }
      // Several files add to one variable (home, home.d), in whatever order they are included.
      for (auto& [name, values] : formats::parse_apparmor_file(*text).variables) {
        auto& known = out_.tunables[name];
        known.insert(known.end(), values.begin(), values.end());
      }
    }
  }

  void read_directory(const std::string& directory, bool with_links) {
    const auto entries = root_.list(directory);
    if (!entries) return note(entries.error());
    for (const auto& entry : *entries) {
      if (entry.type == sources::FileType::directory || is_left_over(entry.name)) continue;
      const auto path = directory + "/" + entry.name;
      const auto status = root_.status(path);
      if (status && status->type != sources::FileType::regular) continue;
      const auto text = root_.read(path, sources::max_config_bytes);
      if (!text) {
        note(text.error());
        continue;
      }
      auto file = formats::parse_apparmor_file(*text);
      const auto disable = fmt::format("{}/disable/{}", directory, entry.name);
      const auto complain = fmt::format("{}/force-complain/{}", directory, entry.name);
      const bool disabled = with_links && root_.link_status(disable).has_value();
      const bool forced = with_links && root_.link_status(complain).has_value();
      for (auto& profile : file.profiles) {
        DiskProfile made;
        made.mode = disabled ? "disabled" : forced ? "complain" : std::string(profile.mode());
        made.source = disabled ? disable : forced ? complain : fmt::format("{}:{}", path, profile.line);
        // Variables of the file itself hold for it alone; put in here, they need not be kept.
        if (const auto patterns = formats::expand_apparmor_pattern(profile.name, file.variables);
            patterns.size() == 1 && profile.name.find('{') == 1) {
          profile.name = patterns.front();
        }
        for (const auto& [name, values] : file.variables) out_.tunables.try_emplace(name, values);
        made.profile = std::move(profile);
        out_.on_disk.push_back(std::move(made));
      }
    }
  }

  const sources::Root& root_;
  AppArmorProfiles out_;
};

}  // namespace

const AppArmorProfiles& apparmor_profiles(const sources::Sources& sources) {
  return sources.memo.get<AppArmorProfiles>([&] { return Reader(sources.root).read(); });
}

}  // namespace plimsoll::probes
