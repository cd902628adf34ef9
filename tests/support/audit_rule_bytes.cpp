#include "tests/support/audit_rule_bytes.hpp"

#include <fmt/core.h>
#include <linux/audit.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "engine/formats/lines.hpp"

namespace plimsoll::tests {

std::string audit_rule_bytes(const formats::AuditRule& rule) {
  std::array<std::uint32_t, sizeof(audit_rule_data) / sizeof(std::uint32_t)> head{};
  constexpr std::size_t mask_at = 3;
  constexpr std::size_t fields_at = mask_at + AUDIT_BITMASK_SIZE;
  head[0] = rule.list;
  head[1] = rule.action;
  for (std::size_t bit = 0; bit < rule.calls.size(); ++bit) {
    if (rule.all_calls || rule.calls.test(bit)) head[mask_at + bit / 32] |= 1U << (bit % 32);
  }
  std::string texts;
  std::uint32_t count = 0;
  const auto add = [&](std::uint32_t field, std::uint32_t op, std::uint32_t value, std::string_view text) {
    head[fields_at + count] = field;
    head[fields_at + AUDIT_MAX_FIELDS + count] = text.empty() ? value : static_cast<std::uint32_t>(text.size());
    head[fields_at + 2 * AUDIT_MAX_FIELDS + count] = op;
    texts += text;
    ++count;
  };
  for (const auto& field : rule.fields) add(field.field, field.op, field.value, field.text);
  if (!rule.key.empty()) add(AUDIT_FILTERKEY, AUDIT_EQUAL, 0, rule.key);
  head[2] = count;
  head[fields_at + 3 * AUDIT_MAX_FIELDS] = static_cast<std::uint32_t>(texts.size());
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), head.data(), sizeof head);
  return bytes + texts;
}

sources::KernelAudit kernel_audit_of(const World& world) {
  if (!world.audit || world.audit->denied) {
    const Error why{Error::Kind::denied, "the kernel does not tell its audit rules", "run as root"};
    return {std::unexpected(why), std::unexpected(why)};
  }
  const FakeRoot root(tree_of(world));
  formats::AuditHost host;
  host.machine = formats::machine_x86_64();
  host.is_directory = [&root](std::string_view path) {
    const auto status = root.status(path);
    return status && status->type == sources::FileType::directory;
  };
  sources::KernelAudit kernel{world.audit->status, std::vector<std::string>{}};
  formats::Lines lines(world.audit->rules);
  std::string_view line;
  while (lines.next(line)) {
    const auto parsed = formats::parse_audit_line(line, host);
    if (parsed.kind == formats::AuditLine::Kind::bad) {
      throw std::runtime_error(fmt::format("audit rule of a world: {}: {}", line, parsed.problem));
    }
    if (parsed.kind == formats::AuditLine::Kind::add) kernel.rules->push_back(audit_rule_bytes(parsed.rule));
  }
  return kernel;
}

}  // namespace plimsoll::tests
