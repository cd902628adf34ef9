// What start-up files of a login shell set: profile, bashrc and their like, followed as far as plain text tells.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// Whether something happens when the user logs in.
enum class ShellTruth : std::uint8_t { no, maybe, yes };

/// One thing that the files do to the session.
struct ShellEffect {
  enum class Kind : std::uint8_t { assigned, mask, exported, read_only, removed };
  Kind kind = Kind::assigned;
  std::string name;  ///< of the variable; empty for the mask
  std::string text;  ///< of assigned and mask; `shell_path_before` stands for the value of PATH until then
  bool known = true;
  std::string why_not;  ///< why the text is not known: "command substitution", …
  bool certain = true;  ///< false: it hangs on a condition that text cannot decide
  std::string source;   ///< "/etc/profile:9"
};
inline constexpr char shell_path_before = '\x01';

/// Shell code that may do anything: `eval` of what a program prints, a file whose name is computed.
struct ShellUnknown {
  std::string what;
  std::string source;
};

/// The files that scripts ask for. All paths are absolute.
struct ShellFiles {
  std::function<Result<std::string>(const std::string&)> read;
  std::function<Result<std::vector<std::string>>(const std::string&)> glob;
  std::function<std::optional<bool>(const std::string&)> exists;  ///< empty: nobody can say
};

/// A login of an interactive bash, without running it. Conditions about the user, the kind of shell and files that are
/// there are decided; all others may be true or not. The mask that a session starts with is taken not to be 0.
class ShellStartup {
 public:
  /// `user` is "root" or empty, for anybody else. Of variables only PATH and TMOUT have effects.
  ShellStartup(ShellFiles files, std::string user, std::string home);

  /// Follows files one after another, as one shell; those that are not there do nothing, and
  /// those that another one has read in already are passed over.
  void run(const std::vector<std::string>& paths);

  [[nodiscard]] const std::vector<ShellEffect>& effects() const { return effects_; }
  [[nodiscard]] const std::vector<ShellUnknown>& unknown() const { return unknown_; }
  /// Files that could not be read, and scripts that go on for too long.
  [[nodiscard]] const std::optional<Error>& obstacle() const { return obstacle_; }
  /// Files that were followed, in order.
  [[nodiscard]] const std::vector<std::string>& followed() const { return followed_; }

 private:
  friend class ShellRun;
  ShellFiles files_;
  std::string user_;
  std::string home_;
  std::vector<ShellEffect> effects_;
  std::vector<ShellUnknown> unknown_;
  std::optional<Error> obstacle_;
  std::vector<std::string> followed_;
};

}  // namespace plimsoll::formats
