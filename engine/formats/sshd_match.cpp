#include "engine/formats/sshd_match.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/sshd_algorithms.hpp"

namespace plimsoll::formats {
namespace {

std::unexpected<Error> refused(std::string what) {
  return std::unexpected(Error{Error::Kind::malformed, std::move(what)});
}

/// An address as bytes: 4 or 16 of them.
struct Address {
  std::array<std::uint8_t, 16> bytes = {};
  std::size_t size = 0;
};

std::optional<Address> parse_address(std::string_view text) {
  const std::string zero_terminated(text);
  Address address;
  if (inet_pton(AF_INET, zero_terminated.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
    return address;
  }
  if (inet_pton(AF_INET6, zero_terminated.c_str(), address.bytes.data()) == 1) {
    address.size = 16;
    return address;
  }
  return std::nullopt;
}

bool bit(const Address& address, std::size_t index) {
  return ((address.bytes.at(index / 8) >> (7 - index % 8)) & 1U) != 0;
}

struct Network {
  Address address;
  std::size_t bits = 0;
};

/// Empty: no address, so that sshd takes it for a pattern. Errors: a mask that does not fit the address.
Result<std::optional<Network>> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network{*address, address->size * 8};
  if (slash == std::string_view::npos) return network;
  constexpr std::int64_t longest_mask = 128;
  const auto bits = parse_integer(text.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > longest_mask) return std::nullopt;
  const auto wanted = static_cast<std::size_t>(*bits);
  if (wanted > network.bits) return refused(fmt::format("inconsistent mask length of \"{}\"", text));
  for (std::size_t i = wanted; i < network.bits; ++i) {
    if (bit(network.address, i)) return refused(fmt::format("inconsistent mask length of \"{}\"", text));
  }
  network.bits = wanted;
  return network;
}

bool contains(const Network& network, const Address& address) {
  if (network.address.size != address.size) return false;
  for (std::size_t i = 0; i < network.bits; ++i) {
    if (bit(network.address, i) != bit(address, i)) return false;
  }
  return true;
}

/// Whether the address is in the list (addrmatch.c); with an empty one only the list itself is looked at.
Result<bool> address_list_fits(std::string_view address, std::string_view list) {
  const auto parsed = parse_address(address);
  bool found = false;
  bool ruled_out = false;
  for (const auto& item : split_at_commas(list)) {
    const bool negated = item.starts_with('!');
    const auto pattern = std::string_view(item).substr(negated ? 1 : 0);
    if (pattern.empty()) return refused("a list of addresses with an empty item");
    const auto network = parse_network(pattern);
    if (!network) return std::unexpected(network.error());
    const bool fits = *network ? parsed && contains(**network, *parsed) : sshd_pattern_list_fits(address, pattern);
    if (fits) (negated ? ruled_out : found) = true;
  }
  return found && !ruled_out && !address.empty();
}

Result<bool> groups_fit(const SshdCriterion& criterion, const SshdConnection& connection) {
  if (connection.user_exists && !*connection.user_exists) return false;
  if (!connection.groups) {
    return std::unexpected(Error{Error::Kind::unobservable,
                                 "a Match block asks for groups of a user whose groups are "
                                 "not known here"});
  }
  bool found = false;
  for (const auto& group : *connection.groups) {
    for (const auto& pattern : split_at_commas(criterion.value)) {
      const bool negated = pattern.starts_with('!');
      if (!sshd_pattern_list_fits(group, std::string_view(pattern).substr(negated ? 1 : 0))) continue;
      if (negated) return false;
      found = true;
    }
  }
  return found;
}

std::unexpected<Error> missing(std::string_view criterion, std::string_view argument) {
  return std::unexpected(
      Error{Error::Kind::unsupported,
            fmt::format("a Match block asks for {}, and the question names no {}", criterion, argument),
            fmt::format("give the argument `{}`", argument)});
}

Result<bool> holds(const SshdCriterion& criterion, const SshdConnection& connection) {
  const auto& [name, value] = criterion;
  if (name == "all") return true;
  if (name == "user") {
    if (!connection.user) return missing(name, "user");
    return sshd_pattern_list_fits(*connection.user, value);
  }
  if (name == "invalid-user") {
    if (!connection.user_exists) return missing(name, "user");
    return !*connection.user_exists;
  }
  if (name == "group") {
    if (!connection.user) return missing(name, "user");
    return groups_fit(criterion, connection);
  }
  if (name == "host") {
    if (!connection.host) return missing(name, "host");
    return sshd_pattern_list_fits(lower_case(*connection.host), lower_case(value));
  }
  if (name == "address") {
    if (!connection.address) return missing(name, "address");
    return address_list_fits(*connection.address, value);
  }
  return std::unexpected(
      Error{Error::Kind::unsupported, fmt::format("a Match block asks for {}, which no question can name", name)});
}

}  // namespace

bool sshd_pattern_list_fits(std::string_view name, std::string_view list) {
  bool found = false;
  for (const auto& item : split_at_commas(list)) {
    const bool negated = item.starts_with('!');
    if (!sshd_pattern_fits(name, std::string_view(item).substr(negated ? 1 : 0))) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

Result<std::vector<SshdCriterion>> parse_sshd_criteria(const std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 8> known = {"user",         "group",     "host",    "address",
                                                            "localaddress", "localport", "rdomain", "version"};
  if (words.empty()) return refused("Match without criteria");
  if (lower_case(words.front()) == "all") {
    if (words.size() > 1) return refused("'all' cannot be combined with other Match attributes");
    return std::vector{SshdCriterion{"all", ""}};
  }
  std::vector<SshdCriterion> criteria;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    SshdCriterion made{lower_case(words[i].substr(0, equals)), ""};
    if (made.name != "invalid-user") {
      if (std::ranges::find(known, made.name) == known.end()) {
        return refused(fmt::format("unsupported Match attribute {}", words[i]));
      }
      if (equals != std::string::npos && equals + 1 < words[i].size()) {
        made.value = words[i].substr(equals + 1);
      } else if (i + 1 < words.size() && !words[i + 1].empty()) {
        ++i;
        made.value = words[i];
      } else {
        return refused(fmt::format("Match {} without a value", made.name));
      }
      if (made.name == "address" || made.name == "localaddress") {
        if (const auto list = address_list_fits("", made.value); !list) return std::unexpected(list.error());
      }
    }
    criteria.push_back(std::move(made));
  }
  return criteria;
}

Result<bool> sshd_criteria_hold(const std::vector<SshdCriterion>& criteria, const SshdConnection& connection) {
  bool all = true;
  for (const auto& criterion : criteria) {
    const auto one = holds(criterion, connection);
    if (!one) return one;
    all = all && *one;
  }
  return all;
}

}  // namespace plimsoll::formats
