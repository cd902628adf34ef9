// The conditions of audit rules: auditctl(8), -F and -C; numbers from <linux/audit.h>.
#include <fmt/core.h>
#include <linux/audit.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/audit_rules.hpp"

namespace plimsoll::formats {
namespace {

struct Word {
  std::string_view name;
  std::uint32_t number;
};

constexpr std::array field_words = {
    Word{"pid", AUDIT_PID},
    Word{"uid", AUDIT_UID},
    Word{"euid", AUDIT_EUID},
    Word{"suid", AUDIT_SUID},
    Word{"fsuid", AUDIT_FSUID},
    Word{"gid", AUDIT_GID},
    Word{"egid", AUDIT_EGID},
    Word{"sgid", AUDIT_SGID},
    Word{"fsgid", AUDIT_FSGID},
    Word{"auid", AUDIT_LOGINUID},
    Word{"loginuid", AUDIT_LOGINUID},
    Word{"pers", AUDIT_PERS},
    Word{"arch", AUDIT_ARCH},
    Word{"msgtype", AUDIT_MSGTYPE},
    Word{"subj_user", AUDIT_SUBJ_USER},
    Word{"subj_role", AUDIT_SUBJ_ROLE},
    Word{"subj_type", AUDIT_SUBJ_TYPE},
    Word{"subj_sen", AUDIT_SUBJ_SEN},
    Word{"subj_clr", AUDIT_SUBJ_CLR},
    Word{"ppid", AUDIT_PPID},
    Word{"obj_user", AUDIT_OBJ_USER},
    Word{"obj_role", AUDIT_OBJ_ROLE},
    Word{"obj_type", AUDIT_OBJ_TYPE},
    Word{"obj_lev_low", AUDIT_OBJ_LEV_LOW},
    Word{"obj_lev_high", AUDIT_OBJ_LEV_HIGH},
    Word{"sessionid", AUDIT_SESSIONID},
    Word{"devmajor", AUDIT_DEVMAJOR},
    Word{"devminor", AUDIT_DEVMINOR},
    Word{"inode", AUDIT_INODE},
    Word{"exit", AUDIT_EXIT},
    Word{"success", AUDIT_SUCCESS},
    Word{"path", AUDIT_WATCH},
    Word{"perm", AUDIT_PERM},
    Word{"dir", AUDIT_DIR},
    Word{"filetype", AUDIT_FILETYPE},
    Word{"fstype", AUDIT_FSTYPE},
    Word{"obj_uid", AUDIT_OBJ_UID},
    Word{"obj_gid", AUDIT_OBJ_GID},
    Word{"a0", AUDIT_ARG0},
    Word{"a1", AUDIT_ARG0 + 1},
    Word{"a2", AUDIT_ARG0 + 2},
    Word{"a3", AUDIT_ARG0 + 3},
    Word{"exe", AUDIT_EXE},
    Word{"saddr_fam", AUDIT_SADDR_FAM},
};

// In the order in which they are looked for: the first that is found anywhere splits the text.
constexpr std::array operator_words = {
    Word{"!=", AUDIT_NOT_EQUAL},
    Word{">=", AUDIT_GREATER_THAN_OR_EQUAL},
    Word{"<=", AUDIT_LESS_THAN_OR_EQUAL},
    Word{"&=", AUDIT_BIT_TEST},
    Word{"=", AUDIT_EQUAL},
    Word{">", AUDIT_GREATER_THAN},
    Word{"<", AUDIT_LESS_THAN},
    Word{"&", AUDIT_BIT_MASK},
};

// The pairs of -C, in either order.
struct Pair {
  std::string_view one;
  std::string_view other;
  std::uint32_t number;
};
constexpr std::array pairs = {
    Pair{"uid", "obj_uid", AUDIT_COMPARE_UID_TO_OBJ_UID},     Pair{"gid", "obj_gid", AUDIT_COMPARE_GID_TO_OBJ_GID},
    Pair{"euid", "obj_uid", AUDIT_COMPARE_EUID_TO_OBJ_UID},   Pair{"egid", "obj_gid", AUDIT_COMPARE_EGID_TO_OBJ_GID},
    Pair{"auid", "obj_uid", AUDIT_COMPARE_AUID_TO_OBJ_UID},   Pair{"suid", "obj_uid", AUDIT_COMPARE_SUID_TO_OBJ_UID},
    Pair{"sgid", "obj_gid", AUDIT_COMPARE_SGID_TO_OBJ_GID},   Pair{"fsuid", "obj_uid", AUDIT_COMPARE_FSUID_TO_OBJ_UID},
    Pair{"fsgid", "obj_gid", AUDIT_COMPARE_FSGID_TO_OBJ_GID}, Pair{"uid", "auid", AUDIT_COMPARE_UID_TO_AUID},
    Pair{"uid", "euid", AUDIT_COMPARE_UID_TO_EUID},           Pair{"uid", "fsuid", AUDIT_COMPARE_UID_TO_FSUID},
    Pair{"uid", "suid", AUDIT_COMPARE_UID_TO_SUID},           Pair{"auid", "fsuid", AUDIT_COMPARE_AUID_TO_FSUID},
    Pair{"auid", "suid", AUDIT_COMPARE_AUID_TO_SUID},         Pair{"auid", "euid", AUDIT_COMPARE_AUID_TO_EUID},
    Pair{"euid", "suid", AUDIT_COMPARE_EUID_TO_SUID},         Pair{"euid", "fsuid", AUDIT_COMPARE_EUID_TO_FSUID},
    Pair{"suid", "fsuid", AUDIT_COMPARE_SUID_TO_FSUID},       Pair{"gid", "egid", AUDIT_COMPARE_GID_TO_EGID},
    Pair{"gid", "fsgid", AUDIT_COMPARE_GID_TO_FSGID},         Pair{"gid", "sgid", AUDIT_COMPARE_GID_TO_SGID},
    Pair{"egid", "fsgid", AUDIT_COMPARE_EGID_TO_FSGID},       Pair{"egid", "sgid", AUDIT_COMPARE_EGID_TO_SGID},
    Pair{"sgid", "fsgid", AUDIT_COMPARE_SGID_TO_FSGID},
};

// Those that rules name in practice. Another name stands for a record that is none of these.
constexpr std::array message_words = {
    Word{"SYSCALL", 1300},       Word{"PATH", 1302},          Word{"IPC", 1303},          Word{"CWD", 1307},
    Word{"EXECVE", 1309},        Word{"SOCKADDR", 1306},      Word{"EOE", 1320},          Word{"PROCTITLE", 1327},
    Word{"CONFIG_CHANGE", 1305}, Word{"SERVICE_START", 1130}, Word{"SERVICE_STOP", 1131}, Word{"AVC", 1400}};

constexpr std::array file_types = {Word{"file", 0100000}, Word{"dir", 0040000},       Word{"socket", 0140000},
                                   Word{"link", 0120000}, Word{"character", 0020000}, Word{"block", 0060000},
                                   Word{"fifo", 0010000}};

constexpr std::array file_systems = {Word{"debugfs", 0x64626720}, Word{"tracefs", 0x74726163}};

constexpr std::array access_letters = {Word{"r", AUDIT_PERM_READ}, Word{"w", AUDIT_PERM_WRITE},
                                       Word{"x", AUDIT_PERM_EXEC}, Word{"a", AUDIT_PERM_ATTR}};

template <class Words>
const Word* word_named(const Words& words, std::string_view name) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& w) { return w.name == name; });
  return found == words.end() ? nullptr : &*found;
}

template <class Words>
const Word* word_numbered(const Words& words, std::uint32_t number) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& w) { return w.number == number; });
  return found == words.end() ? nullptr : &*found;
}

/// A whole number as strtoul(3) with base 0 reads it, with a minus sign where one stands: 13, -13, 0x10, 0755.
std::optional<std::uint32_t> number_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.front() == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const auto narrow = static_cast<std::uint32_t>(value);
  return negative ? 0U - narrow : narrow;
}

bool starts_numeric(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front());
}

std::optional<std::uint32_t> error_number(std::string_view name) {
  constexpr int last = 133;
  for (int number = 1; number <= last; ++number) {
    const char* known = ::strerrorname_np(number);
    if (known != nullptr && name == known) return static_cast<std::uint32_t>(number);
  }
  return std::nullopt;
}

bool is_user(std::uint32_t field) {
  return field == AUDIT_UID || field == AUDIT_EUID || field == AUDIT_SUID || field == AUDIT_FSUID ||
         field == AUDIT_LOGINUID || field == AUDIT_OBJ_UID;
}
bool is_group(std::uint32_t field) {
  return field == AUDIT_GID || field == AUDIT_EGID || field == AUDIT_SGID || field == AUDIT_FSGID ||
         field == AUDIT_OBJ_GID;
}
bool is_text(std::uint32_t field) {
  return (field >= AUDIT_SUBJ_USER && field <= AUDIT_SUBJ_CLR) ||
         (field >= AUDIT_OBJ_USER && field <= AUDIT_OBJ_LEV_HIGH) || field == AUDIT_WATCH || field == AUDIT_DIR ||
         field == AUDIT_EXE;
}

std::string without_last_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

std::optional<std::uint32_t> access_of(std::string_view text) {
  std::uint32_t access = 0;
  if (text.empty() || text.size() > 4) return std::nullopt;
  for (const char c : text) {
    const auto* letter = word_named(access_letters, lower_case(std::string_view(&c, 1)));
    if (letter == nullptr) return std::nullopt;
    access |= letter->number;
  }
  return access;
}

std::optional<std::uint32_t> architecture_of(std::string_view text, const Machine& machine) {
  if (starts_numeric(text)) return number_of(text);
  if (text == "b64") return machine.b64;
  if (text == "b32" && machine.b32 != 0) return machine.b32;
  constexpr std::array named = {
      Word{"x86_64", AUDIT_ARCH_X86_64}, Word{"i386", AUDIT_ARCH_I386},  Word{"i486", AUDIT_ARCH_I386},
      Word{"i586", AUDIT_ARCH_I386},     Word{"i686", AUDIT_ARCH_I386},  Word{"aarch64", AUDIT_ARCH_AARCH64},
      Word{"arm", AUDIT_ARCH_ARM},       Word{"armv7l", AUDIT_ARCH_ARM}, Word{"ppc64le", AUDIT_ARCH_PPC64LE},
      Word{"s390x", AUDIT_ARCH_S390X},   Word{"s390", AUDIT_ARCH_S390},  Word{"riscv64", AUDIT_ARCH_RISCV64}};
  const auto* word = word_named(named, text);
  return word == nullptr ? std::nullopt : std::optional(word->number);
}

/// The number that a value stands for, by the kind of its field; empty when auditctl refuses it.
std::optional<std::uint32_t> numeric_value(std::uint32_t field, std::string_view text, const AuditHost& host) {
  if (field == AUDIT_ARCH) return architecture_of(text, host.machine);
  if (field == AUDIT_PERM) return access_of(text);
  if (field == AUDIT_FILETYPE) {
    const auto* word = word_named(file_types, text);
    return word == nullptr ? std::nullopt : std::optional(word->number);
  }
  if (starts_numeric(text)) return number_of(text);
  if ((is_user(field) || field == AUDIT_SESSIONID) && text == "unset") return 0xffffffffU;
  if (is_user(field)) return host.user_id ? host.user_id(text) : std::nullopt;
  if (is_group(field)) return host.group_id ? host.group_id(text) : std::nullopt;
  if (field == AUDIT_EXIT) {
    const bool negative = text.starts_with('-');
    const auto number = error_number(text.substr(negative ? 1 : 0));
    return number && negative ? std::optional(0U - *number) : number;
  }
  if (field == AUDIT_MSGTYPE) {
    const auto* word = word_named(message_words, text);
    return word == nullptr ? 0U : word->number;
  }
  if (field == AUDIT_FSTYPE) {
    const auto* word = word_named(file_systems, text);
    return word == nullptr ? 0U : word->number;
  }
  return std::nullopt;
}

std::string value_text(const AuditField& field) {
  const auto signed_value = static_cast<std::int32_t>(field.value);
  if (is_text(field.field)) return field.text;
  switch (field.field) {
    case AUDIT_PERM: {
      std::string letters;
      for (const auto& letter : access_letters) {
        if ((field.value & letter.number) != 0) letters += letter.name;
      }
      return letters;
    }
    case AUDIT_EXIT: {
      const char* name = ::strerrorname_np(signed_value < 0 ? -signed_value : signed_value);
      if (field.value == 0 || name == nullptr) return std::to_string(signed_value);
      return fmt::format("{}{}", signed_value < 0 ? "-" : "", name);
    }
    case AUDIT_MSGTYPE: {
      const auto* word = word_numbered(message_words, field.value);
      return word != nullptr ? std::string(word->name) : field.text.empty() ? std::to_string(field.value) : field.text;
    }
    case AUDIT_FILETYPE: {
      const auto* word = word_numbered(file_types, field.value);
      return word != nullptr ? std::string(word->name) : std::to_string(field.value);
    }
    case AUDIT_FSTYPE:
      if (const auto* word = word_numbered(file_systems, field.value)) return std::string(word->name);
      return field.text.empty() ? fmt::format("0x{:x}", field.value) : field.text;
    default:
      break;
  }
  if (field.value == 0xffffffffU && (is_user(field.field) || field.field == AUDIT_SESSIONID)) return "unset";
  if (field.field >= AUDIT_ARG0 && field.field <= AUDIT_ARG3) return fmt::format("0x{:x}", field.value);
  return std::to_string(field.value);
}

std::string_view operator_text(std::uint32_t op) {
  const auto* word = word_numbered(operator_words, op);
  return word == nullptr ? "?" : word->name;
}

std::string text_of(const AuditField& field) {
  if (field.field == AUDIT_FIELD_COMPARE) {
    const auto found =
        std::find_if(pairs.begin(), pairs.end(), [&](const Pair& pair) { return pair.number == field.value; });
    if (found != pairs.end()) return fmt::format("{}{}{}", found->one, operator_text(field.op), found->other);
  }
  const auto* name = word_numbered(field_words, field.field);
  return fmt::format("{}{}{}", name != nullptr ? std::string(name->name) : fmt::format("f{}", field.field),
                     operator_text(field.op), value_text(field));
}

}  // namespace

std::optional<AuditField> parse_audit_field(std::string_view text, const AuditHost& host, std::string& problem) {
  for (const auto& op : operator_words) {
    const auto at = text.find(op.name);
    if (at == std::string_view::npos) continue;
    const auto* word = word_named(field_words, text.substr(0, at));
    const auto value = text.substr(at + op.name.size());
    if (word == nullptr || value.empty()) {
      problem = fmt::format("unknown field or no value: {}", text);
      return std::nullopt;
    }
    AuditField field{word->number, op.number};
    if (is_text(field.field)) {
      const bool path = field.field == AUDIT_WATCH || field.field == AUDIT_DIR;
      field.text = path ? without_last_slashes(value) : std::string(value);
      return field;
    }
    const auto number = numeric_value(field.field, value, host);
    if (!number) {
      problem = fmt::format("not a value of this field: {}", text);
      return std::nullopt;
    }
    field.value = *number;
    if ((field.field == AUDIT_FSTYPE || field.field == AUDIT_MSGTYPE) && *number == 0) field.text = value;
    return field;
  }
  problem = fmt::format("no operator in {}", text);
  return std::nullopt;
}

std::optional<AuditField> parse_audit_comparison(std::string_view text) {
  for (const auto& op : {operator_words[0], operator_words[4]}) {
    const auto at = text.find(op.name);
    if (at == std::string_view::npos) continue;
    const auto left = text.substr(0, at);
    const auto right = text.substr(at + op.name.size());
    for (const auto& pair : pairs) {
      const bool fits = (pair.one == left && pair.other == right) || (pair.one == right && pair.other == left);
      if (fits) return AuditField{AUDIT_FIELD_COMPARE, op.number, pair.number};
    }
    return std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string> field_texts(const AuditRule& rule) {
  std::vector<std::string> texts;
  for (const auto& field : rule.fields) {
    if (field.field != AUDIT_ARCH) texts.push_back(text_of(field));
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

std::string architecture_text(const AuditRule& rule, const Machine& machine) {
  for (const auto& field : rule.fields) {
    if (field.field != AUDIT_ARCH) continue;
    const auto* no = field.op == AUDIT_NOT_EQUAL ? "not " : "";
    if (field.value == machine.b64) return fmt::format("{}b64", no);
    if (field.value == machine.b32) return fmt::format("{}b32", no);
    return fmt::format("{}0x{:x}", no, field.value);
  }
  return {};
}

}  // namespace plimsoll::formats
