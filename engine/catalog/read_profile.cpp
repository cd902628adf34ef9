#include "engine/catalog/read_profile.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "engine/catalog/map_reader.hpp"
#include "engine/catalog/read_row.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::catalog {

namespace {

using formats::YamlNode;

constexpr std::array<std::string_view, 13> profile_keys = {
    "profile", "title",   "version", "description", "roles",    "fallback",       "beside",
    "applies", "extends", "set",     "exclude",     "sections", "recommendations"};

bool covers(std::string_view prefix, std::string_view id) {
  return id.starts_with(prefix) && (id.size() == prefix.size() || id[prefix.size()] == '.');
}

class ProfilesReader {
 public:
  ProfilesReader(const ProfileInput& input, std::vector<Diagnostic>& diagnostics)
      : input_(input), diagnostics_(diagnostics), states_(input.sources.size()) {
    for (std::size_t i = 0; i < input.sources.size(); ++i) {
      const YamlNode* id = input.sources[i].root.find("profile");
      if (id != nullptr && id->is_scalar()) by_id_.try_emplace(id->text, i);
    }
  }

  std::vector<Profile> read_all() {
    std::vector<Profile> profiles;
    for (std::size_t i = 0; i < input_.sources.size(); ++i) {
      read(i);
      profiles.push_back(states_[i].profile);
    }
    return profiles;
  }

 private:
  struct State {
    enum class Stage : std::uint8_t { untouched, open, done } stage = Stage::untouched;
    Profile profile;
  };

  void read(std::size_t index) {
    State& state = states_[index];
    if (state.stage != State::Stage::untouched) return;
    state.stage = State::Stage::open;
    const ProfileSource& source = input_.sources[index];
    const ReadContext context{input_.schemas, input_.check_pattern, Reporter(*source.file, diagnostics_)};
    state.profile = read_one(index, source, context);
    state.stage = State::Stage::done;
  }

  Profile read_one(std::size_t index, const ProfileSource& source, const ReadContext& context) {
    const Reporter& reporter = context.reporter;
    Profile profile;
    profile.file = source.file->relative;
    profile.line = 1;
    if (source.root.kind == YamlNode::Kind::null) {
      reporter.add("empty-file", 1, 1, "there is no profile in this file");
      return profile;
    }
    const MapReader map(source.root, "a profile", profile_keys, reporter);
    if (!map.is_map()) return profile;
    profile.line = source.root.line;
    read_id(index, map, reporter, profile);

    const YamlNode* extends = map.find("extends");
    const Profile* base = extends == nullptr ? nullptr : find_base(*extends, reporter);
    const auto text = [&](std::string_view key, const std::string& inherited) {
      if (extends == nullptr || map.find(key) != nullptr) return map.required_text(key);
      return inherited;
    };
    profile.title = map.required_text("title");
    profile.version = text("version", base == nullptr ? std::string() : base->version);
    if (const YamlNode* version = map.find("version"); version != nullptr && version->is_scalar()) {
      const auto literal = parse_literal(*version, Wanted::text, "`version`");
      if (!literal) reporter.add(literal.error().code, *version, literal.error().message, literal.error().hint);
    }
    profile.description = map.text("description");
    read_roles(map, base, reporter, profile);
    profile.fallback = map.boolean("fallback").value_or(false);
    profile.beside = map.boolean("beside").value_or(false);
    if (const YamlNode* applies = map.find("applies")) {
      std::vector<bool> used;
      report_references(*applies, {}, used, reporter, "a profile has no parameters");
      profile.applies = read_applies(*applies, {}, context);
    }
    if (base != nullptr) profile.rows = base->rows;
    if (const YamlNode* exclude = map.find("exclude")) read_exclude(*exclude, base, reporter, profile);
    read_rows(map, base != nullptr || extends != nullptr, context, profile);
    if (const YamlNode* set = map.find("set")) apply_profile_set(*set, base, map, context, profile);
    return profile;
  }

  void read_id(std::size_t index, const MapReader& map, const Reporter& reporter, Profile& profile) const {
    profile.id = map.required_text("profile");
    if (profile.id.empty()) return;
    const YamlNode& id = *map.find("profile");
    if (!is_id(profile.id, true)) {
      reporter.add("bad-id", id, fmt::format("`{}` is not an id", profile.id),
                   "lower-case letters, digits, hyphens and dots, starting with a letter");
    }
    const auto first = by_id_.find(profile.id);
    if (first != by_id_.end() && first->second != index) {
      const SourceFile& file = *input_.sources[first->second].file;
      reporter.add("duplicate-id", id, fmt::format("profile `{}` stands in {} already", profile.id, file.file));
    }
  }

  const Profile* find_base(const YamlNode& node, const Reporter& reporter) {
    const auto found = node.is_scalar() ? by_id_.find(node.text) : by_id_.end();
    if (found != by_id_.end()) {
      State& state = states_[found->second];
      if (state.stage == State::Stage::open) {
        // A user's profile may extend the shipped one that it replaces.
        const Profile* shipped = find_shipped(node.text);
        if (shipped != nullptr) return shipped;
        reporter.add("extends-loop", node, fmt::format("`{}` extends this profile, directly or by others", node.text));
        return nullptr;
      }
      read(found->second);
      return &state.profile;
    }
    if (node.is_scalar()) {
      if (const Profile* shipped = find_shipped(node.text)) return shipped;
    }
    std::vector<std::string_view> names;
    names.reserve(by_id_.size() + input_.base.size());
    for (const auto& [id, index] : by_id_) names.push_back(id);
    for (const auto& profile : input_.base) names.push_back(profile.id);
    reporter.add("unknown-profile", node, fmt::format("there is no profile {}", described(node)),
                 suggestion(node.text, names));
    return nullptr;
  }

  const Profile* find_shipped(std::string_view id) const {
    const auto found =
        std::find_if(input_.base.begin(), input_.base.end(), [&](const Profile& known) { return known.id == id; });
    return found == input_.base.end() ? nullptr : &*found;
  }

  static void read_roles(const MapReader& map, const Profile* base, const Reporter& reporter, Profile& profile) {
    if (base != nullptr) profile.roles = base->roles;  // rows refer to them by number
    const YamlNode* node = map.find("roles");
    if (node == nullptr) return;
    if (base != nullptr && !base->roles.empty()) {
      reporter.add("needless-key", *node, fmt::format("the roles are those of `{}`, which this extends", base->id),
                   "leave `roles` out");
      return;
    }
    for (const auto* item : map.texts("roles")) {
      if (!is_id(item->text, false)) {
        reporter.add("bad-id", *item, fmt::format("`{}` is not the name of a role", item->text),
                     "lower-case letters, digits and hyphens, starting with a letter");
      } else if (std::find(profile.roles.begin(), profile.roles.end(), item->text) != profile.roles.end()) {
        reporter.add("duplicate-id", *item, fmt::format("role `{}` stands here already", item->text));
      } else if (profile.roles.size() == Profile::max_roles) {
        reporter.add("wrong-shape", *item, fmt::format("a profile has at most {} roles", Profile::max_roles));
      } else {
        profile.roles.push_back(item->text);
      }
    }
  }

  static void read_exclude(const YamlNode& node, const Profile* base, const Reporter& reporter, Profile& profile) {
    if (!node.is_sequence()) {
      reporter.add("wrong-shape", node, fmt::format("`exclude` is a list of rows, not {}", described(node)),
                   "write `- { id: \"1.2.3\", reason: … }`");
      return;
    }
    static constexpr std::array<std::string_view, 2> keys = {"id", "reason"};
    for (const auto& item : node.items) {
      const MapReader map(item, "an excluded row", keys, reporter);
      if (!map.is_map()) continue;
      const std::string id = map.required_text("id");
      const std::string reason = map.required_text("reason");
      if (id.empty()) continue;
      std::vector<std::string_view> names;
      Row* found = nullptr;
      for (auto& row : profile.rows) {
        names.push_back(row.id);
        if (row.id == id) found = &row;
      }
      if (found == nullptr) {
        const std::string where =
            base == nullptr ? "this profile extends none" : fmt::format("profile `{}` has no row `{}`", base->id, id);
        reporter.add("unknown-row", *map.find("id"), where, suggestion(id, names));
        continue;
      }
      found->checks.clear();
      found->assessment = Assessment::manual;
      found->question.clear();
      found->gap = fmt::format("excluded by {}: {}", profile.id, reason);
    }
  }

  void read_rows(const MapReader& map, bool optional, const ReadContext& context, Profile& profile) const {
    const Reporter& reporter = context.reporter;
    const YamlNode* sections = map.find("sections");
    const YamlNode* node = optional ? map.find("recommendations") : map.required("recommendations");
    std::vector<std::string_view> own;
    if (node != nullptr && (!node->is_sequence() || node->items.empty())) {
      reporter.add(node->is_sequence() ? "empty-file" : "wrong-shape", *node,
                   fmt::format("`recommendations` is a list of rows, not {}",
                               node->is_sequence() ? "an empty one" : described(*node)));
      return;
    }
    if (node != nullptr) {
      std::set<std::string> seen;
      for (const auto& item : node->items) {
        Row row = read_row(item, profile.roles, *input_.checks, context);
        if (row.id.empty()) continue;
        if (!seen.insert(row.id).second) {
          reporter.add("duplicate-id", *item.find("id"),
                       fmt::format("row `{}` stands in this profile already", row.id));
          continue;
        }
        const auto inherited = std::find_if(profile.rows.begin(), profile.rows.end(),
                                            [&](const Row& known) { return known.id == row.id; });
        if (inherited != profile.rows.end()) {
          row.section = inherited->section;
          *inherited = std::move(row);
        } else {
          profile.rows.push_back(std::move(row));
        }
      }
    }
    if (sections != nullptr) apply_sections(*sections, reporter, profile);
  }

  static void apply_sections(const YamlNode& node, const Reporter& reporter, Profile& profile) {
    if (!node.is_map()) {
      reporter.add("wrong-shape", node, fmt::format("`sections` is a map of numbers, not {}", described(node)));
      return;
    }
    report_duplicate_keys(node, reporter);
    for (const auto& [key, value] : node.entries) {
      if (!value.is_scalar() || trimmed(value.text).empty()) {
        reporter.add("wrong-shape", value,
                     fmt::format("the words for section {} are a text, not {}", key.text, described(value)));
      }
      if (!key.quoted) {
        reporter.add(
            "quote-text", key,
            fmt::format("the number of a section is a text, and unquoted `{}` may be read as something else", key.text),
            fmt::format("write \"{}\"", key.text));
      }
      const bool used = std::any_of(profile.rows.begin(), profile.rows.end(),
                                    [&](const Row& row) { return covers(key.text, row.id); });
      if (!used) reporter.add("bad-section", key, fmt::format("no row stands in section `{}`", key.text));
    }
    for (auto& row : profile.rows) {
      std::size_t longest = 0;
      for (const auto& [key, value] : node.entries) {
        if (key.text.size() <= longest || !covers(key.text, row.id)) continue;
        longest = key.text.size();
        row.section = fmt::format("{} {}", key.text, trimmed(value.text));
      }
    }
  }

  // What a profile sets for all rows gives way to what a row of its own sets, and overrides what it extends.
  void apply_profile_set(const YamlNode& node, const Profile* base, const MapReader& map, const ReadContext& context,
                         Profile& profile) const {
    std::vector<Row> before = profile.rows;
    apply_set(node, profile.rows, *input_.checks, context);
    const YamlNode* own = map.find("recommendations");
    if (own == nullptr || !own->is_sequence()) return;
    std::set<std::string_view> own_ids;
    for (const auto& item : own->items) {
      if (const YamlNode* id = item.find("id")) own_ids.insert(id->text);
    }
    for (std::size_t i = 0; i < profile.rows.size(); ++i) {
      if (base != nullptr && !own_ids.contains(profile.rows[i].id)) continue;
      for (std::size_t j = 0; j < profile.rows[i].checks.size(); ++j) {
        auto& set = profile.rows[i].checks[j].set;
        for (const auto& [name, value] : before[i].checks[j].set) {
          const auto found =
              std::find_if(set.begin(), set.end(), [&](const auto& entry) { return entry.first == name; });
          if (found != set.end()) found->second = value;
        }
      }
    }
  }

  const ProfileInput& input_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<State> states_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
};

}  // namespace

std::vector<Profile> read_profiles(const ProfileInput& input, std::vector<Diagnostic>& diagnostics) {
  return ProfilesReader(input, diagnostics).read_all();
}

}  // namespace plimsoll::catalog
