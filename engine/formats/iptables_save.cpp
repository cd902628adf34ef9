#include "engine/formats/iptables_save.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"
#include "engine/formats/lines.hpp"
#include "engine/formats/xtables.hpp"

namespace plimsoll::formats {
namespace {

using Kind = PacketCondition::Kind;

constexpr std::size_t max_rules = 50'000;
constexpr std::size_t max_words = 500;

/// Words as iptables-restore splits them: blanks, double quotes, a backslash inside them.
std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> words;
  bool inside = false;
  bool open = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      inside = !inside;
      if (!open) words.emplace_back();
      open = true;
    } else if (!inside && (c == ' ' || c == '\t')) {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      words.back() += inside && c == '\\' && i + 1 < line.size() ? line[++i] : c;
    }
    if (words.size() > max_words) break;
  }
  return words;
}

std::vector<std::string_view> comma_list(std::string_view text) {
  std::vector<std::string_view> items;
  while (true) {
    const auto comma = text.find(',');
    items.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return items;
    text = text.substr(comma + 1);
  }
}

std::optional<PacketHook> hook_of(std::string_view chain) {
  constexpr std::array<std::pair<std::string_view, PacketHook>, 5> built_in = {
      {{"PREROUTING", PacketHook::prerouting},
       {"INPUT", PacketHook::input},
       {"FORWARD", PacketHook::forward},
       {"OUTPUT", PacketHook::output},
       {"POSTROUTING", PacketHook::postrouting}}};
  for (const auto& [name, hook] : built_in) {
    if (name == chain) return hook;
  }
  return {};
}

class RuleReader {
 public:
  RuleReader(std::span<const std::string> words, IpFamily family) : words_(words), family_(family) {}

  PacketRule read() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (word == "!") {
        negated_ = true;
        continue;
      }
      option(word);
      negated_ = false;
    }
    return std::move(rule_);
  }

 private:
  std::string_view argument() { return at_ < words_.size() ? std::string_view(words_[at_++]) : std::string_view(); }

  static bool is_one(std::string_view word, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), word) != names.end();
  }
  template <class Names>
  static bool any_of(std::string_view word, const Names& names) {
    return std::find(names.begin(), names.end(), word) != names.end();
  }

  void add(PacketCondition condition) {
    condition.negated = negated_;
    rule_.conditions.push_back(std::move(condition));
  }

  void option(std::string_view word) {
    if (is_one(word, {"-p", "--protocol", "--proto"})) return protocol(argument());
    if (is_one(word, {"-s", "--source", "--src"})) return addresses(Kind::source, argument());
    if (is_one(word, {"-d", "--destination", "--dst"})) return addresses(Kind::destination, argument());
    if (is_one(word, {"-i", "--in-interface"})) return interface(Kind::in_interface, argument());
    if (is_one(word, {"-o", "--out-interface"})) return interface(Kind::out_interface, argument());
    if (is_one(word, {"--dport", "--destination-port", "--dports", "--destination-ports"}))
      return ports(Kind::destination_port, argument());
    if (is_one(word, {"--sport", "--source-port", "--sports", "--source-ports"}))
      return ports(Kind::source_port, argument());
    if (is_one(word, {"--state", "--ctstate"})) return states(argument());
    if (word == "--src-range") return addresses(Kind::source, argument());
    if (word == "--dst-range") return addresses(Kind::destination, argument());
    if (word == "--syn") return add({.kind = Kind::opening});
    if (word == "--tcp-flags") return tcp_flags();
    if (word == "--dst-type") return destination_type(argument());
    if (is_one(word, {"-m", "--match"})) return module(argument());
    if (is_one(word, {"-c", "--set-counters"})) {
      at_ += 2;
      return;
    }
    if (word == "--comment") return (void)argument();
    if (is_one(word, {"-j", "--jump"})) return target(argument(), PacketVerdict::jump);
    if (is_one(word, {"-g", "--goto"})) return target(argument(), PacketVerdict::go_to);
    // An option of a target changes nothing of who it is for; one of a match does.
    if (!rule_.target_seen) unknown(word == "--ports" || word == "--port");
    while (at_ < words_.size() && words_[at_] != "!" && !words_[at_].starts_with('-')) ++at_;
  }

  void unknown(bool about_ports) {
    rule_.conditions.push_back({.kind = about_ports ? Kind::unknown_port : Kind::unknown});
  }

  void module(std::string_view name) {
    // Those whose options are understood, or that hold without any.
    constexpr std::array<std::string_view, 12> known = {"tcp",       "udp",     "multiport", "state",
                                                        "conntrack", "comment", "addrtype",  "iprange",
                                                        "icmp",      "icmp6",   "limit",     "sctp"};
    if (!any_of(name, known)) unknown(false);
  }

  void protocol(std::string_view name) {
    const auto lower = lower_case(name);
    if (lower == "all" || lower == "0") return;
    const auto number = parse_packet_protocol(lower);
    if (!number) return unknown(false);
    add({.kind = Kind::protocol, .ranges = {{{0, *number}, {0, *number}}}});
  }

  void addresses(Kind kind, std::string_view text) {
    PacketCondition condition{.kind = kind, .family = family_};
    for (const auto item : comma_list(text)) {
      const auto range = parse_packet_addresses(item, family_);
      if (!range) return unknown(false);
      condition.ranges.push_back(*range);
    }
    add(std::move(condition));
  }

  void interface(Kind kind, std::string_view name) {
    std::string pattern(name);
    if (pattern.ends_with('+')) pattern.back() = '*';
    add({.kind = kind, .names = {std::move(pattern)}});
  }

  void ports(Kind kind, std::string_view text) {
    PacketCondition condition{.kind = kind};
    for (const auto item : comma_list(text)) {
      const auto range = parse_packet_ports(item);
      if (!range) return unknown(kind == Kind::destination_port);
      condition.ranges.push_back(*range);
    }
    add(std::move(condition));
  }

  void states(std::string_view text) {
    PacketCondition condition{.kind = Kind::state};
    for (const auto item : comma_list(text)) condition.names.push_back(lower_case(item));
    add(std::move(condition));
  }

  void tcp_flags() {
    const auto mask = argument();
    const auto set = argument();
    const bool opening = set == "SYN" && mask.find("SYN") != std::string_view::npos;
    if (opening) return add({.kind = Kind::opening});
    unknown(false);
  }

  void destination_type(std::string_view type) {
    if (type == "LOCAL") return add({.kind = Kind::local_destination});
    if (type == "BROADCAST" || type == "MULTICAST" || type == "ANYCAST") {
      // Connections are not opened to such addresses.
      return add({.kind = Kind::state, .names = {}});
    }
    unknown(false);
  }

  void target(std::string_view name, PacketVerdict otherwise) {
    rule_.target_seen = true;
    if (name == "ACCEPT") {
      rule_.verdict = PacketVerdict::accept;
    } else if (name == "RETURN") {
      rule_.verdict = PacketVerdict::back;
    } else if (const auto verdict = verdict_of_xtables(name);
               verdict != PacketVerdict::queue || is_one(name, {"QUEUE", "NFQUEUE"})) {
      rule_.verdict = verdict;
    } else {  // a chain, or a target that nobody knows
      rule_.verdict = otherwise;
      rule_.target = name;
    }
  }

  struct Reading : PacketRule {
    bool target_seen = false;
  };

  std::span<const std::string> words_;
  IpFamily family_;
  std::size_t at_ = 0;
  bool negated_ = false;
  Reading rule_;
};

class Reader {
 public:
  Reader(IpFamily family, PacketFilter& filter)
      : family_(family), word_(family == IpFamily::ipv4 ? "ip" : "ip6"), filter_(filter) {}

  Result<void> read(const IptablesFile& file) {
    Lines lines(file.text);
    std::string_view raw;
    table_.clear();
    while (lines.next(raw)) {
      const auto line = trimmed(raw);
      const auto place = fmt::format("{}:{}", file.path, lines.number());
      if (line.empty() || line.starts_with('#')) continue;
      if (line.starts_with('*')) {
        open_table(trimmed(line.substr(1)), place);
      } else if (table_.empty()) {
        return wrong(place, "a line outside of any table");
      } else if (line == "COMMIT") {
        table_.clear();
      } else if (line.starts_with(':')) {
        chain_line(line.substr(1), place);
      } else if (const auto added = rule_line(line, place); !added) {
        return added;
      }
    }
    return table_.empty() ? Result<void>() : wrong(file.path, "the last table has no COMMIT, so it is not loaded");
  }

 private:
  static Result<void> wrong(const std::string& place, std::string_view what) {
    return std::unexpected(Error{Error::Kind::malformed, fmt::format("{}: {}", place, what)});
  }

  void open_table(std::string_view name, const std::string& place) {
    table_ = name;
    const bool known = std::any_of(filter_.tables.begin(), filter_.tables.end(), [&](const PacketTable& table) {
      return table.family == word_ && table.name == name;
    });
    if (!known) filter_.tables.push_back({.family = word_, .name = table_, .source = place});
  }

  PacketChain& chain(std::string_view name, const std::string& place) {
    for (auto& found : filter_.chains) {
      if (found.name == name && found.table == table_ && found.family == word_) return found;
    }
    PacketChain made{
        .family = word_, .table = table_, .name = std::string(name), .hook = hook_of(name), .source = place};
    if (made.hook) made.type = table_ == "nat" ? "nat" : "filter";
    filter_.chains.push_back(std::move(made));
    return filter_.chains.back();
  }

  void chain_line(std::string_view rest, const std::string& place) {
    const auto name = take_word(rest);
    const auto policy = take_word(rest);
    auto& found = chain(name, place);
    found.source = place;
    found.drops = policy == "DROP";
  }

  Result<void> rule_line(std::string_view line, const std::string& place) {
    // "[12:3456] -A INPUT …": counters in front.
    if (line.starts_with('[')) {
      const auto end = line.find(']');
      if (end == std::string_view::npos) return wrong(place, "counters without an end");
      line = trimmed(line.substr(end + 1));
    }
    const auto words = split(line);
    if (words.size() < 2) return wrong(place, "a line that is no rule");
    if (words.size() > max_words) {
      filter_.doubts.push_back(fmt::format("{}: a rule of more than {} words, which is not read", place, max_words));
      return {};
    }
    const auto& command = words[0];
    const bool append = command == "-A" || command == "--append";
    const bool insert = command == "-I" || command == "--insert";
    if (command == "-P" && words.size() > 2) {
      chain(words[1], place).drops = words[2] == "DROP";
      return {};
    }
    if (!append && !insert) {
      filter_.doubts.push_back(fmt::format("{}: a command that is not understood", place));
      return {};
    }
    if (++rules_ > max_rules)
      return std::unexpected(Error{Error::Kind::too_large, fmt::format("{}: more than {} rules", place, max_rules)});
    auto& into = chain(words[1], place).rules;
    std::size_t begin = 2;
    std::size_t position = 0;
    if (insert && words.size() > 2 && words[2].find_first_not_of("0123456789") == std::string::npos) {
      position = static_cast<std::size_t>(std::max<std::int64_t>(parse_integer(words[2]).value_or(1), 1)) - 1;
      begin = 3;
    }
    auto rule = RuleReader(std::span(words).subspan(begin), family_).read();
    rule.text = line;
    rule.source = place;
    into.insert(insert ? into.begin() + static_cast<std::ptrdiff_t>(std::min(position, into.size())) : into.end(),
                std::move(rule));
    return {};
  }

  IpFamily family_;
  std::string word_;
  PacketFilter& filter_;
  std::string table_;
  std::size_t rules_ = 0;
};

}  // namespace

Result<void> parse_iptables_save(std::span<const IptablesFile> files, IpFamily family, PacketFilter& filter) {
  Reader reader(family, filter);
  for (const auto& file : files) {
    if (const auto read = reader.read(file); !read) return read;
  }
  return {};
}

}  // namespace plimsoll::formats
