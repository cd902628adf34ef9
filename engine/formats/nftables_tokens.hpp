// The words of nft(8)'s language, and definitions replaced by what they stand for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::formats {

struct NftablesToken {
  enum class Kind : std::uint8_t {
    word,
    text,
    mark,
    end
  };  ///< text: in quotes; mark: punctuation; end: of a statement
  Kind kind = Kind::word;
  std::string text;
  std::uint32_t line = 0;
  std::uint32_t file = 0;  ///< for whoever puts the words of several files together

  [[nodiscard]] bool is(std::string_view what) const { return kind != Kind::text && text == what; }
  [[nodiscard]] bool ends() const { return kind == Kind::end; }
};

/// Words, texts in double quotes, `{ } , = != == < > <= >= @` and ends of statements (new lines and semicolons).
/// Comments and continued lines are gone. `:` is a mark where blanks stand at one side of it, or behind a text.
[[nodiscard]] std::vector<NftablesToken> nftables_tokens(std::string_view text);

}  // namespace plimsoll::formats
