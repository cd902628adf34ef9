#include "engine/probes/mount.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "engine/formats/mountinfo.hpp"
#include "engine/probes/configured_mounts.hpp"
#include "engine/probes/mount_table.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  mounted,
  separate,
  type,
  source,
  options,
  configured,
  configured_options,
  configured_source
};

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {.name = "path", .type = ValueType::text, .meaning = "The mount point: /var/tmp. Links are not followed."},
}};

constexpr std::array<FieldSchema, 8> fields = {{
    {.name = "mounted",
     .type = ValueType::boolean,
     .meaning = "Whether a file system is mounted exactly there now; of several on one place the upper one counts. An "
                "automount trigger alone does not count: nothing is mounted until it is used."},
    {.name = "separate",
     .type = ValueType::boolean,
     .meaning =
         "Whether it is mounted and is a file system of its own: no mount that its path leads through has the same "
         "device. A bind mount from one of them is not separate; a tmpfs, a ZFS dataset or a Btrfs subvolume other "
         "than theirs is."},
    {.name = "type",
     .type = ValueType::text,
     .meaning = "The type of the file system there now (ext4, tmpfs; autofs for a trigger); absent when nothing is "
                "mounted there."},
    {.name = "source",
     .type = ValueType::text,
     .meaning = "What is mounted there now (/dev/sda2, tmpfs); absent when nothing is."},
    {.name = "options",
     .type = ValueType::list,
     .meaning = "The options in force, of the mount and of its file system; ro when either is read-only; absent when "
                "nothing is mounted there."},
    {.name = "configured",
     .type = ValueType::boolean,
     .meaning =
         "Whether the next boot mounts something there, at once or on access: by /etc/fstab (not noauto) or by a "
         "mount unit that is wanted and not masked."},
    {.name = "configured_options",
     .type = ValueType::list,
     .meaning =
         "The options it will be mounted with, drop-ins included: `defaults` written out as rw, suid, dev, exec, "
         "auto, nouser, async, and of two that exclude each other only the later; absent when not configured."},
    {.name = "configured_source",
     .type = ValueType::text,
     .meaning = "What will be mounted (UUID=…, /dev/sda2, tmpfs); absent when not configured."},
}};

constexpr std::array<std::string_view, 7> read_from = {
    "/proc/self/mountinfo",   "/proc/1/mountinfo",   "/etc/fstab",
    "/etc/systemd/system",    "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system"};

constexpr ProbeSchema schema = {
    .name = "mount",
    .summary = "One mount point: what is mounted there now with which options, and what the next boot will mount.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .presence = "mounted",
    .sources = read_from,
};

void set_running(Record& record, const MountTable& table, const std::string& path) {
  if (!table.mounts) {
    for (const auto field : {mounted, separate, type, source, options}) {
      record.set_unreadable(field, table.mounts.error(), table.source);
    }
    return;
  }
  const auto way = formats::mounts_on_the_way(*table.mounts, path);
  if (way.empty() || way.back()->path != formats::plain_path(path)) {
    record.set(mounted, false, table.source);
    record.set(separate, false, table.source);
    for (const auto field : {type, source, options}) record.set_absent(field, table.source);
    return;
  }
  const auto& mount = *way.back();
  const auto place = fmt::format("{}:{}", table.source, mount.line);
  const bool trigger = mount.type == "autofs";
  record.source = place;
  record.set(mounted, !trigger, place);
  record.set(separate, formats::is_separate(way, path), place);
  record.set(type, mount.type, place);
  record.set(source, mount.source, place);
  if (trigger) {
    record.set_absent(options, place);
  } else {
    record.set(options, formats::running_options(mount), place);
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& table = mount_table(sources);
  ConfiguredMounts configuration(sources.root);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const std::string& path = requests[index].fact->text(0);
    Record record(fields.size());
    record.resource = path;
    record.source = table.source;
    set_running(record, table, path);
    auto answer = configuration.of(path);
    record.fields[configured] = std::move(answer.configured);
    record.fields[configured_options] = std::move(answer.options);
    record.fields[configured_source] = std::move(answer.source);
    sink.add(index, std::move(record));
  }
}

}  // namespace

const Probe mount_probe = {&schema, collect};

}  // namespace plimsoll::probes
