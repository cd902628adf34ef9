#include "engine/probes/path_glob.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "engine/formats/glob.hpp"

namespace plimsoll::probes {

Result<std::vector<std::string>> glob_paths(const sources::Root& root, std::string_view pattern) {
  constexpr std::size_t max_paths = 10'000;
  std::vector<std::string> found = {""};
  std::string_view rest = pattern;
  while (!rest.empty() && !found.empty()) {
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
    if (rest.empty()) break;
    const auto part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(part.size());

    std::vector<std::string> next;
    for (const auto& directory : found) {
      if (!formats::is_glob(part)) {
        next.push_back(fmt::format("{}/{}", directory, part));
        continue;
      }
      const auto entries = root.list(directory.empty() ? "/" : directory);
      if (!entries) {
        const auto kind = entries.error().kind;
        if (kind == Error::Kind::not_found || kind == Error::Kind::unsupported) continue;
        return std::unexpected(entries.error());
      }
      for (const auto& entry : *entries) {
        // What is neither a directory nor leads to one holds nothing that the rest of the pattern could name.
        if (!rest.empty() && entry.type == sources::FileType::regular) continue;
        if (formats::glob_matches(part, entry.name, formats::GlobKind::path)) {
          next.push_back(fmt::format("{}/{}", directory, entry.name));
        }
      }
    }
    if (next.size() > max_paths) {
      return std::unexpected(Error{Error::Kind::too_large, fmt::format("too many files fit {}", pattern)});
    }
    found = std::move(next);
  }
  std::vector<std::string> paths;
  for (auto& path : found) {
    const auto status = root.link_status(path);
    if (status) {
      paths.push_back(std::move(path));
    } else if (status.error().kind != Error::Kind::not_found) {
      return std::unexpected(status.error());
    }
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace plimsoll::probes
