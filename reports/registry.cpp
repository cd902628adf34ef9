#include <array>

#include "reports/html.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/ocsf.hpp"
#include "reports/report.hpp"

namespace plimsoll::reports {

namespace {

constexpr std::array formats = {
    Format{"json", "plimsoll.results.json", "the whole results model, versioned, for programs", write_json},
    Format{"junit", "plimsoll.junit.xml", "JUnit XML for CI systems", write_junit},
    Format{"html", "plimsoll.html", "one file for people: works offline, filters, prints", write_html},
    Format{"ocsf", "plimsoll.ocsf.ndjson", "OCSF Compliance Findings for SIEMs, one JSON object a line", write_ocsf},
};

}  // namespace

std::span<const Format> all() {
  return formats;
}

const Format* find(std::string_view name) {
  for (const auto& format : formats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace plimsoll::reports
