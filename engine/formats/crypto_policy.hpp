// The system-wide cryptographic policy of the Fedora family: the names that are configured and the dump of what was
// applied (crypto-policies(7), update-crypto-policies(8)).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

/// A policy and what modifies it, in capitals: DEFAULT:NO-SHA1.
struct CryptoPolicyName {
  std::string base;                      ///< empty when the text names none
  std::vector<std::string> subpolicies;  ///< in the order in which they apply
  std::uint32_t line = 0;                ///< 1-based, where the base stands
  [[nodiscard]] std::string text() const;
  bool operator==(const CryptoPolicyName& other) const {
    return base == other.base && subpolicies == other.subpolicies;
  }
};

/// /etc/crypto-policies/config and state/current: the first line with text names the policy, later lines add
/// subpolicies; `#` starts a comment anywhere.
[[nodiscard]] CryptoPolicyName parse_crypto_policy_name(std::string_view text);

struct CryptoPolicyProperty {
  std::vector<std::string> values;
  std::uint32_t line = 0;  ///< 1-based
};

/// state/CURRENT.pol: what holds for every scope, and what differs for one back-end ("cipher@openssh-server").
struct CryptoPolicyDump {
  std::map<std::string, CryptoPolicyProperty, std::less<>> base;
  std::map<std::string, std::map<std::string, CryptoPolicyProperty, std::less<>>, std::less<>>
      scopes;  ///< by scope, lower case

  /// Of one scope: its own, else that of all. Null when neither names it. An empty scope asks for all.
  [[nodiscard]] const CryptoPolicyProperty* find(std::string_view scope, std::string_view property) const;
};
[[nodiscard]] CryptoPolicyDump parse_crypto_policy_dump(std::string_view text);

}  // namespace plimsoll::formats
