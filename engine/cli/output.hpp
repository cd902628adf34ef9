// Standard output and standard error, without iostreams: whole writes, and failures that are noticed.
#pragma once

#include <cstddef>
#include <ostream>
#include <streambuf>
#include <string_view>
#include <vector>

namespace plimsoll::cli {

/// Writes all of `text`. Returns 0, or the errno of the write that failed.
[[nodiscard]] int write_all(int descriptor, std::string_view text);

/// To standard error; a failure there has nowhere to be told.
void complain(std::string_view text);

/// To standard output. True when it was written, or when its reader has gone away (EPIPE): who closes a pipe early has
/// seen enough. Other failures are told on standard error.
[[nodiscard]] bool print(std::string_view text);

/// A stream to a descriptor, for report formats. The first failure sticks; nothing is written after it.
class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor);  ///< does not own it

  /// Writes what is held back. Returns 0, or the errno of the first write that failed.
  [[nodiscard]] int finish();

 protected:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  bool flush();
  int descriptor_;
  int failure_ = 0;
  std::vector<char> held_;
};

}  // namespace plimsoll::cli
