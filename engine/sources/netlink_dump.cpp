#include "engine/sources/netlink_dump.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace plimsoll::sources {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 16U;  // the kernel fills at most half of that at once

}  // namespace

Result<void> NetlinkDump::open() {
  socket_ = Descriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol_));
  if (!socket_.open()) return std::unexpected(failure_(errno));
  const timeval patience{5, 0};
  (void)::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return {};
}

Result<std::vector<std::string>> NetlinkDump::ask(std::uint16_t type, std::string_view request,
                                                  std::size_t max_messages, bool& changed) {
  ++sequence_;
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + request.size());
  header.nlmsg_type = type;
  header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header.nlmsg_seq = sequence_;
  std::string message(reinterpret_cast<const char*>(&header), sizeof header);
  message += request;
  if (::send(socket_.number(), message.data(), message.size(), 0) < 0) return std::unexpected(failure_(errno));

  std::vector<std::string> messages;
  std::vector<char> buffer(buffer_bytes);
  while (true) {
    const auto got = ::recv(socket_.number(), buffer.data(), buffer.size(), MSG_TRUNC);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(failure_(errno));
    const auto length = static_cast<std::size_t>(got);
    if (length > buffer.size()) return std::unexpected(failure_(EMSGSIZE));
    const auto done = take({buffer.data(), length}, messages, changed);
    if (!done) return std::unexpected(done.error());
    if (*done) return messages;
    if (messages.size() > max_messages) {
      return std::unexpected(Error{Error::Kind::too_large, "the kernel's answer is longer than can be read"});
    }
  }
}

Result<bool> NetlinkDump::take(std::string_view bytes, std::vector<std::string>& messages, bool& changed) const {
  while (!bytes.empty()) {
    nlmsghdr header{};
    if (bytes.size() < sizeof header) return std::unexpected(failure_(EBADMSG));
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > bytes.size()) return std::unexpected(failure_(EBADMSG));
    const auto payload = bytes.substr(sizeof header, header.nlmsg_len - sizeof header);
    bytes.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), bytes.size()));
    if (header.nlmsg_seq != sequence_) continue;
    if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) changed = true;
    if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) {
      std::int32_t problem = 0;
      if (payload.size() >= sizeof problem) std::memcpy(&problem, payload.data(), sizeof problem);
      if (problem < 0) return std::unexpected(failure_(-problem));
      return true;
    }
    messages.emplace_back(payload);
  }
  return false;
}

}  // namespace plimsoll::sources
