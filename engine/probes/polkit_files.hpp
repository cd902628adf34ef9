// The files from which polkitd takes its decisions, read once for all probes of polkit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/polkit.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// A file that may decide: rules in JavaScript, or a local authority file.
struct PolkitDecider {
  std::string path;
  bool script = true;
  bool in_use = true;      ///< polkitd reads it; what it says counts
  bool may_decide = true;  ///< about actions; unknown ones may
  std::optional<Error> error;
  std::vector<formats::PolkitGrant> grants;  ///< of a local authority file
};

struct PolkitActionFile {
  std::string path;
  Result<std::vector<formats::PolkitAction>> actions;
};

struct PolkitFiles {
  std::vector<PolkitDecider> deciders;    ///< scripts in the order in which polkitd asks them, then the others
  std::optional<Error> deciders_error;    ///< there may be more of them
  std::vector<PolkitActionFile> actions;  ///< by path
  std::optional<Error> actions_error;
};

/// Directories that are not there hold nothing.
[[nodiscard]] const PolkitFiles& polkit_files_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
