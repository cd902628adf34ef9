#include "engine/cli/terminal.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "engine/cli/output.hpp"
#include "engine/cli/signals.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::chrono::milliseconds interval{100};
constexpr std::size_t least_width = 40;  // a narrower terminal wraps by itself

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view(value);
}

}  // namespace

Terminal terminal_of(int descriptor) {
  Terminal terminal;
  if (::isatty(descriptor) == 0) return terminal;
  terminal.interactive = environment("TERM") != "dumb";
  terminal.colour = terminal.interactive && environment("NO_COLOR").empty();
  struct winsize size{};
  terminal.width = 80;
  terminal.height = 24;
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    terminal.width = size.ws_col < least_width ? least_width : size.ws_col;
    terminal.height = size.ws_row;
  }
  return terminal;
}

ProgressLine::ProgressLine(bool wanted) : next_(std::chrono::steady_clock::now() + interval) {
  if (wanted) terminal_ = terminal_of(STDERR_FILENO);
}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(std::string_view phase, unsigned done, unsigned total, std::string_view current) {
  if (!terminal_.interactive) return;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + interval;
  const std::string text = fmt::format("{} {}/{} {}", phase, done, total, printable(current));
  const std::string line = wrapped(text, terminal_.width - 1).front();
  progress_line_shown.store(true);
  complain("\r" + line + "\x1b[K");
}

void ProgressLine::clear() {
  const std::lock_guard lock(mutex_);
  if (progress_line_shown.exchange(false)) complain("\r\x1b[K");
}

}  // namespace plimsoll::cli
