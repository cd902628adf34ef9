#include "engine/formats/sshd_algorithms.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "engine/core/value.hpp"

namespace plimsoll::formats {
namespace {

constexpr SshdRelease newest = 1002;
constexpr SshdRelease oldest = 800;

/// A list that holds from one release until the next row of its table.
struct ListSince {
  SshdRelease since;
  std::string_view names;
};

// From myproposal.h and the implementation tables of each release.
constexpr std::array ciphers_default = {
    ListSince{800,
              "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,"
              "aes256-gcm@openssh.com"},
    ListSince{1000,
              "chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes192-ctr,"
              "aes256-ctr"},
};
constexpr std::array ciphers_known = {
    ListSince{800,
              "3des-cbc,aes128-cbc,aes192-cbc,aes256-cbc,rijndael-cbc@lysator.liu.se,aes128-ctr,aes192-ctr,aes256-ctr,"
              "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com"},
    ListSince{805,
              "3des-cbc,aes128-cbc,aes192-cbc,aes256-cbc,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,"
              "aes256-gcm@openssh.com,chacha20-poly1305@openssh.com"},
};
constexpr std::array macs_default = {
    ListSince{800,
              "umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,"
              "hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,"
              "hmac-sha2-256,hmac-sha2-512,hmac-sha1"},
};
constexpr std::array macs_known = {
    ListSince{800,
              "hmac-sha1,hmac-sha1-96,hmac-sha2-256,hmac-sha2-512,hmac-md5,hmac-md5-96,umac-64@openssh.com,"
              "umac-128@openssh.com,hmac-sha1-etm@openssh.com,hmac-sha1-96-etm@openssh.com,"
              "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-md5-etm@openssh.com,"
              "hmac-md5-96-etm@openssh.com,umac-64-etm@openssh.com,umac-128-etm@openssh.com"},
};
constexpr std::array key_exchange_default = {
    ListSince{800,
              "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
              "diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
              "diffie-hellman-group14-sha256,diffie-hellman-group14-sha1"},
    ListSince{802,
              "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
              "diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
              "diffie-hellman-group14-sha256"},
    ListSince{809,
              "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
              "sntrup761x25519-sha512@openssh.com,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,"
              "diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"},
    ListSince{900,
              "sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
              "ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,"
              "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"},
    ListSince{909,
              "sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,mlkem768x25519-sha256,curve25519-sha256,"
              "curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
              "diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
              "diffie-hellman-group14-sha256"},
    ListSince{1000,
              "mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,"
              "curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521"},
};
constexpr std::array key_exchange_known = {
    ListSince{800,
              "diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group14-sha256,"
              "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group-exchange-sha1,"
              "diffie-hellman-group-exchange-sha256,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
              "curve25519-sha256,curve25519-sha256@libssh.org,sntrup4591761x25519-sha512@tinyssh.org"},
    ListSince{805,
              "diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group14-sha256,"
              "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group-exchange-sha1,"
              "diffie-hellman-group-exchange-sha256,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
              "curve25519-sha256,curve25519-sha256@libssh.org,sntrup761x25519-sha512@openssh.com"},
    ListSince{909,
              "diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group14-sha256,"
              "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group-exchange-sha1,"
              "diffie-hellman-group-exchange-sha256,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
              "curve25519-sha256,curve25519-sha256@libssh.org,sntrup761x25519-sha512,"
              "sntrup761x25519-sha512@openssh.com,mlkem768x25519-sha256"},
};
constexpr std::array host_keys_default = {
    ListSince{800,
              "ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp521-cert-v01@openssh.com,ssh-ed25519-cert-v01@openssh.com,"
              "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,rsa-sha2-512,rsa-sha2-256,"
              "ssh-rsa"},
    ListSince{802,
              "ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "ssh-ed25519-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,"
              "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,"
              "ssh-ed25519,sk-ssh-ed25519@openssh.com,rsa-sha2-512,rsa-sha2-256,ssh-rsa"},
    ListSince{805,
              "ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,"
              "sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-rsa-cert-v01@openssh.com,"
              "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,"
              "sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256,ssh-rsa"},
    ListSince{808,
              "ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,"
              "sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,"
              "ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,"
              "sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256"},
};
constexpr std::array host_keys_known = {
    ListSince{800,
              "ssh-ed25519,ssh-ed25519-cert-v01@openssh.com,ssh-rsa,rsa-sha2-256,rsa-sha2-512,ssh-dss,"
              "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-rsa-cert-v01@openssh.com,"
              "rsa-sha2-256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,ssh-dss-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp521-cert-v01@openssh.com"},
    ListSince{802,
              "ssh-ed25519,ssh-ed25519-cert-v01@openssh.com,sk-ssh-ed25519@openssh.com,"
              "sk-ssh-ed25519-cert-v01@openssh.com,ssh-rsa,rsa-sha2-256,rsa-sha2-512,ssh-dss,ecdsa-sha2-nistp256,"
              "ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,"
              "ssh-rsa-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,"
              "ssh-dss-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,"
              "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"},
    ListSince{804,
              "ssh-ed25519,ssh-ed25519-cert-v01@openssh.com,sk-ssh-ed25519@openssh.com,"
              "sk-ssh-ed25519-cert-v01@openssh.com,ssh-rsa,rsa-sha2-256,rsa-sha2-512,ssh-dss,ecdsa-sha2-nistp256,"
              "ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,"
              "webauthn-sk-ecdsa-sha2-nistp256@openssh.com,ssh-rsa-cert-v01@openssh.com,"
              "rsa-sha2-256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,ssh-dss-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"},
    ListSince{902,
              "ssh-ed25519,ssh-ed25519-cert-v01@openssh.com,sk-ssh-ed25519@openssh.com,"
              "sk-ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp384,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521,"
              "ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,"
              "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com,ssh-dss,"
              "ssh-dss-cert-v01@openssh.com,ssh-rsa,ssh-rsa-cert-v01@openssh.com,rsa-sha2-256,"
              "rsa-sha2-256-cert-v01@openssh.com,rsa-sha2-512,rsa-sha2-512-cert-v01@openssh.com"},
    ListSince{1000,
              "ssh-ed25519,ssh-ed25519-cert-v01@openssh.com,sk-ssh-ed25519@openssh.com,"
              "sk-ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
              "ecdsa-sha2-nistp384,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521,"
              "ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,"
              "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,webauthn-sk-ecdsa-sha2-nistp256@openssh.com,ssh-rsa,"
              "ssh-rsa-cert-v01@openssh.com,rsa-sha2-256,rsa-sha2-256-cert-v01@openssh.com,rsa-sha2-512,"
              "rsa-sha2-512-cert-v01@openssh.com"},
};
constexpr std::array ca_signatures_default = {
    ListSince{800,
              "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,rsa-sha2-512,rsa-sha2-256,"
              "ssh-rsa"},
    ListSince{802,
              "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,"
              "ssh-ed25519,sk-ssh-ed25519@openssh.com,rsa-sha2-512,rsa-sha2-256"},
    ListSince{805,
              "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,"
              "sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256"},
};

/// The standard name that 9.9 gave to a key exchange; Debian and Ubuntu gave it to earlier releases too, in front.
constexpr std::string_view standard_sntrup = "sntrup761x25519-sha512";
constexpr std::string_view vendor_sntrup = "sntrup761x25519-sha512@openssh.com";

std::string_view names_at(std::span<const ListSince> table, SshdRelease release) {
  std::string_view names;
  for (const auto& row : table) {
    if (row.since <= release) names = row.names;
  }
  return names;
}

struct Tables {
  std::span<const ListSince> defaults;
  std::span<const ListSince> known;
};

Tables tables_of(SshdAlgorithms which) {
  switch (which) {
    case SshdAlgorithms::ciphers:
      return {ciphers_default, ciphers_known};
    case SshdAlgorithms::macs:
      return {macs_default, macs_known};
    case SshdAlgorithms::key_exchange:
      return {key_exchange_default, key_exchange_known};
    case SshdAlgorithms::host_keys:
      return {host_keys_default, host_keys_known};
    case SshdAlgorithms::ca_signatures:
      return {ca_signatures_default, host_keys_known};
  }
  std::unreachable();
}

/// Negated patterns win over others, wherever they stand.
bool fits_list(std::string_view name, const std::vector<std::string>& patterns) {
  bool found = false;
  for (const std::string_view pattern : patterns) {
    if (pattern.starts_with('!')) {
      if (sshd_pattern_fits(name, pattern.substr(1))) return false;
    } else if (sshd_pattern_fits(name, pattern)) {
      found = true;
    }
  }
  return found;
}

void append_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

Error refused(std::string what) {
  return {Error::Kind::malformed, std::move(what)};
}

}  // namespace

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return parts;
}

bool sshd_pattern_fits(std::string_view name, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (at < name.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      resume = at;
    } else if (in_pattern < pattern.size() && (pattern[in_pattern] == '?' || pattern[in_pattern] == name[at])) {
      ++in_pattern;
      ++at;
    } else if (star != std::string_view::npos) {
      in_pattern = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
  return in_pattern == pattern.size();
}

SshdRelease sshd_release_of(std::string_view text) {
  if (const auto name = text.find("OpenSSH_"); name != std::string_view::npos) {
    text.remove_prefix(name + std::string_view("OpenSSH_").size());
  } else if (const auto epoch = text.find(':'); epoch != std::string_view::npos) {
    text.remove_prefix(epoch + 1);
  }
  const auto take_number = [&text]() -> std::optional<std::int64_t> {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = digits > 3 ? std::nullopt : parse_integer(text.substr(0, digits));
    text.remove_prefix(digits);
    return number;
  };
  const auto major = take_number();
  if (!major || !text.starts_with('.')) return 0;
  text.remove_prefix(1);
  const auto minor = take_number();
  if (!minor || *minor > 99) return 0;
  return static_cast<SshdRelease>(*major * 100 + *minor);
}

std::string to_text(SshdRelease release) {
  return release == 0 ? "of unknown version" : fmt::format("{}.{}", release / 100, release % 100);
}

std::vector<SshdAlgorithmLists> sshd_algorithms(SshdAlgorithms which, SshdRelease release) {
  if (release < oldest || release > newest) return {};
  const auto tables = tables_of(which);
  SshdAlgorithmLists lists{split_at_commas(names_at(tables.defaults, release)),
                           split_at_commas(names_at(tables.known, release))};
  std::vector<SshdAlgorithmLists> builds = {lists};
  const auto in_list = [](auto& list, std::string_view name) { return std::ranges::find(list, name); };
  if (which == SshdAlgorithms::key_exchange && in_list(lists.known, standard_sntrup) == lists.known.end()) {
    const auto vendor = in_list(lists.defaults, vendor_sntrup);
    if (vendor != lists.defaults.end()) {
      lists.defaults.insert(vendor, std::string(standard_sntrup));
      lists.known.insert(in_list(lists.known, vendor_sntrup), std::string(standard_sntrup));
      builds.push_back(std::move(lists));
    }
  }
  return builds;
}

Result<std::vector<std::string>> assemble_algorithms(SshdAlgorithms which, std::string_view configured,
                                                     const SshdAlgorithmLists& lists) {
  if (configured.empty()) return lists.defaults;
  const char sign = configured.front();
  const bool changes = sign == '+' || sign == '-' || sign == '^';
  auto named = split_at_commas(changes ? configured.substr(1) : configured);
  std::erase(named, "");  // "a,,b" is "a,b"

  std::vector<std::string> result;
  if (sign == '-') {
    for (const auto& name : lists.defaults) {
      if (!fits_list(name, named)) result.push_back(name);
    }
    return result.empty() ? lists.defaults : result;  // sshd assembles twice, and takes "nothing" for "not configured"
  }

  // Only lists of key types may hold patterns where they add names.
  const bool patterns_allowed = which == SshdAlgorithms::host_keys || which == SshdAlgorithms::ca_signatures;
  std::vector<std::string> matched;
  for (const auto& name : named) {
    bool any = false;
    for (const auto& known : lists.known) {
      if (patterns_allowed ? sshd_pattern_fits(known, name) : known == name) {
        append_once(matched, known);
        any = true;
      }
    }
    if (!any) return std::unexpected(refused(fmt::format("this sshd knows no algorithm \"{}\"", name)));
  }
  if (sign == '+') {
    result = lists.defaults;
    for (const auto& name : matched) append_once(result, name);
  } else {
    result = matched;
    if (sign == '^') {
      for (const auto& name : lists.defaults) append_once(result, name);
    }
  }
  if (result.empty()) return std::unexpected(refused("the list of algorithms is empty"));
  return result;
}

}  // namespace plimsoll::formats
