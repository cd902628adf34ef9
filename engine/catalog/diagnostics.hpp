// Every kind of mistake that a catalog can hold: one table of codes, and the collector that adds place and line.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/diagnostic.hpp"
#include "engine/formats/yaml.hpp"

namespace plimsoll::catalog {

struct DiagnosticCode {
  std::string_view code;     ///< "unknown-field"
  std::string_view summary;  ///< one line
  std::string_view help;     ///< a paragraph: why it is refused, and the way out
};

/// All codes, in order of code.
[[nodiscard]] std::span<const DiagnosticCode> diagnostic_codes();
[[nodiscard]] const DiagnosticCode* find_diagnostic_code(std::string_view code);

/// One YAML file of a catalog. `file` is what diagnostics print; `relative` is the path within the catalog directory.
struct SourceFile {
  enum class Kind : std::uint8_t {
    checks,
    profile,
    either,  ///< what it holds tells: a profile has a key `profile` or `extends`
  };
  Kind kind = Kind::checks;
  std::string file;
  std::string relative;
  std::string text;
};

/// Collects the problems of one file. Outlives neither the file nor the list.
class Reporter {
 public:
  Reporter(const SourceFile& file, std::vector<Diagnostic>& out);

  void add(std::string_view code, const formats::YamlNode& at, std::string message, std::string hint = {}) const;
  void add(std::string_view code, std::uint32_t line, std::uint32_t column, std::string message,
           std::string hint = {}) const;
  [[nodiscard]] const SourceFile& file() const { return *file_; }

 private:
  [[nodiscard]] std::string line_at(std::uint32_t number) const;

  const SourceFile* file_;
  std::vector<Diagnostic>* out_;
  std::shared_ptr<std::vector<std::string_view>> lines_;  // of the file; found when the first problem is told
};

/// "did you mean `at_boot`?"; without a near name, "one of `a`, `b`" when there are few; else empty.
[[nodiscard]] std::string suggestion(std::string_view name, std::span<const std::string_view> candidates);

/// "`a`, `b` or `c`".
[[nodiscard]] std::string listed(std::span<const std::string_view> names, std::string_view last_joint = "or");

}  // namespace plimsoll::catalog
