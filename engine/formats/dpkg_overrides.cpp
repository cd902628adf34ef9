#include "engine/formats/dpkg_overrides.hpp"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

std::unexpected<Error> wrong(std::uint32_t line, std::string_view what) {
  return std::unexpected(Error{Error::Kind::malformed, fmt::format("line {}: {}", line, what)});
}

/// One to four octal digits, and more where they are noughts.
std::optional<std::uint32_t> octal_mode(std::string_view text) {
  std::uint32_t mode = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    mode = mode * 8 + static_cast<std::uint32_t>(c - '0');
    if (mode > 07777) return std::nullopt;
  }
  return text.empty() ? std::nullopt : std::optional(mode);
}

/// Cuts off what stands before the next space, which dpkg takes as it is: a second space makes an empty word.
std::string_view take_field(std::string_view& rest) {
  const auto end = rest.find(' ');
  const auto field = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return field;
}

}  // namespace

Result<std::vector<DpkgDiversion>> parse_dpkg_diversions(std::string_view text) {
  std::vector<DpkgDiversion> found;
  for (std::uint32_t line = 1; !text.empty(); line += 3) {
    DpkgDiversion diversion;
    diversion.line = line;
    diversion.path = take_line(text);
    if (text.empty()) return wrong(line, "a diversion without the place that it leads to");
    diversion.diverted_to = take_line(text);
    if (text.empty()) return wrong(line, "a diversion without the package that asked for it");
    const auto package = take_line(text);
    if (!diversion.path.starts_with('/') || !diversion.diverted_to.starts_with('/') || package.empty()) {
      return wrong(line, "no diversion");
    }
    if (package != ":") diversion.package = package;
    found.push_back(std::move(diversion));
  }
  return found;
}

Result<std::vector<DpkgStatOverride>> parse_dpkg_stat_overrides(std::string_view text) {
  std::vector<DpkgStatOverride> found;
  for (std::uint32_t line = 1; !text.empty(); ++line) {
    auto rest = take_line(text);
    DpkgStatOverride entry;
    entry.line = line;
    entry.owner = take_field(rest);
    entry.group = take_field(rest);
    const auto mode = octal_mode(take_field(rest));
    entry.path = rest;  // a path may hold spaces
    if (entry.owner.empty() || entry.group.empty() || !mode || !entry.path.starts_with('/')) {
      return wrong(line, "no owner, group, mode and path");
    }
    entry.mode = *mode;
    found.push_back(std::move(entry));
  }
  return found;
}

}  // namespace plimsoll::formats
