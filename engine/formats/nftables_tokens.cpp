#include "engine/formats/nftables_tokens.hpp"

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
namespace {

using Kind = NftablesToken::Kind;

constexpr std::string_view marks = "{},=<>!@()&|^";

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  std::vector<NftablesToken> all() {
    while (at_ < text_.size()) step();
    put(Kind::end, "\n");
    return std::move(tokens_);
  }

 private:
  void put(Kind kind, std::string_view text) { tokens_.push_back({kind, std::string(text), line_, 0}); }
  [[nodiscard]] char next(std::size_t ahead = 1) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\n';
  }

  [[nodiscard]] bool ends_a_word() const { return at_ == 0 || is_white(text_[at_ - 1]) || text_[at_ - 1] == '"'; }

  void step() {
    const char c = text_[at_];
    if (c == '\\' && next() == '\n') {
      at_ += 2;
      ++line_;
    } else if (c == '\n' || c == ';') {
      put(Kind::end, c == ';' ? ";" : "\n");
      if (c == '\n') ++line_;
      ++at_;
    } else if (is_white(c)) {
      ++at_;
    } else if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (c == '"') {
      quoted();
    } else if (marks.find(c) != std::string_view::npos) {
      const bool two = next() == '=' && (c == '!' || c == '=' || c == '<' || c == '>');
      put(Kind::mark, text_.substr(at_, two ? 2 : 1));
      at_ += two ? 2 : 1;
    } else if (c == ':' && (is_white(next()) || (next() != ':' && ends_a_word()))) {
      put(Kind::mark, ":");
      ++at_;
    } else {
      word();
    }
  }

  void quoted() {
    const auto begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') ++at_;
    put(Kind::text, text_.substr(begin, at_ - begin));
    if (at_ < text_.size() && text_[at_] == '"') ++at_;
  }

  void word() {
    const auto begin = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_white(c) || c == ';' || c == '"' || c == '#' || marks.find(c) != std::string_view::npos) break;
      if (c == ':' && is_white(next())) break;
      ++at_;
    }
    put(Kind::word, text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::vector<NftablesToken> tokens_;
};

}  // namespace

std::vector<NftablesToken> nftables_tokens(std::string_view text) {
  return Tokens(text).all();
}

}  // namespace plimsoll::formats
