// Files of pam.d(5): the lines that libpam makes its stacks of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

enum class PamType : std::uint8_t { auth, account, password, session };
[[nodiscard]] std::string_view name_of(PamType type);
[[nodiscard]] std::optional<PamType> pam_type_named(std::string_view name);  ///< in any case of letters

/// What modules return (security/_pam_types.h), by its number. Those without a name here have one in controls only.
inline constexpr std::size_t pam_return_count = 32;
enum class PamReturn : std::uint8_t {
  success = 0,
  service_err = 3,
  perm_denied = 6,
  auth_err = 7,
  user_unknown = 10,
  maxtries = 11,
  new_authtok_reqd = 12,
  acct_expired = 13,
  session_err = 14,
  cred_err = 17,
  authtok_err = 20,
  ignore = 25,
  module_unknown = 28,
};

/// "auth_err" → 7, as controls write it.
[[nodiscard]] std::optional<PamReturn> pam_return_named(std::string_view name);

/// What libpam does when a module returns a certain value.
struct PamAction {
  enum class Kind : std::uint8_t { ignore, ok, done, bad, die, reset, jump };
  Kind kind = Kind::bad;
  std::uint32_t lines = 0;  ///< jump: how many lines are passed over
  bool operator==(const PamAction&) const = default;
};
using PamActions = std::array<PamAction, pam_return_count>;

struct PamLine {
  enum class Kind : std::uint8_t {
    module,
    include,        ///< the lines of this type of another file, in this line's place
    substack,       ///< likewise, but `done`, `die` and jumps end there
    whole_include,  ///< `@include` of Debian and its kin: all lines of the other file
  };
  Kind kind = Kind::module;
  std::optional<PamType> type;  ///< empty: `@include`, or not a type that libpam knows
  bool silent = false;          ///< the type is written with `-`: a missing module is not logged
  std::string control;          ///< as written: "required", "[success=1 default=ignore]"
  PamActions actions = {};
  std::string target;  ///< the module or the file, as written; empty when there is none
  std::vector<std::string> arguments;
  std::uint32_t line = 0;  ///< 1-based; where it begins
  std::string problem;     ///< why libpam lets this line fail whatever happens; empty: it does not
};

struct PamFile {
  std::vector<PamLine> lines;
  std::string problem;  ///< why libpam refuses the whole file; empty: it does not
};

/// Backslashes at the end continue a line, `#` begins a comment, `[…]` is one word (with `\]` for a bracket in it).
/// Of a file with more than 10,000 lines that count, the first 10,000 are kept, with a problem.
[[nodiscard]] PamFile parse_pam_file(std::string_view text);

/// The lines that /etc/pam.conf has for one service, which its first word names in any case of letters. libpam reads
/// that file only on a host without any directory pam.d.
[[nodiscard]] PamFile parse_pam_conf(std::string_view text, std::string_view service);

}  // namespace plimsoll::formats
