// The lists of packages that dnf left on the disk: one cache for each repository in use.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/rpm_repository.hpp"
#include "engine/formats/unpack.hpp"
#include "engine/probes/dnf_configuration.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

struct DnfList {
  const DnfSection* repository = nullptr;
  std::int64_t priority = 99;  ///< packages of a repository with a lower number are preferred
  std::string folder;          ///< "/var/cache/dnf/baseos-0123456789abcdef"
  std::int64_t refreshed = 0;  ///< when dnf last saw that they are those of the repository: seconds since the epoch
  std::string refreshed_place = {};  ///< the file whose time that is
  bool hotfixes = false;             ///< module_hotfixes: its packages count whatever streams are enabled
  std::vector<formats::RepositoryFile> files = {};

  [[nodiscard]] bool has(std::string_view type) const;
  [[nodiscard]] std::string place() const;  ///< of its repomd.xml
  /// Errors: unsupported, for a place outside the folder; malformed, when the repository has no such list.
  [[nodiscard]] Result<std::string> path_of(std::string_view type) const;
};

struct DnfLists {
  std::vector<DnfList> lists;  ///< preferred repositories first, then as the configuration has them
  std::vector<Error> errors;   ///< what stands in the way of the lists of other repositories
};

/// Of each repository that is in use. The caches are those of dnf (cachedir, else /var/cache/dnf) and of dnf5
/// (system_cachedir, else /var/cache/libdnf5). A repository whose address changed has several: the one that was brought
/// up to date last counts. `configuration` must outlive the lists.
[[nodiscard]] DnfLists read_dnf_lists(const sources::Root& root, const DnfConfiguration& configuration);

/// Streams one file of a list. Errors: those of reading and unpacking it, with its path; unobservable, when the cache
/// does not hold it.
[[nodiscard]] Result<void> unpack_dnf_list(const sources::Root& root, const DnfList& list, std::string_view type,
                                           std::stop_token stop, const formats::TakeBlock& take);

}  // namespace plimsoll::probes
