// Answers of the kernel about its rules: pieces of the input, each behind its length and kind, become messages.
#include "engine/formats/nftables_messages.hpp"
#include "tests/fuzz/input.hpp"

#include <algorithm>

using namespace plimsoll::formats;

PLIMSOLL_FUZZ(bytes) {
  NftablesMessages messages;
  const std::array into = {&messages.tables, &messages.chains, &messages.rules, &messages.sets, &messages.elements};
  while (bytes.size() > 2) {
    const auto kind = static_cast<unsigned char>(bytes[0]) % into.size();
    const auto length = static_cast<unsigned char>(bytes[1]);
    into.at(kind)->emplace_back(bytes.substr(2, length));
    bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 2U + length));
  }
  (void)sets_to_ask_for(messages);
  const auto filter = decode_nftables(messages);
  if (!filter) return;
  const PacketJudge judge(*filter);
  const auto fate = judge.fate({.in_interface = "lo", .destination_port = 22});
  require(fate.accepted || fate.dropped);
}
