#include "engine/probes/packet_questions.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace plimsoll::probes {
namespace {

using formats::IpFamily;
using formats::Packet;
using formats::PacketFate;
using formats::PacketHook;
using formats::PacketJudge;

/// One answer about many packets: whether all meet the same fate. A packet that does not is enough for a no; else what
/// could not be found out is why there is no answer.
class All {
 public:
  explicit All(bool wanted_accept) : wanted_accept_(wanted_accept) {}

  void take(const PacketFate& fate) {
    const bool sure = fate.accepted != fate.dropped;
    if (sure && fate.accepted != wanted_accept_) broken_ = true;
    if (!sure) leave_open(why_open(fate));
  }
  void leave_open(const std::optional<Error>& gap) {
    if (!why_) why_ = gap;
  }
  [[nodiscard]] Result<bool> answer() const {
    if (broken_) return false;
    if (why_) return std::unexpected(*why_);
    return true;
  }

 private:
  bool wanted_accept_;
  bool broken_ = false;
  std::optional<Error> why_;
};

formats::PacketNumber address(std::string_view text, IpFamily of) {
  return formats::parse_packet_addresses(text, of)->first;
}

}  // namespace

Error why_open(const PacketFate& fate) {
  if (fate.given_up) return {Error::Kind::too_large, "a packet meets more rules than it is followed through"};
  return {Error::Kind::unsupported, "a rule with a condition that is not understood may decide"};
}

Result<bool> accepts_loopback(const PacketJudge& judge, IpFamily of, PacketHook at) {
  All all(true);
  const auto own = address(of == IpFamily::ipv4 ? "127.0.0.1" : "::1", of);
  const auto ports = judge.ports(of, at);
  for (const auto port : ports.values) {
    Packet packet{.family = of, .hook = at, .source = own, .destination = own, .destination_port = port};
    (at == PacketHook::output ? packet.out_interface : packet.in_interface) = "lo";
    all.take(judge.fate(packet));
  }
  all.leave_open(ports.gap);
  return all.answer();
}

Result<bool> drops_spoofed(const PacketJudge& judge, IpFamily of) {
  All all(false);
  const auto own = address(of == IpFamily::ipv4 ? "192.0.2.1" : "2001:db8::1", of);
  constexpr std::array<std::string_view, 2> v4 = {"127.0.0.1", "127.213.7.9"};
  constexpr std::array<std::string_view, 1> v6 = {"::1"};
  const auto claimed =
      of == IpFamily::ipv4 ? std::span<const std::string_view>(v4) : std::span<const std::string_view>(v6);
  const auto interfaces = judge.interfaces(of, PacketHook::input);
  const auto ports = judge.ports(of, PacketHook::input);
  for (const auto& interface : interfaces.values) {
    if (interface == "lo" || interface.empty()) continue;
    for (const auto port : ports.values) {
      for (const auto source : claimed) {
        all.take(judge.fate({.family = of,
                             .hook = PacketHook::input,
                             .in_interface = interface,
                             .source = address(source, of),
                             .destination = own,
                             .destination_port = port}));
      }
    }
  }
  all.leave_open(interfaces.gap);
  all.leave_open(ports.gap);
  return all.answer();
}

}  // namespace plimsoll::probes
