// Settings files that a shell sources (/etc/default/*, /etc/ufw/ufw.conf): only what is written out can be known.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace plimsoll::formats {

struct ShellValue {
  std::string text;          ///< what is known of the value
  bool literal = true;       ///< false: the shell would have to run to know it
  std::string why_not = {};  ///< "command substitution", "set under a condition", …
  std::string source = {};   ///< "/etc/default/grub:9"
};

/// The variables that a run of files leaves set, read in the order in which the shell would source them. Understood:
/// NAME=value with quotes of both kinds, `export NAME=value`, several on a line, comments, and references to variables
/// set before. Everything else is shell code, which is never guessed at: what it may have touched is not literal.
class ShellAssignments {
 public:
  void read(std::string_view path, std::string_view text);

  /// Null when nothing sets the variable.
  [[nodiscard]] const ShellValue* find(std::string_view name) const;

 private:
  std::map<std::string, ShellValue, std::less<>> values_;
};

}  // namespace plimsoll::formats
