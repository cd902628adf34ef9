#include "engine/formats/nftables_rule.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace plimsoll::formats {
namespace {

using Kind = PacketCondition::Kind;
using Words = std::span<const NftablesToken>;

/// What a match compares: the words that name it, and the kind of condition it makes.
struct Selector {
  std::string_view first;
  std::string_view second;
  Kind kind;
  IpFamily family = IpFamily::ipv4;
  std::uint8_t protocol = 0;  ///< the protocol that it implies
};
constexpr std::array selectors = {
    Selector{"meta", "iifname", Kind::in_interface},
    Selector{"meta", "iif", Kind::in_interface},
    Selector{"meta", "oifname", Kind::out_interface},
    Selector{"meta", "oif", Kind::out_interface},
    Selector{"meta", "l4proto", Kind::protocol},
    Selector{"meta", "nfproto", Kind::family},
    Selector{"iifname", "", Kind::in_interface},
    Selector{"iif", "", Kind::in_interface},
    Selector{"oifname", "", Kind::out_interface},
    Selector{"oif", "", Kind::out_interface},
    Selector{"ip", "saddr", Kind::source},
    Selector{"ip", "daddr", Kind::destination},
    Selector{"ip", "protocol", Kind::protocol},
    Selector{"ip6", "saddr", Kind::source, IpFamily::ipv6},
    Selector{"ip6", "daddr", Kind::destination, IpFamily::ipv6},
    Selector{"ip6", "nexthdr", Kind::protocol, IpFamily::ipv6},
    Selector{"tcp", "dport", Kind::destination_port, IpFamily::ipv4, 6},
    Selector{"tcp", "sport", Kind::source_port, IpFamily::ipv4, 6},
    Selector{"udp", "dport", Kind::destination_port, IpFamily::ipv4, 17},
    Selector{"udp", "sport", Kind::source_port, IpFamily::ipv4, 17},
    Selector{"sctp", "dport", Kind::destination_port, IpFamily::ipv4, 132},
    Selector{"sctp", "sport", Kind::source_port, IpFamily::ipv4, 132},
    Selector{"th", "dport", Kind::destination_port},
    Selector{"th", "sport", Kind::source_port},
    Selector{"ct", "state", Kind::state},
};

/// Statements that decide nothing, and how many words they take at most; those they take are in `arguments`.
struct Statement {
  std::string_view name;
  std::array<std::string_view, 8> arguments;  ///< each of these is followed by one word
};
constexpr std::array statements = {
    Statement{"counter", {"packets", "bytes", "name"}},
    Statement{"log", {"prefix", "level", "group", "snaplen", "queue-threshold", "flags"}},
    Statement{"comment", {}},
    Statement{"notrack", {}},
    Statement{"nftrace", {"set"}},
};

bool is_verdict(const NftablesToken& token) {
  constexpr std::array words = {"accept", "drop", "reject", "jump", "goto", "return", "continue", "queue"};
  for (const auto* word : words) {
    if (token.is(word)) return true;
  }
  return false;
}

PacketCondition range_condition(Kind kind, unsigned value) {
  return {.kind = kind, .ranges = {{{0, value}, {0, value}}}};
}

class RuleReader {
 public:
  RuleReader(Words words, const NftablesSets& sets) : words_(words), sets_(sets) {
    for (const auto& word : words) {
      if (!rule_.text.empty() && rule_.text.size() < 500) rule_.text += ' ';
      if (rule_.text.size() < 500)
        rule_.text += word.kind == NftablesToken::Kind::text ? '"' + word.text + '"' : word.text;
    }
  }

  std::vector<PacketRule> read() {
    while (at_ < words_.size() && rule_.verdict == PacketVerdict::none && made_.empty()) step();
    if (made_.empty()) made_.push_back(std::move(rule_));
    return std::move(made_);
  }

 private:
  [[nodiscard]] bool at(std::string_view word, std::size_t ahead = 0) const {
    return at_ + ahead < words_.size() && words_[at_ + ahead].is(word);
  }

  void step() {
    if (is_verdict(words_[at_])) return verdict(rule_);
    if (pass_statement()) return;
    for (const auto& selector : selectors) {
      if (!at(selector.first) || (!selector.second.empty() && !at(selector.second, 1))) continue;
      at_ += selector.second.empty() ? 1U : 2U;
      return match(selector);
    }
    if (at("tcp") && at("flags", 1)) return tcp_flags();
    if ((at("icmp") || at("icmpv6")) && at("type", 1))
      rule_.conditions.push_back(range_condition(Kind::protocol, at("icmp") ? 1U : 58U));
    if (at("fib") && at("daddr", 1) && at("type", 2) && at("local", 3)) {
      rule_.conditions.push_back({.kind = Kind::local_destination});
      at_ += 4;
      return;
    }
    // Statements of nat and its like take the packet as it is.
    skip_unknown();
  }

  bool pass_statement() {
    for (const auto& statement : statements) {
      std::size_t here = at_;
      if (at("meta") && statement.name == "nftrace") ++here;
      if (here >= words_.size() || !words_[here].is(statement.name)) continue;
      at_ = here + 1;
      if (statement.name == "comment") ++at_;
      for (bool more = true; more && at_ < words_.size();) {
        more = false;
        for (const auto argument : statement.arguments) {
          if (argument.empty() || !at(argument)) continue;
          at_ += 2;
          while (at(",")) at_ += 2;  // log flags tcp sequence,options
          if (at("sequence") || at("options")) ++at_;
          more = true;
        }
      }
      return true;
    }
    return false;
  }

  /// A condition that is not understood: up to the next word that is.
  void skip_unknown() {
    bool about_ports = false;
    unsigned depth = 0;
    do {
      const auto& word = words_[at_];
      if (word.is("{")) ++depth;
      if (word.is("}") && depth > 0) --depth;
      about_ports = about_ports || word.is("dport");
      ++at_;
    } while (at_ < words_.size() && (depth > 0 || !starts_something()));
    rule_.conditions.push_back({.kind = about_ports ? Kind::unknown_port : Kind::unknown});
  }

  [[nodiscard]] bool starts_something() const {
    if (is_verdict(words_[at_])) return true;
    if (at("counter") || at("log") || at("comment") || at("limit")) return true;
    if (at_ > 0 && (words_[at_ - 1].is(".") || at("."))) return false;  // a concatenation is one condition
    for (const auto& selector : selectors) {
      if (at(selector.first) && (selector.second.empty() || at(selector.second, 1))) return true;
    }
    return false;
  }

  void tcp_flags() {
    at_ += 2;
    std::string text;
    while (at_ < words_.size() && !starts_something() && text.size() < 100) text += words_[at_++].text;
    const bool opening = text == "&(fin|syn|rst|ack)==syn" || text == "syn/fin,syn,rst,ack" ||
                         text == "&(syn|ack)==syn" || text == "&(syn|rst|ack)==syn";
    rule_.conditions.push_back({.kind = opening ? Kind::opening : Kind::unknown});
  }

  void verdict(PacketRule& rule) {
    const auto& word = words_[at_++];
    if (word.is("accept")) rule.verdict = PacketVerdict::accept;
    if (word.is("drop")) rule.verdict = PacketVerdict::drop;
    if (word.is("reject")) rule.verdict = PacketVerdict::reject;
    if (word.is("return")) rule.verdict = PacketVerdict::back;
    if (word.is("queue")) rule.verdict = PacketVerdict::queue;
    if (word.is("jump") || word.is("goto")) {
      rule.verdict = word.is("jump") ? PacketVerdict::jump : PacketVerdict::go_to;
      if (at_ < words_.size()) rule.target = words_[at_++].text;
    }
  }

  void match(const Selector& selector) {
    if (selector.protocol != 0) rule_.conditions.push_back(range_condition(Kind::protocol, selector.protocol));
    PacketCondition condition{.kind = selector.kind, .family = selector.family};
    if (at("vmap")) return verdict_map(condition);
    const auto operation = comparison();
    if (!operation.empty() && operation != "==" && operation != "!=") {
      order(condition, operation);
    } else {
      condition.negated = operation == "!=";
      values(condition);
    }
    rule_.conditions.push_back(std::move(condition));
  }

  std::string comparison() {
    for (const std::string_view mark : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (!at(mark)) continue;
      ++at_;
      return std::string(mark);
    }
    for (const auto& [word, mark] :
         {std::pair{"eq", "=="}, {"ne", "!="}, {"le", "<="}, {"ge", ">="}, {"lt", "<"}, {"gt", ">"}}) {
      if (!at(word)) continue;
      ++at_;
      return mark;
    }
    return {};
  }

  /// `tcp dport < 1024`.
  void order(PacketCondition& condition, std::string_view operation) {
    const auto limit = at_ < words_.size() ? parse_packet_ports(words_[at_].text) : std::nullopt;
    if (at_ < words_.size()) ++at_;
    const bool ports = condition.kind == Kind::destination_port || condition.kind == Kind::source_port;
    const auto value = limit ? limit->first.low : 0;
    if (!limit || !ports || (operation == "<" && value == 0) || (operation == ">" && value == 65535))
      return unknown(condition);
    if (operation == "<") condition.ranges = {{{}, {0, value - 1}}};
    if (operation == "<=") condition.ranges = {{{}, {0, value}}};
    if (operation == ">") condition.ranges = {{{0, value + 1}, {0, 65535}}};
    if (operation == ">=") condition.ranges = {{{0, value}, {0, 65535}}};
  }

  static void unknown(PacketCondition& condition) {
    condition.kind = condition.kind == Kind::destination_port ? Kind::unknown_port : Kind::unknown;
  }

  void values(PacketCondition& condition) {
    if (at_ >= words_.size()) return unknown(condition);
    if (at("@")) {
      const auto* set = at_ + 1 < words_.size() ? sets_(words_[at_ + 1].text) : nullptr;
      at_ += 2;
      if (set == nullptr) return unknown(condition);
      return items(condition, *set);
    }
    if (at("{")) {
      const auto begin = ++at_;
      while (at_ < words_.size() && !at("}")) ++at_;
      items(condition, words_.subspan(begin, at_ - begin));
      ++at_;
      return;
    }
    const auto begin = at_++;
    while (at(",") || at("|")) at_ += 2;  // ct state established,related
    at_ = std::min(at_, words_.size());
    items(condition, words_.subspan(begin, at_ - begin));
  }

  void items(PacketCondition& condition, Words list) {
    for (std::size_t i = 0; i < list.size();) {
      if (list[i].is(",") || list[i].is("|") || list[i].ends()) {
        ++i;
        continue;
      }
      // One item may have words behind it (timeout 1h, a comment, a counter); they change nothing. `a - b` does.
      std::string item = list[i].text;
      const bool range = i + 2 < list.size() && list[i + 1].is("-");
      if (range) item += '-' + list[i + 2].text;
      while (i < list.size() && !list[i].is(",") && !list[i].is("|") && !list[i].ends()) ++i;
      if (!take(condition, item)) return unknown(condition);
    }
    if (condition.ranges.empty() && condition.names.empty() && condition.kind != Kind::family) {
      // An empty set fits nobody; whether it stays empty nobody can say.
      unknown(condition);
    }
  }

  bool take(PacketCondition& condition, const std::string& item) const {
    std::optional<PacketRange> range;
    switch (condition.kind) {
      case Kind::in_interface:
      case Kind::out_interface:
      case Kind::state:
        condition.names.push_back(item);
        return true;
      case Kind::source:
      case Kind::destination:
        range = parse_packet_addresses(item, condition.family);
        break;
      case Kind::source_port:
      case Kind::destination_port:
        range = parse_packet_ports(item);
        break;
      case Kind::protocol:
        if (const auto protocol = parse_packet_protocol(item)) range = PacketRange{{0, *protocol}, {0, *protocol}};
        break;
      case Kind::family:
        condition.family = item == "ipv6" ? IpFamily::ipv6 : IpFamily::ipv4;
        return item == "ipv4" || item == "ipv6";
      case Kind::opening:
      case Kind::local_destination:
      case Kind::unknown:
      case Kind::unknown_port:
        return false;
    }
    if (range) condition.ranges.push_back(*range);
    return range.has_value();
  }

  /// `tcp dport vmap { 22 : accept, 23 : drop }`: a rule for each element.
  void verdict_map(const PacketCondition& condition) {
    ++at_;
    Words list;
    if (at("@")) {
      const auto* map = at_ + 1 < words_.size() ? sets_(words_[at_ + 1].text) : nullptr;
      at_ = words_.size();
      if (map != nullptr) list = *map;
    } else if (at("{")) {
      const auto begin = ++at_;
      while (at_ < words_.size() && !at("}")) ++at_;
      list = words_.subspan(begin, at_ - begin);
    }
    at_ = words_.size();
    for (std::size_t i = 0; i < list.size();) {
      auto end = i;
      auto colon = list.size();
      for (; end < list.size() && !list[end].is(","); ++end) {
        if (list[end].is(":") && colon == list.size()) colon = end;
      }
      if (colon < end) element(condition, list.subspan(i, colon - i), list.subspan(colon + 1, end - colon - 1));
      i = end + 1;
    }
    if (made_.empty()) {  // a map that is not known may do anything
      rule_.conditions.push_back(
          {.kind = condition.kind == Kind::destination_port ? Kind::unknown_port : Kind::unknown});
      rule_.verdict = PacketVerdict::queue;
    }
  }

  void element(PacketCondition condition, Words key, Words outcome) {
    PacketRule rule = rule_;
    items(condition, key);
    rule.conditions.push_back(std::move(condition));
    RuleReader reader(outcome, sets_);
    while (reader.at_ < outcome.size() && !is_verdict(outcome[reader.at_])) ++reader.at_;
    if (reader.at_ < outcome.size()) reader.verdict(rule);
    made_.push_back(std::move(rule));
  }

  Words words_;
  const NftablesSets& sets_;
  std::size_t at_ = 0;
  PacketRule rule_;
  std::vector<PacketRule> made_;
};

}  // namespace

std::vector<PacketRule> parse_nftables_rule(Words words, const NftablesSets& sets) {
  return RuleReader(words, sets).read();
}

}  // namespace plimsoll::formats
