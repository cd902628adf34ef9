#include "engine/probes/host_name.hpp"

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::probes {
namespace {

struct HostName {
  std::string text;
};

std::string read_host_name(const sources::Root& root) {
  if (root.live()) {
    const auto text = root.read("/proc/sys/kernel/hostname", sources::max_proc_bytes);
    if (text && !trimmed(*text).empty()) return std::string(trimmed(*text));
  }
  const auto text = root.read("/etc/hostname", sources::max_config_bytes);
  if (!text) return {};
  formats::Lines lines(*text);
  std::string_view line;
  while (lines.next(line)) {
    const auto name = trimmed(line.substr(0, line.find('#')));
    if (!name.empty()) return std::string(name);
  }
  return {};
}

}  // namespace

const std::string& host_name_of(const sources::Sources& sources) {
  return sources.memo.get<HostName>([&] { return HostName{read_host_name(sources.root)}; }).text;
}

}  // namespace plimsoll::probes
