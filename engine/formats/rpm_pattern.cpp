#include "engine/formats/rpm_pattern.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/formats/glob.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t max_pattern_bytes = 512;

using Parts = std::pair<std::string_view, std::string_view>;

/// At the last such sign, if there is something on both sides.
std::optional<Parts> split_last(std::string_view text, char sign) {
  const auto at = text.rfind(sign);
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return {};
  return Parts{text.substr(0, at), text.substr(at + 1)};
}

RpmPatternForm form_of(std::string_view name, std::string_view version, std::string_view release,
                       std::string_view architecture) {
  RpmPatternForm form;
  form.name = name;
  form.release = release;
  form.architecture = architecture;
  const auto colon = version.find(':');
  if (colon != std::string_view::npos) {
    form.epoch = version.substr(0, colon);
    version.remove_prefix(colon + 1);
  }
  form.version = version;
  return form;
}

bool fits(std::string_view pattern, std::string_view text) {
  return pattern.empty() || glob_matches(pattern, text, GlobKind::text);
}

}  // namespace

std::vector<RpmPatternForm> parse_rpm_pattern(std::string_view pattern) {
  std::vector<RpmPatternForm> forms;
  if (pattern.empty() || pattern.size() > max_pattern_bytes) return forms;
  forms.push_back(form_of(pattern, {}, {}, {}));
  const auto architecture = split_last(pattern, '.');
  if (architecture) forms.push_back(form_of(architecture->first, {}, {}, architecture->second));
  const auto version = split_last(pattern, '-');
  if (!version) return forms;
  forms.push_back(form_of(version->first, version->second, {}, {}));
  if (const auto name = split_last(version->first, '-')) {
    forms.push_back(form_of(name->first, name->second, version->second, {}));
    if (const auto release = split_last(version->second, '.')) {
      forms.push_back(form_of(name->first, name->second, release->first, release->second));
    }
  }
  return forms;
}

bool rpm_pattern_fits(const std::vector<RpmPatternForm>& forms, const ListedPackage& package) {
  return std::ranges::any_of(forms, [&](const RpmPatternForm& form) {
    return fits(form.name, package.name) && fits(form.epoch, package.epoch) && fits(form.version, package.version) &&
           fits(form.release, package.release) && fits(form.architecture, package.architecture);
  });
}

bool rpm_pattern_names(const std::vector<RpmPatternForm>& forms, std::string_view name) {
  return std::ranges::any_of(forms, [&](const RpmPatternForm& form) { return fits(form.name, name); });
}

}  // namespace plimsoll::formats
