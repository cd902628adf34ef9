// sshd_config(5) as sshd reads it at start: options of the command line, then the file with its Include lines expanded
// in place. What only holds inside a Match block is kept apart.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/record.hpp"
#include "engine/formats/sshd_algorithms.hpp"
#include "engine/formats/sshd_match.hpp"

namespace plimsoll::formats {

struct SshdFile {
  std::string path;
  std::string text;
};

/// The files that an Include pattern (already absolute) stands for, in the order in which sshd reads them.
using SshdInclude = std::function<Result<std::vector<SshdFile>>(const std::string& pattern)>;

/// One keyword that is set outside Match blocks, in the words of `sshd -T`.
struct SshdSetting {
  std::vector<std::string> values;
  std::string source;  ///< "/etc/ssh/sshd_config:12", "command line"; of keywords that add up: the first line
  std::vector<Overridden> overridden;  ///< lines that do not count
};

struct SshdConfig {
  std::map<std::string, SshdSetting, std::less<>> settings;  ///< by keyword, lower case, aliases resolved
  std::uint32_t match_blocks = 0;           ///< blocks that hold for some connections only; `Match all` is not one
  std::vector<std::string> match_keywords;  ///< set in such blocks: sorted, lower case, each once
  std::vector<std::string> match_settings;  ///< the same with values, "permitrootlogin yes", in the order they are met

  [[nodiscard]] const SshdSetting* find(std::string_view keyword) const;
};

struct SshdInput {
  std::vector<std::string> options = {};  ///< of -o, each "Keyword=value" or "Keyword value"
  SshdFile file;
  SshdInclude include;
  SshdRelease release = 0;                                  ///< 0: taken as the newest that is known
  std::optional<SshdConnection> connection = std::nullopt;  ///< for whom Match blocks are judged; empty: for nobody
};

/// The first value wins (sshd_config(5), DESCRIPTION), but for keywords that add up and for those few that sshd simply
/// overwrites (MaxStartups before 10.1, IPQoS, FingerprintHash, StreamLocalBindMask). A `Match all` block is applied on
/// top, as sshd does for every connection, and so is one that holds for the connection that is asked for. Algorithm
/// lists come out as written, without the defaults. Errors: malformed, with path and line, for whatever makes sshd
/// refuse to start; unsupported, for a block that asks for what the connection does not say; whatever `include` fails
/// with.
[[nodiscard]] Result<SshdConfig> read_sshd_config(const SshdInput& input);

}  // namespace plimsoll::formats
