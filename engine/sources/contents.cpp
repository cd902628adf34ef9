#include "engine/sources/contents.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "engine/sources/system_error.hpp"

namespace plimsoll::sources {
namespace {

constexpr std::size_t first_bytes =
    4096;  // a page: what /proc and /sys give at once, and what proc_sys allocates for a read
constexpr std::size_t next_bytes = 32768;

ssize_t read_some(int descriptor, char* into, std::size_t room) {
  for (;;) {
    const ssize_t got = ::read(descriptor, into, room);
    if (got >= 0) return got;
    if (errno != EINTR) return -errno;
  }
}

// Appends up to `room` bytes; returns what read(2) gave, or -errno.
ssize_t append(std::string& text, int descriptor, std::size_t room) {
  ssize_t got = 0;
  const std::size_t before = text.size();
  text.resize_and_overwrite(before + room, [&](char* bytes, std::size_t) {
    got = read_some(descriptor, bytes + before, room);
    return before + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  });
  return got;
}

Error read_error(int number, std::string_view path) {
  if (number == EAGAIN) {
    return Error{Error::Kind::unsupported, fmt::format("cannot read {}: reading it would have to wait", path)};
  }
  return system_error(number, fmt::format("cannot read {}", path));
}

class DescriptorParts final : public Parts {
 public:
  DescriptorParts(Descriptor descriptor, std::string_view path, std::uint64_t size, std::size_t max_bytes)
      : descriptor_(std::move(descriptor)),
        path_(path),
        size_(size),
        left_(max_bytes),
        max_bytes_(max_bytes),
        room_(std::clamp<std::size_t>(size + 1, first_bytes, max_part_bytes)),
        buffer_(std::make_unique_for_overwrite<char[]>(room_)) {}

  Result<std::string_view> next() override {
    const ssize_t got = read_some(descriptor_.number(), buffer_.get(), room_);
    if (got < 0) return std::unexpected(read_error(static_cast<int>(-got), path_));
    const auto bytes = static_cast<std::size_t>(got);
    if (bytes > left_) return std::unexpected(too_large(path_, max_bytes_));
    left_ -= bytes;
    return std::string_view(buffer_.get(), bytes);
  }
  [[nodiscard]] std::uint64_t size() const override { return size_; }

 private:
  Descriptor descriptor_;
  std::string path_;
  std::uint64_t size_;
  std::size_t left_;
  std::size_t max_bytes_;
  std::size_t room_;  // a small file takes no large buffer
  std::unique_ptr<char[]> buffer_;
};

}  // namespace

Error too_large(std::string_view path, std::size_t max_bytes) {
  return Error{Error::Kind::too_large, fmt::format("cannot read {}: it holds more than {} bytes", path, max_bytes)};
}

std::unique_ptr<Parts> parts_of(Descriptor descriptor, std::string_view path, std::uint64_t size,
                                std::size_t max_bytes) {
  return std::make_unique<DescriptorParts>(std::move(descriptor), path, size, max_bytes);
}

Result<std::string> read_all(int descriptor, std::string_view path, std::uint64_t size, std::size_t max_bytes,
                             Ending ending) {
  if (size > max_bytes) return std::unexpected(too_large(path, max_bytes));
  std::string text;
  if (size > 0) {
    const ssize_t got = append(text, descriptor, static_cast<std::size_t>(size) + 1);
    if (got < 0) return std::unexpected(read_error(static_cast<int>(-got), path));
    if (text.size() > max_bytes) return std::unexpected(too_large(path, max_bytes));
    if (got == 0 || (ending == Ending::at_size && text.size() == size)) return text;
  } else {
    std::array<char, first_bytes> page;
    const ssize_t got = read_some(descriptor, page.data(), page.size());
    if (got < 0) return std::unexpected(read_error(static_cast<int>(-got), path));
    text.assign(page.data(), static_cast<std::size_t>(got));
    if (text.size() > max_bytes) return std::unexpected(too_large(path, max_bytes));
    if (got == 0 || (ending == Ending::one_read && text.size() < first_bytes)) return text;
  }
  for (;;) {
    const std::size_t room = std::min(next_bytes, max_bytes - text.size() + 1);
    // The usual end of a small file is a read of nothing: no need to grow the text for it.
    std::array<char, first_bytes> page;
    const bool small = text.size() < first_bytes;
    const ssize_t got =
        small ? read_some(descriptor, page.data(), std::min(room, page.size())) : append(text, descriptor, room);
    if (got < 0) return std::unexpected(read_error(static_cast<int>(-got), path));
    if (got == 0) return text;
    if (small) text.append(page.data(), static_cast<std::size_t>(got));
    if (text.size() > max_bytes) return std::unexpected(too_large(path, max_bytes));
  }
}

}  // namespace plimsoll::sources
