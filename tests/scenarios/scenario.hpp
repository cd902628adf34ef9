// A scenario file: small worlds for one check, each with the verdict and the evidence that are expected there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/results.hpp"
#include "tests/support/world.hpp"

namespace plimsoll::scenarios {

/// What some evidence item must say. Empty members are not compared.
struct ExpectedEvidence {
  std::optional<std::string> source, observed, expected, field, resource, bearing;
};

struct World {
  std::string name;  ///< the sentence after `world:`
  std::uint32_t line = 0;
  tests::World state;  ///< the given, with this world's own on top
  std::vector<std::pair<std::string, std::string>> set;
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

/// Every tests/scenarios/<topic>/<check-id>.yaml below the folder, sorted.
[[nodiscard]] Loaded load(const std::filesystem::path& folder);

}  // namespace plimsoll::scenarios
