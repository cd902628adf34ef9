// The policy of sudo: /etc/sudoers with all that it includes, in the order in which sudo reads it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/sudoers.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

/// An entry, and the file that holds it.
template <class Entry>
struct Placed {
  Entry entry;
  std::string file;
  [[nodiscard]] std::string source() const { return file + ":" + std::to_string(entry.line); }
};

/// A file that sudo passes over, and what is to be said of it.
struct SudoersLeftOut {
  std::string path;
  std::string why;
  std::string remedy;
};

struct SudoersPolicy {
  std::string main_file;           ///< "/etc/sudoers", or what sudo.conf(5) names
  bool exists = false;             ///< whether that file is there
  std::vector<std::string> files;  ///< read, in order
  std::vector<Placed<formats::SudoersDefault>> defaults;
  std::vector<Placed<formats::SudoersRule>> rules;
  std::map<std::pair<formats::SudoersAliasKind, std::string>, formats::SudoersList> aliases;
  std::vector<SudoersLeftOut> left_out;

  /// Why what stands here may not be all: a file that cannot be read, an entry that sudo does not understand, rules in
  /// a directory service, another program than sudo. Empty: it is all.
  std::optional<Error> obstacle;

  std::string host_name;        ///< as gethostname(2) gives it; empty: unknown
  std::string version;          ///< of the package; empty: unknown
  std::string package_manager;  ///< "dpkg", "rpm", "apk"; empty: unknown

  /// The list with aliases resolved and negations carried into them, as people would write it. Errors: too_large.
  [[nodiscard]] Result<std::vector<std::string>> resolved(const formats::SudoersList& list,
                                                          formats::SudoersAliasKind kind) const;
  /// Whether a list of hosts holds this one: the last member that fits decides. Empty: addresses, netgroups or an
  /// unknown host name keep one from telling.
  [[nodiscard]] std::optional<bool> on_this_host(const formats::SudoersList& hosts) const;
};

[[nodiscard]] const SudoersPolicy& sudoers_policy_of(const sources::Sources& sources);

}  // namespace plimsoll::probes
