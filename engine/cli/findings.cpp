#include "engine/cli/findings.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/cli/paint.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

constexpr std::size_t text_column = 17;       // behind "ERROR  critical  "
constexpr std::size_t max_shown_bytes = 300;  // of one observed or expected text; reports hold it whole

string excerpt(string_view text) {
  string shown = printable(text);
  if (shown.size() <= max_shown_bytes) return shown;
  std::size_t end = max_shown_bytes;
  while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80U) --end;
  shown.resize(end);
  return shown + "...";
}

/// Where a person would look, then what it is about, without saying one thing twice.
string place_of(const Evidence& evidence) {
  string source = printable(evidence.source);
  string resource = printable(evidence.resource);
  if (source.empty()) return resource;
  if (resource.empty() || source == resource || source.starts_with(resource + ":")) return source;
  return fmt::format("{}: {}", source, resource);
}

string rows_of(const Results& results, std::uint32_t check) {
  std::vector<string> names;
  for (const ProfileResult& profile : results.profiles) {
    for (const RowResult& row : profile.rows) {
      if (std::find(row.checks.begin(), row.checks.end(), check) == row.checks.end()) continue;
      const string prefix = results.profiles.size() > 1 ? profile.identity.id + ":" : string();
      string name = fmt::format("{}{}", prefix, row.recommendation.id);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
  }
  return printable(fmt::format("{}", fmt::join(names, ", ")));
}

bool decides(const Evidence& evidence, Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return evidence.bearing == Bearing::breaks;
    case Verdict::error:
      return evidence.bearing == Bearing::unknown;
    case Verdict::manual:
      return evidence.bearing == Bearing::shown;
    case Verdict::pass:
      return evidence.bearing == Bearing::holds;
    case Verdict::not_applicable:
      return true;
  }
  return true;
}

}  // namespace

std::vector<std::uint32_t> worst_first(const Results& results, bool all) {
  std::vector<std::uint32_t> order(results.checks.size());
  std::iota(order.begin(), order.end(), 0U);
  if (!all) {
    std::erase_if(order, [&](std::uint32_t index) {
      const Verdict verdict = results.checks[index].verdict;
      return verdict != Verdict::fail && verdict != Verdict::error;
    });
  }
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    const CheckResult& a = results.checks[left];
    const CheckResult& b = results.checks[right];
    if (rank_of(a.verdict) != rank_of(b.verdict)) return rank_of(a.verdict) < rank_of(b.verdict);
    if (a.severity != b.severity) return a.severity > b.severity;
    return a.id < b.id;
  });
  return order;
}

string evidence_line(const Evidence& evidence, bool root) {
  if (evidence.bearing == Bearing::unknown) {
    string out = excerpt(evidence.error ? evidence.error->what : evidence.observed);
    const string resource = printable(evidence.resource);
    if (!resource.empty() && out.find(resource) == string::npos) out = resource + ": " + out;
    if (evidence.error && !evidence.error->remedy.empty() &&
        !(root && evidence.error->remedy.starts_with("run as root"))) {
      out += "; " + printable(evidence.error->remedy);
    }
    return out;
  }
  string out = place_of(evidence);
  if (!out.empty()) out += ": ";
  if (!evidence.field.empty()) out += printable(evidence.field) + " is ";
  out += excerpt(evidence.observed);
  if (!evidence.expected.empty()) out += ", expected " + excerpt(evidence.expected);
  return out;
}

string finding_text(const Results& results, std::uint32_t index, const SummaryOptions& options) {
  const CheckResult& check = results.checks[index];
  string out = painted(padded(label_of(check.verdict), 7), ink_of(check.verdict), options.colour);
  out += painted(padded(name_of(check.severity), text_column - 7),
                 check.severity >= Severity::high ? Ink::strong : Ink::plain, options.colour);
  // Wrapped as plain text first: colour sequences have no width.
  const string id = printable(check.id);
  const string rows = rows_of(results, index);
  string head = fmt::format("{}  {}", id, printable(check.texts.title));
  if (!rows.empty()) head += fmt::format(" [{}]", rows);
  head = hanging(head, text_column, text_column, options.width);
  if (head.starts_with(id)) head.replace(0, id.size(), painted(id, Ink::strong, options.colour));
  out += head + "\n";

  std::vector<string> lines;
  std::size_t more = 0;
  for (const Evidence& evidence : check.evidence) {
    if (!decides(evidence, check.verdict)) continue;
    if (options.all || lines.empty()) {
      lines.push_back(evidence_line(evidence, options.root));
    } else {
      ++more;
    }
  }
  const std::size_t left_out = more + check.evidence_left_out;
  if (lines.empty() || check.verdict == Verdict::not_applicable) lines.insert(lines.begin(), excerpt(check.reason));
  if (left_out > 0) lines.back() += fmt::format(" (and {} more)", left_out);
  for (const string& line : lines) {
    out.append(text_column, ' ');
    out += painted(hanging(line, text_column, text_column, options.width), Ink::faint, options.colour) + "\n";
  }
  return out;
}

}  // namespace plimsoll::cli
