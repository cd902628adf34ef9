#include "engine/sources/audit_netlink.hpp"

#include <fmt/core.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>

#include "engine/sources/descriptor.hpp"
#include "engine/sources/system_error.hpp"

namespace plimsoll::sources {
namespace {

constexpr std::size_t most_rules = 20'000;
constexpr std::size_t message_bytes = 16'384;  // MAX_AUDIT_MESSAGE_LENGTH is 8970

Error problem(int number) {
  if (number == EPERM || number == EACCES || number == ECONNREFUSED) {
    return {Error::Kind::denied, fmt::format("the kernel does not tell its audit rules: {}", reason(number)),
            "run as root in the host's own name spaces, or grant CAP_AUDIT_CONTROL"};
  }
  if (number == EPROTONOSUPPORT || number == EAFNOSUPPORT) {
    return {Error::Kind::unsupported, "the kernel has no audit system"};
  }
  if (number == EAGAIN) return {Error::Kind::failed, "the kernel's audit system does not answer"};
  return {Error::Kind::failed, fmt::format("asking the kernel's audit system failed: {}", reason(number))};
}

class Conversation {
 public:
  explicit Conversation(int descriptor) : descriptor_(descriptor) {}

  /// Sends a request without payload and hands each answer of that type to `take`, until it says enough or the kernel
  /// says it was all. Out: 0, or an errno.
  int ask(std::uint16_t type, bool many, const std::function<bool(std::string_view)>& take) {
    nlmsghdr request{};
    request.nlmsg_len = NLMSG_LENGTH(0);
    request.nlmsg_type = type;
    request.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    request.nlmsg_seq = ++sequence_;
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    const auto* to = reinterpret_cast<const sockaddr*>(&kernel);  // NOLINT(*-reinterpret-cast): what sendto(2) asks for
    if (::sendto(descriptor_, &request, request.nlmsg_len, 0, to, sizeof kernel) < 0) return errno;
    bool answered = false;
    while (true) {
      const auto length = receive();
      if (length < 0) return errno;
      std::string_view rest(buffer_.data(), static_cast<std::size_t>(length));
      nlmsghdr head{};
      while (rest.size() >= sizeof head) {
        std::memcpy(&head, rest.data(), sizeof head);
        if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest.size()) return EBADMSG;
        const auto payload = rest.substr(NLMSG_HDRLEN, head.nlmsg_len - NLMSG_HDRLEN);
        rest.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(head.nlmsg_len), rest.size()));
        if (head.nlmsg_seq != sequence_) continue;
        if (head.nlmsg_type == NLMSG_DONE) return 0;
        if (head.nlmsg_type == NLMSG_ERROR) {
          std::int32_t code = 0;
          if (payload.size() < sizeof code) return EBADMSG;
          std::memcpy(&code, payload.data(), sizeof code);
          if (code != 0) return -code;
          if (!many && answered) return 0;
          continue;
        }
        if (head.nlmsg_type != type) continue;
        answered = true;
        if (!take(payload) || !many) return 0;
      }
    }
  }

 private:
  // Only what the kernel itself sends counts.
  ssize_t receive() {
    while (true) {
      sockaddr_nl from{};
      socklen_t size = sizeof from;
      auto* sender = reinterpret_cast<sockaddr*>(&from);  // NOLINT(*-reinterpret-cast): what recvfrom(2) asks for
      const auto length = ::recvfrom(descriptor_, buffer_.data(), buffer_.size(), 0, sender, &size);
      if (length < 0 && errno == EINTR) continue;
      if (length < 0 || from.nl_pid == 0) return length;
    }
  }

  int descriptor_;
  std::uint32_t sequence_ = 0;
  std::array<char, message_bytes> buffer_{};
};

AuditStatus status_of(std::string_view payload) {
  audit_status raw{};
  std::memcpy(&raw, payload.data(), std::min(payload.size(), sizeof raw));  // older kernels send less
  return {raw.enabled, raw.failure, raw.pid, raw.backlog_limit, raw.lost};
}

}  // namespace

KernelAudit read_kernel_audit() {
  const auto failed = [](int number) {
    return KernelAudit{std::unexpected(problem(number)), std::unexpected(problem(number))};
  };
  const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT));
  if (!socket.open()) return failed(errno);
  constexpr timeval patience{2, 0};
  if (::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0) return failed(errno);

  KernelAudit answer{std::unexpected(problem(ENODATA)), std::vector<std::string>{}};
  Conversation conversation(socket.number());
  const int status = conversation.ask(AUDIT_GET, false, [&](std::string_view payload) {
    answer.status = status_of(payload);
    return false;
  });
  if (status != 0) answer.status = std::unexpected(problem(status));
  std::vector<std::string> rules;
  const int listed = conversation.ask(AUDIT_LIST_RULES, true, [&](std::string_view payload) {
    rules.emplace_back(payload);
    return rules.size() < most_rules;
  });
  if (listed != 0) {
    answer.rules = std::unexpected(problem(listed));
  } else if (rules.size() >= most_rules) {
    answer.rules = std::unexpected(Error{Error::Kind::too_large, "the kernel has more audit rules than are read"});
  } else {
    answer.rules = std::move(rules);
  }
  return answer;
}

}  // namespace plimsoll::sources
