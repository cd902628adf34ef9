#include "engine/sources/netfilter_netlink.hpp"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/formats/nftables_messages.hpp"
#include "engine/sources/netlink_dump.hpp"
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

/// All messages of a dump, each beginning with struct nfgenmsg.
Result<std::vector<std::string>> dump(NetlinkDump& kernel, unsigned kind, std::uint8_t family,
                                      std::string_view attributes, bool& changed) {
  nfgenmsg general{};
  general.nfgen_family = family;
  std::string request(reinterpret_cast<const char*>(&general), sizeof general);
  request += attributes;
  auto answer =
      kernel.ask(static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | kind), request, max_messages, changed);
  if (!answer && answer.error().kind == Error::Kind::too_large)
    answer.error().what = "the kernel holds more rules than can be read";
  return answer;
}

Result<formats::NftablesMessages> read_all(NetlinkDump& kernel, bool& changed) {
  formats::NftablesMessages messages;
  const auto ask = [&](unsigned kind, std::vector<std::string>& into) -> Result<void> {
    auto answer = dump(kernel, kind, AF_UNSPEC, {}, changed);
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
    auto elements = dump(kernel, NFT_MSG_GETSETELEM, set.family, attributes, changed);
    if (!elements) return std::unexpected(elements.error());
    for (auto& message : *elements) messages.elements.push_back(std::move(message));
  }
  return messages;
}

}  // namespace

Result<formats::PacketFilter> NetfilterNetlink::rules() const {
  NetlinkDump kernel(NETLINK_NETFILTER, failure);
  if (const auto opened = kernel.open(); !opened) return std::unexpected(opened.error());
  constexpr int attempts = 4;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    bool changed = false;
    const auto messages = read_all(kernel, changed);
    if (!messages && !changed) return std::unexpected(messages.error());
    if (!changed) return formats::decode_nftables(*messages);
  }
  return std::unexpected(Error{Error::Kind::failed, "the kernel's rules kept changing while they were read"});
}

}  // namespace plimsoll::sources
