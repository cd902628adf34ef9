#include "engine/core/results.hpp"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace plimsoll {

namespace {

// The name space of finding ids (RFC 9562, section 5.5). Part of the public contract: it never changes.
constexpr boost::uuids::uuid finding_namespace = {
    {0x6f, 0x2d, 0x1c, 0x54, 0x9b, 0x0e, 0x4c, 0x7a, 0x8d, 0x31, 0x52, 0xe0, 0x77, 0xa9, 0x13, 0xc6}};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::manual:
      return "manual";
    case Verdict::not_applicable:
      return "not_applicable";
    case Verdict::error:
      return "error";
  }
  return "error";
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::low:
      return "low";
    case Severity::medium:
      return "medium";
    case Severity::high:
      return "high";
    case Severity::critical:
      return "critical";
  }
  return "medium";
}

std::string_view name_of(Assessment assessment) {
  switch (assessment) {
    case Assessment::automated:
      return "automated";
    case Assessment::manual:
      return "manual";
    case Assessment::decided:
      return "decided";
  }
  return "manual";
}

std::string_view name_of(Bearing bearing) {
  switch (bearing) {
    case Bearing::holds:
      return "holds";
    case Bearing::breaks:
      return "breaks";
    case Bearing::unknown:
      return "unknown";
    case Bearing::shown:
      return "shown";
  }
  return "unknown";
}

std::optional<Severity> severity_named(std::string_view name) {
  for (const auto severity : {Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    if (name_of(severity) == name) return severity;
  }
  return std::nullopt;
}

int rank_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return 0;
    case Verdict::error:
      return 1;
    case Verdict::manual:
      return 2;
    case Verdict::pass:
      return 3;
    case Verdict::not_applicable:
      return 4;
  }
  return 1;
}

std::uint32_t Totals::of(Verdict verdict) const {
  switch (verdict) {
    case Verdict::pass:
      return pass;
    case Verdict::fail:
      return fail;
    case Verdict::manual:
      return manual;
    case Verdict::not_applicable:
      return not_applicable;
    case Verdict::error:
      return error;
  }
  return 0;
}

void Totals::count(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      ++pass;
      return;
    case Verdict::fail:
      ++fail;
      return;
    case Verdict::manual:
      ++manual;
      return;
    case Verdict::not_applicable:
      ++not_applicable;
      return;
    case Verdict::error:
      ++error;
      return;
  }
}

Totals Results::totals() const {
  Totals totals;
  for (const auto& profile : profiles) {
    for (const auto& row : profile.rows) totals.count(row.verdict);
  }
  return totals;
}

Totals totals_of(const ProfileResult& profile) {
  Totals totals;
  for (const auto& row : profile.rows) totals.count(row.verdict);
  return totals;
}

std::string finding_id(std::string_view check, std::string_view target, std::string_view resource) {
  // Parts are separated by a byte that none of them can hold, so that no two triples read the same.
  std::string name;
  name.append(check).append(1, '\0').append(target).append(1, '\0').append(resource);
  boost::uuids::name_generator_sha1 generate(finding_namespace);
  return boost::uuids::to_string(generate(name.data(), name.size()));
}

std::vector<std::string> resources_of(const CheckResult& check, const Target& target) {
  const auto decides = [&](const Evidence& evidence) {
    if (check.verdict == Verdict::fail) return evidence.bearing == Bearing::breaks;
    if (check.verdict == Verdict::error) return evidence.bearing == Bearing::unknown;
    return true;
  };
  std::vector<std::string> resources;
  for (const auto& evidence : check.evidence) {
    if (!evidence.resource.empty() && decides(evidence)) resources.push_back(evidence.resource);
  }
  std::sort(resources.begin(), resources.end());
  resources.erase(std::unique(resources.begin(), resources.end()), resources.end());
  if (resources.empty()) resources.push_back(target.host_name.empty() ? target.id : target.host_name);
  return resources;
}

}  // namespace plimsoll
