#include "engine/audit/landlock.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "engine/sources/system_error.hpp"

namespace plimsoll::audit {
namespace {

// linux/landlock.h of distributions is older than their kernels, so the interface is written out here.
constexpr long create_ruleset = 444;  // the same numbers on every architecture
constexpr long add_rule = 445;
constexpr long restrict_self = 446;
constexpr unsigned ask_version = 1U << 0U;
constexpr int path_beneath = 1;

enum Access : std::uint64_t {
  execute = 1U << 0U,
  write_file = 1U << 1U,
  remove_dir = 1U << 4U,
  remove_file = 1U << 5U,
  make_char = 1U << 6U,
  make_dir = 1U << 7U,
  make_reg = 1U << 8U,
  make_sock = 1U << 9U,
  make_fifo = 1U << 10U,
  make_block = 1U << 11U,
  make_sym = 1U << 12U,
  refer = 1U << 13U,      // version 2
  truncate = 1U << 14U,   // version 3
  ioctl_dev = 1U << 15U,  // version 5
};
constexpr std::uint64_t bind_tcp = 1U << 0U;                                     // version 4
constexpr std::uint64_t abstract_sockets_and_signals = (1U << 0U) | (1U << 1U);  // version 6

struct RulesetAttributes {
  std::uint64_t file_system;
  std::uint64_t network;
  std::uint64_t scoped;
};
struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed;
  std::int32_t directory;
};

constexpr const char* remedy = "a kernel from Linux 6.12 on, with landlock among its security modules (lsm=)";

Limit limit(std::string why) {
  return {"confinement with Landlock", std::move(why), remedy};
}

std::string what_version_lacks(long version) {
  std::string lacks;
  const auto add = [&](long since, const char* what) {
    if (version >= since) return;
    lacks += fmt::format("{}{}", lacks.empty() ? "" : ", ", what);
  };
  add(3, "emptying files");
  add(4, "serving TCP");
  add(5, "device control");
  add(6, "signals and abstract sockets");
  return lacks;
}

std::uint64_t handled_by(long version) {
  std::uint64_t handled = execute | write_file | remove_dir | remove_file | make_char | make_dir | make_reg |
                          make_sock | make_fifo | make_block | make_sym;
  if (version >= 2) handled |= refer;
  if (version >= 3) handled |= truncate;
  if (version >= 5) handled |= ioctl_dev;
  return handled;
}

void allow_writing(int ruleset, std::uint64_t handled, const std::string& directory, std::vector<Limit>& limits) {
  const int opened = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const PathBeneath rule{(write_file | remove_file | make_dir | make_reg | refer | truncate) & handled, opened};
  if (opened < 0 || ::syscall(add_rule, ruleset, path_beneath, &rule, 0) != 0) {
    limits.push_back(limit(fmt::format("{} will not be writable: {}", directory, sources::reason(errno))));
  }
  if (opened >= 0) ::close(opened);
}

}  // namespace

void restrict_with_landlock(const std::vector<std::string>& writable_directories, std::vector<Limit>& limits) {
  const long version = ::syscall(create_ruleset, nullptr, 0, ask_version);
  if (version < 1) {
    const char* why = errno == EOPNOTSUPP ? "it is switched off in this kernel" : "this kernel does not offer it";
    limits.push_back(limit(fmt::format("{}: writing is held back by file modes and capabilities alone", why)));
    return;
  }
  RulesetAttributes attributes{handled_by(version), version >= 4 ? bind_tcp : 0,
                               version >= 6 ? abstract_sockets_and_signals : 0};
  const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  const int ruleset = static_cast<int>(::syscall(create_ruleset, &attributes, size, 0));
  if (ruleset < 0) {
    limits.push_back(limit(sources::reason(errno)));
    return;
  }
  for (const auto& directory : writable_directories) allow_writing(ruleset, attributes.file_system, directory, limits);
  if (::syscall(restrict_self, ruleset, 0) != 0) {
    limits.push_back(limit(sources::reason(errno)));
  } else if (const auto lacks = what_version_lacks(version); !lacks.empty()) {
    limits.push_back(limit(fmt::format("version {} of this kernel cannot forbid: {}", version, lacks)));
  }
  ::close(ruleset);
}

}  // namespace plimsoll::audit
