#include "engine/audit/syscall_filter.hpp"

#include <asm/ioctls.h>
#include <fmt/core.h>
#include <sched.h>
#include <seccomp.h>

#include <array>
#include <cerrno>
#include <memory>

#include "engine/sources/system_error.hpp"

namespace plimsoll::audit {
namespace {

// By name, since an older libseccomp does not know the newest: those it cannot resolve are left out.
constexpr std::array refused = {
    // run programs, start processes
    "execve", "execveat", "fork", "vfork", "uselib",
    // look into other processes, or take what they hold
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp", "userfaultfd",
    // file systems
    "mount", "umount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount",
    "fspick", "mount_setattr", "swapon", "swapoff", "quotactl", "quotactl_fd", "open_by_handle_at", "mknod", "mknodat",
    "fanotify_init",
    // kernel
    "init_module", "finit_module", "delete_module", "create_module", "kexec_load", "kexec_file_load", "bpf",
    "perf_event_open", "reboot", "syslog", "lookup_dcookie", "nfsservctl", "io_uring_setup", "io_uring_enter",
    "io_uring_register",
    // keys, name spaces, machine settings
    "keyctl", "add_key", "request_key", "setns", "unshare", "sethostname", "setdomainname", "iopl", "ioperm", "acct",
    "personality", "settimeofday", "stime", "clock_settime", "adjtimex", "clock_adjtime", "vhangup", "modify_ldt"};

struct Release {
  void operator()(void* context) const { seccomp_release(context); }
};

// 0, or a negative errno.
int add_rules(scmp_filter_ctx context) {
  const std::uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
  for (const char* name : refused) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) continue;
    const int added = seccomp_rule_add(context, refuse, number, 0);
    // EDOM: not on this architecture.
    if (added != 0 && added != -EDOM) return added;
  }
  // A new process is a clone without CLONE_THREAD. clone3 hides its flags in memory: without it libc takes clone.
  const scmp_arg_cmp no_thread = {0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
  if (const int added = seccomp_rule_add_array(context, refuse, SCMP_SYS(clone), 1, &no_thread); added != 0)
    return added;
  if (const int number = seccomp_syscall_resolve_name("clone3"); number != __NR_SCMP_ERROR) {
    if (const int added = seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), number, 0); added != 0) return added;
  }
  // Typing into the terminal of whoever started us.
  for (const unsigned request : {unsigned{TIOCSTI}, unsigned{TIOCLINUX}}) {
    const scmp_arg_cmp typing = {1, SCMP_CMP_MASKED_EQ, 0xffffffffU, request};
    if (const int added = seccomp_rule_add_array(context, refuse, SCMP_SYS(ioctl), 1, &typing); added != 0)
      return added;
  }
  return seccomp_load(context);
}

}  // namespace

std::optional<Limit> filter_system_calls() {
  const std::unique_ptr<void, Release> context(seccomp_init(SCMP_ACT_ALLOW));
  const int problem = context ? add_rules(context.get()) : -ENOMEM;
  if (problem == 0) return std::nullopt;
  return Limit{"confinement with seccomp", fmt::format("the kernel refuses the filter: {}", sources::reason(-problem)),
               "a kernel with seccomp filters (CONFIG_SECCOMP_FILTER)"};
}

}  // namespace plimsoll::audit
