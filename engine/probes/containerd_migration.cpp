#include "engine/probes/containerd_migration.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace plimsoll::probes {
namespace {

using formats::TomlNode;

constexpr std::array<std::string_view, 6> server_keys = {"disable_tcp_service",  "stream_server_address",
                                                         "stream_server_port",   "stream_idle_timeout",
                                                         "enable_tls_streaming", "x509_key_pair_streaming"};
constexpr std::array<std::string_view, 6> image_keys = {"registry",
                                                        "image_decryption",
                                                        "max_concurrent_downloads",
                                                        "image_pull_progress_timeout",
                                                        "image_pull_with_sync_fs",
                                                        "stats_collect_period"};
constexpr std::array<std::string_view, 3> snapshot_keys = {"snapshotter", "disable_snapshot_annotations",
                                                           "discard_unpacked_layers"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

TomlNode* find(TomlNode& table, std::string_view key) {
  return const_cast<TomlNode*>(std::as_const(table).find(key));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

/// The table of this name, made at the place of another one where there is none.
TomlNode& table_of(TomlNode& parent, std::string_view key, const TomlNode& place) {
  if (auto* found = find(parent, key)) return *found;
  TomlNode made;
  made.line = place.line;
  made.column = place.column;
  parent.entries.push_back({std::string(key), std::move(made)});
  return parent.entries.back().value;
}

void add_missing(TomlNode& table, const std::string& key, const TomlNode& value) {
  if (table.find(key) == nullptr) table.entries.push_back({key, value});
}

void put(TomlNode& table, const std::string& key, const TomlNode& value) {
  if (auto* found = find(table, key)) {
    *found = value;
  } else {
    table.entries.push_back({key, value});
  }
}

/// The full name of a plugin that version 1 calls by a short one.
std::string full_name(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> known = {{
      {"cri", "io.containerd.grpc.v1.cri"},
      {"cgroups", "io.containerd.monitor.v1.cgroups"},
      {"linux", "io.containerd.runtime.v1.linux"},
      {"scheduler", "io.containerd.gc.v1.scheduler"},
      {"bolt", "io.containerd.metadata.v1.bolt"},
      {"task", "io.containerd.runtime.v2.task"},
      {"opt", "io.containerd.internal.v1.opt"},
      {"restart", "io.containerd.internal.v1.restart"},
      {"tracing", "io.containerd.internal.v1.tracing"},
  }};
  if (name.find('.') != std::string::npos) return name;
  for (const auto& [from, to] : known) {
    if (name == from) return std::string(to);
  }
  for (const std::string_view snapshotter : {"aufs", "btrfs", "devmapper", "native", "overlayfs", "zfs"}) {
    if (name == snapshotter) return fmt::format("io.containerd.snapshotter.v1.{}", name);
  }
  return fmt::format("io.containerd.{}.v1.{}", name.ends_with("-service") ? "service" : "grpc", name);
}

void name_in_full(TomlNode& file) {
  if (auto* plugins = find(file, "plugins")) {
    for (auto& entry : plugins->entries) entry.key = full_name(entry.key);
  }
  for (const std::string_view key : {"disabled_plugins", "required_plugins"}) {
    if (auto* list = find(file, key)) {
      for (auto& item : list->items) item.text = full_name(item.text);
    }
  }
}

/// What is written there says nothing: a setting outside of `plugins` with the zero of its type overrides none.
bool is_zero(const TomlNode& node) {
  switch (node.kind) {
    case TomlNode::Kind::boolean:
      return node.text == "false";
    case TomlNode::Kind::integer:
      return node.text == "0";
    case TomlNode::Kind::text:
      return node.text.empty();
    case TomlNode::Kind::array:
      return node.items.empty();
    case TomlNode::Kind::table:
      return node.entries.empty();
    case TomlNode::Kind::floating:
    case TomlNode::Kind::time:
      return false;
  }
  return false;
}

void drop_zeros(TomlNode& table) {
  for (auto& entry : table.entries) {
    if (entry.key != "plugins") drop_zeros(entry.value);
  }
  std::erase_if(table.entries, [](const auto& entry) { return is_zero(entry.value) && entry.key != "plugins"; });
}

/// [grpc], [ttrpc], [debug] and [metrics] to the plugins that serve them since version 4. Where a file has such a
/// plugin already, its section counts for nothing.
void move_sockets(TomlNode& file, TomlNode& plugins) {
  struct Move {
    std::string_view section;
    std::string_view key;
    std::string_view plugin;
    std::string_view to;
  };
  constexpr std::array<Move, 15> moves = {{
      {"grpc", "address", containerd::grpc, "address"},
      {"grpc", "uid", containerd::grpc, "uid"},
      {"grpc", "gid", containerd::grpc, "gid"},
      {"grpc", "tcp_address", containerd::grpc_tcp, "address"},
      {"grpc", "tcp_tls_ca", containerd::grpc_tcp, "tls_ca"},
      {"grpc", "tcp_tls_cert", containerd::grpc_tcp, "tls_cert"},
      {"grpc", "tcp_tls_key", containerd::grpc_tcp, "tls_key"},
      {"grpc", "tcp_tls_common_name", containerd::grpc_tcp, "tls_common_name"},
      {"ttrpc", "address", containerd::ttrpc, "address"},
      {"ttrpc", "uid", containerd::ttrpc, "uid"},
      {"ttrpc", "gid", containerd::ttrpc, "gid"},
      {"debug", "address", containerd::debug, "address"},
      {"debug", "uid", containerd::debug, "uid"},
      {"debug", "gid", containerd::debug, "gid"},
      {"metrics", "address", containerd::metrics, "address"},
  }};
  std::vector<std::string> before;
  before.reserve(plugins.entries.size());
  for (const auto& entry : plugins.entries) before.push_back(entry.key);
  for (const auto& [section, key, plugin, to] : moves) {
    if (std::find(before.begin(), before.end(), plugin) != before.end()) continue;
    const auto* value = file.find_path({section, key});
    if (value != nullptr) table_of(plugins, plugin, *value).entries.push_back({std::string(to), *value});
  }
}

/// What the images part takes from the plugin of versions 1 and 2; it wins over what the part has already.
void move_images(TomlNode& images, const TomlNode& cri, ContainerdEra era) {
  for (const auto& [key, value] : cri.entries) {
    if (among(image_keys, key)) put(images, key, value);
  }
  const auto* inner = cri.find("containerd");
  // Without any runtime, releases that migrate forget these.
  if (inner == nullptr || (era != ContainerdEra::one && inner->find("runtimes") == nullptr)) return;
  for (const auto& [key, value] : inner->entries) {
    if (among(snapshot_keys, key)) put(images, key, value);
  }
}

/// What the runtime part takes; what it has already stays.
void move_runtime(TomlNode& runtime, const TomlNode& cri) {
  for (const auto& [key, value] : cri.entries) {
    if (key != "containerd" && !among(image_keys, key) && !among(server_keys, key)) add_missing(runtime, key, value);
  }
  if (const auto* inner = cri.find("containerd")) {
    auto& section = table_of(runtime, "containerd", *inner);
    for (const auto& [key, value] : inner->entries) {
      if (!among(snapshot_keys, key)) add_missing(section, key, value);
    }
  }
}

/// The CRI plugin of versions 1 and 2 to its three parts.
void split_cri(TomlNode& plugins, ContainerdEra era) {
  const auto* found = plugins.find(containerd::server_plugin);
  if (found == nullptr || !found->is_table()) return;
  const TomlNode cri = *found;
  std::erase_if(find(plugins, containerd::server_plugin)->entries,
                [](const auto& entry) { return !among(server_keys, entry.key); });
  move_images(table_of(plugins, containerd::images_plugin, cri), cri, era);
  move_runtime(table_of(plugins, containerd::runtime_plugin, cri), cri);
}

}  // namespace

std::int64_t version_of(const TomlNode& file) {
  const auto* version = file.find("version");
  const auto number = version == nullptr ? std::nullopt : version->integer();
  return number && *number > 0 ? *number : 1;
}

TomlNode migrated(TomlNode file, ContainerdEra era) {
  const auto version = version_of(file);
  if (version == 1) name_in_full(file);
  if (version < 4) drop_zeros(file);
  auto& plugins = table_of(file, "plugins", TomlNode{});
  if (era == ContainerdEra::one) {
    // These releases do not know the parts.
    std::erase_if(plugins.entries, [](const auto& entry) {
      return entry.key == containerd::runtime_plugin || entry.key == containerd::images_plugin;
    });
  }
  if (version < 3 || (version == 3 && era == ContainerdEra::two_three)) split_cri(plugins, era);
  if (version < 4) {
    move_sockets(file, plugins);
  }
  return file;
}

}  // namespace plimsoll::probes
