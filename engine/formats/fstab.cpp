#include "engine/formats/fstab.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"
#include "engine/formats/mountinfo.hpp"

namespace plimsoll::formats {
namespace {

/// Options that exclude each other, one group a row.
constexpr std::array<std::array<std::string_view, 6>, 15> groups = {{
    {"rw", "ro"},
    {"suid", "nosuid"},
    {"dev", "nodev"},
    {"exec", "noexec"},
    {"auto", "noauto"},
    {"nouser", "user", "users", "owner", "group"},
    {"async", "sync"},
    {"atime", "noatime"},
    {"diratime", "nodiratime"},
    {"relatime", "norelatime"},
    {"strictatime", "nostrictatime"},
    {"lazytime", "nolazytime"},
    {"iversion", "noiversion"},
    {"mand", "nomand"},
    {"nosymfollow", "symfollow"},
}};

constexpr std::array<std::string_view, 7> defaults = {"rw", "suid", "dev", "exec", "auto", "nouser", "async"};

void put(std::vector<std::string>& out, std::string_view option) {
  const auto in_group = [&](const auto& group) { return std::find(group.begin(), group.end(), option) != group.end(); };
  const auto group = std::find_if(groups.begin(), groups.end(), in_group);
  std::erase_if(out, [&](const std::string& earlier) {
    if (earlier == option) return true;
    return group != groups.end() && std::find(group->begin(), group->end(), earlier) != group->end();
  });
  out.emplace_back(option);
}

}  // namespace

std::vector<FstabEntry> parse_fstab(std::string_view text) {
  std::vector<FstabEntry> out;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    FstabEntry entry;
    entry.line = lines.number();
    entry.source = unescape_octal(take_word(line));
    entry.path = unescape_octal(take_word(line));
    entry.type = unescape_octal(take_word(line));
    entry.options = split_options(unescape_octal(take_word(line)));
    if (entry.path.empty()) continue;
    if (entry.path.starts_with('/')) entry.path = plain_path(entry.path);
    out.push_back(std::move(entry));
  }
  return out;
}

std::vector<std::string> effective_options(const std::vector<std::string>& written) {
  std::vector<std::string> out;
  if (written.empty()) out.assign(defaults.begin(), defaults.end());
  for (const auto& option : written) {
    const auto name = std::string_view(option).substr(0, option.find('='));
    if (option == "defaults") {
      for (const auto implied : defaults) put(out, implied);
    } else if (name == "user" || option == "users" || option == "owner" || option == "group") {
      put(out, name);
      put(out, "nosuid");
      put(out, "nodev");
      if (name == "user" || option == "users") put(out, "noexec");
    } else {
      put(out, option);
    }
  }
  return out;
}

bool has_option(const std::vector<std::string>& options, std::string_view option) {
  return std::find(options.begin(), options.end(), option) != options.end();
}

}  // namespace plimsoll::formats
