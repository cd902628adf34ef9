// Lines of audit rules files, and the rules that the kernel lists.
#include "engine/formats/audit_rules.hpp"
#include "engine/formats/lines.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  AuditHost host;
  host.machine = machine_x86_64();
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const auto parsed = parse_audit_line(line, host);
    (void)to_text(parsed.rule, host.machine);
  }
  if (const auto rule = parse_audit_rule_data(text)) (void)to_text(*rule, host.machine);
  (void)machine_of_program(text);
}
