#include "engine/cli/summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/cli/findings.hpp"
#include "engine/cli/paint.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t max_limits = 3;  // the reports hold them all
constexpr std::size_t max_bar = 60;
constexpr Verdict order[] = {Verdict::pass, Verdict::fail, Verdict::error, Verdict::manual, Verdict::not_applicable};

char mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return '=';
    case Verdict::fail:
      return '#';
    case Verdict::error:
      return '!';
    case Verdict::manual:
      return '?';
    case Verdict::not_applicable:
      return '.';
  }
  return ' ';
}

/// Over the rows of the profiles; over the checks when they were asked for by themselves.
std::pair<Totals, string_view> counted(const Results& results) {
  if (!results.profiles.empty()) return {results.totals(), "recommendations"};
  Totals totals;
  for (const CheckResult& check : results.checks) totals.count(check.verdict);
  return {totals, "checks"};
}

void append_line(string& out, string_view text, std::size_t indent, const SummaryOptions& options,
                 Ink ink = Ink::plain) {
  out += painted(hanging(text, 0, indent, options.width), ink, options.colour);
  out += '\n';
}

string target_line(const Results& results) {
  const Target& target = results.target;
  string out = target.host_name.empty() ? printable(target.root) : printable(target.host_name);
  out += ": ";
  out += target.os_name.empty() ? "unknown system" : printable(target.os_name);
  if (!target.kernel.empty()) out += ", Linux " + printable(target.kernel);
  if (!target.root.empty() && target.root != "/") out += ", under " + printable(target.root);
  const auto taken = std::max<std::int64_t>(0, results.run.ended_ms - results.run.started_ms);
  out += fmt::format("; audited as {} in ", printable(results.run.user));
  out += taken < 1000 ? fmt::format("{} ms", taken) : fmt::format("{}.{:02} s", taken / 1000, taken % 1000 / 10);
  return out;
}

void append_limits(string& out, const Results& results, const SummaryOptions& options) {
  if (results.limits.empty()) return;
  const std::size_t shown = options.all ? results.limits.size() : std::min(results.limits.size(), max_limits);
  append_line(out, "Not looked at:", 0, options, Ink::strong);
  for (const Limit& limit : std::span(results.limits).first(shown)) {
    string line = fmt::format("  {}: {}", printable(limit.what), printable(limit.why));
    if (!limit.remedy.empty()) line += "; " + printable(limit.remedy);
    append_line(out, line, 4, options);
  }
  if (shown < results.limits.size()) {
    append_line(out, fmt::format("  and {} more, which the reports name", results.limits.size() - shown), 4, options);
  }
  out += '\n';
}

/// Each verdict that occurs gets at least one mark; the rest is shared by largest remainder.
string bar_of(const Totals& totals, std::size_t columns, bool colour) {
  std::array<std::size_t, std::size(order)> marks{};
  const std::size_t all = totals.all();
  std::size_t used = 0;
  for (std::size_t index = 0; index < marks.size(); ++index) {
    const std::size_t count = totals.of(order[index]);
    marks[index] = count == 0 ? 0 : std::max<std::size_t>(1, count * columns / all);
    used += marks[index];
  }
  while (used != columns) {
    const auto largest = std::max_element(marks.begin(), marks.end());
    if (used < columns) {
      ++*largest;
      ++used;
    } else {
      --*largest;
      --used;
    }
  }
  string out = "[";
  for (std::size_t index = 0; index < marks.size(); ++index) {
    out += painted(string(marks[index], mark_of(order[index])), ink_of(order[index]), colour);
  }
  return out + "]";
}

void append_totals(string& out, const Results& results, const SummaryOptions& options) {
  const auto [totals, what] = counted(results);
  if (totals.all() == 0) return;
  const std::size_t room = options.width == 0 ? max_bar : std::clamp<std::size_t>(options.width - 2, 10, max_bar);
  out += bar_of(totals, room, options.colour) + "\n";
  string line = fmt::format("{} {}:", totals.all(), what);
  bool first = true;
  for (const Verdict verdict : order) {
    const std::uint32_t count = totals.of(verdict);
    if (count == 0) continue;
    line += fmt::format("{} {} {} {}", first ? "" : ",", mark_of(verdict), count, words_for(verdict));
    first = false;
  }
  append_line(out, line, 2, options);
}

string next_step(const Results& results, const std::vector<std::uint32_t>& findings) {
  for (const std::uint32_t index : findings) {
    const CheckResult& check = results.checks[index];
    if (check.verdict == Verdict::fail) return fmt::format("Next: plimsoll explain {}", printable(check.id));
  }
  return {};
}

/// As many findings as fit between what stands above and below them, at least one; and how many were left out.
void append_findings(string& out, const Results& results, const std::vector<std::uint32_t>& findings,
                     std::size_t lines_elsewhere, const SummaryOptions& options) {
  if (findings.empty()) return;
  append_line(out, options.all ? "Checks, worst first:" : "Findings, worst first:", 0, options, Ink::strong);
  std::size_t lines = lines_elsewhere + 3;  // the heading, the line on what is left out, and an empty one
  std::size_t shown = 0;
  for (const std::uint32_t index : findings) {
    const string text = finding_text(results, index, options);
    lines += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (!options.all && options.height != 0 && shown > 0 && lines > options.height) break;
    out += text;
    ++shown;
  }
  if (shown < findings.size()) {
    append_line(out, fmt::format("and {} more: plimsoll audit --all, or --report html", findings.size() - shown), 0,
                options);
  }
  out += '\n';
}

}  // namespace

std::size_t denied_checks(const Results& results) {
  return static_cast<std::size_t>(
      std::count_if(results.checks.begin(), results.checks.end(), [](const CheckResult& check) {
        return check.verdict == Verdict::error &&
               std::any_of(check.evidence.begin(), check.evidence.end(), [](const Evidence& evidence) {
                 return evidence.error && evidence.error->kind == Error::Kind::denied;
               });
      }));
}

string summary_text(const Results& results, const SummaryOptions& options) {
  string head;
  append_line(head, target_line(results), 2, options, Ink::strong);
  for (const ProfileResult& profile : results.profiles) {
    const ProfileIdentity& identity = profile.identity;
    string line = "  " + printable(identity.id);
    if (!identity.version.empty()) line += " " + printable(identity.version);
    if (!identity.role.empty()) line += fmt::format(", role {}", printable(identity.role));
    if (!identity.chosen_because.empty()) line += fmt::format(": {}", printable(identity.chosen_because));
    append_line(head, line, 4, options);
  }
  if (options.all) {
    for (const string& line : options.not_chosen) append_line(head, "  not chosen: " + printable(line), 4, options);
  }
  head += '\n';
  append_limits(head, results, options);

  const std::vector<std::uint32_t> findings = worst_first(results, options.all);
  string tail;
  append_totals(tail, results, options);
  const string step = next_step(results, findings);
  if (!step.empty()) append_line(tail, step, 6, options, Ink::strong);
  if (const std::size_t denied = denied_checks(results); denied > 0 && !options.root) {
    append_line(tail, fmt::format("Run as root to decide {} more {}.", denied, denied == 1 ? "check" : "checks"), 2,
                options);
  }

  const auto lines_of = [](const string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  };
  string out = std::move(head);
  append_findings(out, results, findings, lines_of(out) + lines_of(tail) + 1, options);
  return out + tail;
}

}  // namespace plimsoll::cli
