// The databases of one dconf profile: as they are compiled, and as their key files would be compiled now.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/dconf_profile.hpp"
#include "engine/formats/gvdb.hpp"
#include "engine/formats/key_file.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

struct DconfKeyFile {
  std::string path;
  std::vector<formats::KeyFileEntry> entries;
};
struct DconfLock {
  std::string key;
  std::string source;  ///< "/etc/dconf/db/local.d/locks/00-screensaver:3"
};

struct DconfDatabaseFiles {
  formats::DconfDatabase database;
  std::string source;  ///< "/etc/dconf/profile/gdm:2"

  std::string compiled;  ///< path of the compiled file; empty for a person's own database
  std::optional<std::string> bytes;
  std::optional<Error> compiled_error;

  std::string directory;                ///< where its key files are; empty when nothing is known to compile it
  std::vector<DconfKeyFile> key_files;  ///< the last name first: the first that has a key counts
  std::vector<DconfLock> locks;
  std::optional<Error> key_files_error;  ///< why they cannot be compiled, or not be read
  bool outdated = false;  ///< a key file, a lock file or their directories are newer than the compiled file
};

struct DconfProfile {
  std::string source;  ///< "/etc/dconf/profile/gdm"; where it was looked for when there is none
  std::vector<DconfDatabaseFiles> databases;
};

/// The profile as dconf opens it: /etc/dconf/profile, /usr/local/share/dconf/profile, /usr/share/dconf/profile. Without
/// a file, "user" is the person's own database alone and every other profile is empty. Errors: what the profile cannot
/// be read with.
[[nodiscard]] Result<DconfProfile> read_dconf_profile(const sources::Root& root, std::string_view name);

}  // namespace plimsoll::probes
