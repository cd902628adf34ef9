#include "engine/formats/sshd_config.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/sshd_keywords.hpp"
#include "engine/formats/sshd_words.hpp"

namespace plimsoll::formats {
namespace {

constexpr int max_depth = 16;               // of Include, as in sshd
constexpr std::size_t max_lines = 200'000;  // over all files; sshd has no limit, hostile files need one

/// How far a file is believed.
enum class Scope : std::uint8_t {
  plain,       ///< as its Match lines say
  never,       ///< included from a block that does not hold: only its syntax counts
  match_only,  ///< second pass: nothing before the first Match line
};

struct Place {
  const std::string* path;
  std::uint32_t line;
};

std::string to_text(const Place& place) {
  return fmt::format("{}:{}", *place.path, place.line);
}

bool overwrites(std::string_view keyword, SshdRelease release) {
  if (keyword == "ipqos" || keyword == "fingerprinthash" || keyword == "streamlocalbindmask") return true;
  constexpr SshdRelease first_that_keeps = 1001;
  return (keyword == "maxstartups" || keyword == "persourcenetblocksize") && release != 0 && release < first_that_keeps;
}

/// The text by which `sshd -T` shows a MaxStartups line that names one number.
std::string complete_max_startups(const std::string& value, const SshdSetting* before, SshdRelease release) {
  constexpr SshdRelease first_with_defaults = 1001;
  if (value.find(':') != std::string::npos) return value;
  if (release == 0 || release >= first_with_defaults) return fmt::format("10:30:{}", value);
  std::string rate = "30";
  if (before != nullptr) {
    const auto& earlier = before->values.front();
    const auto first = earlier.find(':');
    rate = earlier.substr(first + 1, earlier.find(':', first + 1) - first - 1);
  }
  return fmt::format("{0}:{1}:{0}", value, rate);
}

class Reader {
 public:
  /// `second` reads only what Match blocks that hold for everyone set.
  Reader(const SshdInput& input, bool second) : input_(input), second_(second) {}

  std::optional<Error> read_options() {
    const std::string path = "command line";
    for (const auto& option : input_.options) {
      auto line = parse_sshd_line(option, SshdDialect::since_8_7);
      if (!line) return with_place(line.error(), path);
      if (line->keyword == "match" || line->keyword == "include") {
        return with_place(Error{Error::Kind::malformed, line->keyword + " cannot stand on a command line"}, path);
      }
      if (auto error = apply(*line, path, true)) return with_place(std::move(*error), path);
    }
    return std::nullopt;
  }

  std::optional<Error> read_file() {
    bool active = !second_;
    return read(input_.file, second_ ? Scope::match_only : Scope::plain, active, 0);
  }

  [[nodiscard]] SshdConfig take() { return std::move(config_); }

 private:
  static Error with_place(Error error, const std::string& place) {
    if (error.kind == Error::Kind::unsupported || error.kind == Error::Kind::unobservable) {
      error.what = fmt::format("{}: {}", place, error.what);
    }
    if (error.kind != Error::Kind::malformed) return error;
    error.what = fmt::format("{}: {}; sshd refuses to start", place, error.what);
    return error;
  }

  std::optional<Error> read(const SshdFile& file, Scope scope, bool& active, int depth) {
    if (depth > max_depth) return Error{Error::Kind::malformed, fmt::format("{}: too many nested includes", file.path)};
    const auto dialect = input_.release != 0 && input_.release < 807 ? SshdDialect::before_8_7 : SshdDialect::since_8_7;
    std::uint32_t number = 0;
    std::string_view text = file.text;
    while (!text.empty()) {
      const auto content = take_line(text);
      const Place place{&file.path, ++number};
      if (++lines_ > max_lines)
        return Error{Error::Kind::too_large, "sshd_config and its includes have too many lines"};

      const auto line = parse_sshd_line(content, dialect);
      if (!line) return with_place(line.error(), to_text(place));
      if (line->keyword.empty()) continue;
      std::optional<Error> error;
      if (line->keyword == "include") {
        error = include(*line, place, scope, active, depth);
        if (error) return error;  // says where, already
      } else if (line->keyword == "match") {
        error = match(*line, scope, active);
      } else {
        error = apply(*line, to_text(place), active);
      }
      if (error) return with_place(std::move(*error), to_text(place));
    }
    return std::nullopt;
  }

  std::optional<Error> include(const SshdLine& line, const Place& place, Scope scope, bool& active, int depth) {
    const auto refused = [&](Error error) { return with_place(std::move(error), to_text(place)); };
    if (input_.release != 0 && input_.release < 802) return refused(unknown_keyword(line.keyword));
    if (line.arguments.empty()) return refused({Error::Kind::malformed, "Include without a file name"});
    for (const auto& argument : line.arguments) {
      if (argument.empty()) return refused({Error::Kind::malformed, "Include with an empty file name"});
      const bool absolute = argument.starts_with('/') || argument.starts_with('~');
      auto files = input_.include(absolute ? argument : "/etc/ssh/" + argument);
      if (!files) {
        auto error = files.error();
        error.what = fmt::format("{} (included at {})", error.what, to_text(place));
        return error;
      }
      for (const auto& file : *files) {
        // An included file cannot change whether the lines after the Include count.
        const auto inner = scope == Scope::match_only ? scope : active ? Scope::plain : Scope::never;
        bool inner_active = active;
        if (auto error = read(file, inner, inner_active, depth + 1)) return error;
      }
    }
    return std::nullopt;
  }

  /// At start no criterion holds but `all`; the second pass judges them for a connection. Scope::match_only ends at the
  /// first Match line.
  std::optional<Error> match(const SshdLine& line, Scope& scope, bool& active) {
    auto words = line.arguments;
    constexpr SshdRelease first_with_arguments = 1000;
    if (input_.release != 0 && input_.release < first_with_arguments) {  // criteria are cut at `=` too
      std::string rest = line.rest;
      std::ranges::replace(rest, '=', ' ');
      if (auto cut = parse_sshd_line("match " + rest, SshdDialect::since_8_7)) words = std::move(cut->arguments);
    }
    const auto criteria = parse_sshd_criteria(words);
    if (!criteria) return criteria.error();
    const bool all = criteria->front().name == "all";
    if (!all && !second_) ++config_.match_blocks;
    bool holds = all;
    if (!all && second_ && input_.connection && scope != Scope::never) {
      const auto judged = sshd_criteria_hold(*criteria, *input_.connection);
      if (!judged) return judged.error();
      holds = *judged;
    }
    active = holds && scope != Scope::never;
    if (scope == Scope::match_only) scope = Scope::plain;
    return std::nullopt;
  }

  static Error unknown_keyword(std::string_view keyword) {
    return {Error::Kind::malformed, fmt::format("unknown keyword \"{}\"", keyword)};
  }

  std::optional<Error> apply(const SshdLine& line, const std::string& source, bool active) {
    const auto* keyword = find_sshd_keyword(line.keyword, input_.release);
    if (keyword == nullptr) return unknown_keyword(line.keyword);
    if (!active && !keyword->in_match) {
      if (second_) return std::nullopt;
      return Error{Error::Kind::malformed, fmt::format("{} is not allowed within a Match block", line.keyword)};
    }
    auto values = read_sshd_values(*keyword, line);
    if (!values) {
      auto error = values.error();
      error.what = fmt::format("{}: {}", line.keyword, error.what);
      return error;
    }
    if (keyword->kind == SshdKind::ignored) return std::nullopt;
    if (!active) {
      if (!second_) remember_match(*keyword, *values);
      return std::nullopt;
    }
    if (second_ && !keyword->in_match) return std::nullopt;
    return store(*keyword, std::move(*values), source);
  }

  void remember_match(const SshdKeyword& keyword, const std::vector<std::string>& values) {
    auto& names = config_.match_keywords;
    const auto at = std::ranges::lower_bound(names, keyword.canonical);
    if (at == names.end() || *at != keyword.canonical) names.emplace(at, keyword.canonical);
    config_.match_settings.push_back(fmt::format("{} {}", keyword.canonical, fmt::join(values, " ")));
  }

  std::optional<Error> store(const SshdKeyword& keyword, std::vector<std::string> values, const std::string& source) {
    const auto found = config_.settings.find(keyword.canonical);
    if (keyword.canonical == "maxstartups") {
      const auto* before = found == config_.settings.end() ? nullptr : &found->second;
      values.front() = complete_max_startups(values.front(), before, input_.release);
    }
    if (found == config_.settings.end()) {
      if (keyword.kind == SshdKind::subsystem || keyword.kind == SshdKind::listen_address) join(values);
      if (values.empty()) return std::nullopt;
      config_.settings.emplace(keyword.canonical, SshdSetting{std::move(values), source, {}});
      return std::nullopt;
    }
    auto& setting = found->second;
    switch (keyword.kind) {
      case SshdKind::words_add_up:
      case SshdKind::word_adds_up:
      case SshdKind::port:
        std::ranges::move(values, std::back_inserter(setting.values));
        return std::nullopt;
      case SshdKind::listen_address:
        join(values);
        setting.values.push_back(std::move(values.front()));
        return std::nullopt;
      case SshdKind::subsystem:
        return add_subsystem(setting, std::move(values), source);
      case SshdKind::flag:
      case SshdKind::choice:
      case SshdKind::integer:
      case SshdKind::time:
      case SshdKind::path:
      case SshdKind::word:
      case SshdKind::algorithms:
      case SshdKind::log_level:
      case SshdKind::log_facility:
      case SshdKind::octal:
      case SshdKind::words_once:
      case SshdKind::max_startups:
      case SshdKind::user_environment:
      case SshdKind::rest_of_line:
      case SshdKind::command:
      case SshdKind::unchecked:
      case SshdKind::match:
      case SshdKind::include:
      case SshdKind::ignored:
        break;
    }
    if (overwrites(keyword.canonical, input_.release)) {
      setting.overridden.push_back({setting.source, fmt::format("{}", fmt::join(setting.values, " "))});
      setting.values = std::move(values);
      setting.source = source;
    } else {
      setting.overridden.push_back({source, fmt::format("{}", fmt::join(values, " "))});
    }
    return std::nullopt;
  }

  std::optional<Error> add_subsystem(SshdSetting& setting, std::vector<std::string> values, const std::string& source) {
    const auto name = values.front() + " ";
    join(values);
    const bool again = std::ranges::any_of(setting.values, [&](const auto& value) { return value.starts_with(name); });
    constexpr SshdRelease first_that_allows = 905;
    if (again && input_.release != 0 && input_.release < first_that_allows) {
      return Error{Error::Kind::malformed, fmt::format("subsystem {}is already defined", name)};
    }
    if (again) {
      setting.overridden.push_back({source, std::move(values.front())});
    } else {
      setting.values.push_back(std::move(values.front()));
    }
    return std::nullopt;
  }

  static void join(std::vector<std::string>& values) { values = {fmt::format("{}", fmt::join(values, " "))}; }

  const SshdInput& input_;
  bool second_;
  SshdConfig config_;
  std::size_t lines_ = 0;
};

std::string word_of(const SshdConfig& config, std::string_view keyword, std::string_view fallback) {
  const auto* setting = config.find(keyword);
  return setting == nullptr ? std::string(fallback) : setting->values.front();
}

/// auth2_methods_valid of auth2.c: a list counts only if each of its methods is switched on.
bool can_be_satisfied(const SshdConfig& config, std::string_view list) {
  struct Method {
    std::string_view name, keyword, fallback;
  };
  static constexpr Method methods[] = {{"publickey", "pubkeyauthentication", "yes"},
                                       {"password", "passwordauthentication", "yes"},
                                       {"keyboard-interactive", "kbdinteractiveauthentication", "yes"},
                                       {"hostbased", "hostbasedauthentication", "no"},
                                       {"gssapi-with-mic", "gssapiauthentication", "no"}};
  for (const auto& written : split_at_commas(list)) {
    const auto method = std::ranges::find(methods, written.substr(0, written.find(':')), &Method::name);
    if (method != std::end(methods) && word_of(config, method->keyword, method->fallback) != "yes") return false;
  }
  return true;
}

/// What sshd.c refuses though each line is good.
std::optional<Error> check_together(const SshdConfig& config) {
  const auto refused = [](const SshdSetting& setting, std::string_view why) {
    return Error{Error::Kind::malformed, fmt::format("{}: {}; sshd refuses to start", setting.source, why)};
  };
  for (const std::string_view command : {"authorizedkeyscommand", "authorizedprincipalscommand"}) {
    const auto* setting = config.find(command);
    if (setting == nullptr || lower_case(setting->values.front()) == "none") continue;
    const auto user = fmt::format("{}user", command);
    if (config.find(user) == nullptr) return refused(*setting, fmt::format("{} without {}", command, user));
  }
  const auto* lists = config.find("authenticationmethods");
  const auto good = [&](const std::string& list) { return can_be_satisfied(config, list); };
  if (lists != nullptr && std::ranges::none_of(lists->values, good)) {
    return refused(*lists, "each list of authenticationmethods names a method that is switched off");
  }
  return std::nullopt;
}

}  // namespace

const SshdSetting* SshdConfig::find(std::string_view keyword) const {
  const auto found = settings.find(keyword);
  return found == settings.end() ? nullptr : &found->second;
}

Result<SshdConfig> read_sshd_config(const SshdInput& input) {
  Reader first(input, false);
  if (auto error = first.read_options()) return std::unexpected(std::move(*error));
  if (auto error = first.read_file()) return std::unexpected(std::move(*error));
  auto config = first.take();

  Reader second(input, true);
  if (auto error = second.read_file()) return std::unexpected(std::move(*error));
  for (auto& [keyword, setting] : second.take().settings) {
    const auto found = config.settings.find(keyword);
    if (found == config.settings.end() || found->second.source == setting.source) {
      config.settings.insert_or_assign(keyword, setting);
      continue;
    }
    setting.overridden.push_back({found->second.source, fmt::format("{}", fmt::join(found->second.values, " "))});
    found->second = setting;
  }
  if (auto error = check_together(config)) return std::unexpected(std::move(*error));
  return config;
}

}  // namespace plimsoll::formats
