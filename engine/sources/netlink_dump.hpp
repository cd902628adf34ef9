// Lists that the kernel gives by netlink(7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/sources/descriptor.hpp"

namespace plimsoll::sources {

/// A conversation with one part of the kernel in which nothing but dumps is asked for.
class NetlinkDump {
 public:
  using Failure = Error (*)(int number);  ///< what an errno means to the caller

  /// `protocol` is NETLINK_NETFILTER and its like.
  NetlinkDump(int protocol, Failure failure) : protocol_(protocol), failure_(failure) {}

  [[nodiscard]] Result<void> open();

  /// All messages of the answer, without their headers, in the kernel's order. `changed` becomes true when the kernel
  /// says that what it lists changed meanwhile. Errors: those of `failure`, with EAGAIN when the kernel does not answer
  /// in time; too_large beyond `max_messages`; failed for a message that is cut short.
  [[nodiscard]] Result<std::vector<std::string>> ask(std::uint16_t type, std::string_view request,
                                                     std::size_t max_messages, bool& changed);

 private:
  /// True at the end of the dump.
  [[nodiscard]] Result<bool> take(std::string_view bytes, std::vector<std::string>& messages, bool& changed) const;

  int protocol_;
  Failure failure_;
  Descriptor socket_;
  std::uint32_t sequence_ = 0;
};

}  // namespace plimsoll::sources
