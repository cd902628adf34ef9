#include "engine/probes/dnf_modules.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "engine/formats/dnf_conf.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view folder = "/etc/dnf/modules.d";

std::optional<std::string> enabled_module(const sources::Root& root) {
  const auto entries = root.list(folder);
  if (!entries) return is_missing(entries.error()) ? std::nullopt : std::optional(entries.error().what);
  for (const auto& entry : *entries) {
    if (!entry.name.ends_with(".module")) continue;
    const auto path = fmt::format("{}/{}", folder, entry.name);
    const auto text = root.read(path, sources::max_config_bytes);
    if (!text) return text.error().what;
    const auto conf = formats::parse_dnf_conf(*text);
    if (!conf) return fmt::format("{}: {}", path, conf.error().what);
    for (const auto& setting : conf->settings) {
      const bool enabled = setting.key == "state" && (setting.value == "enabled" || setting.value == "1");
      if (enabled) return fmt::format("{}:{} enables a module", path, setting.line);
    }
  }
  return {};
}

/// A document of defaults is called so, however the rest is written.
std::optional<std::string> default_streams(const sources::Root& root, const DnfList& list, std::stop_token stop) {
  constexpr std::string_view sign = "modulemd-defaults";
  bool found = false;
  std::string tail;
  const auto done =
      unpack_dnf_list(root, list, "modules", std::move(stop), [&](std::string_view block) -> Result<void> {
        tail += block;
        found = found || tail.contains(sign);
        tail.erase(0, tail.size() - std::min(tail.size(), sign.size() - 1));
        return {};
      });
  if (!done) return done.error().what;
  return found ? std::optional(fmt::format("repository {} has default streams", list.repository->id)) : std::nullopt;
}

}  // namespace

bool is_modular(std::string_view release) {
  return release.contains(".module");
}

std::optional<std::string> active_modules(const sources::Root& root, const DnfLists& lists, std::stop_token stop) {
  if (auto why = enabled_module(root)) return why;
  for (const auto& list : lists.lists) {
    if (!list.has("modules")) continue;
    if (auto why = default_streams(root, list, stop)) return why;
  }
  return {};
}

}  // namespace plimsoll::probes
