// The unit files of systemd on the audited host, listed once per run: which file a name stands for, what overrides it,
// and which links start it. Rules: systemd.unit(5), "Unit File Load Path"; state words: systemctl(1), is-enabled.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/unit_file.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// A link or file in one unit directory, or in a ".wants", ".requires" or ".upholds" directory below it.
struct UnitEntry {
  std::string directory;    ///< "/etc/systemd/system", always the unit directory itself
  std::string pulled_by;    ///< "multi-user.target"; empty for an entry of the unit directory itself
  std::string name;         ///< "ssh.service"
  std::string link_target;  ///< text of the link; empty for a file
  [[nodiscard]] std::string path() const;

  std::string subdirectory;     ///< "multi-user.target.wants"; empty as above
  bool counts_at_boot = false;  ///< the next boot obeys it
  std::size_t target_name_at = 0;
  /// The last component of the link's target; empty for a file.
  [[nodiscard]] std::string_view target_name() const { return std::string_view(link_target).substr(target_name_at); }
};

/// One unit, resolved.
struct Unit {
  std::string name;                   ///< of the file that is loaded, after aliases: "ssh.service" for "sshd.service"
  std::string path;                   ///< of that file; empty when there is none
  std::string mask;                   ///< the path that masks it; empty when not masked
  bool through_alias = false;         ///< the name asked for is a link to a unit of another name
  bool alias_in_vendor = false;       ///< that link is not in /etc or /run
  bool linked = false;                ///< the file lies outside all unit directories
  std::vector<std::string> drop_ins;  ///< paths in the order in which they apply
  std::vector<formats::UnitAssignment> assignments;  ///< of the file and its drop-ins, in order
  std::vector<std::string> assignment_sources;       ///< "path:line" of each
};

class UnitFiles {
 public:
  explicit UnitFiles(const sources::Root& root);

  /// Why the unit directories could not be listed; nothing below can be relied on then.
  [[nodiscard]] const Error* error() const { return error_ ? &*error_ : nullptr; }

  /// Errors: what reading a unit file or drop-in fails with; failed, for aliases that lead in circles.
  [[nodiscard]] Result<Unit> load(std::string_view name) const;

  /// Whether a file (no mask, no dead link) of this name or its template is in any unit directory.
  [[nodiscard]] bool has_file(std::string_view name) const;

  /// What `systemctl is-enabled` prints for the unit that `load` gave.
  [[nodiscard]] std::string_view state_of(const Unit& unit) const;

  /// Links that pull the unit in when something else starts, whatever directory they are in, and aliases that its
  /// [Install] section asks for.
  [[nodiscard]] std::vector<const UnitEntry*> links_to(const Unit& unit) const;

  /// Those of links_to() that the next boot obeys: systemd passes over an entry of .wants, .requires or .upholds that
  /// is no link or leads to /dev/null, of entries with one name the first directory's counts (systemd.unit(5)), and
  /// what stands in /run/systemd/system is gone by then.
  [[nodiscard]] std::vector<const UnitEntry*> links_at_boot(const Unit& unit) const;

 private:
  void list_directory(const std::string& directory);
  void find_what_counts();
  [[nodiscard]] const UnitEntry* first_entry(std::string_view name) const;
  [[nodiscard]] Result<void> read_assignments(Unit& unit) const;
  [[nodiscard]] Result<void> read_drop_ins(Unit& unit, std::string_view asked) const;

  const sources::Root& root_;
  std::vector<std::string> directories_;
  std::map<std::string, std::vector<UnitEntry>, std::less<>> files_;  ///< by name, best directory first
  std::vector<UnitEntry> pulls_;
  std::set<std::string, std::less<>>
      drop_in_directories_;  ///< "/etc/systemd/system/ssh.service.d": those that are there
  std::optional<Error> error_;
};

[[nodiscard]] const UnitFiles& unit_files_of(const sources::Sources& sources);

/// "foo@.service" for "foo@bar.service"; empty when it is not an instance.
[[nodiscard]] std::string template_of(std::string_view name);

}  // namespace plimsoll::probes
