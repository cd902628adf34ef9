#include "engine/probes/unit_command.hpp"

#include <fmt/core.h>

#include <utility>

#include "engine/formats/os_release.hpp"
#include "engine/formats/unit_file.hpp"
#include "engine/probes/unit_files.hpp"

namespace plimsoll::probes {

Result<void> read_environment(const sources::Root& root, std::string path, Environment& environment) {
  if (path.starts_with('-')) path.erase(0, 1);
  const auto text = root.read(path, sources::max_config_bytes);
  if (!text) {
    if (text.error().kind == Error::Kind::not_found) return {};
    return std::unexpected(text.error());
  }
  const auto entries = formats::parse_os_release(*text);  // the same syntax
  if (!entries) {
    auto error = entries.error();
    error.what = fmt::format("{}: {}", path, error.what);
    return std::unexpected(std::move(error));
  }
  for (const auto& entry : *entries) environment.insert_or_assign(entry.key, entry.value);
  return {};
}

std::vector<std::string> expand_words(const std::vector<std::string>& words, const Environment& environment) {
  const auto value = [&](std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string{} : found->second;
  };
  std::vector<std::string> expanded;
  for (std::string word : words) {
    if (word.size() > 1 && word.front() == '$' && word[1] != '{' && word[1] != '$') {
      for (auto& part : formats::unit_words(value(word.substr(1)))) expanded.push_back(std::move(part));
      continue;
    }
    for (auto open = word.find("${"); open != std::string::npos; open = word.find("${", open)) {
      const auto close = word.find('}', open);
      if (close == std::string::npos) break;
      const auto text = value(word.substr(open + 2, close - open - 2));
      word.replace(open, close - open + 1, text);
      open += text.size();
    }
    expanded.push_back(std::move(word));
  }
  return expanded;
}

namespace {

Result<UnitCommand> command_of(const sources::Root& root, const Unit& unit) {
  UnitCommand found;
  found.unit = unit.name;
  Environment environment;
  std::vector<std::string> files;
  std::string command;
  for (std::size_t i = 0; i < unit.assignments.size(); ++i) {
    const auto& [section, key, value, line] = unit.assignments[i];
    if (section != "Service") continue;
    if (key == "ExecStart") {
      command = value;
      found.source = unit.assignment_sources[i];
    } else if (key == "EnvironmentFile") {
      formats::add_to_unit_list(files, value);
    } else if (key == "Environment") {
      if (value.empty()) environment.clear();
      for (const auto& word : formats::unit_words(value)) {
        if (const auto equals = word.find('='); equals != std::string::npos) {
          environment.insert_or_assign(word.substr(0, equals), word.substr(equals + 1));
        }
      }
    }
  }
  for (const auto& file : files) {
    if (auto read = read_environment(root, file, environment); !read) return std::unexpected(read.error());
  }
  found.words = expand_words(formats::unit_words(command), environment);
  return found;
}

}  // namespace

Result<UnitCommand> read_unit_command(const sources::Sources& sources, std::span<const std::string_view> names) {
  const auto& units = unit_files_of(sources);
  if (units.error() != nullptr) return std::unexpected(*units.error());
  for (const auto name : names) {
    const auto unit = units.load(name);
    if (!unit) return std::unexpected(unit.error());
    if (!unit->path.empty()) return command_of(sources.root, *unit);
  }
  return UnitCommand{};
}

}  // namespace plimsoll::probes
