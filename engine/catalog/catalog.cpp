#include "engine/catalog/catalog.hpp"

#include <fmt/core.h>

#include "engine/catalog/state.hpp"

namespace plimsoll::catalog {

namespace {

using image::Number;

template <class Row>
std::optional<std::size_t> find_by_id(const image::View& view, std::string_view id) {
  Number low = 0;
  Number high = view.count<Row>();
  while (low < high) {
    const Number middle = low + (high - low) / 2;
    const std::string_view found = view.text(view.row<Row>(middle).id);
    if (found == id) return middle;
    if (found < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

std::unique_ptr<Catalog::State> state_over(std::string_view block) {
  const auto view = image::View::open(block);
  if (!view) return nullptr;
  auto state = std::make_unique<Catalog::State>();
  state->view = *view;
  return state;
}

Coverage coverage_of(const image::View& view, image::Range rows) {
  Coverage coverage{};
  coverage.rows = rows.count;
  for (Number i = 0; i < rows.count; ++i) {
    const auto row = view.row<image::RowRow>(rows.first + i);
    const std::uint32_t checked = row.checks.count > 0 ? 1 : 0;
    const bool automated = row.assessment == 0;
    ++(automated ? coverage.automated : coverage.manual);
    (automated ? coverage.automated_with_checks : coverage.manual_with_checks) += checked;
  }
  return coverage;
}

}  // namespace

std::optional<Catalog> catalog_over(std::string_view block) {
  auto state = state_over(block);
  if (!state) return std::nullopt;
  return Catalog(std::move(state));
}

std::optional<Catalog> catalog_of(std::string block) {
  auto state = std::make_unique<Catalog::State>();
  state->owned = std::move(block);
  auto opened = state_over(state->owned);  // over the string where it will stay
  if (!opened) return std::nullopt;
  state->view = opened->view;
  return Catalog(std::move(state));
}

Catalog::Catalog(std::unique_ptr<State> state) : state_(std::move(state)) {}
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;
Catalog::~Catalog() = default;

std::size_t Catalog::check_count() const {
  return state_->view.count<image::CheckRow>();
}
std::size_t Catalog::profile_count() const {
  return state_->view.count<image::ProfileRow>();
}
std::string_view Catalog::version() const {
  return state_->view.text(state_->view.header().catalog_version);
}
std::string Catalog::digest() const {
  auto digest = state_->view.header().digest;
  if (digest == image::Digest{}) digest = image::digest_of(state_->view.block());
  std::string text = "sha256:";
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

std::optional<std::size_t> Catalog::find_check(std::string_view id) const {
  return find_by_id<image::CheckRow>(state_->view, id);
}
std::optional<std::size_t> Catalog::find_profile(std::string_view id) const {
  return find_by_id<image::ProfileRow>(state_->view, id);
}

std::vector<std::string_view> Catalog::probes_of(std::size_t check) const {
  const auto& view = state_->view;
  const auto row = view.row<image::CheckRow>(static_cast<Number>(check));
  const auto links = view.within<image::LinkRow>(row.probes);
  std::vector<std::string_view> probes;
  probes.reserve(links.count);
  for (Number i = 0; i < links.count; ++i) {
    const auto link = view.row<image::LinkRow>(links.first + i);
    probes.push_back(view.text(view.row<image::ProbeRow>(link.target).name));
  }
  return probes;
}

CheckInfo Catalog::check(std::size_t index) const {
  const auto& view = state_->view;
  const auto row = view.row<image::CheckRow>(static_cast<Number>(index));
  CheckInfo info{};
  info.id = view.text(row.id);
  info.title = view.text(row.title);
  info.rationale = view.text(row.rationale);
  info.remediation = view.text(row.remediation);
  info.severity = static_cast<Severity>(row.severity <= static_cast<Number>(Severity::critical) ? row.severity : 0);
  info.references = view.texts(row.references);
  info.tags = view.texts(row.tags);
  info.controls = view.controls(row.controls);
  const auto parameters = view.within<image::ParameterRow>(row.parameters);
  for (Number i = 0; i < parameters.count; ++i) {
    const auto parameter = view.row<image::ParameterRow>(parameters.first + i);
    const auto type = parameter.type <= static_cast<Number>(ValueType::address) ? parameter.type : 0;
    info.parameters.push_back({view.text(parameter.name), static_cast<ValueType>(type),
                               view.text(parameter.fallback_text), view.text(parameter.meaning)});
  }
  info.probes = probes_of(index);
  info.file = view.text(row.file);
  info.line = row.line;
  info.source = view.text(row.source);
  return info;
}

ProfileInfo Catalog::profile(std::size_t index) const {
  const auto& view = state_->view;
  const auto row = view.row<image::ProfileRow>(static_cast<Number>(index));
  ProfileInfo info{};
  info.id = view.text(row.id);
  info.title = view.text(row.title);
  info.version = view.text(row.version);
  info.description = view.text(row.description);
  info.roles = view.texts(row.roles);
  info.fallback = row.fallback != 0;
  info.beside = row.beside != 0;
  info.has_applies = row.applies != image::nothing;
  info.coverage = coverage_of(view, view.within<image::RowRow>(row.rows));
  info.file = view.text(row.file);
  info.line = row.line;
  return info;
}

std::vector<RowInfo> Catalog::rows(std::size_t profile, std::string_view role) const {
  const auto& view = state_->view;
  const auto source = view.row<image::ProfileRow>(static_cast<Number>(profile));
  const Number role_number = image::role_number(view, source, role).value_or(0);
  const auto rows = view.within<image::RowRow>(source.rows);
  std::vector<RowInfo> found;
  for (Number i = 0; i < rows.count; ++i) {
    const auto row = view.row<image::RowRow>(rows.first + i);
    const auto level = image::level_for(view, row, role_number);
    if (!level) continue;
    RowInfo info{};
    info.id = view.text(row.id);
    info.topic = view.text(row.topic);
    info.section = view.text(row.section);
    info.level = *level;
    info.assessment = image::assessment_of(row);
    const auto checks = view.within<image::RowCheckRow>(row.checks);
    for (Number j = 0; j < checks.count; ++j) {
      const auto row_check = view.row<image::RowCheckRow>(checks.first + j);
      info.checks.push_back(view.text(view.row<image::CheckRow>(row_check.check).id));
    }
    info.question = view.text(row.question);
    info.gap = view.text(row.gap);
    found.push_back(std::move(info));
  }
  return found;
}

}  // namespace plimsoll::catalog
