#include "engine/formats/syscall_names.hpp"

#include <elf.h>
#include <linux/audit.h>
#include <seccomp.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace plimsoll::formats {
namespace {

/// What the oldest libseccomp that we build with does not know. From Linux 5.5 on a new call has one number everywhere.
struct NewCall {
  std::string_view name;
  std::uint32_t number;
};
constexpr std::array new_calls = {
    NewCall{"cachestat", 451},    NewCall{"fchmodat2", 452},    NewCall{"setxattrat", 463},
    NewCall{"getxattrat", 464},   NewCall{"listxattrat", 465},  NewCall{"removexattrat", 466},
    NewCall{"file_getattr", 468}, NewCall{"file_setattr", 469}, NewCall{"quotactl_fd", 443}};

struct Release {
  void operator()(char* text) const { std::free(text); }  // libseccomp hands out what malloc(3) gave
};

}  // namespace

Machine machine_x86_64() {
  return {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386};
}

std::optional<Machine> machine_of_program(std::string_view elf) {
  constexpr std::size_t machine_at = 18;
  if (elf.size() < machine_at + 2 || !elf.starts_with("\x7f"
                                                      "ELF")) {
    return std::nullopt;
  }
  const bool little = elf[EI_DATA] == ELFDATA2LSB;
  const auto low = static_cast<unsigned char>(elf[machine_at + (little ? 0 : 1)]);
  const auto high = static_cast<unsigned char>(elf[machine_at + (little ? 1 : 0)]);
  switch (low + 256 * high) {
    case EM_X86_64:
      return machine_x86_64();
    case EM_AARCH64:
      return Machine{AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM};
    case EM_S390:
      return Machine{AUDIT_ARCH_S390X, AUDIT_ARCH_S390};
    case EM_PPC64:
      return little ? std::optional(Machine{AUDIT_ARCH_PPC64LE, 0}) : std::nullopt;
    case EM_RISCV:
      return Machine{AUDIT_ARCH_RISCV64, 0};
    default:
      return std::nullopt;
  }
}

std::optional<std::uint32_t> syscall_number(std::string_view name, std::uint32_t architecture) {
  const std::string text(name);
  const int number = seccomp_syscall_resolve_name_arch(architecture, text.c_str());
  if (number >= 0) return static_cast<std::uint32_t>(number);
  for (const auto& call : new_calls) {
    if (call.name == name) return call.number;
  }
  return std::nullopt;
}

std::string syscall_name(std::uint32_t number, std::uint32_t architecture) {
  const std::unique_ptr<char, Release> name(seccomp_syscall_resolve_num_arch(architecture, static_cast<int>(number)));
  if (name) return name.get();
  for (const auto& call : new_calls) {
    if (call.number == number) return std::string(call.name);
  }
  return std::to_string(number);
}

}  // namespace plimsoll::formats
