// Parts of a sudoers entry that stand by themselves. Of the parser, no interface of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/formats/sudoers.hpp"
#include "engine/formats/sudoers_cursor.hpp"

namespace plimsoll::formats {

/// What a list is of, which decides how its members are written.
enum class SudoersListOf : std::uint8_t { names, hosts, commands, bare_commands };

[[nodiscard]] bool is_sudoers_alias_name(std::string_view text);

/// One member of a list. Empty: none that sudo reads.
[[nodiscard]] std::optional<SudoersMember> take_sudoers_member(SudoersCursor& cursor, SudoersListOf kind);

/// The tags and options before a command, into the rule. False: one of them has no value that sudo reads.
[[nodiscard]] bool take_sudoers_tags(SudoersCursor& cursor, SudoersRule& rule);

/// Past the digests before a command. False: one of them is none.
[[nodiscard]] bool take_sudoers_digests(SudoersCursor& cursor);

}  // namespace plimsoll::formats
