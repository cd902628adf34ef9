// What SIGINT, SIGTERM and SIGHUP do: remove the unfinished file, clear the progress line, and end the program as the
// signal does by default (a shell then sees 130, 143, 129).
#pragma once

#include <atomic>
#include <string>

namespace plimsoll::cli {

/// Once, before threads start. A signal that was ignored (nohup) stays ignored.
void install_signal_handlers();

/// A write to a pipe that nobody reads fails with EPIPE instead of ending the program in the middle of its other
/// reports.
void let_writes_fail();

/// A file that a signal must not leave behind: the name `name` in the open directory `directory`. One at a time.
class Unfinished {
 public:
  Unfinished(int directory, const std::string& name);
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished();  ///< it is finished, or removed by others
};

/// Whether a progress line stands on standard error, to be cleared.
extern std::atomic<bool> progress_line_shown;

}  // namespace plimsoll::cli
