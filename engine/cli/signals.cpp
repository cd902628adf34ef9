#include "engine/cli/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>

namespace plimsoll::cli {

std::atomic<bool> progress_line_shown = false;

namespace {

// Read by the handler, so plain memory: `unfinished` is set after the rest and cleared before it.
char unfinished_name[NAME_MAX + 1];
int unfinished_directory = -1;
std::atomic<bool> unfinished = false;
static_assert(std::atomic<bool>::is_always_lock_free);

/// Only calls that signal-safety(7) lists.
extern "C" void on_ending_signal(int number) {
  const int kept = errno;
  if (unfinished.load()) ::unlinkat(unfinished_directory, unfinished_name, 0);
  if (progress_line_shown.load()) {
    constexpr char clear[] = "\r\x1b[K";
    static_cast<void>(!::write(STDERR_FILENO, clear, sizeof clear - 1));
  }
  errno = kept;
  // SA_RESETHAND has put the default action back; it takes effect when this handler returns and the signal is
  // unblocked.
  ::raise(number);
}

}  // namespace

void install_signal_handlers() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action{};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = on_ending_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
  }
}

void let_writes_fail() {
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
  ::sigaction(SIGXFSZ, &ignore, nullptr);
}

Unfinished::Unfinished(int directory, const std::string& name) {
  assert(!unfinished.load() && name.size() < sizeof unfinished_name);
  std::memcpy(unfinished_name, name.c_str(), name.size() + 1);
  unfinished_directory = directory;
  unfinished.store(true);
}

Unfinished::~Unfinished() {
  unfinished.store(false);
}

}  // namespace plimsoll::cli
