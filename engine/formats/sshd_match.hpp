// The criteria of Match blocks in sshd_config(5), for a connection that is described.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// What is known of a connection. A criterion about what is not given cannot be judged.
struct SshdConnection {
  std::optional<std::string> user;
  std::optional<std::vector<std::string>> groups;  ///< of that user, the primary one too
  std::optional<bool> user_exists;
  std::optional<std::string> host;  ///< name of the client
  std::optional<std::string> address;
};

struct SshdCriterion {
  std::string name;   ///< lower case: "user", "address", "all"
  std::string value;  ///< empty for "all" and "invalid-user"
};

/// The criteria of a Match line that was cut into words. Errors: malformed, where sshd would refuse the line.
[[nodiscard]] Result<std::vector<SshdCriterion>> parse_sshd_criteria(const std::vector<std::string>& words);

/// Whether all criteria hold. Errors: unsupported, when one needs what the connection does not say; like `sshd -T -C`,
/// also when another one already fails.
[[nodiscard]] Result<bool> sshd_criteria_hold(const std::vector<SshdCriterion>& criteria,
                                              const SshdConnection& connection);

/// A list of patterns at commas; a negated one that fits rules the name out, wherever it stands.
[[nodiscard]] bool sshd_pattern_list_fits(std::string_view name, std::string_view list);

}  // namespace plimsoll::formats
