// The configuration language of rsyslog: old directives, selector lines, and the objects and statements of
// RainerScript.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

struct RsyslogParameter {
  std::string name;                 ///< in lower case: rsyslog does not mind case
  std::vector<std::string> values;  ///< one, or the items of an [array]
  bool literal = true;              ///< false: in backticks, so that it comes from the environment or another file
  bool operator==(const RsyslogParameter&) const = default;
};

struct RsyslogStatement {
  enum class Kind : std::uint8_t {
    directive,  ///< `$FileCreateMode 0640`: name and text
    include,    ///< `$IncludeConfig` or include(): the pattern is `text`
    object,     ///< module(), input(), global(), action() and the like: name and parameters
    action,     ///< an action in the old form behind a filter: `text` is "-/var/log/syslog", "@@host:514", "stop"
  };
  Kind kind = Kind::directive;
  std::string name;  ///< in lower case; of an object its kind: "module", "input", "action", "ruleset"
  std::string text;
  std::vector<RsyslogParameter> parameters = {};
  std::string filter = {};   ///< which messages an action gets: "mail.*", ":msg, contains, \"x\"", "if …"; empty: all
  std::string ruleset = {};  ///< the ruleset it stands in; empty: the default one
  std::uint32_t line = 0;    ///< 1-based, where it starts

  /// The first value of a parameter; null when it is not there.
  [[nodiscard]] const std::string* find(std::string_view parameter) const;
  [[nodiscard]] const RsyslogParameter* parameter(std::string_view parameter) const;
};

struct RsyslogConfig {
  std::vector<RsyslogStatement> statements;  ///< in the order in which rsyslog obeys them
  /// Where the text stops being understood: an object or comment without its end, a nesting or a number of statements
  /// beyond all measure. What stands before it is in `statements`.
  std::optional<Error> error;
};

/// One file. Lines that end in a backslash are joined first, as rsyslog does, comments too. Conditions are kept as text
/// and not evaluated.
[[nodiscard]] RsyslogConfig parse_rsyslog_conf(std::string_view text);

}  // namespace plimsoll::formats
