// What polkitd reads: declared actions, local authority files (pklocalauthority(8)), and as much of rules in JavaScript
// as can be told without running them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// What may be asked of those who want something done.
inline constexpr std::array<std::string_view, 6> polkit_answers = {
    "no", "yes", "auth_self", "auth_admin", "auth_self_keep", "auth_admin_keep"};

/// An action and what is asked of those who want it where no rule says otherwise: one of polkit_answers.
struct PolkitAction {
  std::string id;
  std::string allow_any = "no";       ///< of everybody, also over the network
  std::string allow_inactive = "no";  ///< of sessions at the machine that are in the background
  std::string allow_active = "no";    ///< of the session at the machine that is in the foreground
};

/// The actions of a .policy file. Errors: malformed, for text that is not XML, whose root is no policyconfig, or that
/// polkitd refuses: an action without a name, a word that is none of the above.
[[nodiscard]] Result<std::vector<PolkitAction>> parse_polkit_actions(std::string_view text);

/// A group of a .pkla file.
struct PolkitGrant {
  std::string name;
  std::vector<std::string> identities;  ///< "unix-user:bob", "unix-group:adm", "unix-user:*"
  std::vector<std::string> actions;     ///< patterns with * and ?
  std::string result_any;               ///< as those of actions; empty: not set
  std::string result_inactive;
  std::string result_active;
  std::uint32_t line = 0;  ///< 1-based, of its first entry
};

/// Errors: those of parse_key_file.
[[nodiscard]] Result<std::vector<PolkitGrant>> parse_polkit_grants(std::string_view text);

/// Whether a file of rules may decide about actions. False only where it is plain that it does no more than name
/// administrators: `polkit` stands nowhere but before `.addAdminRule(` and `.log(`, and no word is in it that could get
/// at the object by another way.
[[nodiscard]] bool polkit_rules_may_decide(std::string_view text);

}  // namespace plimsoll::formats
