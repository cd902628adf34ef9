#include "engine/formats/xml_events.hpp"

#include <expat.h>
#include <fmt/core.h>

#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace plimsoll::formats {
namespace {

constexpr std::size_t step_bytes = std::size_t{64} << 10U;

struct Budget {
  std::size_t left = XmlEvents::max_memory_bytes;
};

/// expat does not say to its allocator which parser it is for: whoever calls expat says it here.
thread_local Budget* charged = nullptr;

class Charge {
 public:
  explicit Charge(Budget& budget) : before_(std::exchange(charged, &budget)) {}
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;
  ~Charge() { charged = before_; }

 private:
  Budget* before_;
};

/// Before each piece stands how long it is.
constexpr std::size_t head_bytes = alignof(std::max_align_t);

std::size_t size_of(const void* piece) {
  std::size_t size = 0;
  std::memcpy(&size, static_cast<const char*>(piece) - head_bytes, sizeof size);
  return size;
}

void* take_memory(std::size_t size) {
  if (size > charged->left || head_bytes > charged->left - size) return nullptr;
  auto* const whole = static_cast<char*>(::operator new(size + head_bytes, std::nothrow));
  if (whole == nullptr) return nullptr;
  charged->left -= size + head_bytes;
  std::memcpy(whole, &size, sizeof size);
  return whole + head_bytes;
}

void give_back(void* piece) {
  if (piece == nullptr) return;
  charged->left += size_of(piece) + head_bytes;
  ::operator delete(static_cast<char*>(piece) - head_bytes);
}

void* resize(void* piece, std::size_t size) {
  if (piece == nullptr) return take_memory(size);
  const auto before = size_of(piece);
  auto* const made = take_memory(size);
  if (made == nullptr) return nullptr;
  std::memcpy(made, piece, before < size ? before : size);
  give_back(piece);
  return made;
}

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<XML_ParserStruct, FreeParser>;

}  // namespace

std::string_view XmlAttributes::find(std::string_view name) const {
  for (const char* const* at = pairs_; at[0] != nullptr; at += 2) {
    if (name == at[0]) return at[1];
  }
  return {};
}

struct XmlEvents::State {
  State(XmlVisitor& visitor_of_all, std::string_view root_name) : visitor(visitor_of_all), root(root_name) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    const Charge charge(budget);
    parser.reset();
  }

  static State& of(void* self) { return *static_cast<State*>(self); }

  void stop(Error::Kind kind, std::string what) {
    if (!error) error = Error{kind, fmt::format("line {}: {}", XML_GetCurrentLineNumber(parser.get()), what)};
    XML_StopParser(parser.get(), XML_FALSE);
  }

  static void open(void* self, const char* name, const char** attributes) {
    auto& state = of(self);
    state.silent_bytes = 0;
    if (state.error) return;  // expat may still hand out what it had begun with
    if (++state.depth > max_depth) return state.stop(Error::Kind::too_large, "elements stand too deep in one another");
    if (state.depth == 1 && name != state.root) {
      return state.stop(Error::Kind::malformed, fmt::format("its root element is not {}", state.root));
    }
    state.visitor.open(name, XmlAttributes(attributes));
  }
  static void close(void* self, const char* name) {
    auto& state = of(self);
    state.silent_bytes = 0;
    if (state.error) return;
    --state.depth;
    state.visitor.close(name);
  }
  static void text(void* self, const char* part, int size) {
    auto& state = of(self);
    state.silent_bytes = 0;
    if (!state.error) state.visitor.text({part, static_cast<std::size_t>(size)});
  }
  static void other(void* self, const char* /*part*/, int /*size*/) { of(self).silent_bytes = 0; }
  static void document_type(void* self, const char* /*name*/, const char* /*system*/, const char* /*known*/,
                            int /*has_subset*/) {
    of(self).stop(Error::Kind::malformed, "it has a document type, which no list of packages has");
  }

  Result<void> parse(std::string_view part, bool last) {
    const Charge charge(budget);
    if (!parser) return std::unexpected(Error{Error::Kind::failed, "there is no memory to read it"});
    const auto status = XML_Parse(parser.get(), part.data(), static_cast<int>(part.size()), last ? 1 : 0);
    if (status == XML_STATUS_OK) return {};
    const auto code = XML_GetErrorCode(parser.get());
    if (!error && code == XML_ERROR_NO_MEMORY) {
      error = Error{Error::Kind::too_large, "it needs more memory to be read than a list of packages would"};
    }
    if (!error) stop(Error::Kind::malformed, fmt::format("no XML: {}", XML_ErrorString(code)));
    return std::unexpected(*error);
  }

  XmlVisitor& visitor;
  std::string root;
  Budget budget;
  Parser parser;
  unsigned depth = 0;
  std::size_t silent_bytes = 0;  ///< fed since expat last said something
  std::optional<Error> error;
};

XmlEvents::XmlEvents(XmlVisitor& visitor, std::string_view root) : state_(std::make_unique<State>(visitor, root)) {
  const Charge charge(state_->budget);
  const XML_Memory_Handling_Suite memory = {take_memory, resize, give_back};
  state_->parser.reset(XML_ParserCreate_MM(nullptr, &memory, nullptr));
  auto* const parser = state_->parser.get();
  if (parser == nullptr) return;
  XML_SetUserData(parser, state_.get());
  XML_SetElementHandler(parser, State::open, State::close);
  XML_SetCharacterDataHandler(parser, State::text);
  XML_SetDefaultHandler(parser, State::other);
  XML_SetStartDoctypeDeclHandler(parser, State::document_type);
}

XmlEvents::~XmlEvents() = default;

// expat looks again from its beginning at a tag that goes on in the next block, so its length is bounded.
Result<void> XmlEvents::feed(std::string_view block) {
  if (state_->error) return std::unexpected(*state_->error);
  while (!block.empty()) {
    const auto part = block.substr(0, step_bytes);
    state_->silent_bytes += part.size();
    if (auto done = state_->parse(part, false); !done) return done;
    if (state_->silent_bytes > max_token_bytes) {
      state_->error = Error{Error::Kind::too_large, fmt::format("a tag has more than {} bytes", max_token_bytes)};
      return std::unexpected(*state_->error);
    }
    block.remove_prefix(part.size());
  }
  return {};
}

Result<void> XmlEvents::end() {
  if (state_->error) return std::unexpected(*state_->error);
  return state_->parse({}, true);
}

std::uint64_t XmlEvents::line() const {
  return XML_GetCurrentLineNumber(state_->parser.get());
}

}  // namespace plimsoll::formats
