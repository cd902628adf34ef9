// The rules of a packet filter, whoever wrote them (nftables, iptables, ufw) and wherever they were read (the kernel, a
// file), and what becomes of a packet under them.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

enum class IpFamily : std::uint8_t { ipv4, ipv6 };
enum class PacketHook : std::uint8_t { prerouting, input, forward, output, postrouting };

/// An address, a port, a protocol: whatever conditions compare by order. IPv4 addresses stand in the low 32 bits.
struct PacketNumber {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const PacketNumber&) const = default;
};
struct PacketRange {
  PacketNumber first, last;
  bool operator==(const PacketRange&) const = default;
};

/// One condition of a rule. It holds when one of its ranges or names fits; `negated` turns that round.
struct PacketCondition {
  enum class Kind : std::uint8_t {
    in_interface,  ///< names; one that ends in `*` stands for all that begin so
    out_interface,
    source,  ///< ranges; never holds for the other family, negated or not
    destination,
    protocol,  ///< ranges of protocol numbers
    source_port,
    destination_port,
    state,              ///< names of connection states: "new", "established", …
    family,             ///< `family` alone
    opening,            ///< a TCP packet that opens a connection (SYN alone)
    local_destination,  ///< the packet is for an address of this host
    unknown,            ///< something else: nobody can say whether it holds
    unknown_port,       ///< something about ports that was not understood
  };
  Kind kind = Kind::unknown;
  bool negated = false;
  IpFamily family = IpFamily::ipv4;
  std::vector<PacketRange> ranges = {};
  std::vector<std::string> names = {};
  bool operator==(const PacketCondition&) const = default;
};

enum class PacketVerdict : std::uint8_t { none, accept, drop, reject, jump, go_to, back, queue };

struct PacketRule {
  std::vector<PacketCondition> conditions;
  PacketVerdict verdict = PacketVerdict::none;
  std::string target;       ///< of jump and go_to
  std::string text;         ///< as a person reads it: `iif "lo" accept`
  std::string source = {};  ///< "path:line"; empty for rules that nf_tables holds
};

struct PacketChain {
  std::string family;  ///< "ip", "ip6", "inet"; others are not kept
  std::string table;
  std::string name;
  std::optional<PacketHook> hook = {};  ///< of a base chain
  std::string type = {};                ///< of a base chain: "filter", "nat", "route"
  bool drops = false;                   ///< policy of a base chain
  std::vector<PacketRule> rules = {};
  std::string source = {};

  [[nodiscard]] bool serves(IpFamily which) const;
  [[nodiscard]] std::string title() const;  ///< "inet filter input"
};

struct PacketTable {
  std::string family;
  std::string name;
  bool dormant = false;  ///< its chains see no packets
  std::string source = {};
};

struct PacketFilter {
  std::vector<PacketTable> tables;
  std::vector<PacketChain> chains;
  /// What was not understood and may change every answer: each with its place. Empty: all was.
  std::vector<std::string> doubts = {};
};

struct Packet {
  IpFamily family = IpFamily::ipv4;
  PacketHook hook = PacketHook::input;
  std::string in_interface = {};
  std::string out_interface = {};
  PacketNumber source = {};
  PacketNumber destination = {};
  std::uint8_t protocol = 6;
  std::uint16_t source_port = 50000;
  std::uint16_t destination_port = 0;
};

[[nodiscard]] bool is_loopback(IpFamily family, PacketNumber address);

/// What may become of a packet. Both: nobody can say.
struct PacketFate {
  bool accepted = false;
  bool dropped = false;
  bool given_up = false;  ///< it meets more rules than it was followed through, which is why nobody can say
};

/// Values at which an answer about packets may change. With a gap there are more of them than are told.
template <class T>
struct PacketPlaces {
  std::vector<T> values;
  std::optional<Error> gap = {};
};

/// Answers questions about one filter, which must outlive it. Packets open a connection (state new, TCP SYN).
class PacketJudge {
 public:
  explicit PacketJudge(const PacketFilter& filter);

  /// Through all filter chains of the packet's hook, and those of prerouting before input and forward. Without any, a
  /// packet is accepted.
  [[nodiscard]] PacketFate fate(const Packet& packet) const;

  /// Base chains of type filter at a hook.
  [[nodiscard]] const std::vector<const PacketChain*>& bases(IpFamily family, PacketHook hook) const;

  /// What becomes of a packet that fits no rule with conditions: rules without any, then the policy.
  [[nodiscard]] PacketFate unmatched(IpFamily family, PacketHook hook) const;

  /// Every rule that a packet at the hook can come to, base chains first, then those they jump to.
  [[nodiscard]] std::vector<const PacketRule*> reachable(IpFamily family, PacketHook hook) const;

  /// Interfaces and destination ports at which the answer for a packet of the hook may change: the names that rules
  /// write, and the borders of their port ranges, with one of each that no rule names. At most 24 interfaces and 400
  /// ports, since all pairs of them are tried.
  [[nodiscard]] PacketPlaces<std::string> interfaces(IpFamily family, PacketHook hook) const;
  [[nodiscard]] PacketPlaces<std::uint16_t> ports(IpFamily family, PacketHook hook) const;

 private:
  struct Walk;
  /// The conditions that a packet of the hook can come to, those of prerouting included.
  template <class Visit>
  void each_condition(IpFamily family, PacketHook hook, const Visit& visit) const;
  [[nodiscard]] const PacketChain* find(const PacketChain& from, const std::string& name) const;

  std::map<std::string, const PacketChain*, std::less<>> chains_;  ///< by title
  std::map<std::pair<IpFamily, PacketHook>, std::vector<const PacketChain*>> bases_;
};

/// Whether the rule decides about this port by its number: a range of it, narrower than all ports, holds the port, and
/// its protocol may be this one. Empty: nobody can say, because its ports were not understood.
[[nodiscard]] std::optional<bool> names_port(const PacketRule& rule, IpFamily family, std::uint8_t protocol,
                                             std::uint16_t port);

/// "10.0.0.0/8", "10.0.0.1", "10.0.0.1-10.0.0.9", "10.1.2.0/255.255.255.0", "fe80::/10". Empty for anything else.
[[nodiscard]] std::optional<PacketRange> parse_packet_addresses(std::string_view text, IpFamily family);

/// "22", "1024-65535", "1024:65535", and the names of well-known services.
[[nodiscard]] std::optional<PacketRange> parse_packet_ports(std::string_view text);

/// "tcp", "udp", "icmp", … or a number.
[[nodiscard]] std::optional<std::uint8_t> parse_packet_protocol(std::string_view text);

[[nodiscard]] std::string_view name_of(IpFamily family);  ///< "ipv4", "ipv6"
[[nodiscard]] std::string_view name_of(PacketHook hook);  ///< "input", …

}  // namespace plimsoll::formats
