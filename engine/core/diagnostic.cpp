#include "engine/core/diagnostic.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

namespace plimsoll {

namespace {

// White space up to the column, tabs kept, so that the mark stands under the place in any terminal.
std::string indent_to(const std::string& line, std::uint32_t column) {
  std::string indent;
  for (std::uint32_t i = 1; i < column; ++i) {
    const std::size_t at = i - 1;
    if (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U) continue;  // inside a character
    indent += at < line.size() && line[at] == '\t' ? '\t' : ' ';
  }
  return indent;
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic) {
  const auto& where = diagnostic.where;
  std::string text = where.file;
  if (where.line != 0) text += fmt::format(":{}:{}", where.line, where.column);
  text += fmt::format(": error[{}]: {}\n", diagnostic.code, diagnostic.message);
  if (where.line != 0 && !diagnostic.line.empty()) {
    text += fmt::format("  | {}\n", diagnostic.line);
    text += fmt::format("  | {}^{}{}\n", indent_to(diagnostic.line, where.column), diagnostic.hint.empty() ? "" : " ",
                        diagnostic.hint);
  } else if (!diagnostic.hint.empty()) {
    text += fmt::format("  = {}\n", diagnostic.hint);
  }
  return text;
}

void sort_diagnostics(std::vector<Diagnostic>& diagnostics) {
  const auto key = [](const Diagnostic& d) {
    return std::tie(d.where.file, d.where.line, d.where.column, d.code, d.message);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end()), diagnostics.end());
}

}  // namespace plimsoll
