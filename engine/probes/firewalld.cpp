#include "engine/probes/firewalld.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/firewalld_zone.hpp"
#include "engine/formats/lines.hpp"
#include "engine/probes/firewalld_loaded.hpp"
#include "engine/probes/packet_filters.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view main_file = "/etc/firewalld/firewalld.conf";

struct Setting {
  std::string value;
  std::string source;
};

struct ZoneFile {
  std::string name;
  std::string path;
  Result<formats::FirewalldZone> zone;
};

/// All that is on disk, read once for both probes.
struct Firewalld {
  std::map<std::string, Setting, std::less<>> settings;  ///< keys in lower case
  std::optional<Error> settings_error;
  std::vector<ZoneFile> zones;
  std::optional<Error> zones_error;

  [[nodiscard]] Setting setting(std::string_view key, std::string_view fallback) const {
    const auto found = settings.find(key);
    return found == settings.end() ? Setting{std::string(fallback), std::string(main_file)} : found->second;
  }
};

void read_settings(const sources::Root& root, Firewalld& found) {
  const auto text = root.read(main_file, sources::max_config_bytes);
  if (!text) {
    if (text.error().kind != Error::Kind::not_found) found.settings_error = text.error();
    return;
  }
  formats::Lines lines(*text);
  std::string_view line;
  while (lines.next(line)) {
    line = trimmed(line);
    const auto equals = line.find('=');
    if (line.empty() || line.front() == '#' || line.front() == ';' || equals == std::string_view::npos) continue;
    // Of several lines the first counts: firewalld takes no key that it has already.
    found.settings.try_emplace(
        lower_case(trimmed(line.substr(0, equals))),
        Setting{std::string(trimmed(line.substr(equals + 1))), fmt::format("{}:{}", main_file, lines.number())});
  }
}

void read_zones(const sources::Root& root, Firewalld& found) {
  for (const auto* directory : {"/etc/firewalld/zones", "/usr/lib/firewalld/zones"}) {
    const auto entries = root.list(directory);
    if (!entries) {
      if (entries.error().kind != Error::Kind::not_found) found.zones_error = entries.error();
      continue;
    }
    for (const auto& entry : *entries) {
      constexpr std::string_view ending = ".xml";
      if (!entry.name.ends_with(ending)) continue;
      auto name = entry.name.substr(0, entry.name.size() - ending.size());
      const bool known =
          std::any_of(found.zones.begin(), found.zones.end(), [&](const ZoneFile& zone) { return zone.name == name; });
      if (known) continue;  // what an administrator changed hides what the package brought
      auto path = fmt::format("{}/{}", directory, entry.name);
      const auto text = root.read(path, sources::max_config_bytes);
      if (!text) {
        found.zones.push_back({std::move(name), std::move(path), std::unexpected(text.error())});
        continue;
      }
      auto zone = formats::parse_firewalld_zone(*text);
      if (!zone) zone = std::unexpected(Error{zone.error().kind, fmt::format("{}: {}", path, zone.error().what)});
      found.zones.push_back({std::move(name), std::move(path), std::move(zone)});
    }
  }
}

const Firewalld& firewalld_of(const sources::Sources& sources) {
  return sources.memo.get<Firewalld>([&] {
    Firewalld found;
    read_settings(sources.root, found);
    read_zones(sources.root, found);
    return found;
  });
}

// ---- firewalld ----

enum Main : std::size_t { default_zone, backend, loopback_zone, loaded_default_zone, loaded_as_configured, main_count };

constexpr std::array<FieldSchema, main_count> main_fields = {{
    {.name = "default_zone",
     .type = ValueType::text,
     .meaning = "The zone of all interfaces that no zone names; public when nothing is set."},
    {.name = "backend",
     .type = ValueType::text,
     .meaning = "What it writes its rules with: nftables (also when nothing is set) or iptables."},
    {.name = "loopback_zone",
     .type = ValueType::text,
     .meaning = "The zone that names the interface lo; absent when none does."},
    {.name = "loaded_default_zone",
     .type = ValueType::text,
     .meaning = "The zone to which the rules in the kernel hand packets of interfaces that none of them names; absent "
                "where the kernel holds no rules of firewalld, unreadable where it writes them with iptables."},
    {.name = "loaded_as_configured",
     .type = ValueType::boolean,
     .meaning = "Whether those rules know the configured default zone, and each interface that a zone names as one of "
                "that zone; interfaces that NetworkManager gave a zone may come on top. What the zones let in is not "
                "compared. False without rules of firewalld, unreadable as above."},
}};
constexpr std::array<std::string_view, 3> read_from = {main_file, "/etc/firewalld/zones", "/usr/lib/firewalld/zones"};
constexpr std::array<std::string_view, 4> main_read_from = {read_from[0], read_from[1], read_from[2],
                                                            "nf_tables by netlink (CAP_NET_ADMIN)"};

constexpr ProbeSchema main_schema = {
    .name = "firewalld",
    .summary =
        "What firewalld sets up when it starts, by its permanent configuration, and whether the zones in the kernel "
        "are those. What else was changed since with firewall-cmd and not made permanent, only the running daemon "
        "tells.",
    .cardinality = Cardinality::exactly_one,
    .arguments = {},
    .fields = main_fields,
    .sources = main_read_from,
};

/// How nft writes the name of an interface: firewalld's `eth+` is `eth*`.
std::string interface_of(std::string name) {
  if (name.ends_with('+')) name.back() = '*';
  return name;
}

/// Why it cannot be told whether what is loaded is what is configured, else whether it is.
Result<bool> is_as_configured(const Firewalld& found, const FirewalldLoaded& loaded) {
  if (found.settings_error) return std::unexpected(*found.settings_error);
  if (found.setting("defaultzone", "public").value != loaded.default_zone) return false;
  std::optional<Error> why = found.zones_error;
  for (const auto& file : found.zones) {
    if (!file.zone) {
      why = file.zone.error();
      continue;
    }
    for (const auto& name : file.zone->interfaces) {
      const auto known = loaded.interfaces.find(interface_of(name));
      if (known == loaded.interfaces.end() || known->second != file.name) return false;
    }
  }
  if (why) return std::unexpected(*why);
  return true;
}

void set_loaded(Record& record, const Firewalld& found, const sources::Sources& sources) {
  const auto unknown = [&](const Error& why) {
    record.set_unreadable(loaded_default_zone, why);
    record.set_unreadable(loaded_as_configured, why);
  };
  if (!found.settings_error && lower_case(found.setting("firewallbackend", "nftables").value) != "nftables") {
    return unknown({Error::Kind::unsupported, "rules that firewalld writes with iptables are not compared"});
  }
  const auto loaded = firewalld_loaded(sources);
  if (!loaded) return unknown(loaded.error());
  const std::string place(place_of(FilterOrigin::kernel));
  if (!*loaded) {
    record.set_absent(loaded_default_zone, place);
    record.set(loaded_as_configured, false, place);
    return;
  }
  record.set(loaded_default_zone, (*loaded)->default_zone, place);
  const auto same = is_as_configured(found, **loaded);
  if (same) {
    record.set(loaded_as_configured, *same, place);
  } else {
    record.set_unreadable(loaded_as_configured, same.error());
  }
}

void collect_main(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = firewalld_of(sources);
  Record record(main_fields.size());
  record.resource = "firewalld";
  record.source = main_file;
  const auto put = [&](Main field, std::string_view key, std::string_view fallback, bool small) {
    if (found.settings_error) return void(record.set_unreadable(field, *found.settings_error, std::string(main_file)));
    const auto setting = found.setting(key, fallback);
    record.set(field, small ? lower_case(setting.value) : setting.value, setting.source);
  };
  put(default_zone, "defaultzone", "public", false);
  put(backend, "firewallbackend", "nftables", true);
  record.set_absent(loopback_zone, "/etc/firewalld/zones");
  if (found.zones_error) record.set_unreadable(loopback_zone, *found.zones_error);
  for (const auto& file : found.zones) {
    if (!file.zone) {
      record.set_unreadable(loopback_zone, file.zone.error(), file.path);
      continue;
    }
    const auto& names = file.zone->interfaces;
    if (std::find(names.begin(), names.end(), "lo") == names.end()) continue;
    record.set(loopback_zone, file.name, file.path);
    break;
  }
  set_loaded(record, found, sources);
  for (std::size_t i = 0; i < requests.size(); ++i) sink.add(i, record);
}

// ---- firewalld.zone ----

enum ZoneField : std::size_t {
  name,
  is_default,
  network,
  target,
  interfaces,
  zone_sources,
  services,
  ports,
  rich_rules,
  spoofed_loopback_dropped,
  zone_count
};

constexpr std::array<FieldSchema, zone_count> zone_fields = {{
    {.name = "name", .type = ValueType::text, .meaning = "Its name."},
    {.name = "default",
     .type = ValueType::boolean,
     .meaning = "Whether it is the zone of all interfaces that no zone names."},
    {.name = "network",
     .type = ValueType::boolean,
     .meaning = "Whether packets of others come to it: it is the default, or names a source or an interface other than "
                "lo. What "
                "NetworkManager assigns is not seen."},
    {.name = "target",
     .type = ValueType::text,
     .meaning = "What becomes of packets that no rule of it is about: default (rejected), DROP, %%REJECT%% or ACCEPT."},
    {.name = "interfaces", .type = ValueType::list, .meaning = "The interfaces that it names."},
    {.name = "sources", .type = ValueType::list, .meaning = "The senders that it names."},
    {.name = "services", .type = ValueType::list, .meaning = "The services that it lets in."},
    {.name = "ports", .type = ValueType::list, .meaning = "The ports that it lets in: \"443/tcp\"."},
    {.name = "rich_rules", .type = ValueType::list, .meaning = "Its rules in the rich language."},
    {.name = "spoofed_loopback_dropped",
     .type = ValueType::boolean,
     .meaning =
         "Whether rich rules drop or reject what claims to come from 127.0.0.1 and from ::1 but is not for them."},
}};

constexpr ProbeSchema zone_schema = {
    .name = "firewalld.zone",
    .summary =
        "The zones of firewalld, as its permanent configuration has them: files in /etc hide those of equal name in "
        "/usr/lib.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = zone_fields,
    .sources = read_from,
};

Record describe(const ZoneFile& file, const Firewalld& found) {
  Record record(zone_fields.size());
  record.resource = "zone " + file.name;
  record.source = file.path;
  record.set(name, file.name);
  const bool chosen = !found.settings_error && found.setting("defaultzone", "public").value == file.name;
  if (found.settings_error) {
    record.set_unreadable(is_default, *found.settings_error);
  } else {
    record.set(is_default, chosen, found.setting("defaultzone", "public").source);
  }
  if (!file.zone) {
    for (std::size_t field = network; field < zone_count; ++field) record.set_unreadable(field, file.zone.error());
    if (chosen) record.set(network, true);
    return record;
  }
  const auto& zone = *file.zone;
  const bool named = !zone.sources.empty() || std::any_of(zone.interfaces.begin(), zone.interfaces.end(),
                                                          [](const std::string& each) { return each != "lo"; });
  if (!named && found.settings_error) {
    record.set_unreadable(network, *found.settings_error);
  } else {
    record.set(network, named || chosen);
  }
  record.set(target, zone.target);
  record.set(interfaces, TextList(zone.interfaces));
  record.set(zone_sources, TextList(zone.sources));
  record.set(services, TextList(zone.services));
  record.set(ports, TextList(zone.ports));
  record.set(rich_rules, TextList(zone.rich_rules));
  record.set(spoofed_loopback_dropped, zone.drops_loopback_ipv4 && zone.drops_loopback_ipv6);
  return record;
}

void collect_zones(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& found = firewalld_of(sources);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const auto& file : found.zones) sink.add(i, describe(file, found));
    if (found.zones_error) sink.fail(i, *found.zones_error);
    sink.looked_at(i, fmt::format("{} zones", found.zones.size()), "/etc/firewalld/zones");
  }
}

}  // namespace

const Probe firewalld_probe = {&main_schema, collect_main};
const Probe firewalld_zone_probe = {&zone_schema, collect_zones};

}  // namespace plimsoll::probes
