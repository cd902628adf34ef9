// What the next boot mounts: /etc/fstab and mount units, as systemd puts them together.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/record.hpp"
#include "engine/formats/fstab.hpp"
#include "engine/formats/mount_unit.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// Reads fstab and the unit directories once, and what belongs to a path when it is asked for. Not thread-safe.
///
/// A unit file in /etc or /run replaces what systemd-fstab-generator makes of the fstab line, a mask there included;
/// the fstab line replaces a unit file below /usr. Drop-ins apply to both. Of two fstab lines for a path the first
/// counts: the generator refuses the second. A line counts when it is mounted at boot or on access (not `noauto`,
/// unless `x-systemd.automount`); a unit file when fstab or a .wants or .requires link asks for it or its automount
/// unit. /dev/shm is mounted by systemd itself where nothing else says how.
class ConfiguredMounts {
 public:
  explicit ConfiguredMounts(const sources::Root& root);

  struct Answer {
    Field configured;  ///< boolean
    Field options;     ///< list
    Field source;      ///< text
  };
  [[nodiscard]] Answer of(std::string_view path);

 private:
  struct Directory {
    std::string path;
    std::set<std::string, std::less<>> names;
  };
  struct Fragment {
    std::string path;
    Result<std::string> text;
  };
  std::optional<Fragment> find_unit(const std::string& unit, std::size_t first, std::size_t last) const;
  std::vector<std::string> drop_in_directories(const std::string& unit) const;
  bool wanted(const std::string& unit);
  Result<std::set<std::string, std::less<>>> read_wanted() const;
  const formats::FstabEntry* fstab_entry(std::string_view path, std::vector<Overridden>& duplicates) const;
  Result<Answer> answer(std::string_view path);

  const sources::Root& root_;
  std::vector<formats::FstabEntry> fstab_;
  std::vector<Directory> directories_;  ///< of units, by priority; the first two outrank fstab
  std::optional<Error> error_;          ///< fstab or a unit directory cannot be read
  std::optional<Result<std::set<std::string, std::less<>>>> wanted_;
};

}  // namespace plimsoll::probes
