#include "tests/scenarios/scenario.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/formats/yaml.hpp"

namespace plimsoll::scenarios {

namespace {

namespace fs = std::filesystem;
using formats::YamlNode;

// Keys of an entry that say what is expected; the others describe the world itself.
constexpr std::string_view own_keys[] = {"world", "given", "set", "verdict", "evidence", "reason"};

class Reader {
 public:
  Reader(fs::path file, std::vector<std::string>& problems) : file_(std::move(file)), problems_(problems) {}

  Scenario read() {
    Scenario scenario;
    scenario.file = file_;
    scenario.topic = file_.parent_path().filename().string();
    scenario.check = file_.stem().string();
    std::ifstream stream(file_, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    const auto parsed = formats::parse_yaml(text);
    if (!parsed) {
      complain(parsed.error().where.line, parsed.error().what);
      return scenario;
    }
    if (!parsed->is_sequence()) {
      complain(parsed->line, "a scenario file is a list of worlds");
      return scenario;
    }
    tests::World given;
    for (const auto& entry : parsed->items) read_entry(entry, given, scenario);
    return scenario;
  }

 private:
  void complain(std::uint32_t line, std::string_view what) {
    problems_.push_back(fmt::format("{}:{}: {}", file_.string(), line, what));
  }

  void read_entry(const YamlNode& entry, tests::World& given, Scenario& scenario) {
    if (!entry.is_map()) return complain(entry.line, "each entry is a map with `world:` or `given:`");
    if (const auto* why = entry.find("no_passing_world")) {
      scenario.no_passing_world = why->text;
    } else if (const auto* reason = entry.find("no_failing_world")) {
      scenario.no_failing_world = reason->text;
    } else if (entry.find("given") != nullptr) {
      given = tests::merged(std::move(given), state_of(entry));
    } else if (entry.find("world") != nullptr) {
      scenario.worlds.push_back(read_world(entry, given));
    } else {
      complain(entry.line, "an entry needs `world:`, `given:`, `no_passing_world:` or `no_failing_world:`");
    }
  }

  tests::World state_of(const YamlNode& entry) {
    auto state = tests::parse_world(entry, own_keys);
    if (state) return std::move(*state);
    complain(state.error().where.line, state.error().what);
    return {};
  }

  World read_world(const YamlNode& entry, const tests::World& given) {
    World world;
    world.line = entry.line;
    world.name = entry.find("world")->text;
    world.state = tests::merged(given, state_of(entry));
    if (const auto* set = entry.find("set")) read_settings(*set, world);
    if (const auto* verdict = entry.find("verdict")) world.verdict = verdict->text;
    constexpr std::string_view verdicts[] = {"pass", "fail", "error", "not_applicable", "manual"};
    if (std::find(std::begin(verdicts), std::end(verdicts), world.verdict) == std::end(verdicts)) {
      complain(entry.line, "`verdict:` is pass, fail, error, not_applicable or manual");
    }
    if (const auto* reason = entry.find("reason")) world.reason = reason->text;
    if (const auto* evidence = entry.find("evidence")) {
      if (evidence->is_sequence()) {
        for (const auto& item : evidence->items) world.evidence.push_back(read_evidence(item));
      } else {
        world.evidence.push_back(read_evidence(*evidence));
      }
    }
    return world;
  }

  void read_settings(const YamlNode& set, World& world) {
    if (!set.is_map() || set.entries.empty()) complain(set.line, "`set:` is a map of parameters and values");
    for (const auto& [name, value] : set.entries) {
      Setting setting{.name = name.text, .text = value.text, .is_list = value.is_sequence()};
      if (!value.is_scalar() && !value.is_sequence()) {
        complain(value.line, fmt::format("`{}` of `set:` is a value or a list of values", name.text));
      }
      for (const auto& item : value.items) {
        // The command line, whose form this is handed on in, knows no item that is empty or holds a comma.
        if (!item.is_scalar() || item.text.empty() || item.text.find(',') != std::string::npos) {
          complain(item.line, fmt::format("an item of `{}` is a text without commas", name.text));
        }
        setting.text += (setting.text.empty() ? "" : ",") + item.text;
      }
      world.set.push_back(std::move(setting));
    }
  }

  ExpectedEvidence read_evidence(const YamlNode& node) {
    ExpectedEvidence expected;
    if (!node.is_map() || node.entries.empty()) complain(node.line, "`evidence:` is a map, or a list of maps");
    for (const auto& [key, value] : node.entries) {
      if (key.text == "source") {
        expected.source = value.text;
      } else if (key.text == "observed") {
        expected.observed = value.text;
      } else if (key.text == "expected") {
        expected.expected = value.text;
      } else if (key.text == "field") {
        expected.field = value.text;
      } else if (key.text == "resource") {
        expected.resource = value.text;
      } else if (key.text == "bearing") {
        expected.bearing = value.text;
      } else {
        complain(key.line, fmt::format("unknown key `{}` of evidence", key.text));
      }
    }
    return expected;
  }

  fs::path file_;
  std::vector<std::string>& problems_;
};

}  // namespace

std::string misfit(const Setting& setting, ValueType type) {
  if (setting.is_list == (type == ValueType::list)) return {};
  return fmt::format("`{}` of `set:` {}", setting.name,
                     setting.is_list ? "is one value, no list" : "is a list: write [a, b]");
}

Loaded load(const fs::path& folder) {
  Loaded loaded;
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (entry.is_regular_file() && entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) loaded.scenarios.push_back(Reader(file, loaded.problems).read());
  return loaded;
}

}  // namespace plimsoll::scenarios
