// Words of a shell with what is known of variables put in, and the tests that scripts make with them. A part of
// shell_startup.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/shell_startup.hpp"

namespace plimsoll::formats {

struct ShellText {
  std::string text;
  bool known = true;
  std::string why_not = {};  ///< set when not known
};

/// What is known of the variables of a session.
class ShellVariables {
 public:
  ShellVariables(std::string_view user, std::string_view home);

  void set(std::string_view name, ShellText value) { values_.insert_or_assign(std::string(name), std::move(value)); }
  void remove(std::string_view name) { values_.insert_or_assign(std::string(name), ShellText{}); }
  [[nodiscard]] const ShellText* find(std::string_view name) const;

  /// The word without quotes, variables and a few well-known programs put in. `depth` bounds what nests.
  [[nodiscard]] ShellText expand(std::string_view raw, int depth = 0) const;

 private:
  void dollar(std::string_view& rest, ShellText& out, int depth) const;
  void braces(std::string_view inside, ShellText& out, int depth) const;
  void command(std::string_view inside, ShellText& out) const;
  void put(std::string_view name, ShellText& out) const;

  std::map<std::string, ShellText, std::less<>> values_;
  bool root_;
};

/// What `[`, `test` or `[[` says; `words` are raw, without the brackets.
[[nodiscard]] ShellTruth shell_test(const std::vector<std::string>& words, const ShellVariables& variables,
                                    const ShellFiles& files);

[[nodiscard]] ShellTruth operator!(ShellTruth truth);
[[nodiscard]] ShellTruth both(ShellTruth left, ShellTruth right);
[[nodiscard]] ShellTruth either(ShellTruth left, ShellTruth right);

}  // namespace plimsoll::formats
