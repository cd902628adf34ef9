#include "engine/sources/netfilter_netlink.hpp"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/formats/nftables_messages.hpp"
#include "engine/sources/descriptor.hpp"
#include "engine/sources/system_error.hpp"

namespace plimsoll::sources {
namespace {

constexpr std::size_t max_messages = 500'000;
constexpr std::size_t max_sets = 2'000;
constexpr std::string_view doing = "cannot ask the kernel for the rules of nf_tables";

Error failure(int number) {
  auto error = system_error(number, doing);
  if (error.kind == Error::Kind::denied) error.remedy = "run as root, or grant CAP_NET_ADMIN";
  // A kernel without nf_tables says so in several ways; it is not that a thing is missing.
  if (error.kind == Error::Kind::not_found) error.kind = Error::Kind::failed;
  return error;
}

void put_text(std::string& message, std::uint16_t type, std::string_view text) {
  const auto length = static_cast<std::uint16_t>(4 + text.size() + 1);
  message.append(reinterpret_cast<const char*>(&length), 2);
  message.append(reinterpret_cast<const char*>(&type), 2);
  message.append(text);
  message.append((4U - length % 4U) % 4U + 1U, '\0');
}

class Conversation {
 public:
  Result<void> open() {
    socket_ = Descriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
    if (!socket_.open()) return std::unexpected(failure(errno));
    const timeval patience{5, 0};
    (void)::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return {};
  }

  /// All messages of a dump, without their headers. `changed` becomes true when the kernel says that the rules changed
  /// meanwhile.
  Result<std::vector<std::string>> dump(unsigned kind, std::uint8_t family, const std::string& attributes,
                                        bool& changed) {
    ++sequence_;
    nlmsghdr header{};
    nfgenmsg general{};
    header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + sizeof general + attributes.size());
    header.nlmsg_type = static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | kind);
    header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header.nlmsg_seq = sequence_;
    general.nfgen_family = family;
    std::string request(reinterpret_cast<const char*>(&header), sizeof header);
    request.append(reinterpret_cast<const char*>(&general), sizeof general);
    request += attributes;
    if (::send(socket_.number(), request.data(), request.size(), 0) < 0) return std::unexpected(failure(errno));

    std::vector<std::string> messages;
    std::vector<char> buffer(std::size_t{1} << 16U);
    while (true) {
      const auto got = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::unexpected(failure(errno));
      const auto done = take({buffer.data(), static_cast<std::size_t>(got)}, messages, changed);
      if (!done) return std::unexpected(done.error());
      if (*done) return messages;
      if (messages.size() > max_messages) {
        return std::unexpected(Error{Error::Kind::too_large, "the kernel holds more rules than can be read"});
      }
    }
  }

 private:
  /// True at the end of the dump.
  Result<bool> take(std::string_view bytes, std::vector<std::string>& messages, bool& changed) const {
    while (bytes.size() >= sizeof(nlmsghdr)) {
      nlmsghdr header{};
      std::memcpy(&header, bytes.data(), sizeof header);
      if (header.nlmsg_len < sizeof header || header.nlmsg_len > bytes.size()) break;
      const auto payload = bytes.substr(sizeof header, header.nlmsg_len - sizeof header);
      bytes.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), bytes.size()));
      if (header.nlmsg_seq != sequence_) continue;
      if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) changed = true;
      if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) {
        std::int32_t problem = 0;
        if (payload.size() >= sizeof problem) std::memcpy(&problem, payload.data(), sizeof problem);
        if (problem < 0) return std::unexpected(failure(-problem));
        return true;
      }
      messages.emplace_back(payload);
    }
    return false;
  }

  Descriptor socket_;
  std::uint32_t sequence_ = 0;
};

Result<formats::NftablesMessages> read_all(Conversation& conversation, bool& changed) {
  formats::NftablesMessages messages;
  const auto ask = [&](unsigned kind, std::vector<std::string>& into) -> Result<void> {
    auto answer = conversation.dump(kind, AF_UNSPEC, {}, changed);
    if (!answer) return std::unexpected(answer.error());
    into = std::move(*answer);
    return {};
  };
  if (const auto done = ask(NFT_MSG_GETTABLE, messages.tables); !done) return std::unexpected(done.error());
  if (messages.tables.empty()) return messages;
  if (const auto done = ask(NFT_MSG_GETCHAIN, messages.chains); !done) return std::unexpected(done.error());
  if (const auto done = ask(NFT_MSG_GETRULE, messages.rules); !done) return std::unexpected(done.error());
  if (const auto done = ask(NFT_MSG_GETSET, messages.sets); !done) return std::unexpected(done.error());
  const auto sets = formats::sets_to_ask_for(messages);
  if (sets.size() > max_sets)
    return std::unexpected(Error{Error::Kind::too_large, "the kernel holds more sets than can be read"});
  for (const auto& set : sets) {
    std::string attributes;
    put_text(attributes, NFTA_SET_ELEM_LIST_TABLE, set.table);
    put_text(attributes, NFTA_SET_ELEM_LIST_SET, set.name);
    auto elements = conversation.dump(NFT_MSG_GETSETELEM, set.family, attributes, changed);
    if (!elements) return std::unexpected(elements.error());
    for (auto& message : *elements) messages.elements.push_back(std::move(message));
  }
  return messages;
}

}  // namespace

Result<formats::PacketFilter> NetfilterNetlink::rules() const {
  Conversation conversation;
  if (const auto opened = conversation.open(); !opened) return std::unexpected(opened.error());
  constexpr int attempts = 4;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    bool changed = false;
    const auto messages = read_all(conversation, changed);
    if (!messages && !changed) return std::unexpected(messages.error());
    if (!changed) return formats::decode_nftables(*messages);
  }
  return std::unexpected(Error{Error::Kind::failed, "the kernel's rules kept changing while they were read"});
}

}  // namespace plimsoll::sources
