// Which rows and checks of a catalog a run judges, with parameters in place.
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "engine/catalog/bind.hpp"
#include "engine/catalog/catalog.hpp"
#include "engine/catalog/compile.hpp"
#include "engine/catalog/diagnostics.hpp"
#include "engine/catalog/state.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::catalog {

namespace {

using image::Number;
using image::Range;

constexpr std::string_view damaged = "the catalog is damaged, or was built for other probes";

// A check as some row wants it: with the values of its parameters.
struct Wish {
  Number check = 0;
  std::vector<Value> values;
  std::vector<std::pair<std::string, std::string>> printed;  // name → value

  [[nodiscard]] auto key() const { return std::tie(check, printed); }
};

class Planner {
 public:
  Planner(const Catalog& catalog, const Selection& selection, std::span<const ProbeSchema* const> schemas)
      : catalog_(catalog), view_(catalog.state().view), selection_(selection), decoder_(view_, schemas) {}

  PlanOutcome run() {
    PlanOutcome outcome;
    check_names();
    if (problems_.empty()) choose();
    if (problems_.empty() && rows_.empty() && wishes_.empty())
      problems_.emplace_back("nothing is left to judge: no row fits the selection");
    if (problems_.empty()) {
      report_unused();
      Plan plan;
      build(plan);
      if (problems_.empty()) outcome.plan = std::move(plan);
    }
    outcome.problems = std::move(problems_);
    return outcome;
  }

 private:
  struct ChosenRow {
    std::size_t profile = 0;  // into selection_.profiles
    Number row = 0;
    std::uint8_t level = 0;
    std::vector<Number> wishes;
  };

  void problem(std::string text, const std::string& hint = {}) {
    if (!hint.empty()) text += fmt::format("; {}", hint);
    if (std::find(problems_.begin(), problems_.end(), text) == problems_.end()) problems_.push_back(std::move(text));
  }

  void check_names() {
    for (const auto& profile : selection_.profiles) {
      if (catalog_.find_profile(profile.id)) continue;
      std::vector<std::string_view> names;
      names.reserve(catalog_.profile_count());
      for (std::size_t i = 0; i < catalog_.profile_count(); ++i) {
        names.push_back(view_.text(view_.row<image::ProfileRow>(static_cast<Number>(i)).id));
      }
      problem(fmt::format("there is no profile `{}`", profile.id), suggestion(profile.id, names));
    }
    for (const auto& id : selection_.checks) {
      if (const auto found = catalog_.find_check(id)) {
        wanted_.insert(static_cast<Number>(*found));
        continue;
      }
      problem(fmt::format("there is no check `{}`", id), suggestion(id, check_ids()));
    }
    if (!problems_.empty() || selection_.role.empty()) return;
    std::vector<std::string_view> roles;
    for (const auto& profile : selection_.profiles) {
      const auto row = view_.row<image::ProfileRow>(static_cast<Number>(*catalog_.find_profile(profile.id)));
      for (const auto role : view_.texts(row.roles)) roles.push_back(role);
    }
    if (std::find(roles.begin(), roles.end(), selection_.role) == roles.end()) {
      problem(fmt::format("none of the profiles has a role `{}`", selection_.role), suggestion(selection_.role, roles));
    }
  }

  std::vector<std::string_view> check_ids() const {
    std::vector<std::string_view> names(view_.count<image::CheckRow>());
    for (Number i = 0; i < names.size(); ++i) names[i] = view_.text(view_.row<image::CheckRow>(i).id);
    return names;
  }

  void choose() {
    parameters_.resize(view_.count<image::CheckRow>());
    wishes_of_.resize(view_.count<image::CheckRow>());
    for (const auto& section : selection_.sections) section_used_.emplace(section, false);
    for (std::size_t i = 0; i < selection_.profiles.size(); ++i) choose_rows(i);
    for (const auto& section : selection_.sections) {
      if (!section_used_[section] && !selection_.profiles.empty()) {
        problem(fmt::format("no row of the chosen profiles stands in section `{}`", section));
      }
    }
    if (selection_.profiles.empty()) {
      for (const Number check : wanted_) {
        if (severe_enough(check)) wish(check, {});
      }
    }
    for (const Number check : wanted_) {
      if (!selection_.profiles.empty() && severe_enough(check) && wishes_of_[check].empty()) {
        problem(fmt::format("check `{}` answers no chosen row of the chosen profiles",
                            view_.text(view_.row<image::CheckRow>(check).id)),
                "without profiles it runs by itself");
      }
    }
  }

  bool severe_enough(Number check) const {
    return !selection_.severity ||
           view_.row<image::CheckRow>(check).severity >= static_cast<Number>(*selection_.severity);
  }

  void choose_rows(std::size_t at) {
    const auto index = catalog_.find_profile(selection_.profiles[at].id);
    const auto profile = view_.row<image::ProfileRow>(static_cast<Number>(*index));
    const Number role = image::role_number(view_, profile, selection_.role).value_or(0);
    const Range rows = view_.within<image::RowRow>(profile.rows);
    for (Number i = 0; i < rows.count; ++i) {
      ChosenRow chosen{at, rows.first + i, 0, {}};
      const auto row = view_.row<image::RowRow>(chosen.row);
      const auto level = image::level_for(view_, row, role);
      if (!level) continue;
      chosen.level = *level;
      if (!in_sections(view_.text(row.id))) continue;
      if (selection_.level && *level > *selection_.level) continue;
      if (!has_wanted_check(row)) continue;
      const Range checks = view_.within<image::RowCheckRow>(row.checks);
      for (Number j = 0; j < checks.count; ++j) {
        const auto row_check = view_.row<image::RowCheckRow>(checks.first + j);
        if (row_check.check >= view_.count<image::CheckRow>()) {
          problem(std::string(damaged));
          return;
        }
        if (const auto number = wish(row_check.check, row_check.settings)) chosen.wishes.push_back(*number);
      }
      rows_.push_back(std::move(chosen));
    }
  }

  /// Whether the id, or what it begins with before one of its dots, is a wanted section.
  bool in_sections(std::string_view id) {
    if (section_used_.empty()) return true;
    bool inside = false;
    for (std::size_t end = 0; end < id.size();) {
      end = std::min(id.find('.', end + 1), id.size());
      const auto section = section_used_.find(id.substr(0, end));
      if (section == section_used_.end()) continue;
      section->second = true;
      inside = true;
    }
    return inside;
  }

  // A row is judged whole or not at all: a verdict from some of its checks would say too much.
  bool has_wanted_check(const image::RowRow& row) const {
    const Range checks = view_.within<image::RowCheckRow>(row.checks);
    if (checks.count == 0) return wanted_.empty();
    for (Number i = 0; i < checks.count; ++i) {
      const Number check = view_.row<image::RowCheckRow>(checks.first + i).check;
      if ((wanted_.empty() || wanted_.contains(check)) && severe_enough(check)) return true;
    }
    return false;
  }

  const std::vector<Parameter>* parameters_of(Number check) {
    auto& known = parameters_[check];
    if (!known) {
      known = decoder_.parameters(view_.row<image::CheckRow>(check).parameters);
      if (!known) problem(std::string(damaged));
    }
    return known ? &*known : nullptr;
  }

  std::optional<Number> wish(Number check, Range settings) {
    const auto* parameters = parameters_of(check);
    if (parameters == nullptr) return std::nullopt;
    Wish made{check, {}, {}};
    made.values.reserve(parameters->size());
    made.printed.reserve(parameters->size());
    for (const auto& parameter : *parameters) made.values.push_back(parameter.fallback);
    const Range held = view_.within<image::SettingRow>(settings);
    for (Number i = 0; i < held.count; ++i) {
      const auto setting = view_.row<image::SettingRow>(held.first + i);
      auto value = decoder_.value(setting.value);
      for (std::size_t j = 0; value && j < parameters->size(); ++j) {
        if ((*parameters)[j].name == view_.text(setting.name)) made.values[j] = *value;
      }
    }
    apply_selection_set(*parameters, made);
    for (std::size_t i = 0; i < parameters->size(); ++i) {
      made.printed.emplace_back((*parameters)[i].name, to_text(made.values[i], (*parameters)[i].type));
    }
    for (const Number number : wishes_of_[check]) {
      if (wishes_[number].printed == made.printed) return number;
    }
    const auto number = static_cast<Number>(wishes_.size());
    wishes_of_[check].push_back(number);
    wishes_.push_back(std::move(made));
    return number;
  }

  // The name of one check's parameter beats a name for all; of two equal names the last counts.
  void apply_selection_set(const std::vector<Parameter>& parameters, Wish& made) {
    if (parameters.empty() || selection_.set.empty()) return;
    const std::string_view id = view_.text(view_.row<image::CheckRow>(made.check).id);
    for (const bool qualified : {false, true}) {
      for (std::size_t i = 0; i < selection_.set.size(); ++i) {
        const auto& [name, text] = selection_.set[i];
        const std::size_t dot = name.find('.');
        if ((dot != std::string::npos) != qualified) continue;
        if (qualified && std::string_view(name).substr(0, dot) != id) continue;
        const std::string_view wanted = qualified ? std::string_view(name).substr(dot + 1) : std::string_view(name);
        for (std::size_t j = 0; j < parameters.size(); ++j) {
          if (parameters[j].name != wanted) continue;
          used_settings_.insert(i);
          auto value = parse_value(text, parameters[j].type);
          if (value) {
            made.values[j] = std::move(*value);
          } else {
            problem(fmt::format("parameter `{}` of check `{}`: {}", wanted, id, value.error()));
          }
        }
      }
    }
  }

  void report_unused() {
    for (std::size_t i = 0; i < selection_.set.size(); ++i) {
      if (used_settings_.contains(i)) continue;
      const auto& name = selection_.set[i].first;
      std::set<std::string> names;
      for (const auto& made : wishes_) {
        for (const auto& [parameter, value] : made.printed) {
          if (name.find('.') == std::string::npos)
            names.insert(parameter);
          else
            names.insert(fmt::format("{}.{}", view_.text(view_.row<image::CheckRow>(made.check).id), parameter));
        }
      }
      const std::vector<std::string_view> candidates(names.begin(), names.end());
      problem(fmt::format("no chosen check has a parameter `{}`", name), suggestion(name, candidates));
    }
  }

  void build(Plan& plan) {
    std::vector<Number> order(wishes_.size());
    for (Number i = 0; i < order.size(); ++i) order[i] = i;
    // Checks stand in the image in order of id.
    std::sort(order.begin(), order.end(), [&](Number a, Number b) { return wishes_[a].key() < wishes_[b].key(); });
    std::vector<std::uint32_t> place(wishes_.size());
    plan.checks.reserve(order.size());
    plan.leaves.reserve(std::min<std::size_t>(view_.count<image::LeafRow>(), 4 * order.size()));
    plan.facts.reserve(plan.leaves.capacity());
    PlanBuilder builder(plan);
    for (const Number number : order) {
      place[number] = static_cast<std::uint32_t>(plan.checks.size());
      if (!add_check(wishes_[number], builder, plan)) return;
    }
    for (std::size_t i = 0; i < selection_.profiles.size(); ++i) add_profile(i, plan);
    for (auto& profile : plan.profiles) profile.rows.reserve(rows_.size());
    for (const auto& chosen : rows_) add_row(chosen, place, plan);
  }

  bool add_check(Wish& made, PlanBuilder& builder, Plan& plan) {
    const auto row = view_.row<image::CheckRow>(made.check);
    PlannedCheck check;
    check.id = view_.text(row.id);
    check.texts.title = view_.text(row.title);
    check.texts.rationale = view_.text(row.rationale);
    check.texts.remediation = view_.text(row.remediation);
    for (const auto text : view_.texts(row.references)) check.texts.references.emplace_back(text);
    for (const auto text : view_.texts(row.tags)) check.texts.tags.emplace_back(text);
    check.texts.controls = view_.controls(row.controls);
    check.severity = static_cast<Severity>(std::min(row.severity, static_cast<Number>(Severity::critical)));
    check.parameters = std::move(made.printed);
    const auto& parameters = *parameters_[made.check];
    const auto bind = [&](Number number, Expression& out) {
      if (const auto known = bound_.find(number); known != bound_.end()) {
        out = known->second;
        return true;
      }
      auto bound = decoder_.bound(number, parameters, made.values, builder);
      if (!bound) {
        problem(bound.error().empty() ? std::string(damaged) : fmt::format("check `{}`: {}", check.id, bound.error()));
        return false;
      }
      out = std::move(*bound);
      if (!decoder_.used_parameters()) bound_.emplace(number, out);
      return true;
    };
    if (row.applies != image::nothing && !bind(row.applies, check.applies.emplace())) return false;
    if (!bind(row.expression, check.check)) return false;
    plan.checks.push_back(std::move(check));
    return true;
  }

  void add_profile(std::size_t at, Plan& plan) const {
    const auto& wanted = selection_.profiles[at];
    const auto row = view_.row<image::ProfileRow>(static_cast<Number>(*catalog_.find_profile(wanted.id)));
    const auto roles = view_.texts(row.roles);
    PlannedProfile& profile = plan.profiles.emplace_back();
    profile.identity.id = wanted.id;
    profile.identity.title = view_.text(row.title);
    profile.identity.version = view_.text(row.version);
    const Number role = image::role_number(view_, row, selection_.role).value_or(0);
    if (role < roles.size()) profile.identity.role = roles[role];
    profile.identity.chosen_because = wanted.chosen_because;
  }

  void add_row(const ChosenRow& chosen, const std::vector<std::uint32_t>& place, Plan& plan) const {
    const auto row = view_.row<image::RowRow>(chosen.row);
    PlannedRow& planned = plan.profiles[chosen.profile].rows.emplace_back();
    auto& recommendation = planned.recommendation;
    recommendation.id = view_.text(row.id);
    recommendation.topic = view_.text(row.topic);
    recommendation.level = chosen.level;
    recommendation.assessment = image::assessment_of(row);
    recommendation.section = view_.text(row.section);
    recommendation.question = view_.text(row.question);
    recommendation.gap = view_.text(row.gap);
    for (const Number number : chosen.wishes) planned.checks.push_back(place[number]);
  }

  const Catalog& catalog_;
  const image::View& view_;
  const Selection& selection_;
  Decoder decoder_;
  std::vector<std::string> problems_;
  std::set<Number> wanted_;                                  // Selection::checks
  std::unordered_map<std::string_view, bool> section_used_;  // Selection::sections
  std::set<std::size_t> used_settings_;
  std::vector<std::optional<std::vector<Parameter>>> parameters_;  // by check
  std::unordered_map<Number, Expression> bound_;                   // by number in the image: those without parameters
  std::vector<Wish> wishes_;
  std::vector<std::vector<Number>> wishes_of_;  // by check
  std::vector<ChosenRow> rows_;
};

}  // namespace

PlanOutcome make_plan(const Catalog& catalog, const Selection& selection, std::span<const ProbeSchema* const> schemas) {
  return Planner(catalog, selection, schemas).run();
}

Plan make_detection_plan(const Catalog& catalog, std::span<const ProbeSchema* const> schemas) {
  const auto& view = catalog.state().view;
  Plan plan;
  PlanBuilder builder(plan);
  Decoder decoder(view, schemas);
  for (Number i = 0; i < view.count<image::ProfileRow>(); ++i) {
    const auto row = view.row<image::ProfileRow>(i);
    if (row.applies == image::nothing) continue;
    auto bound = decoder.bound(row.applies, {}, {}, builder);
    if (!bound) continue;  // not knowing is not applying
    PlannedCheck check;
    check.id = view.text(row.id);
    check.texts.title = view.text(row.title);
    check.check = std::move(*bound);
    plan.checks.push_back(std::move(check));
  }
  return plan;
}

}  // namespace plimsoll::catalog
