#include "tests/support/world.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/packet_filter.hpp"
#include "engine/formats/socket_table.hpp"
#include "tests/support/gvdb_bytes.hpp"
#include "tests/support/packed_bytes.hpp"
#include "tests/support/rpm_database_bytes.hpp"

namespace plimsoll::tests {
namespace {

using formats::YamlNode;
using sources::FileType;

constexpr std::int64_t default_now_ms = 1'768'478'400'000;  // 2026-01-15T12:00:00Z
constexpr std::string_view dpkg_status = "/var/lib/dpkg/status";
constexpr std::string_view rpm_database = "/var/lib/rpm/rpmdb.sqlite";

Error mistake(const YamlNode& node, std::string what) {
  Error error{Error::Kind::malformed, std::move(what)};
  error.where.line = node.line;
  error.where.column = node.column;
  return error;
}

// Visits the entries of a map; an unknown key is the visitor's to refuse, a repeated one is refused here.
template <class Visit>
Result<void> for_each_key(const YamlNode& node, std::string_view what, Visit&& visit) {
  if (!node.is_map()) return std::unexpected(mistake(node, fmt::format("{} must be a map", what)));
  std::set<std::string_view> seen;
  for (const auto& [key, value] : node.entries) {
    if (!seen.insert(key.text).second) {
      return std::unexpected(mistake(key, fmt::format("`{}` stands twice in {}", key.text, what)));
    }
    if (const auto done = visit(key, value); !done) return done;
  }
  return {};
}

Result<std::string> text_of(const YamlNode& node, std::string_view key) {
  if (!node.is_scalar()) return std::unexpected(mistake(node, fmt::format("`{}` must be a text", key)));
  return node.text;
}

Result<bool> flag_of(const YamlNode& node, std::string_view key) {
  if (node.is_scalar() && node.text == "true") return true;
  if (node.is_scalar() && node.text == "false") return false;
  return std::unexpected(mistake(node, fmt::format("`{}` must be true or false", key)));
}

Result<std::int64_t> number_of(const YamlNode& node, std::string_view key) {
  const auto number = node.is_scalar() ? parse_integer(node.text) : std::nullopt;
  if (!number || *number < 0) return std::unexpected(mistake(node, fmt::format("`{}` must be a whole number", key)));
  return *number;
}

Result<std::uint32_t> id_of(const YamlNode& node, std::string_view key) {
  if (node.is_scalar() && node.text == "root") return 0U;
  const auto number = number_of(node, key);
  if (!number || *number > 0xffffffffLL) {
    return std::unexpected(mistake(node, fmt::format("`{}` must be a numeric id, or root", key)));
  }
  return static_cast<std::uint32_t>(*number);
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  const auto part = text.substr(at, count);
  const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (part.size() != count || problem != std::errc{} || end != part.data() + part.size()) return std::nullopt;
  return value;
}

// "2026-01-15T12:00:00Z" to seconds; a plain number is seconds already.
Result<std::int64_t> time_of(const YamlNode& node, std::string_view key) {
  const std::string& text = node.text;
  if (const auto seconds = parse_integer(text); node.is_scalar() && seconds) return *seconds;
  const auto bad = [&] {
    return std::unexpected(mistake(node, fmt::format("`{}` must be like 2026-01-15T12:00:00Z", key)));
  };
  if (!node.is_scalar() || text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
    return bad();
  }
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return bad();
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return bad();
  return std::int64_t{std::chrono::sys_days{date}.time_since_epoch().count()} * 86400 + *hour * 3600 + *minute * 60 +
         *second;
}

Result<FileType> type_of(const YamlNode& node) {
  constexpr std::array types = {FileType::regular, FileType::directory,        FileType::symlink,     FileType::fifo,
                                FileType::socket,  FileType::character_device, FileType::block_device};
  for (const auto type : types) {
    if (node.is_scalar() && node.text == name_of(type)) return type;
  }
  return std::unexpected(
      mistake(node, "`type` must be file, directory, link, fifo, socket, character_device or block_device"));
}

Result<FakeFile::Trouble> trouble_of(const YamlNode& node) {
  constexpr std::array<std::pair<std::string_view, FakeFile::Trouble>, 5> troubles = {
      {{"denied", FakeFile::Trouble::denied},
       {"failed", FakeFile::Trouble::failed},
       {"timed_out", FakeFile::Trouble::timed_out},
       {"too_large", FakeFile::Trouble::too_large},
       {"vanishes", FakeFile::Trouble::vanishes}}};
  for (const auto& [name, trouble] : troubles) {
    if (node.is_scalar() && node.text == name) return trouble;
  }
  return std::unexpected(mistake(node, "`error` must be denied, failed, timed_out, too_large or vanishes"));
}

Result<std::string> bytes_of(const YamlNode& node, std::string_view key) {
  auto text = text_of(node, key);
  if (!text || !text->starts_with("0x")) return text;
  std::string bytes;
  for (std::size_t at = 2; at < text->size(); at += 2) {
    int value = 0;
    const char* from = text->data() + at;
    const auto [end, problem] = std::from_chars(from, text->data() + std::min(at + 2, text->size()), value, 16);
    if (problem != std::errc{} || end != from + 2) {
      return std::unexpected(mistake(node, fmt::format("`{}` starts with 0x but is not hexadecimal", key)));
    }
    bytes += static_cast<char>(value);
  }
  return bytes;
}

// Puts a value that parsed where it belongs; an error passes through.
template <class T, class Into>
Result<void> put(Result<T> value, Into& into) {
  if (!value) return std::unexpected(value.error());
  into = std::move(*value);
  return {};
}

// { settings: { /org/gnome/x: "uint32 5" }, locks: [/org/gnome/x] } as `dconf update` compiles it.
Result<std::string> dconf_of(const YamlNode& node) {
  std::vector<std::pair<std::string, formats::Variant>> settings;
  std::vector<std::string> locks;
  const auto put_setting = [&](const YamlNode& path, const YamlNode& text) -> Result<void> {
    auto value = formats::parse_variant_text(text.text);
    if (!value) return std::unexpected(mistake(text, value.error().what));
    settings.emplace_back(path.text, std::move(*value));
    return {};
  };
  const auto done = for_each_key(node, "dconf", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    if (key.text == "settings") return for_each_key(value, "settings", put_setting);
    if (key.text != "locks" || !value.is_sequence()) {
      return std::unexpected(mistake(key, "`dconf` has a map `settings` and a list `locks`"));
    }
    for (const auto& item : value.items) locks.push_back(item.text);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return dconf_database_bytes(settings, locks);
}

// { org.gnome.desktop.session: { idle-delay: "uint32 300" } } as glib-compile-schemas compiles it.
Result<std::string> schemas_of(const YamlNode& node) {
  std::vector<std::pair<std::string, std::vector<std::pair<std::string, formats::Variant>>>> schemas;
  const auto put_default = [&](const YamlNode& key, const YamlNode& text) -> Result<void> {
    auto value = formats::parse_variant_text(text.text);
    if (!value) return std::unexpected(mistake(text, value.error().what));
    schemas.back().second.emplace_back(key.text, std::move(*value));
    return {};
  };
  const auto done = for_each_key(node, "schemas", [&](const YamlNode& name, const YamlNode& keys) {
    schemas.emplace_back(name.text, std::vector<std::pair<std::string, formats::Variant>>{});
    return for_each_key(keys, "a schema", put_default);
  });
  if (!done) return std::unexpected(done.error());
  return gsettings_schema_bytes(schemas);
}

Result<void> put_file_key(FakeFile& file, const YamlNode& key, const YamlNode& value) {
  const std::string& name = key.text;
  if (name == "content") return put(text_of(value, name), file.content);
  if (name == "dconf") return put(dconf_of(value), file.content);
  if (name == "schemas") return put(schemas_of(value), file.content);
  if (name == "target") {
    file.type = FileType::symlink;
    return put(text_of(value, name), file.target);
  }
  if (name == "type") return put(type_of(value), file.type);
  if (name == "owner") return put(id_of(value, name), file.uid);
  if (name == "group") return put(id_of(value, name), file.gid);
  if (name == "size") return put(number_of(value, name), file.size);
  if (name == "modified") return put(time_of(value, name), file.modified);
  if (name == "error") return put(trouble_of(value), file.trouble);
  if (name == "mode") {
    const auto mode = value.is_scalar() ? parse_mode(value.text) : std::nullopt;
    if (!mode) return std::unexpected(mistake(value, "`mode` must be octal, like \"0644\""));
    file.mode = static_cast<std::uint32_t>(*mode);
    return {};
  }
  if (name == "attributes") {
    return for_each_key(value, "attributes", [&](const YamlNode& attribute, const YamlNode& bytes) {
      return put(bytes_of(bytes, attribute.text), file.attributes[attribute.text]);
    });
  }
  return std::unexpected(
      mistake(key, fmt::format("a file has no key `{}`: use content, dconf, schemas, packed, repeated, mode, "
                               "owner, group, type, target, size, modified, attributes or error",
                               name)));
}

constexpr std::array<std::string_view, 4> packings = {"gzip", "xz", "zstd", "lz4"};

Result<FakeFile> file_of(const YamlNode& node) {
  FakeFile file;
  if (node.is_scalar()) {
    file.content = node.text;
    return file;
  }
  std::int64_t repeated = 1;
  std::string packed;
  const auto done = for_each_key(node, "a file", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    if (key.text == "repeated") return put(number_of(value, key.text), repeated);
    if (key.text != "packed") return put_file_key(file, key, value);
    if (std::ranges::find(packings, value.text) == packings.end()) {
      return std::unexpected(mistake(value, "`packed` must be gzip, xz, zstd or lz4"));
    }
    packed = value.text;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  if (repeated != 1) {
    const auto once = std::exchange(file.content, {});
    for (std::int64_t i = 0; i < repeated; ++i) file.content += once;
  }
  if (!packed.empty()) file.content = packed_bytes(file.content, packed);
  if (!file.target.empty() && file.type != FileType::symlink)
    return std::unexpected(mistake(node, "only a link has a target"));
  if (file.type == FileType::symlink && file.target.empty())
    return std::unexpected(mistake(node, "a link needs a target"));
  return file;
}

Result<void> put_files(World& world, const YamlNode& node) {
  return for_each_key(node, "files", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    const std::string& path = key.text;
    const bool plain = path.starts_with('/') && path.find("//") == std::string::npos &&
                       (path + "/").find("/./") == std::string::npos && (path + "/").find("/../") == std::string::npos;
    if (!plain || (path.size() > 1 && path.ends_with('/'))) {
      return std::unexpected(
          mistake(key, fmt::format("`{}` must be an absolute path without `.`, `..` or a last slash", path)));
    }
    if (value.kind == YamlNode::Kind::null) {
      world.files[path] = std::nullopt;
      return {};
    }
    return put(file_of(value), world.files[path]);
  });
}

Result<FakePackage> package_of(const YamlNode& node) {
  FakePackage package;
  if (node.is_scalar()) {
    package.status = node.text;
    return package;
  }
  const auto done = for_each_key(node, "a package", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    if (key.text == "version") return put(text_of(value, key.text), package.version);
    if (key.text == "status") return put(text_of(value, key.text), package.status);
    if (key.text == "architecture") return put(text_of(value, key.text), package.architecture);
    return std::unexpected(
        mistake(key, fmt::format("a package has no key `{}`: use version, status or architecture", key.text)));
  });
  if (!done) return std::unexpected(done.error());
  return package;
}

Result<void> put_packages(World& world, const YamlNode& node) {
  auto& packages = world.packages.emplace();
  if (node.is_sequence()) {
    for (const auto& item : node.items) {
      const auto name = text_of(item, "packages");
      if (!name) return std::unexpected(name.error());
      packages[*name] = FakePackage{};
    }
    return {};
  }
  return for_each_key(node, "packages", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    if (value.kind == YamlNode::Kind::null) {
      packages[key.text] = std::nullopt;
      return {};
    }
    return put(package_of(value), packages[key.text]);
  });
}

Result<void> put_rpm_packages(World& world, const YamlNode& node) {
  auto& packages = world.rpm_packages.emplace();
  if (!node.is_sequence()) return std::unexpected(mistake(node, "`rpm_packages` must be a list"));
  for (const auto& item : node.items) {
    auto package = rpm_package_named(item.text);
    if (!package) {
      return std::unexpected(mistake(item, fmt::format("`{}` is not like bash-5.1.8-9.el9.x86_64", item.text)));
    }
    packages.push_back(std::move(*package));
  }
  return {};
}

Result<void> put_left_out(World& world, const YamlNode& node) {
  auto& all = world.left_out.emplace();
  if (!node.is_sequence())
    return std::unexpected(mistake(node, "`left_out` must be a list of { path, why, by_design }"));
  for (const auto& item : node.items) {
    sources::LeftOut left_out;
    const auto done = for_each_key(item, "left_out", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
      if (key.text == "path") return put(text_of(value, key.text), left_out.path);
      if (key.text == "why") return put(text_of(value, key.text), left_out.why);
      if (key.text == "by_design") return put(flag_of(value, key.text), left_out.by_design);
      return std::unexpected(
          mistake(key, fmt::format("`left_out` has no key `{}`: use path, why or by_design", key.text)));
    });
    if (!done) return done;
    if (left_out.path.empty() || left_out.why.empty())
      return std::unexpected(mistake(item, "`left_out` needs path and why"));
    all.push_back(std::move(left_out));
  }
  return {};
}

Result<void> put_audit(World& world, const YamlNode& node) {
  auto& audit = world.audit.emplace();
  return for_each_key(node, "audit", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    if (key.text == "enabled") return put(id_of(value, key.text), audit.status.enabled);
    if (key.text == "failure") return put(id_of(value, key.text), audit.status.failure);
    if (key.text == "backlog_limit") return put(id_of(value, key.text), audit.status.backlog_limit);
    if (key.text == "daemon") return put(id_of(value, key.text), audit.status.daemon);
    if (key.text == "rules") return put(text_of(value, key.text), audit.rules);
    if (key.text == "error" && value.is_scalar() && value.text == "denied") {
      audit.denied = true;
      return {};
    }
    return std::unexpected(mistake(key, fmt::format("`audit` has no key `{}`: use enabled, failure, backlog_limit, "
                                                    "daemon, rules or error: denied",
                                                    key.text)));
  });
}

Result<void> put_now(World& world, const YamlNode& node) {
  const auto seconds = time_of(node, "now");
  if (!seconds) return std::unexpected(seconds.error());
  world.now_ms = *seconds * 1000;
  return {};
}

bool is_below(std::string_view path, std::string_view top) {
  return path.size() > top.size() && path.starts_with(top) && path[top.size()] == '/';
}

std::string status_text(const std::map<std::string, std::optional<FakePackage>>& packages) {
  std::string text;
  for (const auto& [name, package] : packages) {
    if (!package) continue;
    text += fmt::format("Package: {}\nStatus: {}\nArchitecture: {}\nVersion: {}\nDescription: made for a test\n\n",
                        name, package->status, package->architecture, package->version);
  }
  return text;
}

Result<void> put_netfilter(World& world, const YamlNode& node) {
  if (node.is_map() && node.entries.size() == 1 && node.find("error") != nullptr &&
      node.find("error")->text == "denied") {
    world.netfilter_denied = true;
    return {};
  }
  world.netfilter_denied = false;
  auto text = text_of(node, "netfilter");
  if (!text) return std::unexpected(text.error());
  world.netfilter = std::move(*text);
  return {};
}

/// The tables of iptables-save's output, as /proc/net/ip_tables_names lists them.
std::string table_names(std::string_view saved) {
  std::string names;
  while (!saved.empty()) {
    const auto line = take_line(saved);
    if (line.starts_with('*')) names.append(line.substr(1)).append("\n");
  }
  return names;
}

/// "tcp 0.0.0.0:22", "udp [::]:53 ipv6only user 105".
std::optional<FakeSocket> socket_of(const std::string& text) {
  std::istringstream words(text);
  std::string transport;
  std::string place;
  words >> transport >> place;
  const auto colon = place.rfind(':');
  const bool six = place.starts_with('[');
  if (colon == std::string::npos || (transport != "tcp" && transport != "udp")) return {};
  const auto family = six ? formats::IpFamily::ipv6 : formats::IpFamily::ipv4;
  const auto address = six ? place.substr(1, colon - 2) : place.substr(0, colon);
  const auto range = formats::parse_packet_addresses(address, family);
  const auto port = formats::parse_packet_ports(place.substr(colon + 1));
  if (!range || !port) return {};
  FakeSocket made;
  made.transport = transport == "tcp" ? formats::Transport::tcp : formats::Transport::udp;
  made.line.family = family;
  made.line.address = range->first;
  made.line.port = static_cast<std::uint16_t>(port->first.low);
  made.line.state = transport == "tcp" ? 10 : 7;
  if (six) made.line.ipv6_only = false;
  for (std::string word; words >> word;) {
    const bool user = word == "user" && words >> made.line.uid;
    if (word == "ipv6only") made.line.ipv6_only = true;
    if (word != "ipv6only" && !user) return {};
  }
  return made;
}

Result<void> put_sockets(World& world, const YamlNode& node) {
  if (!node.is_sequence()) return std::unexpected(mistake(node, "`sockets` must be a list"));
  world.sockets.emplace();
  for (const auto& item : node.items) {
    const auto socket = socket_of(item.text);
    if (!socket) return std::unexpected(mistake(item, fmt::format("`{}` is no socket", item.text)));
    world.sockets->push_back(*socket);
  }
  return {};
}

}  // namespace

Result<World> parse_world(const YamlNode& node, std::span<const std::string_view> others) {
  World world;
  const auto done = for_each_key(node, "a world", [&](const YamlNode& key, const YamlNode& value) -> Result<void> {
    if (key.text == "files") return put_files(world, value);
    if (key.text == "packages") return put_packages(world, value);
    if (key.text == "rpm_packages") return put_rpm_packages(world, value);
    if (key.text == "live") return put(flag_of(value, key.text), world.live);
    if (key.text == "as_root") return put(flag_of(value, key.text), world.as_root);
    if (key.text == "left_out") return put_left_out(world, value);
    if (key.text == "audit") return put_audit(world, value);
    if (key.text == "now") return put_now(world, value);
    if (key.text == "netfilter") return put_netfilter(world, value);
    if (key.text == "iptables_legacy") return put(text_of(value, key.text), world.iptables_legacy);
    if (key.text == "ip6tables_legacy") return put(text_of(value, key.text), world.ip6tables_legacy);
    if (key.text == "sockets") return put_sockets(world, value);
    if (std::find(others.begin(), others.end(), key.text) != others.end()) return {};
    return std::unexpected(mistake(key, fmt::format("unknown key `{}`", key.text)));
  });
  if (!done) return std::unexpected(done.error());
  return world;
}

World world_of(std::string_view yaml) {
  const auto node = formats::parse_yaml(yaml);
  if (!node) throw std::runtime_error(fmt::format("line {}: {}", node.error().where.line, node.error().what));
  auto world = parse_world(*node);
  if (!world) throw std::runtime_error(fmt::format("line {}: {}", world.error().where.line, world.error().what));
  return std::move(*world);
}

World merged(World given, const World& world) {
  for (const auto& [path, file] : world.files) {
    if (!file)
      std::erase_if(given.files, [&removed = path](const auto& entry) { return is_below(entry.first, removed); });
    given.files[path] = file;
  }
  if (world.packages) {
    if (!given.packages) given.packages.emplace();
    for (const auto& [name, package] : *world.packages) (*given.packages)[name] = package;
  }
  if (world.rpm_packages) given.rpm_packages = world.rpm_packages;
  if (world.live) given.live = world.live;
  if (world.as_root) given.as_root = world.as_root;
  if (world.left_out) given.left_out = world.left_out;
  if (world.audit) given.audit = world.audit;
  if (world.now_ms) given.now_ms = world.now_ms;
  if (world.netfilter) given.netfilter = world.netfilter;
  if (world.netfilter_denied) given.netfilter_denied = world.netfilter_denied;
  if (world.iptables_legacy) given.iptables_legacy = world.iptables_legacy;
  if (world.ip6tables_legacy) given.ip6tables_legacy = world.ip6tables_legacy;
  if (world.sockets) given.sockets = world.sockets;
  return given;
}

FakeTree tree_of(const World& world) {
  FakeTree tree;
  for (const auto& [path, file] : world.files) {
    if (file) tree.files[path] = *file;
  }
  if (world.packages && !world.files.contains(std::string(dpkg_status))) {
    tree.files[std::string(dpkg_status)] = FakeFile{.content = status_text(*world.packages)};
  }
  if (world.rpm_packages && !world.files.contains(std::string(rpm_database))) {
    tree.files[std::string(rpm_database)] = FakeFile{.content = rpm_database_bytes(*world.rpm_packages)};
  }
  tree.live = world.live.value_or(true);
  tree.as_root = world.as_root.value_or(false);
  if (world.left_out) tree.left_out = *world.left_out;
  tree.netfilter = world.netfilter;
  tree.netfilter_denied = world.netfilter_denied.value_or(false);
  tree.iptables_legacy = world.iptables_legacy.value_or("");
  tree.ip6tables_legacy = world.ip6tables_legacy.value_or("");
  for (const auto& [saved, list] : {std::pair(&world.iptables_legacy, "/proc/1/net/ip_tables_names"),
                                    std::pair(&world.ip6tables_legacy, "/proc/1/net/ip6_tables_names")}) {
    if (*saved) tree.files.emplace(list, FakeFile{.content = table_names(**saved)});
  }
  tree.sockets = world.sockets;
  if (world.sockets) {
    tree.files.emplace("/proc/1/net/tcp", FakeFile{});
    tree.files.emplace("/proc/self", FakeFile{.type = sources::FileType::symlink, .target = "1"});
  }
  return tree;
}

std::int64_t now_ms_of(const World& world) {
  return world.now_ms.value_or(default_now_ms);
}

}  // namespace plimsoll::tests
