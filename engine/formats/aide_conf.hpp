// aide.conf(5): which files AIDE compares, and in what.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// A regular file in a directory that is included.
struct AideFragment {
  std::string name;
  bool executable = false;
};

/// How included files are reached.
struct AideFiles {
  std::function<Result<std::string>(const std::string& path)> read;
  std::function<Result<std::vector<AideFragment>>(const std::string& directory)> list;  ///< sorted by name
};

struct AideRule {
  enum class Kind : std::uint8_t { selects, selects_itself, leaves_out_below, leaves_out };
  Kind kind = Kind::selects;  ///< "/x", "=/x", "!/x", "-/x"
  std::string expression;     ///< anchored at its start, not at its end
  bool restricted = false;    ///< to types of files without regular ones among them
  std::set<std::string> attributes;
  std::string source;  ///< "path:line"
};

struct AideConf {
  std::vector<AideRule> rules;                               ///< in the order read
  std::map<std::string, std::string, std::less<>> settings;  ///< "database_in" and its like, in lower case
  std::vector<std::string> scripts;                          ///< fragments that AIDE runs to read their output
};

/// A configuration with what it includes. Variables and @@ifdef are followed; what asks for the name of the host or the
/// version of AIDE is not.
/// Errors: malformed, with place, for what AIDE refuses; unsupported for conditions that cannot be told from files;
/// too_large beyond 100,000 rules or 16 levels; what reading an included file fails with.
[[nodiscard]] Result<AideConf> parse_aide_conf(const std::string& path, const AideFiles& files);

/// The rule that decides about a regular file, by AIDE's order: the deepest directory first, in it the first that fits;
/// then those that leave out, from the top down, for the file and the directories above it. Null: none selects it.
/// Errors: malformed, for an expression that cannot be compiled.
[[nodiscard]] Result<const AideRule*> deciding_aide_rule(const AideConf& conf, std::string_view path);

}  // namespace plimsoll::formats
