#include "engine/formats/socket_table.hpp"

#include <fmt/core.h>

#include <array>
#include <bit>
#include <charconv>

#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

template <class T>
bool number(std::string_view text, T& value, int base) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return !text.empty() && problem == std::errc{} && end == text.data() + text.size();
}

/// Addresses are printed as numbers of 32 bits in the byte order of the machine.
bool endpoint(std::string_view text, IpFamily family, PacketNumber& address, std::uint16_t& port) {
  const std::size_t digits = family == IpFamily::ipv4 ? 8 : 32;
  if (text.size() != digits + 5 || text[digits] != ':') return false;
  for (std::size_t at = 0; at < digits; at += 8) {
    std::uint32_t word = 0;
    if (!number(text.substr(at, 8), word, 16)) return false;
    if constexpr (std::endian::native == std::endian::little) {
      word = (word >> 24U) | (word >> 8U & 0xff00U) | (word << 8U & 0xff0000U) | (word << 24U);
    }
    address.high = address.high << 32U | address.low >> 32U;
    address.low = address.low << 32U | word;
  }
  return number(text.substr(digits + 1), port, 16);
}

}  // namespace

Result<std::vector<SocketLine>> parse_socket_table(std::string_view text, IpFamily family) {
  std::vector<SocketLine> sockets;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (lines.number() == 1 || line.find_first_not_of(' ') == std::string_view::npos) continue;
    SocketLine made{.family = family};
    std::array<std::string_view, 10> words{};
    for (auto& word : words) word = take_word(line);
    PacketNumber remote;
    const bool read = endpoint(words[1], family, made.address, made.port) &&
                      endpoint(words[2], family, remote, made.remote_port) && number(words[3], made.state, 16) &&
                      number(words[7], made.uid, 10) && number(words[9], made.inode, 10);
    if (!read)
      return std::unexpected(Error{Error::Kind::malformed, fmt::format("line {} is no socket", lines.number())});
    sockets.push_back(made);
  }
  return sockets;
}

std::string address_text(PacketNumber address, IpFamily family) {
  if (family == IpFamily::ipv4) {
    return fmt::format("{}.{}.{}.{}", address.low >> 24U & 255U, address.low >> 16U & 255U, address.low >> 8U & 255U,
                       address.low & 255U);
  }
  if (address.high == 0 && address.low >> 32U == 0xffff)
    return "::ffff:" + address_text({0, address.low & 0xffffffffU}, IpFamily::ipv4);
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] =
        static_cast<unsigned>((i < 4 ? address.high >> (48 - 16 * i) : address.low >> (48 - 16 * (i - 4))) & 0xffffU);
  }
  // The longest run of zeros, the first of equal ones, is left out (RFC 5952).
  std::size_t begin = 8;
  std::size_t length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > length) begin = i, length = end - i;
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == begin) {
      text += "::";
      i += length - 1;
      continue;
    }
    if (!text.empty() && !text.ends_with(':')) text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

}  // namespace plimsoll::formats
