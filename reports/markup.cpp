#include "reports/markup.hpp"

#include <pugixml.hpp>
#include <string>

#include "reports/visible.hpp"

namespace plimsoll::reports {

namespace {

pugi::xml_node node_at(void* node) {
  return pugi::xml_node(static_cast<pugi::xml_node_struct*>(node));
}

}  // namespace

struct Markup::Tree {
  pugi::xml_document document;
};

Element Element::add(const char* name) const {
  return Element(node_at(node_).append_child(name).internal_object());
}

Element Element::add_line(const char* name) const {
  node_at(node_).append_child(pugi::node_pcdata).set_value("\n");
  return add(name);
}

const Element& Element::text(std::string_view text) const {
  if (!text.empty()) node_at(node_).append_child(pugi::node_pcdata).set_value(visible(text).c_str());
  return *this;
}

const Element& Element::foreign_text(std::string_view text) const {
  const Element isolated = add("bdi");
  for (const auto& run : visible_runs(text)) (run.named ? isolated.add("mark") : isolated).text(run.text);
  return *this;
}

const Element& Element::set(const char* name, std::string_view value) const {
  node_at(node_).append_attribute(name).set_value(one_line(value).c_str());
  return *this;
}

const Element& Element::set(const char* name, long long value) const {
  node_at(node_).append_attribute(name).set_value(value);
  return *this;
}

Markup::Markup() : tree_(std::make_unique<Tree>()) {}
Markup::~Markup() = default;

Element Markup::top() {
  return Element(tree_->document.internal_object());
}

void Markup::write_xml(std::ostream& out) const {
  tree_->document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
}

void Markup::write_html(std::ostream& out) const {
  constexpr unsigned int flags = pugi::format_raw | pugi::format_no_declaration | pugi::format_no_empty_element_tags;
  tree_->document.save(out, "", flags, pugi::encoding_utf8);
}

}  // namespace plimsoll::reports
