#include "engine/evaluate/pattern.hpp"

#include <re2/re2.h>

#include <utility>

namespace plimsoll::evaluate {

namespace {

re2::RE2::Options options() {
  re2::RE2::Options chosen;
  // Host text is bytes: in Latin-1 every byte is a character, so invalid UTF-8 cannot hide from a pattern.
  chosen.set_encoding(re2::RE2::Options::EncodingLatin1);
  chosen.set_log_errors(false);
  chosen.set_max_mem(1 << 20);
  return chosen;
}

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(std::string_view text) : expression(re2::StringPiece(text.data(), text.size()), options()) {}
  re2::RE2 expression;
};

Pattern::Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

Result<Pattern> Pattern::compile(std::string_view text) {
  auto compiled = std::make_shared<const Compiled>(text);
  if (!compiled->expression.ok()) {
    return std::unexpected(Error{.kind = Error::Kind::malformed, .what = compiled->expression.error()});
  }
  return Pattern(std::move(compiled));
}

bool Pattern::found_in(std::string_view bytes) const {
  return re2::RE2::PartialMatch(re2::StringPiece(bytes.data(), bytes.size()), compiled_->expression);
}

Result<Pattern> PatternShelf::get(std::string_view text) {
  const std::lock_guard lock(mutex_);
  auto found = patterns_.find(text);
  if (found == patterns_.end()) found = patterns_.emplace(std::string(text), Pattern::compile(text)).first;
  return found->second;
}

std::string problem_with_pattern(std::string_view text) {
  const auto pattern = Pattern::compile(text);
  return pattern ? std::string() : pattern.error().what;
}

}  // namespace plimsoll::evaluate
