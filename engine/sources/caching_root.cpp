#include "engine/sources/caching_root.hpp"

#include <fmt/core.h>

namespace plimsoll::sources {
namespace {

bool changes_meanwhile(std::string_view path) {
  return path.starts_with("/proc/") || path.starts_with("/sys/");
}

constexpr auto always = [](const auto&) { return true; };

}  // namespace

Result<std::string> CachingRoot::read(std::string_view path, std::size_t max_bytes) const {
  if (changes_meanwhile(path)) return inner_.read(path, max_bytes);
  // What was too large for one reader may be small enough for another.
  const auto keep = [](const Result<std::string>& text) {
    return text ? text->size() <= max_kept_bytes : text.error().kind != Error::Kind::too_large;
  };
  auto text = contents_.get(path, [&] { return inner_.read(path, max_bytes); }, keep);
  if (text && text->size() > max_bytes) {
    return std::unexpected(
        Error{.kind = Error::Kind::too_large, .what = fmt::format("{} is larger than {} bytes", path, max_bytes)});
  }
  return text;
}

Result<FileStatus> CachingRoot::status(std::string_view path) const {
  if (changes_meanwhile(path)) return inner_.status(path);
  return statuses_.get(path, [&] { return inner_.status(path); }, always);
}

Result<FileStatus> CachingRoot::link_status(std::string_view path) const {
  if (changes_meanwhile(path)) return inner_.link_status(path);
  return link_statuses_.get(path, [&] { return inner_.link_status(path); }, always);
}

Result<std::string> CachingRoot::read_link(std::string_view path) const {
  if (changes_meanwhile(path)) return inner_.read_link(path);
  return links_.get(path, [&] { return inner_.read_link(path); }, always);
}

Result<std::vector<DirectoryEntry>> CachingRoot::list(std::string_view path) const {
  if (changes_meanwhile(path)) return inner_.list(path);
  const auto keep = [](const Result<std::vector<DirectoryEntry>>& entries) {
    return !entries || entries->size() <= max_kept_entries;
  };
  return lists_.get(path, [&] { return inner_.list(path); }, keep);
}

Result<std::string> CachingRoot::attribute(std::string_view path, std::string_view name) const {
  if (changes_meanwhile(path)) return inner_.attribute(path, name);
  // NUL stands in no path and no name.
  const auto key = fmt::format("{}{}{}", path, '\0', name);
  return attributes_.get(key, [&] { return inner_.attribute(path, name); }, always);
}

}  // namespace plimsoll::sources
