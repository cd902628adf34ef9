#include "engine/formats/crypto_policy.hpp"

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_scopes = 256;

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

}  // namespace

std::string CryptoPolicyName::text() const {
  std::string joined = base;
  for (const auto& name : subpolicies) joined.append(":").append(name);
  return joined;
}

CryptoPolicyName parse_crypto_policy_name(std::string_view text) {
  CryptoPolicyName name;
  Lines lines(text);
  std::string_view line;
  bool first = true;
  while (lines.next(line)) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const std::string upper = upper_case(line);
    std::string_view rest = upper;
    for (bool at_start = true; !rest.empty(); at_start = false) {
      const auto colon = rest.find(':');
      const auto part = trimmed(rest.substr(0, colon));
      rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
      if (part.empty()) continue;
      if (first && at_start) {
        name.base = part;
        name.line = lines.number();
      } else {
        name.subpolicies.emplace_back(part);
      }
    }
    first = false;
  }
  return name;
}

const CryptoPolicyProperty* CryptoPolicyDump::find(std::string_view scope, std::string_view property) const {
  if (const auto own = scopes.find(scope); own != scopes.end()) {
    if (const auto found = own->second.find(property); found != own->second.end()) return &found->second;
  }
  const auto found = base.find(property);
  return found == base.end() ? nullptr : &found->second;
}

CryptoPolicyDump parse_crypto_policy_dump(std::string_view text) {
  CryptoPolicyDump dump;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    line = line.substr(0, line.find('#'));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const auto left = trimmed(line.substr(0, equals));
    CryptoPolicyProperty property;
    property.line = lines.number();
    auto rest = line.substr(equals + 1);
    for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) property.values.emplace_back(word);
    const auto at = left.find('@');
    const auto key = lower_case(trimmed(left.substr(0, at)));
    if (key.empty()) continue;
    if (at == std::string_view::npos) {
      dump.base.insert_or_assign(key, std::move(property));
    } else {
      const auto scope = lower_case(trimmed(left.substr(at + 1)));
      if (dump.scopes.size() == max_scopes && !dump.scopes.contains(scope)) continue;
      dump.scopes[scope].insert_or_assign(key, std::move(property));
    }
  }
  return dump;
}

}  // namespace plimsoll::formats
