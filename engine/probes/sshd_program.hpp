// The sshd that is installed: which release it is, how it was built, and with which options it is started.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/sshd_algorithms.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

struct SshdProgram {
  bool installed = false;
  formats::SshdRelease release = 0;  ///< 0: unknown
  std::string banner;                ///< "OpenSSH_9.2p1 Debian-2+deb12u6"; empty when unknown
  std::string source;                ///< the program, or the line of the package database
  std::string bytes;                 ///< of the program, which holds its default lists as text; empty when not there

  /// The lists this build starts from: those of its release that stand in the program itself. Without the program,
  /// those of the release. Errors: unsupported, for a release that is not known or a build with lists of its own.
  [[nodiscard]] Result<formats::SshdAlgorithmLists> algorithms(formats::SshdAlgorithms which) const;

  /// Adds to what is known those of the configured names that the program holds as a text of their own: distributions
  /// add algorithms that the project does not have.
  void add_own_algorithms(std::string_view configured, formats::SshdAlgorithmLists& lists) const;
};
/// Errors: what reading the program or the package databases fails with.
[[nodiscard]] Result<SshdProgram> read_sshd_program(const sources::Sources& sources);

struct SshdStart {
  std::vector<std::string> words;    ///< all options of the command line
  std::vector<std::string> options;  ///< as lines of sshd_config: those of -o, and -p, -4, -6, -g, -h in its words
  std::string config = "/etc/ssh/sshd_config";  ///< -f
  std::string source;  ///< "/usr/lib/systemd/system/ssh.service:10"; empty when nothing starts sshd
};
/// From the unit ssh.service or sshd.service with the environment files it names, else from the init script's settings.
/// Errors: what reading one of these fails with.
[[nodiscard]] Result<SshdStart> read_sshd_start(const sources::Sources& sources);

}  // namespace plimsoll::probes
