#include "engine/probes/polkit_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/core/text.hpp"

namespace plimsoll::probes {
namespace {

// polkit(8); those in /run and /usr/local since version 125. Files of the same name are all read, in this order.
constexpr std::array<std::string_view, 4> places = {"/etc/polkit-1", "/run/polkit-1", "/usr/local/share/polkit-1",
                                                    "/usr/share/polkit-1"};
constexpr std::array<std::string_view, 2> authorities = {"/var/lib/polkit-1/localauthority",
                                                         "/etc/polkit-1/localauthority"};

/// The files of a directory with this ending, by name; `error` keeps what listing it fails with.
std::vector<std::string> files_in(const sources::Root& root, const std::string& directory, std::string_view ending,
                                  std::optional<Error>& error, bool directories = false) {
  std::vector<std::string> paths;
  const auto entries = root.list(directory);
  if (!entries) {
    if (!is_missing(entries.error())) error = entries.error();
    return paths;
  }
  for (const auto& entry : *entries) {
    if (directories && entry.type != sources::FileType::directory) continue;
    if (entry.name.ends_with(ending)) paths.push_back(fmt::format("{}/{}", directory, entry.name));
  }
  return paths;
}

/// What a file holds; an error says of which file.
template <class Parse>
auto read_file(const sources::Root& root, const std::string& path, Parse parse) -> decltype(parse(path)) {
  const auto text = root.read(path, sources::max_config_bytes);
  if (!text) return std::unexpected(text.error());
  auto parsed = parse(*text);
  if (parsed) return parsed;
  return std::unexpected(Error{parsed.error().kind, fmt::format("{}: {}", path, parsed.error().what)});
}

bool is_there(const sources::Root& root, std::string_view path) {
  const auto status = root.status(path);
  return status || !is_missing(status.error());
}

/// Local authority files count for polkit before 0.106, which has no rules in JavaScript, and for a later one with the
/// program that reads them for it.
bool reads_authorities(const sources::Root& root) {
  const bool scripts = is_there(root, "/etc/polkit-1/rules.d") || is_there(root, "/usr/share/polkit-1/rules.d");
  return !scripts || is_there(root, "/usr/bin/pkla-check-authorization") ||
         is_there(root, "/usr/share/polkit-1/rules.d/49-polkit-pkla-compat.rules");
}

void read_scripts(const sources::Root& root, PolkitFiles& found) {
  std::vector<std::string> paths;
  for (const auto place : places) {
    for (auto& path : files_in(root, fmt::format("{}/rules.d", place), ".rules", found.deciders_error)) {
      paths.push_back(std::move(path));
    }
  }
  std::stable_sort(paths.begin(), paths.end(),
                   [](const auto& left, const auto& right) { return base_name(left) < base_name(right); });
  for (auto& path : paths) {
    PolkitDecider decider{.path = std::move(path), .error = {}, .grants = {}};
    const auto text = root.read(decider.path, sources::max_config_bytes);
    if (text) {
      decider.may_decide = formats::polkit_rules_may_decide(*text);
    } else {
      decider.error = text.error();
    }
    found.deciders.push_back(std::move(decider));
  }
}

void read_authorities(const sources::Root& root, PolkitFiles& found) {
  const bool in_use = reads_authorities(root);
  for (const auto authority : authorities) {
    for (const auto& directory : files_in(root, std::string(authority), "", found.deciders_error, true)) {
      for (auto& path : files_in(root, directory, ".pkla", found.deciders_error)) {
        PolkitDecider decider{.path = std::move(path), .script = false, .in_use = in_use, .error = {}, .grants = {}};
        auto grants = read_file(root, decider.path, formats::parse_polkit_grants);
        if (grants) {
          decider.may_decide = in_use && !grants->empty();
          decider.grants = std::move(*grants);
        } else {
          decider.may_decide = in_use;
          decider.error = grants.error();
        }
        found.deciders.push_back(std::move(decider));
      }
    }
  }
}

void read_actions(const sources::Root& root, PolkitFiles& found) {
  for (const auto place : places) {
    for (auto& path : files_in(root, fmt::format("{}/actions", place), ".policy", found.actions_error)) {
      auto actions = read_file(root, path, formats::parse_polkit_actions);
      found.actions.push_back({std::move(path), std::move(actions)});
    }
  }
}

}  // namespace

const PolkitFiles& polkit_files_of(const sources::Sources& sources) {
  return sources.memo.get<PolkitFiles>([&] {
    PolkitFiles found;
    read_scripts(sources.root, found);
    read_authorities(sources.root, found);
    read_actions(sources.root, found);
    return found;
  });
}

}  // namespace plimsoll::probes
