#include "engine/probes/login_settings.hpp"

#include <fmt/core.h>

#include "engine/core/value.hpp"

namespace plimsoll::probes {
namespace {

/// A type of its own, as the memo keeps one value of each.
struct LoginSettings {
  Result<formats::LoginDefs> settings;
};

LoginSettings read_login_defs(const sources::Root& root) {
  const auto text = root.read(login_defs_path, sources::max_config_bytes);
  if (!text) return {std::unexpected(text.error())};
  return {formats::parse_login_defs(*text)};
}

}  // namespace

const Result<formats::LoginDefs>& login_defs_of(const sources::Sources& sources) {
  return sources.memo.get<LoginSettings>([&] { return read_login_defs(sources.root); }).settings;
}

Result<std::int64_t> least_user_id(const sources::Sources& sources) {
  constexpr std::int64_t usual = 1000;
  const auto& settings = login_defs_of(sources);
  if (!settings) {
    if (is_missing(settings.error())) return usual;
    return std::unexpected(settings.error());
  }
  const auto found = settings->find("UID_MIN");
  if (found == settings->end()) return usual;
  if (const auto number = parse_integer(found->second.value)) return *number;
  return std::unexpected(Error{Error::Kind::malformed,
                               fmt::format("{}:{}: UID_MIN is not a number", login_defs_path, found->second.line)});
}

}  // namespace plimsoll::probes
