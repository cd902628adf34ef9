#include "engine/cli/output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace plimsoll::cli {
namespace {

constexpr std::size_t held_bytes = 64U << 10U;

}  // namespace

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void complain(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));
}

bool print(std::string_view text) {
  const int failure = write_all(STDOUT_FILENO, text);
  if (failure == 0 || failure == EPIPE) return true;
  complain("plimsoll: cannot write to standard output: " + std::generic_category().message(failure) + "\n");
  return false;
}

DescriptorBuffer::DescriptorBuffer(int descriptor) : descriptor_(descriptor), held_(held_bytes) {
  setp(held_.data(), held_.data() + held_.size());
}

bool DescriptorBuffer::flush() {
  if (failure_ == 0) {
    failure_ = write_all(descriptor_, std::string_view(pbase(), static_cast<std::size_t>(pptr() - pbase())));
  }
  setp(held_.data(), held_.data() + held_.size());
  return failure_ == 0;
}

int DescriptorBuffer::finish() {
  static_cast<void>(flush());
  return failure_;
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type character) {
  if (!flush()) return traits_type::eof();
  if (!traits_type::eq_int_type(character, traits_type::eof())) {
    *pptr() = traits_type::to_char_type(character);
    pbump(1);
  }
  return traits_type::not_eof(character);
}

std::streamsize DescriptorBuffer::xsputn(const char* text, std::streamsize size) {
  if (failure_ != 0) return 0;
  const auto room = epptr() - pptr();
  if (size <= room) {
    std::memcpy(pptr(), text, static_cast<std::size_t>(size));
    pbump(static_cast<int>(size));
    return size;
  }
  if (!flush()) return 0;
  if (static_cast<std::size_t>(size) < held_.size()) return xsputn(text, size);
  failure_ = write_all(descriptor_, std::string_view(text, static_cast<std::size_t>(size)));
  return failure_ == 0 ? size : 0;
}

int DescriptorBuffer::sync() {
  return flush() ? 0 : -1;
}

}  // namespace plimsoll::cli
