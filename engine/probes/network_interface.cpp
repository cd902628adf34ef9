#include "engine/probes/network_interface.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <optional>
#include <system_error>

#include "engine/core/text.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t { name, wireless, up, radio_blocked, driver, field_count };

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "name", .type = ValueType::text, .meaning = "Its name."},
    {.name = "wireless", .type = ValueType::boolean, .meaning = "Whether it is of a radio (IEEE 802.11)."},
    {.name = "up", .type = ValueType::boolean, .meaning = "Whether an administrator or a program has switched it on."},
    {.name = "radio_blocked",
     .type = ValueType::boolean,
     .meaning = "Whether its radio is off, by a switch or by software (rfkill); absent when it is not wireless or has "
                "no switch."},
    {.name = "driver",
     .type = ValueType::text,
     .meaning = "The kernel's driver for it; absent for interfaces without a device."},
}};

constexpr std::array<std::string_view, 1> source_names = {"/sys/class/net"};

constexpr ProbeSchema schema = {
    .name = "network_interface",
    .summary = "The network interfaces of the running host.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

bool missing(const Error& error) {
  return error.kind == Error::Kind::not_found;
}

void set_radio(Record& record, const sources::Root& root, const std::string& folder) {
  const auto physical = folder + "/phy80211";
  const auto entries = root.list(physical);
  if (!entries && missing(entries.error())) {
    record.set_absent(radio_blocked);
    return;
  }
  if (!entries) {
    record.set_unreadable(radio_blocked, entries.error(), physical);
    return;
  }
  bool blocked = false;
  std::string place;
  for (const auto& entry : *entries) {
    if (!entry.name.starts_with("rfkill")) continue;
    for (const auto* kind : {"soft", "hard"}) {
      const auto path = fmt::format("{}/{}/{}", physical, entry.name, kind);
      const auto text = root.read(path, sources::max_proc_bytes);
      if (!text) {
        record.set_unreadable(radio_blocked, text.error(), path);
        return;
      }
      if (place.empty() || text->starts_with('1')) place = path;
      blocked = blocked || text->starts_with('1');
    }
  }
  if (place.empty()) {
    record.set_absent(radio_blocked, physical);
  } else {
    record.set(radio_blocked, blocked, place);
  }
}

void set_up(Record& record, const sources::Root& root, const std::string& folder) {
  const auto text = root.read(folder + "/flags", sources::max_proc_bytes);
  if (!text) {
    record.set_unreadable(up, text.error(), folder + "/flags");
    return;
  }
  const auto digits = trimmed(*text);
  unsigned flags = 0;
  const auto* begin = digits.data() + (digits.starts_with("0x") ? 2 : 0);
  const auto* end = digits.data() + digits.size();
  const auto [last, problem] = std::from_chars(begin, end, flags, 16);
  if (problem != std::errc{} || last != end) {
    record.set_unreadable(up, Error{Error::Kind::malformed, folder + "/flags holds no number"}, folder + "/flags");
    return;
  }
  record.set(up, (flags & 1U) != 0, folder + "/flags");
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& root = sources.root;
  const auto fail_all = [&](const Error& why) {
    for (std::size_t i = 0; i < requests.size(); ++i) sink.fail(i, why);
  };
  if (!sources::kernel_visible(root)) return fail_all(sources::kernel_not_visible("/sys/class/net"));
  const auto entries = root.list("/sys/class/net");
  if (!entries) return fail_all(entries.error());
  std::size_t count = 0;
  for (const auto& entry : *entries) {
    const auto folder = "/sys/class/net/" + entry.name;
    const auto kind = root.status(folder);
    // Files such as bonding_masters stand beside the interfaces; one that is gone by now was none.
    if (kind && kind->type != sources::FileType::directory) continue;
    if (!kind && missing(kind.error())) continue;
    ++count;
    Record record(fields.size());
    record.resource = "interface " + entry.name;
    record.source = folder;
    record.set(name, entry.name);
    const auto physical = root.status(folder + "/phy80211");
    const auto extensions = root.status(folder + "/wireless");
    if (physical || extensions) {
      record.set(wireless, true, folder + (physical ? "/phy80211" : "/wireless"));
    } else if (missing(physical.error()) && missing(extensions.error())) {
      record.set(wireless, false);
    } else {
      record.set_unreadable(wireless, missing(physical.error()) ? extensions.error() : physical.error());
    }
    set_up(record, root, folder);
    set_radio(record, root, folder);
    const auto link = root.read_link(folder + "/device/driver");
    if (link) {
      record.set(driver, std::string(base_name(*link)));
    } else if (missing(link.error())) {
      record.set_absent(driver);
    } else {
      record.set_unreadable(driver, link.error());
    }
    for (std::size_t i = 0; i < requests.size(); ++i) sink.add(i, record);
  }
  for (std::size_t i = 0; i < requests.size(); ++i)
    sink.looked_at(i, fmt::format("{} interfaces", count), "/sys/class/net");
}

}  // namespace

const Probe network_interface_probe = {&schema, collect};

}  // namespace plimsoll::probes
