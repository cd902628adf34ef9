#include <fmt/core.h>

#include <string>
#include <string_view>

#include "reports/html_parts.hpp"
#include "reports/rows.hpp"

namespace plimsoll::reports::html {

namespace {

// The shape and the word of a bearing.
struct BearingLook {
  const char* shape;
  const char* word;
};

BearingLook look_of(Bearing bearing) {
  switch (bearing) {
    case Bearing::holds:
      return {"pass", "holds"};
    case Bearing::breaks:
      return {"fail", "breaks"};
    case Bearing::unknown:
      return {"error", "could not be read"};
    case Bearing::shown:
      return {"manual", "shown"};
  }
  return {"error", "could not be read"};
}

void add_subject(const Element& row, const Evidence& evidence) {
  const auto look = look_of(evidence.bearing);
  const auto head = row.add("th").set("scope", "row");
  if (!evidence.resource.empty()) head.foreign_text(evidence.resource).text(" ");
  if (!evidence.field.empty()) head.add("code").text(evidence.field);
  const auto mark = head.add("span").set("class", std::string("v ") + look.shape);
  mark.add("svg").set("aria-hidden", "true").add("use").set("href", std::string("#i-") + look.shape);
  mark.text(look.word);
}

void add_source(const Element& row, const Evidence& evidence) {
  const auto source = row.add("td");
  source.foreign_text(evidence.source.empty() ? "—" : evidence.source);
  if (evidence.overridden.empty()) return;
  const auto list = source.add("ul");
  for (const auto& [place, value] : evidence.overridden) {
    const auto item = list.add("li").text("overrides ");
    item.foreign_text(value).text(" at ").foreign_text(place);
  }
}

void add_evidence_rows(const Element& body, const Evidence& evidence) {
  constexpr std::size_t longest_in_column = 240;  // bytes; beyond, a narrow column would become a tower
  const bool long_value = evidence.observed.size() > longest_in_column;
  const auto row = body.add_line("tr");
  add_subject(row, evidence);
  const auto expected = row.add("td");
  if (evidence.expected.empty()) {
    expected.text("—");
  } else {
    expected.foreign_text(evidence.expected);
  }
  const auto observed = row.add("td");
  if (long_value) {
    observed.text("in full below");
  } else {
    observed.foreign_text(evidence.observed);
  }
  if (evidence.error && !evidence.error->remedy.empty()) {
    observed.add("p").text("Would help: ").foreign_text(evidence.error->remedy);
  }
  add_source(row, evidence);
  if (!long_value) return;
  body.add_line("tr").set("class", "long").add("td").set("colspan", 4).foreign_text(evidence.observed);
}

void add_evidence(const Element& parent, const CheckResult& check) {
  if (check.evidence.empty()) return;
  const auto table = parent.add_line("table").set("class", "ev");
  table.add("caption").text("Evidence");
  const auto head = table.add("thead").add("tr");
  for (const char* title : {"What", "Expected", "Observed", "Source"}) head.add("th").set("scope", "col").text(title);
  const auto body = table.add("tbody");
  for (const auto& evidence : check.evidence) add_evidence_rows(body, evidence);
  if (check.evidence_left_out > 0) {
    parent.add_line("p")
        .set("class", "more")
        .text(fmt::format("{} more observations like these were left out.", check.evidence_left_out));
  }
}

Element add_term(const Element& list, const char* term) {
  const auto pair = list.add_line("div");
  pair.add("dt").text(term);
  return pair.add("dd");
}

// A web address as an attribute may hold it: characters that RFC 3986 does not allow are written as %XX.
std::string address_of(std::string_view reference) {
  std::string address;
  for (const char c : reference) {
    const auto byte = static_cast<unsigned char>(c);
    const bool allowed =
        byte > 0x20 && byte < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    address += allowed ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return address;
}

// Our own texts mark literal words with backticks.
void add_prose(const Element& parent, std::string_view text) {
  for (bool literal = false; !text.empty(); literal = !literal) {
    const auto end = text.find('`');
    (literal ? parent.add("code") : parent).text(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void add_references(const Element& list, const CheckResult& check) {
  if (check.texts.references.empty()) return;
  const auto items = add_term(list, "References").add("ul");
  for (const auto& reference : check.texts.references) {
    const auto item = items.add("li");
    if (is_web_address(reference)) {
      item.add("a").set("href", address_of(reference)).set("rel", "noreferrer").text(reference);
    } else {
      item.text(reference);
    }
  }
}

void add_check(const Element& parent, const CheckResult& check) {
  if (!check.texts.rationale.empty()) {
    add_prose(parent.add_line("p").set("class", "rationale"), check.texts.rationale);
  }
  add_evidence(parent, check);
  const auto list = parent.add_line("dl").set("class", "terms");
  if (!check.texts.remediation.empty()) add_prose(add_term(list, "Remediation"), check.texts.remediation);
  add_references(list, check);
  if (!check.parameters.empty()) {
    const auto items = add_term(list, "Parameters").add("ul");
    for (const auto& [name, value] : check.parameters) {
      items.add("li").add("code").text(name + " = ").foreign_text(value);
    }
  }
  if (!check.texts.controls.empty()) {
    const auto items = add_term(list, "Controls").add("ul");
    for (const auto& text : by_standard(check.texts.controls)) items.add("li").text(text);
  }
  add_term(list, "Check").add("code").text(check.id);
}

// Blanks to fill in, which only the printed report shows.
void add_review(const Element& parent) {
  const auto list = parent.add_line("dl").set("class", "review");
  for (const char* term : {"Judgement", "Judged by, date"}) add_term(list, term);
}

}  // namespace

void add_profile_heading(const Element& parent, const ProfileResult& profile) {
  parent.add_line("h3").text(standard_of(profile.identity));
}

void add_row(const Element& parent, const RowResult& row, const Results& results, const std::string& anchor) {
  const auto& recommendation = row.recommendation;
  const auto severity = severity_of(row, results);
  const auto details = parent.add_line("details").set("id", anchor).set("open", "");
  details.set("data-v", name_of(row.verdict)).set("data-s", severity ? name_of(*severity) : "none");
  details.set("data-l", static_cast<long long>(recommendation.level));

  const auto summary = details.add_line("summary");
  add_verdict(summary, row.verdict);
  summary.text(" ").add("span").set("class", "n").text(recommendation.id);
  summary.text(" ").add("span").set("class", "t").text(title_of(row, results));
  std::string facts(severity ? name_of(*severity) : "no check");
  if (recommendation.level > 0) facts += fmt::format(" · level {}", recommendation.level);
  summary.text(" ").add("span").set("class", "m").text(facts);

  const auto body = details.add_line("div").set("class", "b");
  body.add_line("p").set("class", "reason").foreign_text(reason_of(row));
  if (row.reason.find(recommendation.question) == std::string::npos) {
    body.add_line("p").set("class", "note").text("For the reviewer: ").text(recommendation.question);
  }
  if (row.reason.find(recommendation.gap) == std::string::npos) {
    body.add_line("p").set("class", "note").text("Not checked by plimsoll: ").text(recommendation.gap);
  }
  for (const auto index : row.checks) {
    const auto& check = results.checks[index];
    if (row.checks.size() > 1) {
      const auto head = body.add_line("h5");
      add_verdict(head, check.verdict);
      head.text(" ").text(check.texts.title);
    }
    if (row.reason.find(check.reason) == std::string::npos)
      body.add_line("p").set("class", "reason").foreign_text(check.reason);
    add_check(body, check);
  }
  if (row.verdict == Verdict::manual) add_review(body);
}

}  // namespace plimsoll::reports::html
