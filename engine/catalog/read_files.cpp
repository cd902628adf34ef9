#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "engine/catalog/load.hpp"

namespace plimsoll::catalog {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_file_bytes = std::size_t{16} * 1024 * 1024;

void unreadable(const std::string& path, const std::string& why, std::vector<Diagnostic>& out) {
  out.push_back({{path, 0, 0}, "unreadable-file", why, {}, {}});
}

// Empty after reporting why.
std::optional<std::string> read_text(const std::string& path, std::vector<Diagnostic>& out) {
  struct stat meta{};
  if (::stat(path.c_str(), &meta) != 0) {
    unreadable(path, fmt::format("cannot be read: {}", std::generic_category().message(errno)), out);
    return std::nullopt;
  }
  if (!S_ISREG(meta.st_mode)) {
    unreadable(path, "is not a regular file", out);
    return std::nullopt;
  }
  if (static_cast<std::size_t>(meta.st_size) > max_file_bytes) {
    unreadable(path, fmt::format("is larger than {} MiB", max_file_bytes >> 20U), out);
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(meta.st_size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    unreadable(path, fmt::format("cannot be read: {}", std::generic_category().message(errno)), out);
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

bool is_yaml(const fs::path& path) {
  const auto name = path.filename().string();
  return !name.starts_with('.') && (path.extension() == ".yaml" || path.extension() == ".yml");
}

// All YAML files under a directory, in order of path.
std::vector<std::string> yaml_under(const std::string& directory, std::vector<Diagnostic>& out) {
  std::vector<std::string> paths;
  std::error_code error;
  fs::recursive_directory_iterator walk(directory, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    std::error_code ignored;  // a directory that looks like YAML is no file; anything else is read, or reported
    if (is_yaml(walk->path()) && !walk->is_directory(ignored)) paths.push_back(walk->path().string());
  }
  if (error) unreadable(directory, fmt::format("cannot be read: {}", error.message()), out);
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string without_prefix(const std::string& path, const std::string& directory) {
  const auto slash = directory.ends_with('/') ? directory : directory + "/";
  return path.starts_with(slash) ? path.substr(slash.size()) : path;
}

}  // namespace

FoundFiles read_files(std::span<const std::string> directories) {
  FoundFiles found;
  for (const auto& directory : directories) {
    std::error_code error;
    if (!fs::is_directory(directory, error)) {
      unreadable(directory, error ? fmt::format("cannot be read: {}", error.message()) : "is not a directory",
                 found.diagnostics);
      continue;
    }
    const std::string checks = (fs::path(directory) / "checks").string();
    const std::string profiles = (fs::path(directory) / "profiles").string();
    const bool has_checks = fs::is_directory(checks, error);
    const bool has_profiles = fs::is_directory(profiles, error);
    const std::size_t before = found.files.size() + found.diagnostics.size();
    const auto take = [&](const std::string& folder, SourceFile::Kind kind) {
      for (const auto& path : yaml_under(folder, found.diagnostics)) {
        auto text = read_text(path, found.diagnostics);
        if (!text) continue;
        std::string shown = directory == "." ? without_prefix(path, ".") : path;
        found.files.push_back({kind, std::move(shown), without_prefix(path, directory), std::move(*text)});
      }
    };
    if (has_checks) take(checks, SourceFile::Kind::checks);
    if (has_profiles) take(profiles, SourceFile::Kind::profile);
    if (!has_checks && !has_profiles) take(directory, SourceFile::Kind::either);
    if (found.files.size() + found.diagnostics.size() == before) {
      found.diagnostics.push_back({{directory, 0, 0}, "empty-file", "there is no YAML file in this directory", {}, {}});
    }
  }
  return found;
}

}  // namespace plimsoll::catalog
