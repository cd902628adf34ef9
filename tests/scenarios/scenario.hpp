// A scenario file: small worlds for one check, each with the verdict and the evidence that are expected there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/results.hpp"
#include "engine/core/value.hpp"
#include "tests/support/world.hpp"

namespace plimsoll::scenarios {

/// What some evidence item must say. Empty members are not compared.
struct ExpectedEvidence {
  std::optional<std::string> source, observed, expected, field, resource, bearing;
};

/// One parameter that a world sets, written as profiles write it: a list for a parameter of that type.
struct Setting {
  std::string name;
  std::string text;  ///< as the command line takes it: items of a list are separated by commas
  bool is_list = false;
};

struct World {
  std::string name;  ///< the sentence after `world:`
  std::uint32_t line = 0;
  tests::World state;  ///< the given, with this world's own on top
  std::vector<Setting> set;
  std::string verdict;
  std::vector<ExpectedEvidence> evidence;
  std::string reason;  ///< text that the reason must contain
};

struct Scenario {
  std::string topic;  ///< the folder
  std::string check;  ///< the file's name
  std::filesystem::path file;
  std::vector<World> worlds;
  std::string no_passing_world;  ///< why there is none; empty: there must be one
  std::string no_failing_world;
};

struct Loaded {
  std::vector<Scenario> scenarios;
  std::vector<std::string> problems;  ///< "file:line: what"
};

/// What is wrong with the form of a setting for a parameter of this type; empty: nothing.
[[nodiscard]] std::string misfit(const Setting& setting, ValueType type);

/// Every tests/scenarios/<topic>/<check-id>.yaml below the folder, sorted.
[[nodiscard]] Loaded load(const std::filesystem::path& folder);

}  // namespace plimsoll::scenarios
