#include "reports/ocsf_words.hpp"

#include "engine/core/text.hpp"
#include "engine/core/value.hpp"

namespace plimsoll::reports {

OcsfWord ocsf_status(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return {1, "Pass"};
    case Verdict::error:
      return {2, "Warning"};  // "did not yield a result due to missing information"
    case Verdict::fail:
      return {3, "Fail"};
    case Verdict::manual:
      return {99, "Manual"};
    case Verdict::not_applicable:
      return {99, "Not Applicable"};
  }
  return {};
}

OcsfWord ocsf_severity(Severity severity) {
  switch (severity) {
    case Severity::info:
      return {1, "Informational"};
    case Severity::low:
      return {2, "Low"};
    case Severity::medium:
      return {3, "Medium"};
    case Severity::high:
      return {4, "High"};
    case Severity::critical:
      return {5, "Critical"};
  }
  return {};
}

OcsfWord ocsf_event_severity(Verdict verdict, Severity severity) {
  switch (verdict) {
    case Verdict::fail:
      return ocsf_severity(severity);
    case Verdict::error:
      return ocsf_severity(Severity::low);
    case Verdict::pass:
    case Verdict::manual:
    case Verdict::not_applicable:
      return ocsf_severity(Severity::info);
  }
  return {};
}

OcsfPlace ocsf_place(std::string_view source) {
  OcsfPlace place;
  if (!source.starts_with('/')) return place;
  const auto colon = source.rfind(':');
  if (colon != std::string_view::npos) {
    const auto line = parse_integer(source.substr(colon + 1));
    if (line && *line > 0) {
      place.line = *line;
      source = source.substr(0, colon);
    }
  }
  place.path = source;
  place.name = source.ends_with('/') ? source : base_name(source);
  return place;
}

}  // namespace plimsoll::reports
