// The rules of the audit system, in the one form that the kernel keeps: from lines as auditctl(8) reads them, and from
// the bytes that the kernel lists over netlink.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/syscall_names.hpp"

namespace plimsoll::formats {

/// How many calls a rule's mask has room for (AUDIT_BITMASK_SIZE words; the last word holds classes, not calls).
inline constexpr std::size_t audit_mask_bits = std::size_t{63} * 32;

/// One condition of a rule: `auid>=1000`, `path=/etc/passwd`.
struct AuditField {
  std::uint32_t field = 0;  ///< AUDIT_LOGINUID and its like
  std::uint32_t op = 0;     ///< AUDIT_EQUAL and its like
  std::uint32_t value = 0;  ///< of numeric fields; 0 for texts
  std::string text = {};    ///< of path, dir, exe, the subject's and object's labels
  bool operator==(const AuditField&) const = default;
};

struct AuditRule {
  std::uint32_t list = 0;    ///< AUDIT_FILTER_EXIT and its like
  std::uint32_t action = 0;  ///< AUDIT_ALWAYS or AUDIT_NEVER
  bool all_calls = false;
  std::bitset<audit_mask_bits> calls;  ///< when not all_calls
  /// All calls by default, because a perm= stands there: newer auditctl hands the kernel the calls of that access
  /// alone.
  bool calls_by_access = false;
  std::vector<AuditField> fields;  ///< in the order written; without the key
  std::string key;
  std::string source;  ///< "/etc/audit/rules.d/10.rules:3", or "the kernel's rule 3"
};

/// What reading a line needs to know of the machine whose rules they are.
struct AuditHost {
  Machine machine;
  std::function<std::optional<std::uint32_t>(std::string_view)> user_id;
  std::function<std::optional<std::uint32_t>(std::string_view)> group_id;
  std::function<bool(std::string_view)> is_directory;  ///< what `-w` asks with stat(2)
  std::function<bool(std::string_view)> exists;        ///< whether the kernel would find what a rule watches in
};

/// One line of a rules file.
struct AuditLine {
  enum class Kind : std::uint8_t {
    nothing,  ///< blank, a comment, or an option that changes no rule
    add,
    prepend,  ///< `-A`
    remove,   ///< `-d`, `-W`: the rule that is equal
    clear,    ///< `-D`; with a key those that have it
    enabled,
    failure,
    backlog_limit,
    ignore_errors,    ///< `-i`
    continue_errors,  ///< `-c`
    bad,              ///< auditctl refuses it
  };
  Kind kind = Kind::nothing;
  AuditRule rule;
  std::int64_t number = 0;  ///< of -e, -f, -b
  std::string problem;      ///< bad: why
};
[[nodiscard]] AuditLine parse_audit_line(std::string_view line, const AuditHost& host);

/// One rule from the payload of an AUDIT_LIST_RULES message (struct audit_rule_data).
/// Errors: malformed, for a payload that is shorter than it says.
[[nodiscard]] Result<AuditRule> parse_audit_rule_data(std::string_view bytes);

/// Whether two rules are one to the kernel, which refuses to add it twice: fields in the same order, key included.
[[nodiscard]] bool same_rule(const AuditRule& one, const AuditRule& other);

/// "always,exit", "never,task".
[[nodiscard]] std::string list_and_action(const AuditRule& rule);
/// Each condition but arch, as auditctl takes it, sorted: "auid>=1000", "auid!=unset", "perm=wa".
[[nodiscard]] std::vector<std::string> field_texts(const AuditRule& rule);
/// "b64", "b32", a number of another architecture, or empty where the rule names none.
[[nodiscard]] std::string architecture_text(const AuditRule& rule, const Machine& machine);
/// The calls by name, sorted; "all".
[[nodiscard]] std::vector<std::string> call_names(const AuditRule& rule, const Machine& machine);
/// The whole rule, as `auditctl -l` would print it in `-a` form, fields sorted and without the key.
[[nodiscard]] std::string to_text(const AuditRule& rule, const Machine& machine);

/// "auid>=1000" to a condition; nothing when auditctl would refuse it on that list.
[[nodiscard]] std::optional<AuditField> parse_audit_field(std::string_view text, const AuditHost& host,
                                                          std::string& problem);
/// "uid!=euid" likewise (`-C`).
[[nodiscard]] std::optional<AuditField> parse_audit_comparison(std::string_view text);

}  // namespace plimsoll::formats
