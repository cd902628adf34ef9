#include "engine/formats/apparmor.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/glob.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t max_profiles = 10'000;
constexpr std::size_t max_frames = 64;
constexpr std::size_t max_patterns = 64;
constexpr std::size_t max_pattern_bytes = 4096;

struct Token {
  std::string text;
  std::uint32_t line = 0;
  bool quoted = false;
  bool ends_line = false;
};

/// Words at white space; quotes hold them together and are taken off. `#` starts a comment where a word could start,
/// but "#include" is a word.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  std::optional<Token> next() {
    skip();
    if (at_ == text_.size()) return std::nullopt;
    Token token;
    token.line = line_;
    while (at_ < text_.size() && !is_white(text_[at_])) {
      const char c = text_[at_++];
      if (c == '"') {
        token.quoted = true;
        while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') token.text.push_back(text_[at_++]);
        if (at_ < text_.size() && text_[at_] == '"') ++at_;
      } else if (c == '\\' && at_ < text_.size() && text_[at_] != '\n') {
        token.text.push_back(c);
        token.text.push_back(text_[at_++]);
      } else {
        token.text.push_back(c);
      }
    }
    auto ahead = at_;
    while (ahead < text_.size() && (text_[ahead] == ' ' || text_[ahead] == '\t' || text_[ahead] == '\r')) ++ahead;
    token.ends_line = ahead == text_.size() || text_[ahead] == '\n' || text_[ahead] == '#';
    return token;
  }

 private:
  void skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#' && !text_.substr(at_).starts_with("#include")) {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (is_white(c)) {
        if (c == '\n') ++line_;
        ++at_;
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

/// What is between the parentheses of "flags=( … )" or of a bare "( … )".
std::vector<std::string> flags_of(std::string_view header) {
  std::vector<std::string> flags;
  auto begin = header.find("flags");
  if (begin != npos) {
    begin = header.find('(', begin);
  } else if (header.find("xattrs") == npos) {
    begin = header.find('(');
  }
  if (begin == npos) return flags;
  auto inside = header.substr(begin + 1);
  inside = inside.substr(0, inside.find(')'));
  while (!inside.empty()) {
    const auto end = inside.find_first_of(", \t");
    if (end != 0) flags.emplace_back(inside.substr(0, end));
    inside.remove_prefix(end == npos ? inside.size() : end + 1);
  }
  return flags;
}

bool is_pattern(std::string_view text) {
  return text.starts_with('/') || text.starts_with("@{") || text.starts_with('{');
}

/// The words before "{". Empty for a block that is no profile (`if`, `else`).
std::optional<AppArmorProfile> profile_of(std::vector<Token> header) {
  if (header.empty() || header[0].text == "if" || header[0].text == "else") return std::nullopt;
  AppArmorProfile profile;
  profile.line = header[0].line;
  std::size_t at = 0;
  bool named = false;
  if (!header[0].quoted && (header[0].text == "profile" || header[0].text == "hat") && header.size() > 1) {
    named = true;
    ++at;
  }
  profile.name = header[at].text;
  if (!named && profile.name.starts_with('^')) {
    profile.name.erase(0, 1);
    named = true;
  }
  if (!named && !is_pattern(profile.name)) return std::nullopt;
  if (is_pattern(profile.name)) profile.attachment = profile.name;
  ++at;
  if (at < header.size() && is_pattern(header[at].text)) profile.attachment = header[at++].text;
  std::string rest;
  for (; at < header.size(); ++at) rest.append(header[at].text).push_back(' ');
  profile.flags = flags_of(rest);
  return profile;
}

class FileReader {
 public:
  explicit FileReader(std::string_view text) : tokens_(text) {}

  AppArmorFile read() {
    while (auto token = tokens_.next()) {
      const auto braces = token->quoted ? 0 : surplus(token->text);
      if (braces > 0) {
        token->text.pop_back();
        if (!token->text.empty()) pending_.push_back(*token);
        open();
      } else if (braces < 0) {
        pending_.clear();
        for (auto left = braces; left < 0 && !names_.empty(); ++left) names_.pop_back();
      } else {
        add(std::move(*token));
      }
    }
    return std::move(file_);
  }

 private:
  static int surplus(std::string_view text) {
    const auto open = std::count(text.begin(), text.end(), '{');
    const auto close = std::count(text.begin(), text.end(), '}');
    if (open > close && !text.ends_with('{')) return 0;  // an unbalanced pattern
    return open > close ? 1 : static_cast<int>(open - close);
  }

  void open() {
    auto header = std::exchange(pending_, {});
    auto profile = profile_of(std::move(header));
    std::string full;
    if (profile) {
      std::string parent = names_.empty() ? "" : names_.back();
      full = parent.empty() ? profile->name : parent + "//" + profile->name;
      profile->name = full;
      if (file_.profiles.size() < max_profiles) file_.profiles.push_back(std::move(*profile));
    } else if (!names_.empty()) {
      full = names_.back();
    }
    if (names_.size() < max_frames && full.size() < max_pattern_bytes) names_.push_back(std::move(full));
  }

  void add(Token token) {
    const bool ends_line = token.ends_line;
    const bool ends_rule = !token.quoted && token.text.ends_with(',');
    pending_.push_back(std::move(token));
    const auto& first = pending_.front();
    const bool line_based = !first.quoted && (first.text == "include" || first.text == "#include" ||
                                              first.text.starts_with("@{") || first.text.starts_with('$'));
    if (line_based && ends_line) {
      assign();
      pending_.clear();
    } else if (ends_rule && !in_parentheses()) {
      pending_.clear();
    }
  }

  /// A comma inside "flags=(a, b)" ends no rule.
  [[nodiscard]] bool in_parentheses() const {
    int depth = 0;
    constexpr std::size_t longest_header = 64;
    if (pending_.size() > longest_header) return false;
    for (const auto& token : pending_) {
      depth += static_cast<int>(std::count(token.text.begin(), token.text.end(), '('));
      depth -= static_cast<int>(std::count(token.text.begin(), token.text.end(), ')'));
    }
    return depth > 0;
  }

  /// `@{name} = value …` or `@{name} += value …`.
  void assign() {
    if (pending_.size() < 2 || !pending_[0].text.starts_with("@{")) return;
    const auto close = pending_[0].text.find('}');
    if (close == npos) return;
    const auto name = pending_[0].text.substr(2, close - 2);
    std::size_t at = 1;
    std::string sign = pending_[0].text.substr(close + 1);
    if (sign.empty()) sign = pending_[at++].text;
    std::string first;
    if (const auto equals = sign.find('='); equals != npos) {
      first = sign.substr(equals + 1);
      sign = sign.substr(0, equals + 1);
    }
    if (sign != "=" && sign != "+=") return;
    auto& values = file_.variables[name];
    if (sign == "=") values.clear();
    if (!first.empty()) values.push_back(first);
    for (; at < pending_.size(); ++at) {
      if (pending_[at].text != "\\") values.push_back(pending_[at].text);
    }
  }

  Tokens tokens_;
  AppArmorFile file_;
  std::vector<Token> pending_;
  std::vector<std::string> names_;  // of the blocks that are open
};

}  // namespace

std::string_view AppArmorProfile::mode() const {
  constexpr std::array<std::string_view, 4> modes = {"complain", "kill", "unconfined", "prompt"};
  for (const auto& flag : flags) {
    const auto found = std::find(modes.begin(), modes.end(), flag);
    if (found != modes.end()) return *found;
  }
  return "enforce";
}

AppArmorFile parse_apparmor_file(std::string_view text) {
  return FileReader(text).read();
}

AppArmorLabel parse_apparmor_label(std::string_view line) {
  line = trimmed(line.substr(0, line.find('\0')));
  const auto open = line.rfind(" (");
  if (open == npos || !line.ends_with(')')) return {std::string(line), ""};
  return {std::string(line.substr(0, open)), std::string(line.substr(open + 2, line.size() - open - 3))};
}

std::vector<AppArmorLabel> parse_apparmor_labels(std::string_view text) {
  std::vector<AppArmorLabel> labels;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (!trimmed(line).empty()) labels.push_back(parse_apparmor_label(line));
  }
  return labels;
}

std::vector<std::string> expand_apparmor_pattern(std::string_view pattern, const AppArmorVariables& variables) {
  std::vector<std::string> open = {std::string(pattern)};
  std::vector<std::string> done;
  constexpr std::size_t max_steps = 1000;  // variables that name each other in circles
  for (std::size_t steps = 0; !open.empty() && steps < max_steps && done.size() < max_patterns; ++steps) {
    const auto one = std::move(open.back());
    open.pop_back();
    const auto begin = one.find("@{");
    if (begin == std::string::npos) {
      for (auto& alternative : expand_braces(one)) {
        if (done.size() < max_patterns) done.push_back(std::move(alternative));
      }
      continue;
    }
    const auto end = one.find('}', begin);
    if (end == std::string::npos) return {};
    const auto found = variables.find(std::string_view(one).substr(begin + 2, end - begin - 2));
    if (found == variables.end()) return {};
    for (const auto& value : found->second) {
      auto with = one.substr(0, begin) + value + one.substr(end + 1);
      // A slash at the end of a value and one behind the variable are one.
      for (auto twice = with.find("//"); twice != std::string::npos; twice = with.find("//")) with.erase(twice, 1);
      if (open.size() < max_patterns && with.size() < max_pattern_bytes) open.push_back(std::move(with));
    }
  }
  return done;
}

bool apparmor_pattern_matches(std::string_view pattern, std::string_view path) {
  // Nearly all patterns begin with plain text, which tells at once.
  const auto plain = pattern.substr(0, pattern.find_first_of("*?[\\"));
  if (!path.starts_with(plain)) return false;
  pattern.remove_prefix(plain.size());
  path.remove_prefix(plain.size());
  if (pattern.empty()) return path.empty();
  // reached[i]: the pattern so far can match the first i bytes of the path.
  std::vector<char> reached(path.size() + 1, 0);
  reached[0] = 1;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    std::vector<char> next(path.size() + 1, 0);
    const char c = pattern[at];
    if (c == '*') {
      const bool across = at + 1 < pattern.size() && pattern[at + 1] == '*';
      if (across) ++at;
      for (std::size_t i = 0; i <= path.size(); ++i) {
        const bool extends = i > 0 && next[i - 1] != 0 && (across || path[i - 1] != '/');
        next[i] = static_cast<char>(reached[i] != 0 || extends);
      }
    } else {
      // "[^a]" is what a shell writes as "[!a]".
      const auto close = c == '[' ? pattern.find(']', at + 2) : npos;
      std::string set(close == npos ? pattern.substr(at, c == '\\' && at + 1 < pattern.size() ? 2 : 1)
                                    : pattern.substr(at, close - at + 1));
      if (close != npos && set[1] == '^') set[1] = '!';
      for (std::size_t i = 0; i < path.size(); ++i) {
        if (reached[i] == 0) continue;
        const bool one = c == '?' ? path[i] != '/' : glob_matches(set, path.substr(i, 1), GlobKind::text);
        if (one) next[i + 1] = 1;
      }
      at += set.size() - 1;
    }
    reached = std::move(next);
  }
  return reached[path.size()] != 0;
}

}  // namespace plimsoll::formats
