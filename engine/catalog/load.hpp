// From the text of files to a catalog. What `load` in catalog.hpp does after it has read the files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/catalog.hpp"
#include "engine/catalog/diagnostics.hpp"
#include "engine/catalog/model.hpp"

namespace plimsoll::catalog {

/// The files of catalog directories, sorted by path, and what could not be read. See `load` for what counts.
struct FoundFiles {
  std::vector<SourceFile> files;
  std::vector<Diagnostic> diagnostics;
};
[[nodiscard]] FoundFiles read_files(std::span<const std::string> directories);

/// A catalog of these files, over `base` when there is one. `version` is what the catalog will say of itself.
[[nodiscard]] LoadOutcome load_files(std::span<const SourceFile> files, std::string_view version, const Catalog* base,
                                     std::span<const ProbeSchema* const> schemas, const LoadOptions& options);

/// The bytes of the catalog, for embedding.
struct ImageOutcome {
  std::string image;
  std::vector<Diagnostic> diagnostics;  ///< empty, or the image is
};
[[nodiscard]] ImageOutcome compile_files(std::span<const SourceFile> files, std::string_view version,
                                         const Catalog* base, std::span<const ProbeSchema* const> schemas,
                                         const LoadOptions& options);

}  // namespace plimsoll::catalog
