// What `plimsoll explain` prints. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/catalog.hpp"

namespace plimsoll::cli {

/// A check: what it holds true, why, how to mend it, its parameters, what it reads, who asks for it, and its YAML.
[[nodiscard]] std::string check_explanation(const catalog::Catalog& catalog, std::size_t check, std::size_t width);

[[nodiscard]] std::string profile_explanation(const catalog::Catalog& catalog, std::size_t profile, std::size_t width);

/// The rows with this number: "5.1.20" in every profile, "cis-debian-12:5.1.20" in one; each with its checks. Empty:
/// none.
[[nodiscard]] std::optional<std::string> recommendation_explanation(const catalog::Catalog& catalog,
                                                                    std::string_view number, std::size_t width);

/// A complaint's code, as in error[unknown-field]. Empty: no such code.
[[nodiscard]] std::optional<std::string> code_explanation(std::string_view code, std::size_t width);

/// Whatever the id names: a check, a profile, a recommendation, a code, a probe; in that order. Empty: nothing.
[[nodiscard]] std::optional<std::string> explanation(const catalog::Catalog& catalog, std::string_view id,
                                                     std::size_t width);

/// All words that explain knows, to find the nearest one. Views live as long as the catalog.
[[nodiscard]] std::vector<std::string_view> explainable_words(const catalog::Catalog& catalog);

}  // namespace plimsoll::cli
