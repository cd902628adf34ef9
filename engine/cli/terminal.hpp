// What the terminal is, and the progress line on it.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace plimsoll::cli {

struct Terminal {
  bool interactive = false;  ///< the descriptor is a terminal that can move its cursor (TERM is not "dumb")
  bool colour = false;       ///< interactive, and NO_COLOR (no-color.org) is not set or empty
  std::size_t width = 0;     ///< columns; 0 when it is no terminal
  std::size_t height = 0;    ///< lines; 0 when it is no terminal
};
[[nodiscard]] Terminal terminal_of(int descriptor);

/// One line on standard error that is drawn over while work goes on, at most every 100 ms and not for work that is done
/// before that, and cleared at the end. Nothing at all where standard error is no interactive terminal. Thread-safe.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  [[nodiscard]] bool visible() const { return terminal_.interactive; }
  void show(std::string_view phase, unsigned done, unsigned total, std::string_view current);
  void clear();

 private:
  std::mutex mutex_;
  Terminal terminal_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace plimsoll::cli
