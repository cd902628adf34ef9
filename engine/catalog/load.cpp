#include "engine/catalog/load.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <system_error>
#include <thread>

#include "engine/catalog/compile.hpp"
#include "engine/catalog/read_check.hpp"
#include "engine/catalog/read_profile.hpp"
#include "engine/catalog/state.hpp"

namespace plimsoll::catalog {

namespace {

bool is_profile(SourceFile::Kind kind, const formats::YamlNode& root) {
  return kind == SourceFile::Kind::profile ||
         (kind == SourceFile::Kind::either && (root.find("profile") != nullptr || root.find("extends") != nullptr));
}

/// What one file holds. A profile stays a tree: it is read when all checks are known.
struct FileContent {
  std::vector<CheckEntry> checks;
  std::optional<formats::YamlNode> profile;
  std::vector<Diagnostic> diagnostics;
};

FileContent read_content(const SourceFile& file, std::span<const ProbeSchema* const> schemas,
                         const LoadOptions& options) {
  FileContent content;
  const Reporter reporter(file, content.diagnostics);
  auto root = formats::parse_yaml(file.text);
  if (!root) {
    const auto& error = root.error();
    reporter.add("yaml-syntax", error.where.line, error.where.column, error.what);
  } else if (is_profile(file.kind, *root)) {
    content.profile = std::move(*root);
  } else {
    read_checks(*root, {schemas, options.check_pattern, reporter}, content.checks);
  }
  return content;
}

/// Of every file. This is most of the work of loading, so that processors share the files.
std::vector<FileContent> read_contents(std::span<const SourceFile> files, std::span<const ProbeSchema* const> schemas,
                                       const LoadOptions& options) {
  constexpr std::size_t max_threads = 8;
  std::vector<FileContent> contents(files.size());
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, std::greater(), [&](std::size_t at) { return files[at].text.size(); });  // the longest first
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t at = next++; at < order.size(); at = next++) {
      contents[order[at]] = read_content(files[order[at]], schemas, options);
    }
  };
  std::vector<std::jthread> helpers;
  const auto start_helper = [&] {
    try {
      helpers.emplace_back(work);
    } catch (const std::system_error&) {
      return false;  // a limit on threads: those that run do it all
    }
    return true;
  };
  const auto threads = std::min({std::size_t{std::thread::hardware_concurrency()}, max_threads, files.size()});
  while (helpers.size() + 1 < threads && start_helper()) {
  }
  work();
  helpers.clear();
  return contents;
}

class Loader {
 public:
  Loader(std::span<const ProbeSchema* const> schemas, const LoadOptions& options)
      : schemas_(schemas), options_(options) {}

  ImageOutcome run(std::span<const SourceFile> files, std::string_view version, const Catalog* base) {
    if (base != nullptr) {
      auto decoded = Decoder(base->state().view, schemas_).model();
      if (decoded) {
        base_ = std::move(*decoded);
      } else {
        diagnostics_.push_back(
            {{"", 0, 0}, "unreadable-file", "the shipped catalog is damaged, or was built for other probes", {}, {}});
      }
    }
    read(files);
    merge_checks();
    merge_profiles();
    sort_diagnostics(diagnostics_);
    ImageOutcome outcome;
    if (diagnostics_.empty()) outcome.image = compile(model_, version);
    outcome.diagnostics = std::move(diagnostics_);
    return outcome;
  }

 private:
  void read(std::span<const SourceFile> files) {
    auto contents = read_contents(files, schemas_, options_);
    for (std::size_t at = 0; at < files.size(); ++at) {
      auto& content = contents[at];
      std::ranges::move(content.checks, std::back_inserter(entries_));
      std::ranges::move(content.diagnostics, std::back_inserter(diagnostics_));
      if (content.profile) profile_sources_.push_back({&files[at], std::move(*content.profile)});
    }
  }

  void merge_checks() {
    std::map<std::string, const CheckEntry*, std::less<>> first;
    for (const auto& entry : entries_) {
      if (entry.check.id.empty()) continue;
      const auto [known, added] = first.try_emplace(entry.check.id, &entry);
      if (added) continue;
      Reporter(*entry.file, diagnostics_)
          .add("duplicate-id", entry.line, entry.column,
               fmt::format("check `{}` stands in {}:{} already", entry.check.id, known->second->file->file,
                           known->second->line));
    }
    for (auto& check : base_.checks) {
      if (!first.contains(check.id)) model_.checks.push_back(std::move(check));
    }
    for (const auto& [id, entry] : first) model_.checks.push_back(entry->check);
    const auto by_id = [](const auto& left, const auto& right) { return left.id < right.id; };
    std::sort(model_.checks.begin(), model_.checks.end(), by_id);
    check_replaced(first);
  }

  // Shipped rows were checked against shipped checks; a replaced check has to serve them as well.
  void check_replaced(const std::map<std::string, const CheckEntry*, std::less<>>& entries) {
    for (const auto& profile : base_.profiles) {
      for (const auto& row : profile.rows) {
        for (const auto& row_check : row.checks) {
          const auto found = entries.find(row_check.check);
          if (found == entries.end()) continue;
          const CheckEntry& entry = *found->second;
          const Reporter reporter(*entry.file, diagnostics_);
          const std::string place = fmt::format("row {} of profile `{}`", row.id, profile.id);
          for (const auto& [name, value] : row_check.set) {
            const auto same = std::find_if(
                entry.check.parameters.begin(), entry.check.parameters.end(), [&](const Parameter& parameter) {
                  return parameter.name == name && parameter.fallback.index() == value.index();
                });
            if (same == entry.check.parameters.end()) {
              reporter.add(
                  "replaced-check", entry.line, entry.column,
                  fmt::format("{} sets `{}`, which this check does not have as the shipped one does", place, name));
            }
          }
          if (row.assessment != Assessment::manual && only_shows(entry.check.check)) {
            reporter.add("replaced-check", entry.line, entry.column,
                         fmt::format("{} is automated, and this check only gathers evidence", place));
          }
        }
      }
    }
  }

  void merge_profiles() {
    const ProfileInput input{profile_sources_, &model_, base_.profiles, schemas_, options_.check_pattern};
    auto profiles = read_profiles(input, diagnostics_);
    for (auto& shipped : base_.profiles) {
      const bool replaced =
          std::any_of(profiles.begin(), profiles.end(), [&](const Profile& own) { return own.id == shipped.id; });
      if (!replaced) model_.profiles.push_back(shipped);
    }
    for (auto& profile : profiles) model_.profiles.push_back(std::move(profile));
    std::sort(model_.profiles.begin(), model_.profiles.end(),
              [](const Profile& left, const Profile& right) { return left.id < right.id; });
  }

  std::span<const ProbeSchema* const> schemas_;
  const LoadOptions& options_;
  Model base_;
  Model model_;
  std::vector<CheckEntry> entries_;
  std::vector<ProfileSource> profile_sources_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace

ImageOutcome compile_files(std::span<const SourceFile> files, std::string_view version, const Catalog* base,
                           std::span<const ProbeSchema* const> schemas, const LoadOptions& options) {
  return Loader(schemas, options).run(files, version, base);
}

LoadOutcome load_files(std::span<const SourceFile> files, std::string_view version, const Catalog* base,
                       std::span<const ProbeSchema* const> schemas, const LoadOptions& options) {
  auto compiled = compile_files(files, version, base, schemas, options);
  LoadOutcome outcome;
  outcome.diagnostics = std::move(compiled.diagnostics);
  if (outcome.diagnostics.empty()) outcome.catalog = catalog_of(std::move(compiled.image));
  return outcome;
}

LoadOutcome load(std::span<const std::string> directories, const Catalog* base,
                 std::span<const ProbeSchema* const> schemas, const LoadOptions& options) {
  auto found = read_files(directories);
  std::string names;
  for (const auto& directory : directories) names += (names.empty() ? "" : ", ") + directory;
  const std::string version = base == nullptr ? names : fmt::format("{} with {}", base->version(), names);
  auto outcome = load_files(found.files, version, base, schemas, options);
  if (!found.diagnostics.empty()) {
    outcome.catalog.reset();
    outcome.diagnostics.insert(outcome.diagnostics.end(), found.diagnostics.begin(), found.diagnostics.end());
    sort_diagnostics(outcome.diagnostics);
  }
  return outcome;
}

}  // namespace plimsoll::catalog
