// apt's configuration and package sources, each read once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/apt_conf.hpp"
#include "engine/formats/apt_sources.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

struct AptSourceFile {
  std::string path;
  std::vector<formats::AptSource> sources;
};

struct AptSources {
  std::vector<AptSourceFile> files;
  std::vector<Error> errors;  ///< files that could not be read or that apt refuses
};

struct AptSettings {
  formats::AptConfiguration tree;
  std::vector<Error> errors;
};

/// /etc/apt/sources.list, and *.list and *.sources in /etc/apt/sources.list.d.
[[nodiscard]] AptSources read_apt_sources(const sources::Root& root);

/// /etc/apt/apt.conf.d (names without an ending, or with `.conf`), then /etc/apt/apt.conf.
[[nodiscard]] AptSettings read_apt_settings(const sources::Root& root);

/// The files of a directory that apt looks at: letters, digits, `-`, `_` and `.` in their names, and one of the endings
/// ("" is for a name without a point). Sorted. A directory that is not there has none.
[[nodiscard]] Result<std::vector<std::string>> apt_files(const sources::Root& root, std::string_view directory,
                                                         const std::vector<std::string_view>& endings);

/// "https://user:word@host/x" with the word masked.
[[nodiscard]] std::string address_without_password(std::string_view address);

}  // namespace plimsoll::probes
