#include "engine/audit/identity.hpp"

#include <fmt/core.h>
#include <linux/capability.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/core/text.hpp"
#include "engine/probes/host_name.hpp"
#include "engine/probes/kernel_release.hpp"
#include "engine/probes/os_release.hpp"

namespace plimsoll::audit {

namespace {

std::string text_of(const Record& record, const ProbeSchema& schema, std::string_view field) {
  const int index = field_index(schema, field);
  if (index < 0) return {};
  const auto* value = record.fields[static_cast<std::size_t>(index)].value();
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? std::string() : presentable(*text, 200);
}

void read_operating_system(const sources::Sources& sources, Target& target) {
  const auto& record = probes::os_release_of(sources);
  if (!record) return;
  const auto& schema = *probes::os_release_probe.schema;
  target.os_id = text_of(*record, schema, "id");
  target.os_version = text_of(*record, schema, "version_id");
  target.os_name = text_of(*record, schema, "pretty_name");
}

// The one line of a small file, or empty.
std::string line_of(const sources::Root& root, std::string_view path) {
  const auto text = root.read(path, 4096);
  return text ? presentable(trimmed(std::string_view(*text).substr(0, text->find('\n'))), 200) : std::string();
}

std::string uuid_text(const std::array<std::uint8_t, 16>& b) {
  std::string text;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", b[i]);
  }
  return text;
}

}  // namespace

Target read_target(const sources::Sources& sources) {
  Target target;
  target.root = sources.root.name();
  read_operating_system(sources, target);
  target.host_name = presentable(probes::host_name_of(sources), 200);
  if (const auto& kernel = probes::kernel_release_of(sources)) target.kernel = presentable(*kernel, 200);
  const auto machine = line_of(sources.root, "/etc/machine-id");
  if (machine.size() == 32) {
    target.id = finding_id("machine-id", machine, "");
  } else if (!target.host_name.empty()) {
    target.id = finding_id("host-name", target.host_name, "");
  } else {
    target.id = finding_id("root", target.root, "");
  }
  return target;
}

std::string auditor() {
  const auto uid = geteuid();
  return uid == 0 ? std::string("root (uid 0)") : fmt::format("uid {}", uid);
}

std::string auditor_capabilities() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> data{};
  if (syscall(SYS_capget, &header, data.data()) != 0) return "unknown";
  struct Named {
    unsigned bit;
    std::string_view name;
  };
  constexpr std::array<Named, 6> reading = {{{CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE"},
                                             {CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH"},
                                             {CAP_NET_ADMIN, "CAP_NET_ADMIN"},
                                             {CAP_SYS_PTRACE, "CAP_SYS_PTRACE"},
                                             {CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
                                             {CAP_SYSLOG, "CAP_SYSLOG"}}};
  std::string names;
  for (const auto& [bit, name] : reading) {
    if ((data[bit / 32].effective & (1U << (bit % 32))) == 0) continue;
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names.empty() ? "none" : names;
}

std::string random_uuid() {
  std::array<std::uint8_t, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return uuid_text(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  return uuid_text(bytes);
}

}  // namespace plimsoll::audit
