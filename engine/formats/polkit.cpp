#include "engine/formats/polkit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <pugixml.hpp>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/key_file.hpp"

namespace plimsoll::formats {
namespace {

std::unexpected<Error> malformed(std::string what) {
  return std::unexpected(Error{Error::Kind::malformed, std::move(what)});
}

/// "a;b;": the end of the last one may be left out.
std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto end = text.find(';');
    const auto item = trimmed(text.substr(0, end));
    if (!item.empty()) items.emplace_back(item);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return items;
}

bool is_name(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '$';
}

/// Whether a name of JavaScript stands at a place as a whole, and not as a part of another.
bool is_whole(std::string_view text, std::size_t at, std::size_t size) {
  return (at == 0 || !is_name(text[at - 1])) && (at + size >= text.size() || !is_name(text[at + size]));
}

/// JavaScript without its comments; empty where a slash or a back quote makes it more than strings and comments to take
/// apart (regular expressions, divisions, templates).
std::optional<std::string> without_comments(std::string_view text) {
  // Lines also end in these, which would make a comment shorter than it looks.
  if (text.contains('\r') || text.contains("\xe2\x80")) return std::nullopt;
  std::string code;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : '\n';
    if (quote == 0 && c == '/' && (next == '/' || next == '*')) {
      const std::string_view end = next == '/' ? "\n" : "*/";
      const auto found = text.find(end, at + 2);
      if (found == std::string_view::npos) break;
      at = found + end.size() - 1;
      code += ' ';
      continue;
    }
    if (quote == 0 && (c == '/' || c == '`')) return std::nullopt;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote || c == '\n') {
      quote = 0;
    }
    code += c;
  }
  return code;
}

}  // namespace

Result<std::vector<PolkitAction>> parse_polkit_actions(std::string_view text) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) return malformed(fmt::format("no XML: {}", parsed.description()));
  const auto root = document.child("policyconfig");
  if (!root) return malformed("its root element is not policyconfig");
  std::vector<PolkitAction> actions;
  for (const auto& node : root.children("action")) {
    PolkitAction action;
    action.id = node.attribute("id").value();
    if (action.id.empty()) return malformed("an action has no name");
    const auto defaults = node.child("defaults");
    for (const auto& [name, answer] :
         {std::pair{"allow_any", &action.allow_any}, std::pair{"allow_inactive", &action.allow_inactive},
          std::pair{"allow_active", &action.allow_active}}) {
      const auto element = defaults.child(name);
      if (!element) continue;
      const auto word = trimmed(element.text().get());
      if (std::ranges::find(polkit_answers, word) == polkit_answers.end()) {
        return malformed(fmt::format("{}: {} is none of polkit's words", action.id, name));
      }
      *answer = word;
    }
    actions.push_back(std::move(action));
  }
  return actions;
}

Result<std::vector<PolkitGrant>> parse_polkit_grants(std::string_view text) {
  const auto entries = parse_key_file(text);
  if (!entries) return std::unexpected(entries.error());
  std::vector<PolkitGrant> grants;
  for (const auto& entry : *entries) {
    // The entries of a group stand together, but for groups that are written twice.
    if (grants.empty() || grants.back().name != entry.group) {
      grants.emplace_back();
      grants.back().name = entry.group;
      grants.back().line = entry.line;
    }
    auto& grant = grants.back();
    const std::string value(trimmed(entry.value));
    if (entry.key == "Identity") grant.identities = list_of(value);
    if (entry.key == "Action") grant.actions = list_of(value);
    if (entry.key == "ResultAny") grant.result_any = value;
    if (entry.key == "ResultInactive") grant.result_inactive = value;
    if (entry.key == "ResultActive") grant.result_active = value;
  }
  return grants;
}

bool polkit_rules_may_decide(std::string_view rules) {
  const auto code = without_comments(rules);
  if (!code) return true;
  const std::string_view text = *code;
  constexpr std::array<std::string_view, 6> other_ways = {"eval", "Function", "globalThis",
                                                          "this", "import",   "constructor"};
  for (const auto word : other_ways) {
    if (text.contains(word)) return true;
  }
  if (text.contains('\\')) return true;  // names may be written with escapes
  constexpr std::string_view object = "polkit";
  for (auto at = text.find(object); at != std::string_view::npos; at = text.find(object, at + 1)) {
    if (!is_whole(text, at, object.size())) continue;
    const auto rest = text.substr(at + object.size());
    if (!rest.starts_with(".addAdminRule(") && !rest.starts_with(".log(")) return true;
  }
  return false;
}

}  // namespace plimsoll::formats
