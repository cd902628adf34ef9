#include "engine/formats/mountinfo.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/core/value.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

std::optional<Mount> parse_line(std::string_view line) {
  Mount mount;
  const auto id = parse_integer(take_word(line));
  const auto parent = parse_integer(take_word(line));
  mount.device = std::string(take_word(line));
  mount.root = unescape_octal(take_word(line));
  mount.path = unescape_octal(take_word(line));
  mount.options = split_options(take_word(line));
  if (!id || !parent || mount.device.find(':') == std::string::npos || mount.path.empty()) return std::nullopt;
  mount.id = *id;
  mount.parent = *parent;
  std::string_view word;
  do {  // optional fields: shared:1, master:2, …
    word = take_word(line);
    if (word.empty()) return std::nullopt;
  } while (word != "-");
  mount.type = unescape_octal(take_word(line));
  // The source may be empty (mount -t tmpfs "" /x): then two blanks stand together.
  if (line.starts_with("  ")) {
    line.remove_prefix(1);
  } else {
    mount.source = unescape_octal(take_word(line));
  }
  mount.superblock = split_options(take_word(line));
  if (mount.type.empty()) return std::nullopt;
  return mount;
}

std::string_view option_value(const std::vector<std::string>& options, std::string_view name) {
  for (const auto& option : options) {
    if (option.starts_with(name)) return std::string_view(option).substr(name.size());
  }
  return {};
}

}  // namespace

Result<std::vector<Mount>> parse_mountinfo(std::string_view text) {
  std::vector<Mount> out;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (line.empty()) continue;
    auto mount = parse_line(line);
    if (!mount) {
      return std::unexpected(Error{Error::Kind::malformed,
                                   fmt::format("line {} of the mount table is not as proc(5) says", lines.number())});
    }
    mount->line = lines.number();
    out.push_back(std::move(*mount));
  }
  return out;
}

std::vector<const Mount*> mounts_on_the_way(const std::vector<Mount>& mounts, std::string_view path) {
  std::unordered_set<std::int64_t> ids;
  for (const auto& mount : mounts) ids.insert(mount.id);
  std::vector<const Mount*> way;
  // The mount on `place` of the tree position reached so far; stacked mounts are children of the one below.
  const auto cross = [&](std::string_view place) {
    for (std::size_t steps = 0; steps <= mounts.size(); ++steps) {
      const Mount* found = nullptr;
      for (const auto& mount : mounts) {
        if (mount.path != place || (!way.empty() && &mount == way.back())) continue;
        const bool child =
            way.empty() ? !ids.contains(mount.parent) || mount.parent == mount.id : mount.parent == way.back()->id;
        if (child) found = &mount;
      }
      if (found == nullptr) return;
      way.push_back(found);
    }
  };
  cross("/");
  const std::string wanted = plain_path(path);
  if (wanted == "/") return way;
  for (std::size_t end = wanted.find('/', 1);; end = wanted.find('/', end + 1)) {
    cross(std::string_view(wanted).substr(0, end));
    if (end == std::string::npos) return way;
  }
}

bool is_separate(const std::vector<const Mount*>& way, std::string_view path) {
  const std::string wanted = plain_path(path);
  if (way.empty() || way.back()->path != wanted || way.back()->type == "autofs") return false;
  const Mount& own = *way.back();
  return std::none_of(way.begin(), way.end(), [&](const Mount* above) {
    if (above->path == wanted || above->type == "autofs" || above->device != own.device) return false;
    if (own.type != "btrfs") return true;
    return option_value(own.superblock, "subvolid=") == option_value(above->superblock, "subvolid=");
  });
}

std::vector<std::string> running_options(const Mount& mount) {
  std::vector<std::string> out;
  const auto add = [&](const std::vector<std::string>& options) {
    for (const auto& option : options) {
      if (option == "rw" || option == "ro" || std::find(out.begin(), out.end(), option) != out.end()) continue;
      out.push_back(option);
    }
  };
  const auto has_ro = [](const std::vector<std::string>& options) {
    return std::find(options.begin(), options.end(), "ro") != options.end();
  };
  out.emplace_back(has_ro(mount.options) || has_ro(mount.superblock) ? "ro" : "rw");
  add(mount.options);
  add(mount.superblock);
  return out;
}

std::string plain_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = path.find('/');
    const auto part = path.substr(0, end);
    if (!part.empty() && part != ".") out.append("/").append(part);
    if (end == std::string_view::npos) break;
    path.remove_prefix(end + 1);
  }
  return out.empty() ? "/" : out;
}

std::string unescape_octal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 3 < text.size() && text[at + 1] <= '3' && is_octal(text[at + 1]) &&
        is_octal(text[at + 2]) && is_octal(text[at + 3])) {
      out.push_back(static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0')));
      at += 3;
    } else {
      out.push_back(text[at]);
    }
  }
  return out;
}

std::vector<std::string> split_options(std::string_view text) {
  std::vector<std::string> out;
  std::string option;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      if (!option.empty()) out.push_back(std::move(option));
      option.clear();
    } else {
      option.push_back(c);
    }
  }
  if (!option.empty()) out.push_back(std::move(option));
  return out;
}

}  // namespace plimsoll::formats
