#include "engine/formats/audit_rules.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <linux/audit.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

struct List {
  std::string_view name;
  std::uint32_t number;
};
constexpr std::uint32_t io_uring_list = 7;  // AUDIT_FILTER_URING_EXIT, newer than some headers
constexpr std::array lists = {List{"user", AUDIT_FILTER_USER},     List{"task", AUDIT_FILTER_TASK},
                              List{"exit", AUDIT_FILTER_EXIT},     List{"exclude", AUDIT_FILTER_EXCLUDE},
                              List{"filesystem", AUDIT_FILTER_FS}, List{"io_uring", io_uring_list}};

std::optional<std::uint32_t> list_named(std::string_view name) {
  for (const auto& list : lists) {
    if (list.name == name) return list.number;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> action_named(std::string_view name) {
  if (name == "always") return AUDIT_ALWAYS;
  if (name == "never") return AUDIT_NEVER;
  return std::nullopt;
}

/// "always,exit" and "exit,always".
bool read_list_and_action(std::string_view text, AuditRule& rule) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return false;
  const auto one = text.substr(0, comma);
  const auto other = text.substr(comma + 1);
  const auto list = list_named(one) ? list_named(one) : list_named(other);
  const auto action = list_named(one) ? action_named(other) : action_named(one);
  if (!list || !action) return false;
  rule.list = *list;
  rule.action = *action;
  return true;
}

/// The words of a line. A backslash before a space keeps the word together, and a tab separates nothing, as auditctl
/// has it.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '\\' && at + 1 < line.size() && (line[at + 1] == ' ' || line[at + 1] == '\\')) {
      word += line[++at];
      inside = true;
    } else if (c == ' ') {
      if (inside) words.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) words.push_back(std::move(word));
  return words;
}

/// Reads the options of one line in their order, as auditctl hands them to getopt_long(3).
class LineReader {
 public:
  explicit LineReader(const AuditHost& host) : host_(host) {}

  AuditLine read(std::string_view text) {
    const auto words = words_of(text);
    if (words.empty() || words.front().starts_with('#')) return {};
    for (std::size_t at = 0; at < words.size(); ++at) {
      const auto& word = words[at];
      if (word.starts_with("--")) {
        if (!take_long_option(words, at)) return bad(fmt::format("there is no option {}", word));
        continue;
      }
      if (word.size() < 2 || word.front() != '-') return bad(fmt::format("`{}` is no option", word));
      std::string value = word.substr(2);
      constexpr std::string_view with_value = "CefrbaAdSFmRwWkpq";
      if (with_value.find(word[1]) != std::string_view::npos && value.empty()) {
        if (++at == words.size()) return bad(fmt::format("{} has no value", word));
        value = words[at];
      }
      if (!take(word[1], value)) return bad(problem_);
    }
    return finish();
  }

 private:
  AuditLine bad(std::string why) {
    AuditLine line;
    line.kind = AuditLine::Kind::bad;
    line.problem = std::move(why);
    return line;
  }

  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }

  /// As getopt_long(3) has it: the beginning of a name will do, and a value may follow an equals sign.
  static bool take_long_option(const std::vector<std::string>& words, std::size_t& at) {
    struct Option {
      std::string_view name;
      bool has_value;
    };
    constexpr std::array options = {Option{"--backlog_wait_time", true}, Option{"--loginuid-immutable", false},
                                    Option{"--reset-lost", false}, Option{"--reset_backlog_wait_time_actual", false},
                                    Option{"--signal", true}};
    const std::string_view word = words[at];
    const auto name = word.substr(0, word.find('='));
    for (const auto& option : options) {
      if (name.size() < 3 || !option.name.starts_with(name)) continue;
      if (option.has_value && name.size() == word.size() && at + 1 < words.size()) ++at;
      return true;
    }
    return false;
  }

  bool take(char option, const std::string& value) {
    switch (option) {
      case 'a':
        return take_list(value, AuditLine::Kind::add);
      case 'A':
        return take_list(value, AuditLine::Kind::prepend);
      case 'd':
        return take_list(value, AuditLine::Kind::remove);
      case 'w':
        return take_watch(value, AuditLine::Kind::add);
      case 'W':
        return take_watch(value, AuditLine::Kind::remove);
      case 'p':
        return take_watched_access(value);
      case 'S':
        return take_calls(value);
      case 'F':
        return take_field(value);
      case 'C':
        return take_comparison(value);
      case 'k':
        if (line_.kind != AuditLine::Kind::clear && !may_have_key()) return refuse("-k stands before what it is for");
        return take_key(value);
      case 'D':
        line_.kind = AuditLine::Kind::clear;
        return true;
      case 'e':
        return take_number(value, AuditLine::Kind::enabled, 2);
      case 'f':
        return take_number(value, AuditLine::Kind::failure, 2);
      case 'b':
        return take_number(value, AuditLine::Kind::backlog_limit, 0xffffffffLL);
      case 'i':
        line_.kind = AuditLine::Kind::ignore_errors;
        return true;
      case 'c':
        line_.kind = AuditLine::Kind::continue_errors;
        return true;
      case 'r':
      case 'q':
      case 't':
      case 's':
      case 'l':
      case 'v':
      case 'h':
      case 'm':
        return true;
      default:
        return refuse(fmt::format("there is no option -{}", option));
    }
  }

  /// A key belongs to a watch, system calls, a file, an access or a file system.
  [[nodiscard]] bool may_have_key() const {
    const auto& fields = line_.rule.fields;
    return watch_ || calls_given_ || std::any_of(fields.begin(), fields.end(), [](const AuditField& field) {
             return field.field == AUDIT_WATCH || field.field == AUDIT_DIR || field.field == AUDIT_EXE ||
                    field.field == AUDIT_PERM || field.field == AUDIT_FSTYPE;
           });
  }

  bool take_key(std::string_view value) {
    constexpr std::size_t longest = 256;  // AUDIT_MAX_KEY_LEN
    auto& key = line_.rule.key;
    if (!key.empty()) key += '\x01';
    key += value;
    return key.size() <= longest || refuse("the key is too long");
  }

  bool take_number(std::string_view value, AuditLine::Kind kind, std::int64_t most) {
    const auto number = parse_integer(value);
    if (!number || *number < 0 || *number > most) return refuse(fmt::format("`{}` is out of range", value));
    line_.kind = kind;
    line_.number = *number;
    return true;
  }

  bool take_list(std::string_view value, AuditLine::Kind kind) {
    if (changes_) return refuse("two rules on one line");
    if (!read_list_and_action(value, line_.rule)) return refuse(fmt::format("`{}` is no list and action", value));
    changes_ = true;
    line_.kind = kind;
    return true;
  }

  bool take_watch(std::string_view value, AuditLine::Kind kind) {
    if (changes_) return refuse("a watch cannot be given with a list");
    if (!value.starts_with('/')) return refuse(fmt::format("`{}` does not start with a slash", value));
    while (value.size() > 1 && value.ends_with('/')) value.remove_suffix(1);
    changes_ = true;
    watch_ = true;
    line_.kind = kind;
    line_.rule.list = AUDIT_FILTER_EXIT;
    line_.rule.action = AUDIT_ALWAYS;
    line_.rule.all_calls = true;
    const bool directory = host_.is_directory && host_.is_directory(value);
    line_.rule.fields.push_back(
        {std::uint32_t{directory ? unsigned{AUDIT_DIR} : unsigned{AUDIT_WATCH}}, AUDIT_EQUAL, 0, std::string(value)});
    constexpr std::uint32_t every_access = AUDIT_PERM_READ | AUDIT_PERM_WRITE | AUDIT_PERM_EXEC | AUDIT_PERM_ATTR;
    line_.rule.fields.push_back({AUDIT_PERM, AUDIT_EQUAL, every_access});
    return true;
  }

  bool take_watched_access(std::string_view value) {
    if (!watch_) return refuse("-p without -w");
    const auto field = parse_audit_field(fmt::format("perm={}", value), host_, problem_);
    if (!field) return false;
    line_.rule.fields.back() = *field;
    return true;
  }

  bool take_calls(std::string_view value) {
    if (line_.rule.list == AUDIT_FILTER_TASK && changes_) return refuse("calls on the task list");
    if (changes_ && line_.rule.list != AUDIT_FILTER_EXIT && line_.rule.list != io_uring_list) {
      return refuse("calls on a list that has none");
    }
    const auto architecture = architecture_ == 0 ? host_.machine.b64 : architecture_;
    calls_given_ = true;
    while (!value.empty()) {
      const auto comma = value.find(',');
      const auto name = value.substr(0, comma);
      value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
      if (name.empty()) continue;
      if (name == "all") {
        line_.rule.all_calls = true;
        continue;
      }
      auto number = syscall_number(name, architecture);
      if (!number && line_.rule.list == io_uring_list) continue;  // operations of a ring, no calls
      if (!number) {
        if (const auto digits = parse_integer(name); digits && *digits >= 0) {
          number = static_cast<std::uint32_t>(std::min<std::int64_t>(*digits, audit_mask_bits));
        }
      }
      if (!number) return refuse(fmt::format("there is no system call {} on this architecture", name));
      if (*number >= audit_mask_bits) return refuse(fmt::format("{} is beyond all system calls", name));
      line_.rule.calls.set(*number);
    }
    return true;
  }

  bool take_field(std::string_view value) {
    if (!changes_) return refuse("a list is to be given before fields");
    if (value.starts_with("key=")) {
      key_as_field_ = true;
      return take_key(value.substr(4));
    }
    auto field = parse_audit_field(value, host_, problem_);
    if (!field) return false;
    if (field->field == AUDIT_ARCH) {
      if (calls_given_) return refuse("arch stands behind the system calls");
      architecture_ = field->value;
    }
    const bool names_file = field->field == AUDIT_WATCH || field->field == AUDIT_DIR || field->field == AUDIT_EXE;
    if (names_file && !field->text.starts_with('/')) return refuse(fmt::format("{} is no absolute path", value));
    const bool of_files = field->field == AUDIT_WATCH || field->field == AUDIT_DIR || field->field == AUDIT_PERM ||
                          field->field == AUDIT_EXIT || field->field == AUDIT_SUCCESS;
    if (of_files && line_.rule.list != AUDIT_FILTER_EXIT) return refuse(fmt::format("{} is for the exit list", value));
    if (line_.rule.fields.size() + 1 >= AUDIT_MAX_FIELDS) return refuse("too many fields");
    line_.rule.fields.push_back(std::move(*field));
    return true;
  }

  bool take_comparison(std::string_view value) {
    if (!changes_) return refuse("a list is to be given before fields");
    const auto field = parse_audit_comparison(value);
    if (!field) return refuse(fmt::format("`{}` compares nothing", value));
    line_.rule.fields.push_back(*field);
    return true;
  }

  AuditLine finish() {
    const bool adds = line_.kind == AuditLine::Kind::add || line_.kind == AuditLine::Kind::prepend ||
                      line_.kind == AuditLine::Kind::remove;
    if (!adds) return calls_given_ ? bad("no list is given") : std::move(line_);
    if (key_as_field_ && !may_have_key()) return bad("a key without what it is for");
    auto& rule = line_.rule;
    const auto has = [&](std::uint32_t wanted) {
      return std::any_of(rule.fields.begin(), rule.fields.end(),
                         [&](const AuditField& f) { return f.field == wanted; });
    };
    if (!calls_given_ && rule.list != AUDIT_FILTER_TASK) {
      rule.all_calls = true;
      rule.calls_by_access = !watch_ && has(AUDIT_PERM) && has(AUDIT_ARCH);
    }
    if (rule.all_calls) rule.calls.reset();
    for (const auto& field : rule.fields) {
      if (line_.kind == AuditLine::Kind::remove || !host_.exists) continue;
      if (field.field == AUDIT_DIR && !host_.exists(field.text)) {
        return bad(fmt::format("the kernel refuses a directory that is not there: {}", field.text));
      }
      const auto parent = field.text.substr(0, field.text.rfind('/'));
      if (field.field == AUDIT_WATCH && !parent.empty() && !host_.exists(parent)) {
        return bad(fmt::format("the kernel refuses a path in a directory that is not there: {}", field.text));
      }
    }
    return std::move(line_);
  }

  const AuditHost& host_;
  AuditLine line_;
  std::string problem_;
  std::uint32_t architecture_ = 0;
  bool changes_ = false;
  bool watch_ = false;
  bool calls_given_ = false;
  bool key_as_field_ = false;
};

std::uint32_t word_at(std::string_view bytes, std::size_t index) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + index * sizeof word, sizeof word);
  return word;
}

bool has_text(std::uint32_t field) {
  return (field >= AUDIT_SUBJ_USER && field <= AUDIT_SUBJ_CLR) ||
         (field >= AUDIT_OBJ_USER && field <= AUDIT_OBJ_LEV_HIGH) || field == AUDIT_WATCH || field == AUDIT_DIR ||
         field == AUDIT_EXE || field == AUDIT_FILTERKEY;
}

}  // namespace

AuditLine parse_audit_line(std::string_view line, const AuditHost& host) {
  return LineReader(host).read(line);
}

Result<AuditRule> parse_audit_rule_data(std::string_view bytes) {
  constexpr std::size_t mask_at = 3;
  constexpr std::size_t fields_at = mask_at + AUDIT_BITMASK_SIZE;
  constexpr std::size_t values_at = fields_at + AUDIT_MAX_FIELDS;
  constexpr std::size_t operators_at = values_at + AUDIT_MAX_FIELDS;
  constexpr std::size_t length_at = operators_at + AUDIT_MAX_FIELDS;
  constexpr std::size_t head = (length_at + 1) * sizeof(std::uint32_t);
  static_assert(head == sizeof(audit_rule_data));
  const auto malformed = [](const char* what) { return std::unexpected(Error{Error::Kind::malformed, what}); };
  if (bytes.size() < head) return malformed("a rule of the kernel is cut short");
  auto texts = bytes.substr(head);
  const auto count = word_at(bytes, 2);
  if (count > AUDIT_MAX_FIELDS || word_at(bytes, length_at) > texts.size()) {
    return malformed("a rule of the kernel is longer than its message");
  }
  AuditRule rule;
  rule.list = word_at(bytes, 0);
  rule.action = word_at(bytes, 1);
  rule.all_calls = true;
  for (std::size_t word = 0; word < AUDIT_BITMASK_SIZE - 1; ++word) {
    const auto bits = word_at(bytes, mask_at + word);
    rule.all_calls = rule.all_calls && bits == 0xffffffffU;
    for (std::size_t bit = 0; bit < 32; ++bit) rule.calls.set(word * 32 + bit, ((bits >> bit) & 1U) != 0);
  }
  if (rule.all_calls) rule.calls.reset();
  for (std::size_t i = 0; i < count; ++i) {
    AuditField field{word_at(bytes, fields_at + i), word_at(bytes, operators_at + i), word_at(bytes, values_at + i)};
    if (has_text(field.field)) {
      if (field.value > texts.size()) return malformed("a text of a kernel's rule is longer than its message");
      field.text = texts.substr(0, field.value);
      texts.remove_prefix(field.value);
      field.value = 0;
    }
    if (field.field == AUDIT_FILTERKEY) {
      rule.key = field.text;
      continue;
    }
    if (field.field == AUDIT_LOGINUID_SET) {
      // "Is it set?" is what others write as auid!=unset.
      const bool wants_set = (field.value == 1) == (field.op == AUDIT_EQUAL);
      field = {AUDIT_LOGINUID, std::uint32_t{wants_set ? unsigned{AUDIT_NOT_EQUAL} : unsigned{AUDIT_EQUAL}},
               0xffffffffU};
    }
    rule.fields.push_back(std::move(field));
  }
  return rule;
}

bool same_rule(const AuditRule& one, const AuditRule& other) {
  return one.list == other.list && one.action == other.action && one.all_calls == other.all_calls &&
         one.calls == other.calls && one.fields == other.fields && one.key == other.key;
}

std::string list_and_action(const AuditRule& rule) {
  std::string name = std::to_string(rule.list);
  for (const auto& list : lists) {
    if (list.number == rule.list) name = list.name;
  }
  return fmt::format("{},{}", rule.action == AUDIT_NEVER ? "never" : "always", name);
}

std::vector<std::string> call_names(const AuditRule& rule, const Machine& machine) {
  if (rule.all_calls) return {"all"};
  auto architecture = machine.b64;
  for (const auto& field : rule.fields) {
    if (field.field == AUDIT_ARCH && field.op == AUDIT_EQUAL) architecture = field.value;
  }
  std::vector<std::string> names;
  for (std::size_t bit = 0; bit < rule.calls.size(); ++bit) {
    if (rule.calls.test(bit)) names.push_back(syscall_name(static_cast<std::uint32_t>(bit), architecture));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string to_text(const AuditRule& rule, const Machine& machine) {
  auto text = fmt::format("-a {}", list_and_action(rule));
  if (const auto architecture = architecture_text(rule, machine); !architecture.empty()) {
    text += architecture.starts_with("not ") ? fmt::format(" -F arch!={}", architecture.substr(4))
                                             : fmt::format(" -F arch={}", architecture);
  }
  const auto names = call_names(rule, machine);
  if (!names.empty() && rule.list == AUDIT_FILTER_EXIT) text += fmt::format(" -S {}", fmt::join(names, ","));
  for (const auto& field : field_texts(rule)) text += fmt::format(" -F {}", field);
  return text;
}

}  // namespace plimsoll::formats
