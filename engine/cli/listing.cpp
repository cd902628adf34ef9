#include "engine/cli/listing.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;
using Rows = std::vector<std::vector<string>>;

/// What a row without checks says of itself.
string subject_of(const catalog::Catalog& catalog, const catalog::RowInfo& row) {
  if (!row.topic.empty()) return string(row.topic);
  for (const string_view id : row.checks) {
    if (const auto index = catalog.find_check(id)) return string(catalog.check(*index).title);
  }
  return string(row.question.empty() ? row.gap : row.question);
}

}  // namespace

string table_text(std::span<const std::vector<string>> rows, std::size_t width) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], display_width(row[column]));
    }
  }
  string out;
  for (const auto& row : rows) {
    std::size_t used = 0;
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      out += padded(row[column], widths[column]) + "  ";
      used += widths[column] + 2;
    }
    // Where the columns before it leave too little room, a wrapped last column would be a ribbon: it goes below.
    constexpr std::size_t least = 30;
    if (width != 0 && used + least > width && !row.empty()) {
      while (out.ends_with(' ')) out.pop_back();
      out += "\n    " + hanging(row.back(), 4, 4, width);
    } else if (!row.empty()) {
      out += hanging(row.back(), used, used, width);
    }
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  }
  return out;
}

string checked_rows(const catalog::Coverage& coverage) {
  string out = fmt::format("checks for {} of {} automated", coverage.automated_with_checks, coverage.automated);
  if (coverage.manual > 0) out += fmt::format(", {} of {} manual", coverage.manual_with_checks, coverage.manual);
  return out;
}

string profile_list(const catalog::Catalog& catalog, std::size_t width) {
  Rows rows;
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) {
    const catalog::ProfileInfo info = catalog.profile(index);
    rows.push_back(
        {string(info.id), string(info.version),
         fmt::format("{} {}", info.coverage.rows, info.coverage.rows == 1 ? "recommendation" : "recommendations"),
         checked_rows(info.coverage), string(info.title)});
  }
  return table_text(rows, width);
}

string check_list(const catalog::Catalog& catalog, std::size_t width) {
  Rows rows;
  for (std::size_t index = 0; index < catalog.check_count(); ++index) {
    const catalog::CheckInfo info = catalog.check(index);
    rows.push_back({string(info.id), string(name_of(info.severity)), string(info.title)});
  }
  return table_text(rows, width);
}

string format_list(std::span<const reports::Format> formats, std::size_t width) {
  Rows rows;
  for (const reports::Format& format : formats) {
    rows.push_back({string(format.name), string(format.default_file), string(format.summary)});
  }
  return table_text(rows, width);
}

string row_list(const catalog::Catalog& catalog, std::size_t profile, string_view role, std::size_t width) {
  Rows rows;
  for (const catalog::RowInfo& row : catalog.rows(profile, role)) {
    const string answer = row.checks.empty() ? string("no check") : fmt::format("{}", fmt::join(row.checks, ", "));
    rows.push_back({string(row.id), row.level == 0 ? string("-") : fmt::format("level {}", row.level),
                    string(name_of(row.assessment)), fmt::format("{}: {}", answer, subject_of(catalog, row))});
  }
  return table_text(rows, width);
}

string profile_ids(const catalog::Catalog& catalog) {
  string out;
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) {
    out.append(catalog.profile(index).id).push_back('\n');
  }
  return out;
}

string check_ids(const catalog::Catalog& catalog) {
  string out;
  for (std::size_t index = 0; index < catalog.check_count(); ++index)
    out.append(catalog.check(index).id).push_back('\n');
  return out;
}

string check_ids_of(const catalog::Catalog& catalog, std::size_t profile, string_view role) {
  std::set<string_view> ids;
  for (const catalog::RowInfo& row : catalog.rows(profile, role)) ids.insert(row.checks.begin(), row.checks.end());
  string out;
  for (const string_view id : ids) out.append(id).push_back('\n');
  return out;
}

}  // namespace plimsoll::cli
