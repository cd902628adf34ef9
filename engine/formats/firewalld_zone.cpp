#include "engine/formats/firewalld_zone.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <pugixml.hpp>

#include "engine/formats/packet_filter.hpp"

namespace plimsoll::formats {
namespace {

std::string attribute(const pugi::xml_node& node, const char* name) {
  return node.attribute(name).value();
}

bool inverted(const pugi::xml_node& node) {
  auto text = attribute(node, "invert");
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text == "yes" || text == "true";
}

std::string rich_rule(const pugi::xml_node& rule) {
  std::string text = "rule";
  if (rule.attribute("priority")) text += fmt::format(" priority=\"{}\"", attribute(rule, "priority"));
  if (rule.attribute("family")) text += fmt::format(" family=\"{}\"", attribute(rule, "family"));
  for (const auto& part : rule.children()) {
    if (part.type() != pugi::node_element) continue;
    text += ' ';
    text += part.name();
    if (inverted(part)) text += " NOT";
    for (const auto& each : part.attributes()) {
      if (std::string_view(each.name()) != "invert") text += fmt::format(" {}=\"{}\"", each.name(), each.value());
    }
  }
  return text;
}

/// `rule family=ipv4 source address=127.0.0.1 destination not address=127.0.0.1 drop`: about nothing narrower.
bool drops_loopback(const pugi::xml_node& rule, IpFamily family) {
  const auto of = attribute(rule, "family");
  if (!of.empty() && of != name_of(family)) return false;
  if (!rule.child("drop") && !rule.child("reject")) return false;
  for (const auto* narrower :
       {"service", "port", "source-port", "protocol", "icmp-block", "icmp-type", "forward-port", "masquerade"}) {
    if (rule.child(narrower)) return false;
  }
  const auto source = rule.child("source");
  const auto range = parse_packet_addresses(attribute(source, "address"), family);
  if (!range || inverted(source) || !is_loopback(family, range->first) || !is_loopback(family, range->last))
    return false;
  const auto destination = rule.child("destination");
  if (!destination) return true;
  const auto to = parse_packet_addresses(attribute(destination, "address"), family);
  return inverted(destination) && to && is_loopback(family, to->first) && is_loopback(family, to->last);
}

}  // namespace

Result<FirewalldZone> parse_firewalld_zone(std::string_view text) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) return std::unexpected(Error{Error::Kind::malformed, fmt::format("no XML: {}", parsed.description())});
  const auto root = document.child("zone");
  if (!root) return std::unexpected(Error{Error::Kind::malformed, "its root element is not zone"});
  FirewalldZone zone;
  if (root.attribute("target")) zone.target = attribute(root, "target");
  for (const auto& node : root.children()) {
    const std::string_view name = node.name();
    if (name == "interface") zone.interfaces.push_back(attribute(node, "name"));
    if (name == "source")
      zone.sources.push_back(node.attribute("address") ? attribute(node, "address")
                             : node.attribute("mac")   ? attribute(node, "mac")
                                                       : "ipset:" + attribute(node, "ipset"));
    if (name == "service") zone.services.push_back(attribute(node, "name"));
    if (name == "port")
      zone.ports.push_back(fmt::format("{}/{}", attribute(node, "port"), attribute(node, "protocol")));
    if (name != "rule") continue;
    zone.rich_rules.push_back(rich_rule(node));
    zone.drops_loopback_ipv4 = zone.drops_loopback_ipv4 || drops_loopback(node, IpFamily::ipv4);
    zone.drops_loopback_ipv6 = zone.drops_loopback_ipv6 || drops_loopback(node, IpFamily::ipv6);
  }
  return zone;
}

}  // namespace plimsoll::formats
