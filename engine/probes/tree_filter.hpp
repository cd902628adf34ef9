// Which entries of a walk can decide something. A host has half a million of them; almost none does.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/expression.hpp"
#include "engine/sources/root.hpp"

namespace plimsoll::probes {

/// The fields of a `tree` record, in the order of its schema.
enum class TreeField : std::uint8_t {
  path,
  type,
  mode,
  uid,
  gid,
  owner_known,
  group_known,
  world_writable,
  set_uid,
  set_gid,
  sticky,
};
inline constexpr std::size_t tree_field_count = 11;

/// Whether the host knows an id.
enum class Known : std::uint8_t { yes, no, unreadable };

/// What conditions can be tested on without building a record. Of an entry of unknown type nothing but its path is
/// known.
struct TreeEntry {
  sources::FileType type = sources::FileType::unknown;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  Known owner = Known::yes;
  Known group = Known::yes;
};

/// Write permission for others. That of a symbolic link means nothing (symlink(7)).
[[nodiscard]] inline bool is_world_writable(const TreeEntry& entry) {
  return (entry.mode & 02U) != 0 && entry.type != sources::FileType::symlink;
}

/// The leaves of one fact, compiled. It may ask for a record that turns out not to matter; it never leaves out one that
/// does: judging only the records asked for gives the same outcome as judging all of them. Thread-safe.
class TreeFilter {
 public:
  /// `readers`: indexes into `leaves`, which must outlive this.
  TreeFilter(std::span<const Leaf> leaves, std::span<const std::uint32_t> readers);

  enum class Worth : std::uint8_t {
    nothing,  ///< cannot change any outcome
    one,      ///< any one entry like this decides as much as all of them: see stands_for()
    record,   ///< may decide
  };
  [[nodiscard]] Worth judge(const TreeEntry& entry);

  /// For an entry that is worth `one`: the groups of entries, below group_count(), of which one must be delivered.
  void stands_for(const TreeEntry& entry, std::vector<std::uint32_t>& groups) const;
  [[nodiscard]] std::size_t group_count() const { return readers_.size() * 2; }

 private:
  enum class Need : std::uint8_t { nothing, one_unknown, one_present, record };
  [[nodiscard]] Need need(const Leaf& leaf, const TreeEntry& entry, bool ids_known) const;
  [[nodiscard]] Worth worth(const TreeEntry& entry, bool ids_known) const;

  std::vector<const Leaf*> readers_;
  bool ids_matter_ = false;
  /// By everything but the ids: 0, not asked yet; else 1 + Worth.
  std::unique_ptr<std::atomic<std::uint8_t>[]> known_worth_;
};

}  // namespace plimsoll::probes
