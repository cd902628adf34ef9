#include "engine/sources/mounts.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <tuple>
#include <unordered_set>

#include "engine/sources/contents.hpp"
#include "engine/sources/file_status.hpp"
#include "engine/sources/system_error.hpp"

namespace plimsoll::sources {
namespace {

using formats::Mount;

constexpr std::size_t max_table_bytes = 64U << 20U;

struct Seen {
  FileStatus status;
  std::uint64_t mount_id = 0;
};

std::expected<Seen, int> look_at(int descriptor) {
  struct statx raw{};
  constexpr unsigned mask = STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID | STATX_INO | mount_id_mask;
  if (::statx(descriptor, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, mask, &raw) != 0) {
    return std::unexpected(errno);
  }
  Seen seen{status_of(raw), 0};
#ifdef STATX_MNT_ID
  if ((raw.stx_mask & STATX_MNT_ID) != 0) seen.mount_id = raw.stx_mnt_id;
#endif
  return seen;
}

std::expected<Seen, int> look_below(const Resolver& resolver, const std::string& path) {
  const auto opened = resolver.open(path, O_PATH, Resolver::Last::keep);
  if (!opened) return std::unexpected(opened.error());
  return look_at(opened->number());
}

bool is_same_or_below(std::string_view path, std::string_view above) {
  if (above == "/" || above.empty()) return true;
  return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
}

// `path` without `above`: "/a/b" without "/a" is "/b", without "/" it is "/a/b"; "" when they are the same.
std::string_view beyond(std::string_view path, std::string_view above) {
  if (above == "/") return path == "/" ? std::string_view{} : path;
  return path.substr(above.size());
}

std::string joined(std::string_view left, std::string_view right) {
  return left == "/" ? std::string(right) : fmt::format("{}{}", left, right);
}

struct Candidate {
  Tree tree;
  std::string root;  // the directory of the file system that stands at the tree's top
};

// Whether walking `shown` meets everything that walking `candidate` would: it shows the same directory, with no mount
// on the way or below that hides a part of it.
bool covers(const Resolver& resolver, const Candidate& shown, const Candidate& candidate,
            const std::vector<std::string>& points) {
  if (shown.tree.top.device != candidate.tree.top.device || shown.tree.mount_id == 0) return false;
  if (!is_same_or_below(candidate.root, shown.root)) return false;
  const std::string place = shown.tree.path + std::string(beyond(candidate.root, shown.root));
  const auto there = look_below(resolver, place.empty() ? "/" : place);
  if (!there || there->mount_id != shown.tree.mount_id || there->status.inode != candidate.tree.top.inode) return false;
  if (shown.tree.top.inode == candidate.tree.top.inode) return true;  // the same directory twice
  return std::none_of(points.begin(), points.end(), [&](const std::string& point) {
    return point.size() > place.size() && is_same_or_below(point, place);
  });
}

Tree start_of(const Seen& seen, int root) {
  Tree start;
  start.top = seen.status;
  start.mount_id = seen.mount_id;
  struct statfs system{};
  if (::fstatfs(root, &system) == 0) start.type = type_of_magic(static_cast<std::uint64_t>(system.f_type));
  return start;
}

std::optional<std::string> path_of_root(int root) {
  const std::string own = fmt::format("/proc/self/fd/{}", root);
  std::array<char, PATH_MAX> text;
  const auto length = ::readlink(own.c_str(), text.data(), text.size());
  if (length <= 0 || static_cast<std::size_t>(length) == text.size() || text[0] != '/') return std::nullopt;
  return std::string(text.data(), static_cast<std::size_t>(length));
}

// The mounts that can be reached below the root: a later mount on the same point hides an earlier one.
std::vector<const Mount*> mounts_below(const std::vector<Mount>& mounts, std::string_view prefix) {
  std::vector<const Mount*> below;
  std::unordered_set<std::string_view> taken;
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (mount->path == prefix || !is_same_or_below(mount->path, prefix)) continue;
    if (taken.insert(mount->path).second) below.push_back(&*mount);
  }
  std::sort(below.begin(), below.end(), [](const Mount* left, const Mount* right) { return left->path < right->path; });
  return below;
}

void add_point(WalkPlan& plan, const std::string& path) {
  const auto slash = path.rfind('/');
  plan.points[path.substr(0, slash)].push_back(path.substr(slash + 1));
}

}  // namespace

Result<WalkPlan> plan_walk(const Resolver& resolver, const std::vector<Mount>& mounts, std::string_view prefix) {
  const auto start = look_at(resolver.root());
  if (!start) return std::unexpected(system_error(start.error(), "cannot look at the root"));
  WalkPlan plan;
  Candidate first{start_of(*start, resolver.root()), "/"};
  // The mount that holds the root: the deepest one above it, and of several on one point the last.
  const Mount* holder = nullptr;
  for (const auto& mount : mounts) {
    if (start->mount_id != 0 ? static_cast<std::uint64_t>(mount.id) != start->mount_id
                             : !is_same_or_below(prefix, mount.path))
      continue;
    if (holder == nullptr || mount.path.size() >= holder->path.size()) holder = &mount;
  }
  if (holder != nullptr && is_same_or_below(prefix, holder->path)) {
    first.tree.type = holder->type;
    first.root = joined(holder->root, beyond(prefix, holder->path));
    if (first.root.empty()) first.root = "/";
  }

  std::vector<Candidate> candidates;
  std::vector<std::string> points;
  std::string_view kernel_tree = "\n";  // no path starts so
  for (const Mount* mount : mounts_below(mounts, prefix)) {
    std::string path(beyond(mount->path, prefix));
    points.push_back(path);
    if (const auto why = why_not_walked(mount->type); !why.empty()) {
      add_point(plan, path);
      // What stands inside /proc or /sys needs no line of its own.
      if (is_same_or_below(mount->path, kernel_tree)) continue;
      if (mount->type == "proc" || mount->type == "sysfs") kernel_tree = mount->path;
      plan.left_out.push_back({std::move(path), fmt::format("{}: {}", mount->type, why), true});
      continue;
    }
    const auto seen = look_below(resolver, path);
    if (!seen) {
      add_point(plan, path);
      if (seen.error() != ENOENT && seen.error() != ENOTDIR) {
        plan.left_out.push_back({std::move(path), reason(seen.error()), false});
      }
      continue;
    }
    // Hidden below another mount, or a single file that something was bound to: the walk meets that one as an entry.
    if (seen->mount_id != 0 && seen->mount_id != static_cast<std::uint64_t>(mount->id)) continue;
    if (seen->status.type != FileType::directory) continue;
    add_point(plan, path);
    candidates.push_back({Tree{std::move(path), mount->type, seen->status, seen->mount_id}, mount->root});
  }

  // The widest view of each file system first, and the start before all.
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& left, const Candidate& right) {
    return std::tuple(left.root.size(), left.tree.path.size(), left.tree.mount_id, std::string_view(left.tree.path)) <
           std::tuple(right.root.size(), right.tree.path.size(), right.tree.mount_id,
                      std::string_view(right.tree.path));
  });
  std::vector<Candidate> chosen;
  chosen.push_back(std::move(first));
  for (auto& candidate : candidates) {
    const bool covered = std::any_of(chosen.begin(), chosen.end(), [&](const Candidate& shown) {
      return covers(resolver, shown, candidate, points) ||
             (shown.tree.top.device == candidate.tree.top.device && shown.tree.top.inode == candidate.tree.top.inode);
    });
    if (!covered) chosen.push_back(std::move(candidate));
  }
  for (auto& candidate : chosen) plan.trees.push_back(std::move(candidate.tree));
  std::sort(plan.trees.begin(), plan.trees.end(),
            [](const Tree& left, const Tree& right) { return left.path < right.path; });
  return plan;
}

Result<WalkPlan> plan_walk(const Resolver& resolver) {
  std::vector<Mount> mounts;
  const auto prefix = path_of_root(resolver.root());
  // The table of this process: it says how the tree that is walked is put together, also where another host's is
  // audited.
  const Descriptor table(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (prefix && table.open()) {
    const auto text = read_all(table.number(), "/proc/self/mountinfo", 0, max_table_bytes, Ending::empty_read);
    if (text) mounts = formats::parse_mountinfo(*text).value_or(std::vector<Mount>{});
  }
  return plan_walk(resolver, mounts, prefix.value_or("/"));
}

}  // namespace plimsoll::sources
