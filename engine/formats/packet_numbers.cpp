// How people write addresses, ports and protocols in rules.
#include <array>
#include <charconv>
#include <utility>

#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {
namespace {

std::optional<unsigned> number(std::string_view text, unsigned greatest, int base = 10) {
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || value > greatest) return {};
  return value;
}

std::optional<PacketNumber> ipv4(std::string_view text) {
  std::uint64_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return {};
    const auto value = number(text.substr(0, dot), 255);
    if (!value) return {};
    address = address << 8U | *value;
    text = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  }
  return PacketNumber{0, address};
}

/// Groups of one side of "::". False when one is none.
bool groups_of(std::string_view text, std::array<unsigned, 8>& groups, std::size_t& count) {
  while (!text.empty()) {
    const auto colon = text.find(':');
    const auto part = text.substr(0, colon);
    if (part.find('.') != std::string_view::npos && colon == std::string_view::npos) {
      const auto tail = ipv4(part);
      if (!tail || count > 6) return false;
      groups[count++] = static_cast<unsigned>(tail->low >> 16U);
      groups[count++] = static_cast<unsigned>(tail->low & 0xffffU);
      return true;
    }
    const auto value = part.size() <= 4 ? number(part, 0xffff, 16) : std::nullopt;
    if (!value || count == 8) return false;
    groups[count++] = *value;
    if (colon == std::string_view::npos) return true;
    text = text.substr(colon + 1);
    if (text.empty()) return false;
  }
  return true;
}

std::optional<PacketNumber> ipv6(std::string_view text) {
  std::array<unsigned, 8> front{};
  std::array<unsigned, 8> back{};
  std::size_t fronts = 0;
  std::size_t backs = 0;
  const auto gap = text.find("::");
  if (!groups_of(text.substr(0, gap), front, fronts)) return {};
  if (gap == std::string_view::npos ? fronts != 8
                                    : !groups_of(text.substr(gap + 2), back, backs) || fronts + backs > 7) {
    return {};
  }
  for (std::size_t i = 0; i < backs; ++i) front[8 - backs + i] = back[i];
  PacketNumber address;
  for (std::size_t i = 0; i < 4; ++i) address.high = address.high << 16U | front[i];
  for (std::size_t i = 4; i < 8; ++i) address.low = address.low << 16U | front[i];
  return address;
}

std::optional<PacketNumber> address_of(std::string_view text, IpFamily family) {
  return family == IpFamily::ipv4 ? ipv4(text) : ipv6(text);
}

std::uint64_t ones(unsigned count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

PacketRange network(PacketNumber address, unsigned length, IpFamily family) {
  const unsigned hosts = (family == IpFamily::ipv4 ? 32U : 128U) - length;
  const PacketNumber rest{hosts > 64 ? ones(hosts - 64) : 0, ones(hosts)};
  const PacketNumber first{address.high & ~rest.high, address.low & ~rest.low};
  return {first, {first.high | rest.high, first.low | rest.low}};
}

/// The length of a mask such as 255.255.0.0; empty when its ones are not all in front.
std::optional<unsigned> mask_length(std::string_view text) {
  const auto mask = ipv4(text);
  if (!mask) return {};
  const auto rest = ~mask->low & 0xffffffffU;
  if ((rest & (rest + 1)) != 0) return {};
  unsigned length = 32;
  for (auto bits = rest; bits != 0; bits >>= 1U) --length;
  return length;
}

constexpr std::array<std::pair<std::string_view, unsigned>, 34> services = {{
    {"ftp-data", 20},       {"ftp", 21},          {"ssh", 22},
    {"telnet", 23},         {"smtp", 25},         {"domain", 53},
    {"bootps", 67},         {"bootpc", 68},       {"tftp", 69},
    {"http", 80},           {"www", 80},          {"kerberos", 88},
    {"pop3", 110},          {"sunrpc", 111},      {"auth", 113},
    {"ntp", 123},           {"netbios-ns", 137},  {"netbios-dgm", 138},
    {"imap2", 143},         {"imap", 143},        {"snmp", 161},
    {"ldap", 389},          {"netbios-ssn", 139}, {"https", 443},
    {"submissions", 465},   {"syslog", 514},      {"dhcpv6-client", 546},
    {"dhcpv6-server", 547}, {"submission", 587},  {"ldaps", 636},
    {"imaps", 993},         {"pop3s", 995},       {"nfs", 2049},
    {"mdns", 5353},
}};

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 17> protocols = {{
    {"icmp", 1},
    {"igmp", 2},
    {"ipencap", 4},
    {"tcp", 6},
    {"udp", 17},
    {"dccp", 33},
    {"ipv6", 41},
    {"gre", 47},
    {"esp", 50},
    {"ah", 51},
    {"ipv6-icmp", 58},
    {"icmpv6", 58},
    {"ospf", 89},
    {"vrrp", 112},
    {"sctp", 132},
    {"udplite", 136},
    {"comp", 108},
}};

std::optional<unsigned> port_of(std::string_view text) {
  for (const auto& [name, port] : services) {
    if (name == text) return port;
  }
  return number(text, 65535);
}

}  // namespace

std::optional<PacketRange> parse_packet_addresses(std::string_view text, IpFamily family) {
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    const auto first = address_of(text.substr(0, dash), family);
    const auto last = address_of(text.substr(dash + 1), family);
    if (!first || !last || *last < *first) return {};
    return PacketRange{*first, *last};
  }
  const auto slash = text.find('/');
  const auto address = address_of(text.substr(0, slash), family);
  const unsigned bits = family == IpFamily::ipv4 ? 32 : 128;
  if (!address) return {};
  if (slash == std::string_view::npos) return PacketRange{*address, *address};
  auto length = number(text.substr(slash + 1), bits);
  if (!length && family == IpFamily::ipv4) length = mask_length(text.substr(slash + 1));
  if (!length) return {};
  return network(*address, *length, family);
}

std::optional<PacketRange> parse_packet_ports(std::string_view text) {
  if (const auto port = port_of(text)) return PacketRange{{0, *port}, {0, *port}};
  const auto middle = text.find_first_of(":-");
  if (middle == std::string_view::npos) return {};
  const auto first = middle == 0 ? std::optional(0U) : port_of(text.substr(0, middle));
  const auto last = middle + 1 == text.size() ? std::optional(65535U) : port_of(text.substr(middle + 1));
  if (!first || !last || *last < *first) return {};
  return PacketRange{{0, *first}, {0, *last}};
}

std::optional<std::uint8_t> parse_packet_protocol(std::string_view text) {
  for (const auto& [name, value] : protocols) {
    if (name == text) return value;
  }
  const auto value = number(text, 255);
  return value ? std::optional(static_cast<std::uint8_t>(*value)) : std::nullopt;
}

}  // namespace plimsoll::formats
