// System calls by name and number, per architecture.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::formats {

/// The architectures of a machine that runs programs of two sizes, as AUDIT_ARCH_… of <linux/audit.h>.
struct Machine {
  std::uint32_t b64 = 0;
  std::uint32_t b32 = 0;  ///< 0: it has none
  bool operator==(const Machine&) const = default;
};

/// From the header of one of the machine's programs (elf(5)). Errors are empty: no ELF file, or a machine whose audit
/// rules are not known here.
[[nodiscard]] std::optional<Machine> machine_of_program(std::string_view elf);

[[nodiscard]] Machine machine_x86_64();

/// The number of a call on an architecture. Empty: that architecture has no such call.
[[nodiscard]] std::optional<std::uint32_t> syscall_number(std::string_view name, std::uint32_t architecture);

/// Its name, or the number in digits where the name is not known.
[[nodiscard]] std::string syscall_name(std::uint32_t number, std::uint32_t architecture);

}  // namespace plimsoll::formats
