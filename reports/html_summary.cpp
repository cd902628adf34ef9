#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "reports/html_parts.hpp"
#include "reports/names.hpp"
#include "reports/rows.hpp"

namespace plimsoll::reports::html {

namespace {

constexpr std::array columns = {Verdict::fail, Verdict::error, Verdict::manual, Verdict::pass, Verdict::not_applicable};

// The rows of one severity or section, counted by the results model.
struct Group {
  std::string name;
  std::string anchor;  ///< empty: nothing to link to
  Totals totals;
};

template <class Belongs>
Totals totals_where(const ProfileResult& profile, Belongs belongs) {
  ProfileResult part;
  for (const auto& row : profile.rows) {
    if (!belongs(row)) continue;
    part.rows.emplace_back();
    part.rows.back().verdict = row.verdict;
  }
  return totals_of(part);
}

void add_to(Totals& sum, const Totals& part) {
  sum.pass += part.pass;
  sum.fail += part.fail;
  sum.manual += part.manual;
  sum.not_applicable += part.not_applicable;
  sum.error += part.error;
}

std::vector<Group> by_severity(const Results& results) {
  std::vector<Group> groups;
  const std::array<std::optional<Severity>, 6> severities = {Severity::critical, Severity::high, Severity::medium,
                                                             Severity::low,      Severity::info, std::nullopt};
  for (const auto& severity : severities) {
    Group group{severity ? std::string(name_of(*severity)) : "no check", "", {}};
    for (const auto& profile : results.profiles) {
      add_to(group.totals,
             totals_where(profile, [&](const RowResult& row) { return severity_of(row, results) == severity; }));
    }
    if (group.totals.all() > 0) groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<Group> by_section(const ProfileResult& profile, std::size_t number) {
  std::vector<Group> groups;
  std::vector<std::string_view> seen;
  for (const auto& row : profile.rows) {
    const auto& section = row.recommendation.section;
    if (std::find(seen.begin(), seen.end(), section) != seen.end()) continue;
    seen.push_back(section);
    groups.push_back(
        {std::string(section_name(section)), section_anchor(number, section),
         totals_where(profile, [&](const RowResult& other) { return other.recommendation.section == section; })});
  }
  return groups;
}

void add_column_heads(const Element& table, const char* first, bool with_bar) {
  const auto head = table.add_line("thead").add("tr");
  head.add("th").set("scope", "col").text(first);
  if (with_bar) head.add("th").set("scope", "col").set("class", "bar").text("Share");
  for (const Verdict verdict : columns) add_verdict(head.add("th").set("scope", "col"), verdict);
  head.add("th").set("scope", "col").text("All");
}

void add_numbers(const Element& row, const Totals& totals) {
  for (const Verdict verdict : columns) {
    const auto count = totals.of(verdict);
    row.add("td").set("class", count == 0 ? "zero" : name_of(verdict)).text(std::to_string(count));
  }
  row.add("td").text(std::to_string(totals.all()));
}

// One bar, as long as the group is large beside the largest. The numbers stand beside it, so it says nothing aloud.
void add_bar(const Element& cell, const Totals& totals, std::uint32_t largest) {
  constexpr double width = 200.0;
  constexpr double gap = 0.8;
  const auto svg =
      cell.add("svg").set("viewBox", "0 0 200 8").set("preserveAspectRatio", "none").set("aria-hidden", "true");
  double at = 0;
  for (const Verdict verdict : columns) {
    const auto count = totals.of(verdict);
    if (count == 0) continue;
    const double length = width * count / std::max(largest, 1U);
    svg.add("rect")
        .set("class", name_of(verdict))
        .set("x", fmt::format("{:.1f}", at))
        .set("height", "8")
        .set("width", fmt::format("{:.1f}", std::max(length - gap, 0.4)));
    at += length;
  }
}

void add_groups(const Element& body, const std::vector<Group>& groups, std::uint32_t largest) {
  for (const auto& group : groups) {
    const auto row = body.add_line("tr");
    const auto head = row.add("th").set("scope", "row");
    (group.anchor.empty() ? head : head.add("a").set("href", "#" + group.anchor)).text(group.name);
    add_bar(row.add("td").set("class", "bar"), group.totals, largest);
    add_numbers(row, group.totals);
  }
}

std::uint32_t largest_of(const std::vector<Group>& groups) {
  std::uint32_t largest = 0;
  for (const auto& group : groups) largest = std::max(largest, group.totals.all());
  return largest;
}

}  // namespace

std::string section_anchor(std::size_t profile, std::string_view section) {
  return fmt::format("s{}-{}", profile + 1, slug(section));
}

std::string_view section_name(std::string_view section) {
  return section.empty() ? "Without a section" : section;
}

void add_totals(const Element& parent, const Results& results) {
  const auto table = parent.add_line("div").set("class", "wide").add_line("table").set("class", "totals");
  table.add_line("caption").text("Recommendations by verdict");
  add_column_heads(table, "Profile", false);
  const auto body = table.add_line("tbody");
  if (results.profiles.size() > 1) {
    for (const auto& profile : results.profiles) {
      const auto row = body.add_line("tr");
      row.add("th").set("scope", "row").text(standard_of(profile.identity));
      add_numbers(row, totals_of(profile));
    }
  }
  const auto row = body.add_line("tr").set("class", "sum");
  row.add("th")
      .set("scope", "row")
      .text(results.profiles.size() == 1 ? standard_of(results.profiles[0].identity) : "All profiles");
  add_numbers(row, results.totals());
}

void add_breakdowns(const Element& parent, const Results& results) {
  const auto severities = by_severity(results);
  const auto first = parent.add_line("div").set("class", "wide").add_line("table").set("class", "breakdown");
  first.add_line("caption").text("By severity");
  add_column_heads(first, "Severity", true);
  add_groups(first.add_line("tbody"), severities, largest_of(severities));

  for (std::size_t number = 0; number < results.profiles.size(); ++number) {
    const auto& profile = results.profiles[number];
    const auto sections = by_section(profile, number);
    const auto table = parent.add_line("div").set("class", "wide").add_line("table").set("class", "breakdown");
    table.add_line("caption").text("By section: " + standard_of(profile.identity));
    add_column_heads(table, "Section", true);
    add_groups(table.add_line("tbody"), sections, largest_of(sections));
  }
}

}  // namespace plimsoll::reports::html
