// Which file systems a walk enters: the mount table of this process, seen from the audited root.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/formats/mountinfo.hpp"
#include "engine/sources/resolver.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::sources {

/// Empty when a file system of this type is walked; else why not: "kernel interface, not a local file system". Types
/// that nobody listed are walked: what was missed would be worse than what was read in vain.
[[nodiscard]] std::string_view why_not_walked(std::string_view type);

/// The name of a file system by its magic number (statfs(2)); empty for those whose name does not matter here.
[[nodiscard]] std::string_view type_of_magic(std::uint64_t magic);

/// One file system to walk, from its top.
struct Tree {
  std::string path;  ///< "/home"; "" for the start
  std::string type;  ///< may be empty when it could not be found out
  FileStatus top;
  std::uint64_t mount_id = 0;  ///< 0: the kernel does not tell
};

struct WalkPlan {
  std::vector<Tree> trees;  ///< the start first, then by path
  /// Directory ("" is the root) → names in it that are mount points, which a walk of that directory passes over.
  std::unordered_map<std::string, std::vector<std::string>> points;
  std::vector<LeftOut> left_out;
};

/// What to walk below a root. Each file system is walked once: a bind mount of something that another tree shows is not
/// a tree. Network file systems are not even looked at, since their server may not answer. Without a readable mount
/// table there is only the start, and the walk asks for types as it meets mount points. Errors: denied, failed, when
/// the root itself cannot be looked at.
[[nodiscard]] Result<WalkPlan> plan_walk(const Resolver& resolver);

/// The same from a given mount table, whose mount points are below `prefix` ("/" or "/mnt/image"); for tests.
[[nodiscard]] Result<WalkPlan> plan_walk(const Resolver& resolver, const std::vector<formats::Mount>& mounts,
                                         std::string_view prefix);

}  // namespace plimsoll::sources
