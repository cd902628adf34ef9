#include "engine/probes/apt_configuration.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>

#include "engine/core/ascii.hpp"

namespace plimsoll::probes {
namespace {

using sources::FileType;
using sources::Root;

bool is_looked_at(std::string_view name, const std::vector<std::string_view>& endings) {
  constexpr std::string_view others = "-_.";
  const bool plain = std::ranges::all_of(name, [&](char c) { return is_letter_or_digit(c) || others.contains(c); });
  if (!plain || name.starts_with('.')) return false;
  return std::ranges::any_of(endings, [&](std::string_view ending) {
    return ending.empty() ? !name.contains('.') : name.size() > ending.size() && name.ends_with(ending);
  });
}

/// The text of a file; an error that is not "not there" is kept.
std::optional<std::string> read(const Root& root, const std::string& path, std::vector<Error>& errors) {
  auto text = root.read(path, sources::max_config_bytes);
  if (text) return std::move(*text);
  if (!is_missing(text.error())) errors.push_back(text.error());
  return {};
}

}  // namespace

Result<std::vector<std::string>> apt_files(const Root& root, std::string_view directory,
                                           const std::vector<std::string_view>& endings) {
  std::vector<std::string> paths;
  const auto entries = root.list(directory);
  if (!entries && is_missing(entries.error())) return paths;
  if (!entries) return std::unexpected(entries.error());
  for (const auto& entry : *entries) {
    if (!is_looked_at(entry.name, endings)) continue;
    auto path = fmt::format("{}/{}", directory, entry.name);
    const auto status = root.status(path);
    if (status && status->type == FileType::regular) paths.push_back(std::move(path));
  }
  return paths;
}

AptSources read_apt_sources(const Root& root) {
  AptSources found;
  auto paths = apt_files(root, "/etc/apt/sources.list.d", {".list", ".sources"});
  if (!paths) {
    found.errors.push_back(paths.error());
    paths = std::vector<std::string>();
  }
  paths->insert(paths->begin(), "/etc/apt/sources.list");
  for (auto& path : *paths) {
    const auto text = read(root, path, found.errors);
    if (!text) continue;
    auto sources = path.ends_with(".sources") ? formats::parse_apt_sources(*text) : formats::parse_apt_list(*text);
    if (sources) {
      found.files.push_back({std::move(path), std::move(*sources)});
    } else {
      found.errors.push_back({sources.error().kind, fmt::format("{}: {}; apt refuses it", path, sources.error().what)});
    }
  }
  return found;
}

AptSettings read_apt_settings(const Root& root) {
  AptSettings found;
  auto paths = apt_files(root, "/etc/apt/apt.conf.d", {"", ".conf"});
  if (!paths) {
    found.errors.push_back(paths.error());
    paths = std::vector<std::string>();
  }
  paths->push_back("/etc/apt/apt.conf");
  for (const auto& path : *paths) {
    const auto text = read(root, path, found.errors);
    if (!text) continue;
    if (const auto done = found.tree.read(path, *text); !done) found.errors.push_back(done.error());
  }
  return found;
}

std::string address_without_password(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme == std::string_view::npos) return std::string(address);
  const auto begin = scheme + 3;
  const auto host = address.substr(begin, address.find('/', begin) - begin);
  const auto at = host.rfind('@');
  if (at == std::string_view::npos) return std::string(address);
  return fmt::format("{}***{}", address.substr(0, begin), address.substr(begin + at));
}

}  // namespace plimsoll::probes
