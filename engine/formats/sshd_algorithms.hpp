// The algorithm lists of sshd: what each release starts from, and how `+`, `-` and `^` change it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// A release of portable OpenSSH: 9.2 is 902, 10.0 is 1000. 0 means unknown.
using SshdRelease = std::uint32_t;

/// The release named in a text such as "OpenSSH_9.2p1 Debian-2+deb12u6" or the package version "1:9.2p1-2+deb12u6".
[[nodiscard]] SshdRelease sshd_release_of(std::string_view text);
[[nodiscard]] std::string to_text(SshdRelease release);  ///< "9.2"; "of unknown version" for 0

/// Which of the lists.
enum class SshdAlgorithms : std::uint8_t { ciphers, macs, key_exchange, host_keys, ca_signatures };

/// One list of a release: what is used when nothing is configured, and all that this release knows, both in its own
/// order.
struct SshdAlgorithmLists {
  std::vector<std::string> defaults;
  std::vector<std::string> known;
};

/// The lists that a release may have been built with; the first is that of the project itself, others are those of
/// distributions that added to it. Empty for releases that this table does not hold (before 8.0, after 10.2).
[[nodiscard]] std::vector<SshdAlgorithmLists> sshd_algorithms(SshdAlgorithms which, SshdRelease release);

/// The list that is in effect after `configured` ("a,b", "+a", "-a*", "^a"; empty: nothing was configured).
/// Where `-` removes everything, sshd falls back on the defaults.
/// Errors: malformed, for a name that the release does not know and for a list without names: sshd refuses both.
[[nodiscard]] Result<std::vector<std::string>> assemble_algorithms(SshdAlgorithms which, std::string_view configured,
                                                                   const SshdAlgorithmLists& lists);

[[nodiscard]] std::vector<std::string> split_at_commas(std::string_view text);

/// `*` and `?` only, as match_pattern of OpenSSH; steps are bounded by the product of the lengths.
[[nodiscard]] bool sshd_pattern_fits(std::string_view name, std::string_view pattern);

}  // namespace plimsoll::formats
