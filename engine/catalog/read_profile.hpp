// Files under profiles/: one profile each, resolved against the checks and against the profiles that they extend.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/model.hpp"
#include "engine/catalog/read_expression.hpp"

namespace plimsoll::catalog {

struct ProfileSource {
  const SourceFile* file = nullptr;
  formats::YamlNode root;
};

struct ProfileInput {
  std::span<const ProfileSource> sources;
  const Model* checks = nullptr;       ///< every check there is; its profiles are not looked at
  std::span<const Profile> base = {};  ///< profiles that may be extended, and are replaced by those of the same id
  std::span<const ProbeSchema* const> schemas;
  std::string (*check_pattern)(std::string_view) = nullptr;
};

/// The profiles of the sources, in their order. Everything wrong is appended to `diagnostics`.
[[nodiscard]] std::vector<Profile> read_profiles(const ProfileInput& input, std::vector<Diagnostic>& diagnostics);

}  // namespace plimsoll::catalog
