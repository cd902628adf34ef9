#include "engine/probes/tree.hpp"

#include <fmt/core.h>

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include "engine/probes/accounts.hpp"
#include "engine/probes/id_set.hpp"
#include "engine/probes/owner_names.hpp"
#include "engine/probes/set_id_programs.hpp"
#include "engine/probes/tree_filter.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<std::string_view, 7> types = {"file",   "directory",        "link",        "fifo",
                                                   "socket", "character_device", "block_device"};
constexpr std::array<FieldSchema, tree_field_count> fields = {{
    {"path", ValueType::text, "Where it is."},
    {"type", ValueType::text, "What it is; a link is itself, not what it leads to.", "", types},
    {"mode", ValueType::mode,
     "Its permission, set-id and sticky bits; those of a link are always 0777 and mean nothing."},
    {"uid", ValueType::integer, "The user id of its owner."},
    {"gid", ValueType::integer, "The id of its group."},
    {"owner_known", ValueType::boolean,
     "Whether /etc/passwd has its owner. Unreadable when that file is, and for an id it lacks where nsswitch.conf(5) "
     "names a service that may know more users."},
    {"group_known", ValueType::boolean, "Whether /etc/group has its group; unreadable as `owner_known` is."},
    {"world_writable", ValueType::boolean, "Whether others have write permission; false for links."},
    {"set_uid", ValueType::boolean, "Whether it has the set-user-id bit."},
    {"set_gid", ValueType::boolean, "Whether it has the set-group-id bit."},
    {"sticky", ValueType::boolean, "Whether it has the sticky bit: in a directory, only owners remove files."},
}};
constexpr std::array<std::string_view, 5> read_from = {"every local file system", "/proc/self/mountinfo", "/etc/passwd",
                                                       "/etc/group", "/etc/nsswitch.conf"};
constexpr ProbeSchema schema = {
    "tree",
    "Every entry of every local file system, each visited once, in one walk that serves all checks: file systems of "
    "the network and of the kernel are left out and named, links are not followed.",
    Cardinality::any,
    {},
    fields,
    "",
    read_from,
};

Record record_of(std::string path, const TreeEntry& entry, const OwnerNames& names) {
  Record record(fields.size());
  if (entry.type == sources::FileType::unknown) {
    const Error why{Error::Kind::failed, fmt::format("cannot look at {}", path)};
    for (std::size_t i = 1; i < fields.size(); ++i) record.set_unreadable(i, why);
  } else {
    record.set(TreeField::type, std::string(name_of(entry.type)));
    record.set(TreeField::mode, std::int64_t{entry.mode});
    record.set(TreeField::uid, std::int64_t{entry.uid});
    record.set(TreeField::gid, std::int64_t{entry.gid});
    const auto set_known = [&](TreeField field, Known known, const auto& why) {
      if (known == Known::unreadable) {
        record.set_unreadable(field, why());
      } else {
        record.set(field, known == Known::yes);
      }
    };
    set_known(TreeField::owner_known, entry.owner, [&] { return *names.unknown_user(entry.uid); });
    set_known(TreeField::group_known, entry.group, [&] { return *names.unknown_group(entry.gid); });
    record.set(TreeField::world_writable, is_world_writable(entry));
    record.set(TreeField::set_uid, (entry.mode & 04000U) != 0);
    record.set(TreeField::set_gid, (entry.mode & 02000U) != 0);
    record.set(TreeField::sticky, (entry.mode & 01000U) != 0);
  }
  record.resource = path;
  record.source = path;
  record.set(TreeField::path, std::move(path));
  return record;
}

/// Of each group of entries that decide alike, the one whose path sorts first, so that two runs name the same one.
class Representatives {
 public:
  explicit Representatives(std::size_t groups) : held_(groups), settled_(groups) {}

  void offer(const TreeFilter& filter, const TreeEntry& entry, const sources::WalkEntry& at) {
    thread_local std::vector<std::uint32_t> groups;
    filter.stands_for(entry, groups);
    std::erase_if(groups, [&](std::uint32_t group) { return settled_[group].load(std::memory_order_relaxed); });
    if (groups.empty()) return;
    const bool first_of_all = at.directory.empty() && at.name.empty();
    auto path = at.path();
    const std::lock_guard lock(mutex_);
    for (const auto group : groups) {
      auto& held = held_[group];
      if (!held || path < held->path) held = Held{path, entry};
      if (first_of_all) settled_[group].store(true, std::memory_order_relaxed);
    }
  }

  template <class Deliver>
  void deliver(const Deliver& deliver_one) const {
    for (std::size_t i = 0; i < held_.size(); ++i) {
      const auto same = [&](const std::optional<Held>& other) {
        return other && held_[i] && other->path == held_[i]->path;
      };
      const auto end = held_.begin() + static_cast<std::ptrdiff_t>(i);
      if (held_[i] && std::none_of(held_.begin(), end, same)) deliver_one(held_[i]->path, held_[i]->entry);
    }
  }

 private:
  struct Held {
    std::string path;
    TreeEntry entry;
  };
  std::mutex mutex_;
  std::vector<std::optional<Held>> held_;
  std::vector<std::atomic<bool>> settled_;  // by the start of the walk, before which nothing sorts
};

struct Reader {
  explicit Reader(const Request& request)
      : filter(request.leaves, request.fact->leaves), representatives(filter.group_count()) {}
  TreeFilter filter;
  Representatives representatives;
};

Known known(bool listed, bool others_may_be_known) {
  if (listed) return Known::yes;
  return others_may_be_known ? Known::unreadable : Known::no;
}

std::string with_thousands(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

std::string summary_of(const sources::WalkOutcome& outcome) {
  std::string trees;
  for (const auto& tree : outcome.trees) trees += (trees.empty() ? "" : ", ") + tree;
  return fmt::format("{} entries of {}", with_thousands(outcome.entries), trees);
}

/// Why absence of findings proves nothing, when a place could not be read.
std::optional<Error> gaps_of(const sources::WalkOutcome& outcome) {
  constexpr std::size_t most_named = 3;
  std::size_t count = 0;
  std::string named;
  for (const auto& place : outcome.left_out) {
    if (place.by_design) continue;
    if (++count <= most_named) named += fmt::format("{}{} ({})", named.empty() ? "" : ", ", place.path, place.why);
  }
  if (count == 0) return {};
  if (count > most_named) named += fmt::format(" and {} more", count - most_named);
  return Error{Error::Kind::denied, "the walk could not enter " + named, "run as root, or grant CAP_DAC_READ_SEARCH"};
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const OwnerNames names(sources);
  const IdSet uids(names.accounts().uids);
  const IdSet gids(names.accounts().gids);
  const bool more_users = names.more_users().has_value();
  const bool more_groups = names.more_groups().has_value();
  // Questions of `privileged_program` come along: the walk is made once.
  SetIdPrograms programs;
  const auto asks_for_programs = [&](std::size_t i) { return requests[i].fact->probe == &privileged_program_schema; };
  bool programs_asked = false;
  std::vector<std::unique_ptr<Reader>> readers;  // none for a question that asks for programs
  for (std::size_t i = 0; i < requests.size(); ++i) {
    readers.push_back(asks_for_programs(i) ? nullptr : std::make_unique<Reader>(requests[i]));
    programs_asked = programs_asked || asks_for_programs(i);
  }

  const auto visit = [&](const sources::WalkEntry& at) {
    const TreeEntry entry{
        at.type, at.mode, at.uid, at.gid, known(uids.has(at.uid), more_users), known(gids.has(at.gid), more_groups)};
    if (programs_asked) programs.offer(at);
    for (std::size_t i = 0; i < readers.size(); ++i) {
      if (!readers[i]) continue;
      switch (readers[i]->filter.judge(entry)) {
        case TreeFilter::Worth::nothing:
          break;
        case TreeFilter::Worth::one:
          readers[i]->representatives.offer(readers[i]->filter, entry, at);
          break;
        case TreeFilter::Worth::record:
          sink.add(i, record_of(at.path(), entry, names));
          break;
      }
    }
  };
  const auto outcome = sources.root.walk(visit, sources.walk_threads, sources.stop);
  if (outcome) {
    for (const auto& place : outcome->left_out) {
      if (place.by_design) sink.left_out(place.path, place.why, "");
    }
  }
  const auto program_records = programs_asked ? programs.records(sources) : std::vector<Record>{};
  for (std::size_t i = 0; i < readers.size(); ++i) {
    if (readers[i]) {
      readers[i]->representatives.deliver(
          [&](const std::string& path, const TreeEntry& entry) { sink.add(i, record_of(path, entry, names)); });
    } else {
      for (const auto& record : program_records) sink.add(i, record);
    }
    if (!outcome) {
      sink.fail(i, outcome.error());
      continue;
    }
    sink.looked_at(i, summary_of(*outcome), "/");
    if (auto gaps = gaps_of(*outcome)) sink.fail(i, std::move(*gaps));
  }
}

}  // namespace

const Probe tree_probe = {&schema, collect};
const Probe privileged_program_probe = {&privileged_program_schema, collect};

}  // namespace plimsoll::probes
