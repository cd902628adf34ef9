#include "engine/formats/aide_conf.hpp"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_rules = 100'000;
constexpr std::size_t max_depth = 16;
constexpr std::size_t max_files = 2'000;
constexpr std::size_t max_line = 16'384;  // variables filled in

using Names = std::set<std::string>;

constexpr std::array<std::string_view, 39> attribute_names = {
    "p",      "i",         "n",          "u",        "g",        "s",          "b",          "m",
    "a",      "c",         "S",          "I",        "X",        "ftype",      "l",          "md5",
    "sha1",   "sha256",    "sha512",     "rmd160",   "tiger",    "crc32",      "crc32b",     "haval",
    "gost",   "whirlpool", "sha512_256", "sha3_256", "sha3_512", "stribog256", "stribog512", "acl",
    "xattrs", "selinux",   "e2fsattrs",  "caps",     "growing",  "ANF",        "ARF"};

// What the words of AIDE's own stand for, as far as every release agrees.
std::map<std::string, Names, std::less<>> own_groups() {
  const Names extended = {"acl", "xattrs", "selinux", "e2fsattrs", "caps"};
  const auto with = [&](Names names) {
    names.insert(extended.begin(), extended.end());
    return names;
  };
  return {{"X", extended},
          {"E", {}},
          {"R", with({"p", "ftype", "i", "l", "n", "u", "g", "s", "m", "c"})},
          {"L", with({"p", "ftype", "i", "l", "n", "u", "g"})},
          {">", with({"p", "ftype", "l", "u", "g", "i", "n", "s", "growing"})},
          {"H", {"md5", "sha1", "sha256", "sha512"}}};
}

re2::RE2::Options options() {
  re2::RE2::Options chosen;
  chosen.set_encoding(re2::RE2::Options::EncodingLatin1);
  chosen.set_log_errors(false);
  chosen.set_max_mem(1 << 20);
  return chosen;
}

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

/// "/usr/sbin" of "/usr/sbin/audit.*": the directory that a rule hangs on.
std::string directory_of(std::string_view expression) {
  constexpr std::string_view special = "()^$*[]{}+?.|\\";
  std::string literal;
  for (std::size_t at = 0; at < expression.size(); ++at) {
    if (expression[at] == '\\' && at + 1 < expression.size() && !is_letter_or_digit(expression[at + 1])) {
      literal += expression[++at];
      continue;
    }
    if (special.find(expression[at]) != std::string_view::npos) break;
    literal += expression[at];
  }
  const auto slash = literal.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : literal.substr(0, slash);
}

class Reader {
 public:
  explicit Reader(const AideFiles& files) : files_(files), groups_(own_groups()) {}

  std::optional<Error> read_file(const std::string& path, std::size_t depth) {
    if (depth > max_depth || ++files_read_ > max_files)
      return Error{Error::Kind::too_large, fmt::format("{}: included too deep", path)};
    const auto text = files_.read(path);
    if (!text) return text.error();
    const auto conditions_before = conditions_.size();
    Lines lines(*text);
    std::string_view line;
    while (lines.next(line)) {
      place_ = fmt::format("{}:{}", path, lines.number());
      if (auto problem = read_line(line, depth)) return problem;
    }
    if (conditions_.size() != conditions_before) return bad("@@if without @@endif");
    return std::nullopt;
  }

  AideConf take() { return std::move(conf_); }

 private:
  [[nodiscard]] Error bad(std::string_view why) const {
    return {Error::Kind::malformed, fmt::format("{}: {}", place_, why)};
  }

  [[nodiscard]] bool skipping() const {
    return std::any_of(conditions_.begin(), conditions_.end(), [](bool holds) { return !holds; });
  }

  [[nodiscard]] std::string expanded(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const auto at = text.find("@@{");
      const auto end = at == std::string_view::npos ? at : text.find('}', at);
      if (end == std::string_view::npos) break;
      if (out.size() > max_line) break;
      out += text.substr(0, at);
      const auto found = variables_.find(text.substr(at + 3, end - at - 3));
      if (found != variables_.end()) out += found->second;
      text.remove_prefix(end + 1);
    }
    return out + std::string(text);
  }

  std::optional<Error> read_line(std::string_view raw, std::size_t depth) {
    auto line = trimmed(raw);
    if (line.empty() || line.front() == '#') return std::nullopt;
    if (line.starts_with("@@") && !line.starts_with("@@{")) return read_directive(line, depth);
    if (skipping()) return std::nullopt;
    const auto whole = expanded(line);
    if (whole.size() > max_line) return bad("a line that is too long");
    if (whole.empty()) return std::nullopt;
    constexpr std::string_view starts = "/!=-";
    if (starts.find(whole.front()) != std::string_view::npos) return read_rule(whole);
    return read_assignment(whole);
  }

  std::optional<Error> read_directive(std::string_view line, std::size_t depth) {
    const auto word = std::string(take_word(line));
    auto rest = std::string(trimmed(line));
    if (word == "@@endif") {
      if (conditions_.empty()) return bad("@@endif without @@if");
      conditions_.pop_back();
      return std::nullopt;
    }
    if (word == "@@else") {
      if (conditions_.empty()) return bad("@@else without @@if");
      conditions_.back() = !conditions_.back();
      return std::nullopt;
    }
    const bool conditional = word.starts_with("@@if");
    if (skipping()) {
      if (conditional) conditions_.push_back(true);
      return std::nullopt;
    }
    if (conditional) return read_condition(word, rest);
    if (word == "@@define") {
      std::string_view left = rest;
      const auto name = std::string(take_word(left));
      auto value = expanded(trimmed(left));
      if (value.size() > max_line) return bad("a value that is too long");
      variables_[name] = std::move(value);
    } else if (word == "@@undef") {
      variables_.erase(rest);
    } else if (word == "@@include" || word == "@@x_include") {
      return include(expanded(rest), word == "@@x_include", depth);
    } else if (word != "@@x_include_setenv") {
      return bad(fmt::format("unknown word {}", word));
    }
    return std::nullopt;
  }

  std::optional<Error> read_condition(const std::string& word, std::string_view rest) {
    bool negated = word == "@@ifndef";
    if (word == "@@if") {
      auto first = take_word(rest);
      if (first == "not") {
        negated = true;
        first = take_word(rest);
      }
      if (first != "defined") {
        return Error{Error::Kind::unsupported, fmt::format("{}: cannot tell whether `{}` holds", place_, first)};
      }
    } else if (word != "@@ifdef" && word != "@@ifndef") {
      return Error{Error::Kind::unsupported, fmt::format("{}: {} asks for the name of the host", place_, word)};
    }
    conditions_.push_back(variables_.contains(std::string(trimmed(rest))) != negated);
    return std::nullopt;
  }

  std::optional<Error> include(std::string_view rest, bool runs, std::size_t depth) {
    const auto path = std::string(take_word(rest));
    const auto pattern = std::string(take_word(rest));
    if (pattern.empty()) {
      if (!runs) return read_file(path, depth + 1);
      conf_.scripts.push_back(path);
      return std::nullopt;
    }
    const re2::RE2 wanted(pattern, options());
    if (!wanted.ok()) return bad("an expression that cannot be compiled");
    const auto fragments = files_.list(path);
    if (!fragments) return fragments.error();
    for (const auto& fragment : *fragments) {
      if (!re2::RE2::PartialMatch(fragment.name, wanted)) continue;
      const auto file = fmt::format("{}/{}", path, fragment.name);
      if (runs && fragment.executable) {
        conf_.scripts.push_back(file);
      } else if (auto problem = read_file(file, depth + 1)) {
        return problem;
      }
    }
    return std::nullopt;
  }

  std::optional<Error> read_assignment(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return bad("neither a rule nor a setting");
    const auto name = std::string(trimmed(line.substr(0, equals)));
    const auto value = trimmed(line.substr(equals + 1));
    const bool option = name.find('_') != std::string::npos || name == "database" || name == "verbose" ||
                        name == "syslog_format" || name == "root_prefix" || name == "num_workers";
    if (option && !groups_.contains(name)) {
      conf_.settings[lower_case(name)] = value;
      return std::nullopt;
    }
    auto attributes = attributes_of(value.substr(0, value.find('#')));
    if (attributes) {
      groups_[name] = std::move(*attributes);
    } else {
      conf_.settings[lower_case(name)] = value;  // an option that is not known here
    }
    return std::nullopt;
  }

  /// "p+i+sha512-b"; nothing when a name in it means nothing.
  [[nodiscard]] std::optional<Names> attributes_of(std::string_view expression) const {
    Names names;
    bool adds = true;
    expression = trimmed(expression);
    while (!expression.empty()) {
      const auto end = expression.find_first_of("+-");
      const auto word = std::string(trimmed(expression.substr(0, end)));
      Names found;
      if (const auto group = groups_.find(word); group != groups_.end()) {
        found = group->second;
      } else if (std::find(attribute_names.begin(), attribute_names.end(), word) != attribute_names.end()) {
        found = {word};
      } else {
        return std::nullopt;
      }
      for (const auto& name : found) {
        if (adds) {
          names.insert(name);
        } else {
          names.erase(name);
        }
      }
      if (end == std::string_view::npos) break;
      adds = expression[end] == '+';
      expression.remove_prefix(end + 1);
    }
    return names;
  }

  std::optional<Error> read_rule(std::string_view line) {
    if (conf_.rules.size() >= max_rules) return Error{Error::Kind::too_large, "too many rules of AIDE"};
    AideRule rule;
    rule.source = place_;
    rule.kind = line.front() == '!'   ? AideRule::Kind::leaves_out_below
                : line.front() == '-' ? AideRule::Kind::leaves_out
                : line.front() == '=' ? AideRule::Kind::selects_itself
                                      : AideRule::Kind::selects;
    if (line.front() != '/') line.remove_prefix(1);
    rule.expression = take_word(line);
    if (!rule.expression.starts_with('/')) return bad("a rule that does not start with a slash");
    line = trimmed(line.substr(0, line.find('#')));
    const bool selects = rule.kind == AideRule::Kind::selects || rule.kind == AideRule::Kind::selects_itself;
    std::vector<std::string_view> words;
    while (!line.empty()) {
      words.push_back(take_word(line));
      line = trimmed(line);
    }
    // An optional word before the attributes says for which types of files: "f", "d,l", "f=ext4", "0".
    const bool has_restriction = selects ? words.size() > 1 : !words.empty();
    if (has_restriction) {
      const auto types = words.front().substr(0, words.front().find('='));
      rule.restricted = !types.empty() && types != "0" && types.find('f') == std::string_view::npos;
    }
    if (selects) {
      auto attributes = words.empty() ? std::nullopt : attributes_of(words.back());
      if (!attributes) return bad("unknown attributes");
      rule.attributes = std::move(*attributes);
    }
    conf_.rules.push_back(std::move(rule));
    return std::nullopt;
  }

  const AideFiles& files_;
  AideConf conf_;
  std::map<std::string, Names, std::less<>> groups_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::vector<bool> conditions_;
  std::string place_;
  std::size_t files_read_ = 0;
};

/// Those rules whose directory is the path's or above it, and whose expression fits.
Result<std::vector<const AideRule*>> fitting(const AideConf& conf, std::string_view path, bool file) {
  std::vector<const AideRule*> found;
  for (const auto& rule : conf.rules) {
    if (rule.restricted && file) continue;
    const auto directory = directory_of(rule.expression);
    const bool on_the_way = directory == "/" || (path.starts_with(directory) &&
                                                 (path.size() == directory.size() || path[directory.size()] == '/'));
    if (!on_the_way) continue;
    const re2::RE2 expression("^(?:" + rule.expression + ")", options());
    if (!expression.ok()) {
      return std::unexpected(
          Error{Error::Kind::malformed, fmt::format("{}: an expression that cannot be compiled", rule.source)});
    }
    if (re2::RE2::PartialMatch(piece(path), expression)) found.push_back(&rule);
  }
  return found;
}

}  // namespace

Result<AideConf> parse_aide_conf(const std::string& path, const AideFiles& files) {
  Reader reader(files);
  if (auto problem = reader.read_file(path, 0)) return std::unexpected(std::move(*problem));
  return reader.take();
}

Result<const AideRule*> deciding_aide_rule(const AideConf& conf, std::string_view path) {
  const auto rules = fitting(conf, path, true);
  if (!rules) return std::unexpected(rules.error());
  const AideRule* chosen = nullptr;
  std::size_t deepest = 0;
  for (const auto* rule : *rules) {
    const bool itself = rule->kind == AideRule::Kind::selects_itself;
    if (rule->kind != AideRule::Kind::selects && !itself) continue;
    // "=/x" is asked only where the file's own directory is reached, and before all others.
    const auto depth = itself ? path.size() : directory_of(rule->expression).size();
    if (itself && directory_of(rule->expression) != path.substr(0, std::max<std::size_t>(path.rfind('/'), 1))) continue;
    if (chosen == nullptr || depth > deepest) {
      chosen = rule;
      deepest = depth;
    }
  }
  if (chosen == nullptr) return nullptr;
  for (const auto* rule : *rules) {
    if (rule->kind == AideRule::Kind::leaves_out || rule->kind == AideRule::Kind::leaves_out_below) return rule;
  }
  // What leaves out a directory and all below it.
  for (auto slash = path.rfind('/'); slash != std::string_view::npos && slash > 0; slash = path.rfind('/', slash - 1)) {
    const auto above = fitting(conf, path.substr(0, slash), false);
    if (!above) return std::unexpected(above.error());
    for (const auto* rule : *above) {
      if (rule->kind == AideRule::Kind::leaves_out_below && !rule->restricted) return rule;
    }
  }
  return chosen;
}

}  // namespace plimsoll::formats
