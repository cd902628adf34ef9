#include "engine/formats/yaml.hpp"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <span>
#include <spanstream>
#include <unordered_map>

#include "engine/formats/encoding.hpp"

namespace plimsoll::formats {

namespace {

// Text that aliases may copy, in bytes: a long scalar named once and used a thousand times must not fill the memory.
constexpr std::size_t max_expanded_bytes = std::size_t{64} * 1024 * 1024;

// Leaves the library's parser from inside a callback; caught in parse_yaml, like the library's own exceptions.
struct Refused {
  std::string what;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

std::uint32_t one_based(int zero_based) {
  return zero_based < 0 ? 0 : static_cast<std::uint32_t>(zero_based) + 1;
}

[[noreturn]] void refuse(const YAML::Mark& mark, std::string what) {
  throw Refused{std::move(what), one_based(mark.line), one_based(mark.column)};
}

struct Size {
  std::size_t nodes = 1;
  std::size_t bytes = 0;
  int depth = 1;
};

Size size_of(const YamlNode& node) {
  Size size{1, node.text.size(), 1};
  const auto add = [&size](const YamlNode& part) {
    const Size more = size_of(part);
    size.nodes += more.nodes;
    size.bytes += more.bytes;
    size.depth = std::max(size.depth, more.depth + 1);
  };
  for (const auto& item : node.items) add(item);
  for (const auto& [key, value] : node.entries) {
    add(key);
    add(value);
  }
  return size;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode take() { return std::move(document_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (seen_document_) refuse(mark, "a second document starts here; one file holds one document");
    seen_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(node_at(mark, YamlNode::Kind::null), anchor, mark);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = node_at(mark, YamlNode::Kind::scalar);
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";  // "!" is what the library says of quotes and blocks
    node.text = value;
    finish(std::move(node), anchor, mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark, "this alias stands inside the very thing it names");
    const Size& size = found->second.size;
    expanded_bytes_ += size.bytes;
    if (expanded_bytes_ > max_expanded_bytes) refuse(mark, "aliases repeat too much text");
    if (open_.size() + static_cast<std::size_t>(size.depth) > max_yaml_depth) refuse_depth(mark);
    copies_ += size.nodes;
    if (copies_ > max_yaml_copies) refuse(mark, fmt::format("aliases repeat more than {} values", max_yaml_copies));
    count(size.nodes, mark);
    YamlNode node = found->second.node;
    node.line = one_based(mark.line);
    node.column = one_based(mark.column);
    attach(std::move(node), mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(node_at(mark, YamlNode::Kind::sequence), anchor, mark);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(node_at(mark, YamlNode::Kind::map), anchor, mark);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    YAML::Mark mark;
    YamlNode key = {};
    bool has_key = false;
  };
  struct Anchored {
    YamlNode node;
    Size size;
  };

  static YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) {
    YamlNode node;
    node.kind = kind;
    node.line = one_based(mark.line);
    node.column = one_based(mark.column);
    return node;
  }

  [[noreturn]] static void refuse_depth(const YAML::Mark& mark) {
    refuse(mark, fmt::format("nested more than {} deep", max_yaml_depth));
  }

  void count(std::size_t nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > max_yaml_nodes) refuse(mark, fmt::format("more than {} values", max_yaml_nodes));
  }

  void open(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (open_.size() >= max_yaml_depth) refuse_depth(mark);
    if (!open_.empty() && open_.back().node.is_map() && !open_.back().has_key) refuse_key(mark);
    count(1, mark);
    open_.push_back({std::move(node), anchor, mark});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    remember(done.node, done.anchor, done.mark);
    attach(std::move(done.node), done.mark);
  }

  void finish(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (open_.size() >= max_yaml_depth) refuse_depth(mark);
    count(1, mark);
    remember(node, anchor, mark);
    attach(std::move(node), mark);
  }

  // Anchors around anchors copy the same text again at each level, so what is kept for aliases is bounded as well.
  void remember(const YamlNode& node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (anchor == YAML::NullAnchor) return;
    const Size size = size_of(node);
    count(size.nodes, mark);
    expanded_bytes_ += size.bytes;
    if (expanded_bytes_ > max_expanded_bytes) refuse(mark, "anchors name too much text");
    anchors_.insert_or_assign(anchor, Anchored{node, size});
  }

  [[noreturn]] static void refuse_key(const YAML::Mark& mark) { refuse(mark, "a key must be a plain or quoted text"); }

  void attach(YamlNode node, const YAML::Mark& mark) {
    if (open_.empty()) {
      document_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_sequence()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      if (!node.is_scalar()) refuse_key(mark);
      // Consumers differ on merge keys (YAML 1.1), so reading one as an ordinary key would be a guess.
      if (node.text == "<<" && !node.quoted) refuse(mark, "merge keys (`<<`) are not part of YAML 1.2");
      parent.key = std::move(node);
      parent.has_key = true;
    } else {
      parent.node.entries.emplace_back(std::move(parent.key), std::move(node));
      parent.has_key = false;
    }
  }

  YamlNode document_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
  std::size_t copies_ = 0;
  std::size_t expanded_bytes_ = 0;
  bool seen_document_ = false;
};

Error malformed(std::string what, std::uint32_t line, std::uint32_t column) {
  return Error{Error::Kind::malformed, std::move(what), {}, {"", line, column}};
}

// The library's error, placed within the text: what is missing at its end is missing from its last line.
Error malformed(const YAML::Exception& exception, std::string_view text) {
  const bool in_quotes = exception.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
  std::string what = in_quotes ? "a quote is not closed before the document ends" : exception.msg;
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const std::uint32_t line = one_based(exception.mark.line);
  if (line <= lines) return malformed(std::move(what), line, one_based(exception.mark.column));
  const std::size_t start = text.rfind('\n') + 1;  // npos + 1: the text is one line
  return malformed(std::move(what), lines, static_cast<std::uint32_t>(text.size() - start) + 1);
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.text == key) return &value;
  }
  return nullptr;
}

Result<YamlNode> parse_yaml(std::string_view text) {
  // The library guesses other encodings and replaces what it cannot decode; a silent replacement would change values.
  if (auto encoding = check_utf8(text); !encoding) return std::unexpected(encoding.error());
  // The library takes an unterminated quote for ended at the end of its input, and a truncated file for a whole one.
  // The mark of a document's end cannot stand within quotes.
  std::string ended(text);
  if (!ended.empty()) ended += ended.back() == '\n' ? "...\n" : "\n...\n";
  try {
    std::ispanstream stream{std::span<const char>{ended.data(), ended.size()}};
    YAML::Parser parser{stream};
    TreeBuilder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const Refused& refused) {
    return std::unexpected(malformed(refused.what, refused.line, refused.column));
  } catch (const YAML::Exception& exception) {
    return std::unexpected(malformed(exception, text));
  }
}

}  // namespace plimsoll::formats
