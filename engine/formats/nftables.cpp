#include "engine/formats/nftables.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/formats/nftables_rule.hpp"
#include "engine/formats/nftables_tokens.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_files = 256;
constexpr std::size_t max_tokens = 500'000;
constexpr std::size_t max_rules = 50'000;

using Token = NftablesToken;
using Tokens = std::vector<Token>;

std::optional<PacketHook> hook_named(std::string_view name) {
  for (const auto hook :
       {PacketHook::prerouting, PacketHook::input, PacketHook::forward, PacketHook::output, PacketHook::postrouting}) {
    if (name_of(hook) == name) return hook;
  }
  return {};
}

bool is_family(const Token& token) {
  for (const auto* name : {"ip", "ip6", "inet", "arp", "bridge", "netdev"}) {
    if (token.is(name)) return true;
  }
  return false;
}

class Loader {
 public:
  explicit Loader(const NftablesInclude& include) : include_(include) {}

  Result<void> load(const NftablesFile& file) {
    auto tokens = words_of(file);
    if (!tokens) return std::unexpected(tokens.error());
    Reader reader{*this, std::move(*tokens)};
    return reader.commands(false);
  }

  PacketFilter take() {
    for (auto& [title, chain] : chains_) {
      for (const auto& written : rules_of_[title]) add_rule(chain, written);
      filter_.chains.push_back(std::move(chain));
    }
    return std::move(filter_);
  }

 private:
  Result<Tokens> words_of(const NftablesFile& file) {
    if (paths_.size() == max_files) {
      return std::unexpected(
          Error{Error::Kind::malformed,
                fmt::format("{}: more than {} files, which may include each other without end", file.path, max_files)});
    }
    auto tokens = nftables_tokens(file.text);
    read_ += tokens.size();
    if (read_ > max_tokens) return std::unexpected(too_long(file.path));
    for (auto& token : tokens) token.file = static_cast<std::uint32_t>(paths_.size());
    paths_.push_back(file.path);
    return tokens;
  }
  static Error too_long(std::string_view path) {
    return {Error::Kind::too_large, fmt::format("{}: more than {} words", path, max_tokens)};
  }

  /// A rule is understood once all is read: what stands behind it may still fill the sets that it names.
  struct Written {
    Tokens words;
    std::string place;
  };
  void add_rule(PacketChain& chain, const Written& written) {
    auto rules = parse_nftables_rule(written.words, [&](std::string_view name) -> const Tokens* {
      const auto title = fmt::format("{} {} {}", chain.family, chain.table, name);
      const auto found = sets_.find(title);
      const bool changes = std::find(changing_.begin(), changing_.end(), title) != changing_.end();
      return found == sets_.end() || changes ? nullptr : &found->second;
    });
    for (auto& made : rules) {
      made.source = written.place;
      chain.rules.push_back(std::move(made));
    }
  }

  struct Reader {
    Loader& loader;
    Tokens tokens;
    std::size_t at = 0;
    std::string family = {};
    std::string table = {};

    [[nodiscard]] const Token& now() const { return tokens[std::min(at, tokens.size() - 1)]; }
    [[nodiscard]] bool done() const { return at + 1 >= tokens.size(); }
    [[nodiscard]] std::string place() const { return loader.place_of(now()); }
    [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const {
      return std::unexpected(Error{Error::Kind::malformed, fmt::format("{}: {}", place(), what)});
    }
    Token next() {
      Token token = now();
      if (at < tokens.size()) ++at;
      return token;
    }
    void pass_ends() {
      while (!done() && now().ends()) ++at;
    }
    /// Behind a statement, and behind the brace that closes a block, nft wants a new line or a semicolon.
    [[nodiscard]] Result<void> ended() const {
      if (now().ends()) return {};
      return wrong(fmt::format("a new line or a semicolon is missing before \"{}\"", now().text));
    }

    /// The words up to the end of the statement, without it: braces keep together what stands in several lines.
    /// Definitions are replaced.
    Result<Tokens> statement() {
      Tokens words;
      std::size_t open = 0;
      while (!done() && (open > 0 || (!now().ends() && !now().is("}")))) {
        if (now().is("{")) ++open;
        if (now().is("}")) --open;
        const Token token = next();
        if (token.ends()) continue;
        if (token.kind == Token::Kind::word && token.text.starts_with('$')) {
          const auto found = loader.definitions_.find(token.text.substr(1));
          if (found == loader.definitions_.end()) {
            return std::unexpected(Error{Error::Kind::malformed,
                                         fmt::format("{}: {} is not defined", loader.place_of(token), token.text)});
          }
          words.insert(words.end(), found->second.begin(), found->second.end());
        } else {
          words.push_back(token);
        }
        if (words.size() > max_tokens) {
          return std::unexpected(too_long(place()));
        }
      }
      if (open > 0) return wrong("a brace is not closed");
      return words;
    }

    /// Sets and maps in braces inside braces (definitions) become one list.
    static Tokens without_braces(const Tokens& words) {
      Tokens flat;
      for (const auto& word : words) {
        if (!word.is("{") && !word.is("}")) flat.push_back(word);
      }
      return flat;
    }
    static Tokens flat_sets(const Tokens& words) {
      Tokens flat;
      unsigned open = 0;
      for (const auto& word : words) {
        const bool inner = (word.is("{") && open > 0) || (word.is("}") && open > 1);
        if (word.is("{")) ++open;
        if (word.is("}") && open > 0) --open;
        if (!inner) flat.push_back(word);
      }
      return flat;
    }

    Result<void> commands(bool in_table) {
      while (true) {
        pass_ends();
        if (done()) return in_table ? Result<void>(wrong("a table is not closed")) : Result<void>();
        if (now().is("}")) {
          if (!in_table) return wrong("a brace closes nothing");
          ++at;
          return {};
        }
        const auto read = now().is("include") ? include() : entry(in_table);
        if (!read) return read;
      }
    }

    Result<void> entry(bool in_table) {
      const auto read = in_table ? table_entry() : command();
      return read ? ended() : read;
    }

    Result<void> command() {
      if (now().is("define") || now().is("redefine")) return define();
      if (now().is("table")) {
        ++at;
        return open_table();
      }
      if (now().is("add") || now().is("create") || now().is("insert") || now().is("replace")) {
        const bool insert = now().is("insert");
        ++at;
        if (now().is("table")) {
          ++at;
          return open_table();
        }
        return object(insert);
      }
      if (now().is("flush") || now().is("delete") || now().is("destroy") || now().is("reset")) return remove();
      if (now().is("undefine")) return pass_statement();
      if (now().is("chain") || now().is("rule") || now().is("set") || now().is("map") || now().is("element"))
        return object(false);
      const auto here = place();
      const auto words = statement();
      if (!words) return std::unexpected(words.error());
      loader.filter_.doubts.push_back(fmt::format("{}: a command that is not understood", here));
      if (now().is("}")) ++at;
      return {};
    }

    Result<void> pass_statement() {
      const auto words = statement();
      if (!words) return std::unexpected(words.error());
      return {};
    }

    Result<void> include() {
      ++at;
      if (done() || now().ends()) return wrong("include of nothing");
      const auto pattern = next().text;
      if (const auto end = ended(); !end) return end;
      const auto files = loader.include_(pattern);
      if (!files) return std::unexpected(files.error());
      // Their words take the place of the include, wherever it stands.
      Tokens words;
      for (const auto& file : *files) {
        const auto more = loader.words_of(file);
        if (!more) return std::unexpected(more.error());
        words.insert(words.end(), more->begin(), more->end());
      }
      tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(std::min(at, tokens.size())), words.begin(),
                    words.end());
      return {};
    }

    Result<void> define() {
      ++at;
      const auto words = statement();
      if (!words) return std::unexpected(words.error());
      if (words->size() < 2 || !(*words)[1].is("=")) return wrong("a definition without a value");
      loader.definitions_[(*words)[0].text] = Tokens(words->begin() + 2, words->end());
      return {};
    }

    /// "[family] table": sets both.
    void name_table() {
      family = "ip";
      if (is_family(now())) family = next().text;
      table = now().ends() ? std::string() : next().text;
    }

    Result<void> open_table() {
      const auto here = place();
      name_table();
      if (table.empty()) return wrong("a table without a name");
      loader.add_table(family, table, here);
      if (!now().is("{")) return {};
      ++at;
      return commands(true);
    }

    Result<void> table_entry() {
      if (now().is("define") || now().is("redefine")) return define();
      if (now().is("chain")) {
        const auto here = place();
        ++at;
        const auto name = next().text;
        auto& chain = loader.chain(family, table, name, here);
        return now().is("{") ? chain_body(chain) : Result<void>();
      }
      if (now().is("set") || now().is("map")) {
        ++at;
        return set_of(next().text);
      }
      if (now().is("flags")) {
        const auto words = statement();
        if (!words) return std::unexpected(words.error());
        for (const auto& word : *words) {
          if (word.is("dormant")) loader.tables_last().dormant = true;
        }
        return {};
      }
      // Counters, quotas, flow tables, comments: nothing that decides about packets.
      return pass_statement();
    }

    Result<void> object(bool insert) {
      const auto here = place();
      const auto kind = next().text;
      if (kind == "chain") {
        name_table();
        const auto name = next().text;
        loader.add_table(family, table, here);
        auto& chain = loader.chain(family, table, name, here);
        return now().is("{") ? chain_body(chain) : Result<void>();
      }
      if (kind == "set" || kind == "map") {
        name_table();
        return set_of(next().text);
      }
      if (kind == "element") {
        name_table();
        const auto name = next().text;
        const auto words = statement();
        if (!words) return std::unexpected(words.error());
        fill(name, without_braces(*words));
        return {};
      }
      // `add rule …`, and the short form without the word.
      if (kind != "rule") --at;
      name_table();
      const auto name = next().text;
      auto& chain = loader.chain(family, table, name, here);
      // A position is given by the handle or index of another rule.
      bool moved = false;
      while (now().is("handle") || now().is("position") || now().is("index")) {
        at += 2;
        moved = true;
      }
      if (moved) loader.filter_.doubts.push_back(fmt::format("{}: a rule with a position", here));
      return rule(chain, insert);
    }

    [[nodiscard]] std::string key(std::string_view name) const { return fmt::format("{} {} {}", family, table, name); }

    void fill(std::string_view name, const Tokens& elements) {
      auto& set = loader.sets_[key(name)];
      if (!set.empty() && !elements.empty()) set.push_back({Token::Kind::mark, ",", now().line, now().file});
      set.insert(set.end(), elements.begin(), elements.end());
    }

    Result<void> set_of(const std::string& name) {
      if (!now().is("{")) return {};
      ++at;
      bool changes = false;
      Tokens elements;
      while (true) {
        pass_ends();
        if (done()) return wrong("a set is not closed");
        if (now().is("}")) break;
        const bool holds = now().is("elements");
        const bool flags = now().is("flags");
        const auto words = statement();
        if (!words) return std::unexpected(words.error());
        // Only a list of elements may have the set's own brace directly behind it.
        if (!holds) {
          if (const auto end = ended(); !end) return end;
        }
        for (const auto& word : *words) changes = changes || (flags && (word.is("dynamic") || word.is("timeout")));
        if (holds && words->size() > 2) elements = without_braces(Tokens(words->begin() + 2, words->end()));
      }
      ++at;
      fill(name, elements);
      if (changes) loader.changing_.push_back(key(name));
      return {};
    }

    Result<void> chain_body(PacketChain& chain) {
      ++at;
      while (true) {
        pass_ends();
        if (done()) return wrong("a chain is not closed");
        if (now().is("}")) break;
        const auto read = now().is("include") ? include() : chain_entry(chain);
        if (!read) return read;
      }
      ++at;
      return {};
    }

    Result<void> chain_entry(PacketChain& chain) {
      Result<void> read;
      if (now().is("define") || now().is("redefine")) {
        read = define();
      } else if (now().is("type")) {
        read = base_of(chain);
      } else if (now().is("policy")) {
        ++at;
        const auto policy = statement();
        if (!policy) return std::unexpected(policy.error());
        chain.drops = !policy->empty() && policy->front().is("drop");
      } else if (now().is("comment") || now().is("devices") || now().is("flags")) {
        read = pass_statement();
      } else {
        read = rule(chain, false);
      }
      return read ? ended() : read;
    }

    Result<void> base_of(PacketChain& chain) {
      const auto words = statement();
      if (!words) return std::unexpected(words.error());
      for (std::size_t i = 0; i + 1 < words->size(); ++i) {
        if ((*words)[i].is("policy")) return wrong("a new line or a semicolon is missing before \"policy\"");
        if ((*words)[i].is("type")) chain.type = (*words)[i + 1].text;
        if ((*words)[i].is("hook")) chain.hook = hook_named((*words)[i + 1].text);
      }
      return {};
    }

    /// nft refuses a rule that goes on behind the word that decides; a comment may stand there.
    static bool goes_on(const Tokens& words) {
      unsigned open = 0;
      for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i].is("{")) ++open;
        if (words[i].is("}") && open > 0) --open;
        if (open == 0 && (words[i].is("accept") || words[i].is("drop")) && !words[i + 1].is("comment")) return true;
      }
      return false;
    }

    Result<void> rule(PacketChain& chain, bool insert) {
      const auto here = place();
      const auto words = statement();
      if (!words) return std::unexpected(words.error());
      if (words->empty()) return wrong("a rule without words");
      if (goes_on(*words)) return wrong("a rule goes on behind the word that decides");
      if (++loader.rules_ > max_rules)
        return std::unexpected(Error{Error::Kind::too_large, fmt::format("{}: more than {} rules", here, max_rules)});
      auto& rules = loader.rules_of_[chain.title()];
      rules.insert(insert ? rules.begin() : rules.end(), Written{flat_sets(*words), here});
      return {};
    }

    Result<void> remove() {
      const bool flush = now().is("flush");
      const auto here = place();
      ++at;
      const auto words = statement();
      if (!words) return std::unexpected(words.error());
      if (words->empty()) return wrong("a command without an object");
      const auto& kind = words->front();
      auto rest = std::span(*words).subspan(1);
      std::string of = "ip";
      if (!rest.empty() && is_family(rest.front())) {
        of = rest.front().text;
        rest = rest.subspan(1);
      }
      const auto title = rest.empty() ? of : fmt::format("{} {}", of, rest.front().text);
      if (kind.is("ruleset")) {
        loader.clear_tables("", true);
      } else if (kind.is("table") && !rest.empty()) {
        loader.clear_tables(title + ' ', !flush);
      } else if (kind.is("chain") && rest.size() > 1) {
        const auto chain = fmt::format("{} {}", title, rest[1].text);
        loader.rules_of_.erase(chain);
        if (!flush) loader.chains_.erase(chain);
      } else {
        loader.filter_.doubts.push_back(fmt::format("{}: a removal that is not understood", here));
      }
      return {};
    }
  };

  /// Takes the rules of tables whose titles begin so, and the tables themselves with all that is in them where
  /// `tables_too` says so.
  void clear_tables(std::string_view begins, bool tables_too) {
    const auto meant = [&](const auto& item) { return item.first.starts_with(begins); };
    std::erase_if(rules_of_, meant);
    if (!tables_too) return;
    std::erase_if(chains_, meant);
    std::erase_if(sets_, meant);
    std::erase_if(filter_.tables, [&](const PacketTable& table) {
      return begins.empty() || fmt::format("{} {} ", table.family, table.name) == begins;
    });
  }

  void add_table(const std::string& family, const std::string& name, const std::string& place) {
    for (std::size_t i = 0; i < filter_.tables.size(); ++i) {
      if (filter_.tables[i].family != family || filter_.tables[i].name != name) continue;
      last_table_ = i;
      return;
    }
    last_table_ = filter_.tables.size();
    filter_.tables.push_back({.family = family, .name = name, .source = place});
  }
  PacketTable& tables_last() { return filter_.tables[std::min(last_table_, filter_.tables.size() - 1)]; }

  PacketChain& chain(const std::string& family, const std::string& table, const std::string& name,
                     const std::string& place) {
    auto& found = chains_[fmt::format("{} {} {}", family, table, name)];
    if (found.name.empty()) found = {.family = family, .table = table, .name = name, .source = place};
    return found;
  }

  [[nodiscard]] std::string place_of(const Token& token) const {
    return fmt::format("{}:{}", paths_[token.file], token.line);
  }

  const NftablesInclude& include_;
  std::vector<std::string> paths_;
  PacketFilter filter_;
  std::size_t last_table_ = 0;
  std::map<std::string, PacketChain, std::less<>> chains_;             ///< by title; nodes stay where they are
  std::map<std::string, std::vector<Written>, std::less<>> rules_of_;  ///< by title of the chain
  std::map<std::string, Tokens, std::less<>> definitions_;
  std::map<std::string, Tokens, std::less<>> sets_;
  std::vector<std::string> changing_;
  std::size_t read_ = 0;
  std::size_t rules_ = 0;
};

}  // namespace

Result<PacketFilter> parse_nftables(const NftablesFile& file, const NftablesInclude& include) {
  Loader loader(include);
  if (const auto loaded = loader.load(file); !loaded) return std::unexpected(loaded.error());
  return loader.take();
}

}  // namespace plimsoll::formats
