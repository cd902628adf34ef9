// What `plimsoll list` prints. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/catalog.hpp"
#include "reports/report.hpp"

namespace plimsoll::cli {

/// One line each: id, version, number of recommendations, how many of them have checks, title.
[[nodiscard]] std::string profile_list(const catalog::Catalog& catalog, std::size_t width);
/// "checks for 212 of 289 automated, 1 of 21 manual"
[[nodiscard]] std::string checked_rows(const catalog::Coverage& coverage);
/// One line each: id, severity, title.
[[nodiscard]] std::string check_list(const catalog::Catalog& catalog, std::size_t width);
/// One line each: name, default file, summary.
[[nodiscard]] std::string format_list(std::span<const reports::Format> formats, std::size_t width);
/// The rows of one profile: number, level, assessment, checks, what they are about. `role` empty: the default one.
[[nodiscard]] std::string row_list(const catalog::Catalog& catalog, std::size_t profile, std::string_view role,
                                   std::size_t width);

/// Bare ids, one a line.
[[nodiscard]] std::string profile_ids(const catalog::Catalog& catalog);
[[nodiscard]] std::string check_ids(const catalog::Catalog& catalog);
/// The checks that the rows of a profile name, in order of id, each once.
[[nodiscard]] std::string check_ids_of(const catalog::Catalog& catalog, std::size_t profile, std::string_view role);

/// Columns of cells, each as wide as its widest cell; the last one is wrapped at `width` (0: not).
[[nodiscard]] std::string table_text(std::span<const std::vector<std::string>> rows, std::size_t width);

}  // namespace plimsoll::cli
