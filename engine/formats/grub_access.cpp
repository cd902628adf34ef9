#include "engine/formats/grub_access.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/grub_script.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t max_depth = 8;       // files that source each other
constexpr std::size_t max_items = 10'000;  // entries and passwords that are kept
constexpr std::size_t max_expanded = 4096;

enum class Truth : unsigned char { no, unknown, yes };

/// An `if`, a loop or a block that is open.
struct Frame {
  Truth now = Truth::yes;
  bool taken = false;        // an earlier branch certainly ran
  bool maybe_taken = false;  // an earlier branch may have run
  bool block = false;        // ends with "}", not with fi or done
};

struct Variable {
  std::string text;
  bool known = true;
};

class Interpreter {
 public:
  Interpreter(const std::string& path, const GrubEnvironment& environment, const GrubFileReader& files)
      : files_(files), directory_(path.substr(0, path.rfind('/'))) {
    for (const auto& [name, value] : environment) variables_[name] = {value, true};
    variables_["prefix"] = {directory_, true};
    variables_["config_directory"] = {directory_, true};
    variables_["config_file"] = {path, true};
    access_.source = path;
  }

  GrubAccess finish(const std::string& path, std::string_view text) {
    run(path, text, 0);
    access_.only_loads_another = loads_another_ && access_.items.empty() && !access_.reads_bls;
    return std::move(access_);
  }

 private:
  [[nodiscard]] Truth truth() const {
    Truth least = Truth::yes;
    for (const auto& frame : frames_) least = std::min(least, frame.now);
    return least;
  }

  void run(const std::string& path, std::string_view text, std::size_t depth) {
    GrubReader reader(text);
    const auto floor_before = std::exchange(floor_, frames_.size());
    while (auto command = reader.next()) {
      auto& words = command->words;
      while (!words.empty() && (words[0] == "then" || words[0] == "do")) words.erase(words.begin());
      if (!words.empty() && words[0] == "else") {
        otherwise(Truth::yes);
        words.erase(words.begin());
      }
      const std::string name = words.empty() ? "" : words[0];
      const auto source = fmt::format("{}:{}", path, command->line);
      if (command->end == GrubCommand::End::block) {
        open_block(name, words, source);
      } else {
        execute(name, words, source, depth);
      }
      if (command->end == GrubCommand::End::end_of_block) close(true);
    }
    frames_.resize(std::min(floor_, frames_.size()));
    floor_ = floor_before;
  }

  void execute(const std::string& name, const std::vector<std::string>& words, const std::string& source,
               std::size_t depth) {
    const auto arguments = std::span(words).subspan(words.empty() ? 0 : 1);
    if (name == "if") {
      const auto condition = evaluate(arguments);
      frames_.push_back({.now = condition, .taken = condition == Truth::yes, .maybe_taken = condition != Truth::no});
    } else if (name == "elif") {
      otherwise(evaluate(arguments));
    } else if (name == "while" || name == "until" || name == "for") {
      frames_.push_back({.now = Truth::unknown});
    } else if (name == "fi" || name == "done") {
      close(false);
    } else if (truth() == Truth::no) {
      return;
    } else if (name == "set" && !arguments.empty()) {
      assign(arguments[0], source);
    } else if (name.find('=') != npos) {
      assign(name, source);
    } else if (name == "unset" && !arguments.empty()) {
      unset(arguments[0], source);
    } else if (name == "export") {
      for (const auto& word : arguments) access_.exported = access_.exported || word == "superusers";
    } else if ((name == "password" || name == "password_pbkdf2") && arguments.size() > 1) {
      password(name, arguments, source);
    } else if ((name == "source" || name == ".") && !arguments.empty()) {
      include(arguments[0], depth);
    } else if (name == "configfile" || name == "extract_entries_configfile") {
      loads_another_ = true;
    } else if (name == "blscfg") {
      access_.reads_bls = true;
    }
  }

  void otherwise(Truth condition) {
    if (frames_.size() <= floor_ || frames_.back().block) return;
    auto& frame = frames_.back();
    frame.now = frame.taken ? Truth::no : frame.maybe_taken ? std::min(condition, Truth::unknown) : condition;
    frame.taken = frame.taken || frame.now == Truth::yes;
    frame.maybe_taken = frame.maybe_taken || frame.now != Truth::no;
  }

  void open_block(const std::string& name, const std::vector<std::string>& words, const std::string& source) {
    constexpr std::size_t max_frames = 1000;
    if (name == "menuentry" && access_.items.size() < max_items) item(words, source);
    // What stands in an entry or submenu runs when somebody has chosen it; a function may never run.
    const bool chosen = name == "menuentry" || name == "submenu";
    if (frames_.size() < max_frames) {
      frames_.push_back({.now = chosen ? Truth::no : name.empty() ? Truth::yes : Truth::unknown, .block = true});
    }
  }

  void close(bool block) {
    if (frames_.size() > floor_ && frames_.back().block == block) frames_.pop_back();
  }

  void item(const std::vector<std::string>& words, const std::string& source) {
    GrubMenuItem made;
    made.title = words.size() > 1 ? expand(words[1]).text : "";
    made.source = source;
    for (std::size_t at = 2; at < words.size(); ++at) {
      const std::string_view word = words[at];
      if (word == "--unrestricted") made.unrestricted = true;
      if (word == "--users" && at + 1 < words.size()) made.users = names_of(expand(words[at + 1]).text);
      if (word.starts_with("--users=")) made.users = names_of(expand(word.substr(8)).text);
    }
    access_.items.push_back(std::move(made));
  }

  static std::vector<std::string> names_of(std::string_view list) {
    constexpr std::string_view separators = " ,;|&";
    std::vector<std::string> names;
    while (!list.empty()) {
      const auto end = list.find_first_of(separators);
      if (end != 0) names.emplace_back(list.substr(0, end));
      list.remove_prefix(end == npos ? list.size() : end + 1);
    }
    return names;
  }

  /// Variables that GRUB or the firmware sets; their values cannot be known here.
  static bool is_built_in(std::string_view name) {
    constexpr std::array<std::string_view, 12> prefixes = {"feature_", "grub_", "net_",    "efi",
                                                           "fw_",      "lang",  "locale_", "cmdpath",
                                                           "root",     "boot_", "chosen",  "shim_lock"};
    return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return name.starts_with(prefix); });
  }

  [[nodiscard]] Variable expand(std::string_view word) const {
    Variable out;
    while (!word.empty() && out.text.size() < max_expanded) {
      const auto begin = word.find(grub_variable_begin);
      out.text.append(word.substr(0, begin));
      if (begin == npos) break;
      const auto end = word.find(grub_variable_end, begin);
      const auto name = word.substr(begin + 1, end - begin - 1);
      word.remove_prefix(end + 1);
      if (const auto found = variables_.find(name); found != variables_.end()) {
        out.text += found->second.text;
        out.known = out.known && found->second.known;
      } else if (is_built_in(name)) {
        out.known = false;
      }
    }
    return out;
  }

  void assign(std::string_view word, const std::string& source) {
    const auto equals = word.find('=');
    if (equals == npos) return;
    const auto name = word.substr(0, equals);
    auto value = expand(word.substr(equals + 1));
    if (truth() != Truth::yes) value.known = false;
    if (name == "superusers") {
      if (!value.known) {
        doubt(source, "superusers is set under a condition, or to a value, that is not known here");
        return;
      }
      if (access_.restricted) access_.overridden.push_back({access_.source, joined(access_.superusers)});
      access_.restricted = true;
      access_.superusers = names_of(value.text);
      access_.source = source;
    }
    // Where the file sets it twice, the later one counts; one that is not certain spoils it.
    variables_.insert_or_assign(std::string(name), std::move(value));
  }

  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text.append(text.empty() ? "" : " ").append(name);
    return text;
  }

  void unset(std::string_view name, const std::string& source) {
    if (name != "superusers") {
      if (truth() == Truth::yes) variables_.insert_or_assign(std::string(name), Variable{});
      return;
    }
    if (truth() == Truth::unknown) {
      doubt(source, "superusers is unset under a condition that is not known here");
      return;
    }
    if (access_.restricted) access_.overridden.push_back({access_.source, joined(access_.superusers)});
    access_.restricted = false;
    access_.superusers.clear();
    access_.source = source;
  }

  void password(const std::string& command, std::span<const std::string> arguments, const std::string& source) {
    const auto user = expand(arguments[0]);
    const auto secret = expand(arguments[1]);
    if (truth() != Truth::yes || !user.known || !secret.known) {
      doubt(source, "a password is set under a condition, or to a value, that is not known here");
      return;
    }
    if (access_.passwords.size() == max_items) return;
    GrubPassword made;
    made.user = user.text;
    made.source = source;
    if (command == "password") {
      made.algorithm = "plain";
    } else if (const auto hash = parse_grub_hash(secret.text)) {
      made.algorithm = "pbkdf2-" + hash->algorithm;
      made.iterations = hash->iterations;
    }
    access_.passwords.push_back(std::move(made));
  }

  void include(std::string_view word, std::size_t depth) {
    const auto path = expand(word);
    const bool here = path.known && path.text.starts_with('/');
    if (!here) return;  // another device's; nobody keeps passwords there
    if (depth == max_depth) {
      doubt(path.text, "files of the boot loader source each other too deeply");
      return;
    }
    const auto text = files_(path.text);
    if (!text) {
      if (!access_.unknown) access_.unknown = text.error();
      return;
    }
    if (!*text) return;
    access_.sourced.push_back(path.text);
    if (access_.sourced.size() > max_sourced) {
      doubt(path.text, "the boot loader sources too many files");
      return;
    }
    run(path.text, **text, depth + 1);
  }

  void doubt(const std::string& source, std::string_view why) {
    if (!access_.unknown) access_.unknown = Error{Error::Kind::unsupported, fmt::format("{}: {}", source, why)};
  }

  /// The words behind `if`: `[ … ]` or `test …`. Commands other than these are not run here.
  [[nodiscard]] Truth evaluate(std::span<const std::string> words) {
    if (words.empty()) return Truth::unknown;
    if (words[0] == "[" && words.back() == "]") {
      words = words.subspan(1, words.size() - 2);
    } else if (words[0] == "test") {
      words = words.subspan(1);
    } else if (words[0] == "true" || words[0] == "false") {
      return words[0] == "true" ? Truth::yes : Truth::no;
    } else {
      return Truth::unknown;
    }
    if (std::find(words.begin(), words.end(), "-o") != words.end()) return Truth::unknown;
    Truth all = Truth::yes;
    while (true) {
      const auto joint = std::find(words.begin(), words.end(), "-a");
      all = std::min(all, evaluate_one(words.first(static_cast<std::size_t>(joint - words.begin()))));
      if (joint == words.end()) return all;
      words = words.subspan(static_cast<std::size_t>(joint - words.begin()) + 1);
    }
  }

  [[nodiscard]] Truth evaluate_one(std::span<const std::string> words) {
    bool negated = false;
    while (!words.empty() && words[0] == "!") {
      negated = !negated;
      words = words.subspan(1);
    }
    const auto answer = [&](bool holds) { return holds != negated ? Truth::yes : Truth::no; };
    if (words.size() == 2 && (words[0] == "-n" || words[0] == "-z")) {
      const auto value = expand(words[1]);
      if (!value.known) return Truth::unknown;
      return answer(value.text.empty() == (words[0] == "-z"));
    }
    if (words.size() == 2 && (words[0] == "-f" || words[0] == "-e" || words[0] == "-s")) {
      const auto path = expand(words[1]);
      if (!path.known || !path.text.starts_with('/')) return Truth::unknown;
      const auto text = files_(path.text);
      if (!text) {
        if (!access_.unknown) access_.unknown = text.error();
        return Truth::unknown;
      }
      return answer(text->has_value() && (words[0] != "-s" || !(*text)->empty()));
    }
    if (words.size() == 3 && (words[1] == "=" || words[1] == "==" || words[1] == "!=")) {
      const auto left = expand(words[0]);
      const auto right = expand(words[2]);
      if (!left.known || !right.known) return Truth::unknown;
      return answer((left.text == right.text) == (words[1] != "!="));
    }
    if (words.size() == 1) {
      const auto value = expand(words[0]);
      return value.known ? answer(!value.text.empty()) : Truth::unknown;
    }
    return Truth::unknown;
  }

  static constexpr std::size_t max_sourced = 64;
  const GrubFileReader& files_;
  std::string directory_;
  GrubAccess access_;
  std::map<std::string, Variable, std::less<>> variables_;
  std::vector<Frame> frames_;
  std::size_t floor_ = 0;  // frames below belong to the file that sources this one
  bool loads_another_ = false;
};

}  // namespace

std::optional<GrubHash> parse_grub_hash(std::string_view text) {
  constexpr std::string_view prefix = "grub.pbkdf2.";
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  std::array<std::string_view, 4> parts;  // algorithm, iterations, salt, hash
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto dot = text.find('.');
    if ((dot == npos) != (i + 1 == parts.size())) return std::nullopt;
    parts.at(i) = text.substr(0, dot);
    text.remove_prefix(dot == npos ? text.size() : dot + 1);
  }
  const auto iterations = parse_integer(parts[1]);
  const auto is_hexadecimal = [](std::string_view digits) {
    return !digits.empty() && digits.size() % 2 == 0 && std::all_of(digits.begin(), digits.end(), [](char c) {
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
  };
  if (parts[0] != "sha512" || !iterations || *iterations < 1 || !is_hexadecimal(parts[2]) ||
      !is_hexadecimal(parts[3])) {
    return std::nullopt;
  }
  return GrubHash{std::string(parts[0]), *iterations};
}

GrubAccess read_grub_access(const std::string& path, std::string_view text, const GrubEnvironment& environment,
                            const GrubFileReader& files) {
  return Interpreter(path, environment, files).finish(path, text);
}

}  // namespace plimsoll::formats
