// A document tree for XML and HTML. Text goes in as text: what is written is escaped, and nobody has to remember it.
#pragma once

#include <memory>
#include <ostream>
#include <string_view>

namespace plimsoll::reports {

/// A node of a tree that its Markup owns; as cheap to copy as a pointer, and valid as long as the Markup lives.
class Element {
 public:
  explicit Element(void* node) : node_(node) {}

  /// Appends a child element and returns it.
  Element add(const char* name) const;
  /// Appends a child that starts on a line of its own. Only where white space means nothing.
  Element add_line(const char* name) const;
  /// Appends text as it stands. Characters that XML cannot hold, or that act instead of showing, are named
  /// ("⟨U+202E⟩").
  const Element& text(std::string_view text) const;
  /// The same, kept apart: right-to-left text inside cannot reorder what stands around it, and the names of characters
  /// that must not act are marked, so that they cannot be mistaken for text that reads like one. HTML only.
  const Element& foreign_text(std::string_view text) const;
  /// The same on one line for an attribute.
  const Element& set(const char* name, std::string_view value) const;
  const Element& set(const char* name, long long value) const;

 private:
  void* node_;
};

/// A list of elements that stand side by side; an XML document has one.
class Markup {
 public:
  Markup();
  Markup(const Markup&) = delete;
  Markup& operator=(const Markup&) = delete;
  ~Markup();

  [[nodiscard]] Element top();
  /// Indented, with `<?xml …?>`.
  void write_xml(std::ostream& out) const;
  /// As it stands. Every element gets an end tag, so void elements (br, img, input) have no place here.
  void write_html(std::ostream& out) const;

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace plimsoll::reports
