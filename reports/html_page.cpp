#include <fmt/core.h>

#include <array>

#include "engine/core/text.hpp"
#include "reports/html_parts.hpp"
#include "reports/rows.hpp"

namespace plimsoll::reports::html {

namespace {

struct VerdictText {
  Verdict verdict;
  const char* meaning;
};

// In the order in which a reader cares.
constexpr std::array<VerdictText, 5> verdicts = {{
    {Verdict::fail, "At least one thing was read that breaks the recommendation, even if others could not be read."},
    {Verdict::error,
     "It could not be decided: something was unreadable, malformed or out of reach. Never counted as passed."},
    {Verdict::manual, "A person must judge. The evidence gathered for that stands with the result."},
    {Verdict::pass, "All evidence was read, and what is expected holds on it."},
    {Verdict::not_applicable,
     "The thing the recommendation is about is not there; the reason says which fact decided."},
}};

// "2026-11-23 19:45:12 UTC"
std::string moment(std::int64_t milliseconds) {
  std::string text = utc_seconds(milliseconds / 1000);
  return text.size() == 20 ? fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 8)) : text;
}

void add_fact(const Element& list, const char* term, std::string_view value, bool code = false) {
  if (value.empty()) return;
  const auto pair = list.add_line("div");
  pair.add("dt").text(term);
  const auto description = pair.add("dd");
  (code ? description.add("code") : description).foreign_text(value);
}

void add_profiles(const Element& parent, const Results& results) {
  const auto table = parent.add_line("table").set("class", "plain");
  table.add_line("caption").text("Audited against");
  const auto head = table.add_line("thead").add("tr");
  for (const char* title : {"Profile", "Role", "Why it was chosen"}) head.add("th").set("scope", "col").text(title);
  const auto body = table.add_line("tbody");
  for (const auto& profile : results.profiles) {
    const auto row = body.add_line("tr");
    row.add("th").set("scope", "row").foreign_text(standard_of(profile.identity));
    row.add("td").text(profile.identity.role.empty() ? "—" : profile.identity.role);
    row.add("td").foreign_text(profile.identity.chosen_because);
  }
}

void add_shape(const Element& parent, const char* id, std::initializer_list<const char*> filled, const char* stroked) {
  const auto symbol = parent.add_line("symbol").set("id", id).set("viewBox", "0 0 16 16");
  for (const char* path : filled) symbol.add("path").set("d", path).set("fill", "currentColor");
  if (stroked != nullptr) symbol.add("path").set("d", stroked).set("class", "cut");
}

}  // namespace

void add_symbols(const Element& parent) {
  const auto svg = parent.add_line("svg").set("class", "symbols").set("aria-hidden", "true");
  add_shape(svg, "i-pass", {"M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8z"}, "M4.6 8.3 7 10.7l4.5-5");
  add_shape(svg, "i-fail", {"M8 .3 15.7 8 8 15.7.3 8z"}, "M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8");
  add_shape(svg, "i-error", {"M8 .9 15.8 15H.2z"}, "M8 6v4.2M8 12v1.3");
  add_shape(svg, "i-manual",
            {"M8 1.2a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8z", "M1.3 15.2c0-4 3-6 6.7-6s6.7 2 6.7 6z"}, nullptr);
  add_shape(svg, "i-not_applicable", {"M2.2 1.6h11.6v12.8H2.2z"}, "M4.8 8h6.4");
}

void add_verdict(const Element& parent, Verdict verdict) {
  const std::string name(name_of(verdict));
  const auto mark = parent.add("span").set("class", "v " + name);
  mark.add("svg").set("aria-hidden", "true").add("use").set("href", "#i-" + name);
  mark.text(word_of(verdict));
}

void add_masthead(const Element& parent, const Results& results) {
  const auto& run = results.run;
  const auto& target = results.target;
  const auto totals = results.totals();
  const auto header = parent.add_line("header").set("class", "masthead");
  const auto brand = header.add_line("p").set("class", "brand");
  const auto mark = brand.add("svg").set("viewBox", "0 0 32 32").set("aria-hidden", "true");
  mark.add("circle").set("cx", "16").set("cy", "16").set("r", "9.5");
  mark.add("path").set("d", "M1 16h30");
  brand.text("plimsoll audit report");
  header.add_line("h1").foreign_text(host_of(target));
  header.add_line("p")
      .set("class", "lede")
      .text(fmt::format("{} recommendations judged on {}: {} failed, {} undecided, {} for a person to judge, {} "
                        "passed, {} not applicable.",
                        totals.all(), moment(run.started_ms), totals.fail, totals.error, totals.manual, totals.pass,
                        totals.not_applicable));
  add_profiles(header, results);

  const auto facts = header.add_line("dl").set("class", "facts");
  add_fact(facts, "Operating system", target.os_name);
  add_fact(facts, "Kernel", target.kernel.empty() ? "not running" : target.kernel);
  add_fact(facts, "Root audited", target.root, true);
  add_fact(facts, "Target id", target.id, true);
  add_fact(facts, "Started", moment(run.started_ms));
  add_fact(facts, "Ended",
           fmt::format("{} (after {}.{:03} s)", moment(run.ended_ms), (run.ended_ms - run.started_ms) / 1000,
                       (run.ended_ms - run.started_ms) % 1000));
  add_fact(facts, "Run by", run.user);
  add_fact(facts, "Capabilities", run.capabilities);
  add_fact(facts, "Tool", "plimsoll " + run.tool_version);
  add_fact(facts, "Catalog", run.catalog_version);
  add_fact(facts, "Catalog digest", run.catalog_digest, true);
  add_fact(facts, "Run id", run.id, true);
  add_fact(facts, "Command line", run.command_line, true);
}

void add_limits(const Element& parent, const Results& results) {
  const auto section = parent.add_line("section").set("class", "limits").set("aria-labelledby", "limits");
  section.add_line("h2").set("id", "limits").text("What could not be looked at");
  const auto undecided = results.totals().error;
  if (undecided > 0) {
    section.add_line("p").text(
        fmt::format("{} could not be decided, because something could not be read or understood. Each says what, and "
                    "what would help.",
                    undecided == 1 ? std::string("One recommendation") : fmt::format("{} recommendations", undecided)));
  }
  if (results.limits.empty()) {
    if (undecided == 0) section.add_line("p").text("Nothing that the chosen profiles ask for was out of reach.");
    return;
  }
  section.add_line("p").text("Read this before the verdicts: nothing below says anything about these.");
  const auto table = section.add_line("table").set("class", "plain");
  table.add_line("caption").text("Limits of this audit");
  const auto head = table.add_line("thead").add("tr");
  for (const char* title : {"What", "Why", "What would help"}) head.add("th").set("scope", "col").text(title);
  const auto body = table.add_line("tbody");
  for (const auto& limit : results.limits) {
    const auto row = body.add_line("tr");
    row.add("th").set("scope", "row").foreign_text(limit.what);
    row.add("td").foreign_text(limit.why);
    row.add("td").foreign_text(limit.remedy.empty() ? "—" : limit.remedy);
  }
}

void add_sign_off(const Element& parent, const Results& results) {
  const auto section = parent.add_line("section").set("class", "sign-off").set("aria-labelledby", "sign-off");
  section.add_line("h2").set("id", "sign-off").text("Sign-off");
  const auto note = section.add_line("p");
  note.text("A signature below is for run ").add("code").foreign_text(results.run.id);
  note.text(" with the catalog ").add("code").foreign_text(results.run.catalog_digest);
  note.text(", and for the judgement of every manual recommendation.");
  const auto table = section.add_line("table").set("class", "plain sheet");
  table.add_line("caption").text("Who signs");
  const auto head = table.add_line("thead").add("tr");
  for (const char* title : {"Role", "Name", "Date", "Signature"}) head.add("th").set("scope", "col").text(title);
  const auto body = table.add_line("tbody");
  for (const char* role : {"Assessor", "System owner", "Approver"}) {
    const auto row = body.add_line("tr");
    row.add("th").set("scope", "row").text(role);
    for (int blank = 0; blank < 3; ++blank) row.add("td");
  }
}

void add_glossary(const Element& parent) {
  const auto section = parent.add_line("section").set("class", "glossary").set("aria-labelledby", "words");
  section.add_line("h2").set("id", "words").text("What the verdicts mean");
  const auto list = section.add_line("dl");
  for (const auto& [verdict, meaning] : verdicts) {
    const auto pair = list.add_line("div");
    add_verdict(pair.add("dt"), verdict);
    pair.add("dd").text(meaning);
  }
  section.add_line("p").text(
      "Names such as ⟨U+202E⟩ stand for characters that have no look of their own and were found on the host. "
      "Each source names the file and line, or the kernel interface, that an auditor can look at.");
}

}  // namespace plimsoll::reports::html
