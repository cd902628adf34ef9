#include <vector>

#include "engine/probes/probe.hpp"

namespace plimsoll::probes {

namespace {

// One line each, in the order of the documentation. Each probe declares `extern const Probe` in its own header.
const std::vector<Probe>& registered() {
  static const std::vector<Probe> probes = {};
  return probes;
}

const std::vector<const ProbeSchema*>& registered_schemas() {
  static const std::vector<const ProbeSchema*> schemas = [] {
    std::vector<const ProbeSchema*> found;
    for (const auto& probe : registered()) found.push_back(probe.schema);
    return found;
  }();
  return schemas;
}

}  // namespace

std::span<const Probe> all() { return registered(); }

std::span<const ProbeSchema* const> schemas() { return registered_schemas(); }

const Probe* find(std::string_view name) {
  for (const auto& probe : registered()) {
    if (probe.schema->name == name) return &probe;
  }
  return nullptr;
}

}  // namespace plimsoll::probes
