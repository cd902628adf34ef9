#include "engine/probes/mount_table.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_table_bytes = 32U << 20U;  // nodes with many thousand container mounts exist

MountTable read_table(const sources::Root& root) {
  MountTable out{std::unexpected(Error{}), root.live() ? "/proc/self/mountinfo" : "/proc/1/mountinfo"};
  if (!sources::kernel_visible(root)) {
    out.mounts = std::unexpected(sources::kernel_not_visible(out.source));
    return out;
  }
  const auto text = root.read(out.source, max_table_bytes);
  if (!text) {
    out.mounts = std::unexpected(text.error());
    return out;
  }
  out.mounts = formats::parse_mountinfo(*text);
  if (!out.mounts) out.mounts.error().what = out.source + ": " + out.mounts.error().what;
  return out;
}

}  // namespace

const MountTable& mount_table(const sources::Sources& sources) {
  return sources.memo.get<MountTable>([&] { return read_table(sources.root); });
}

}  // namespace plimsoll::probes
