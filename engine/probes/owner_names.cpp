#include "engine/probes/owner_names.hpp"

#include <fmt/core.h>

namespace plimsoll::probes {
namespace {

std::optional<Error> more(const Error* file_error, const Error* services_error,
                          const std::vector<std::string>& services, std::string_view file) {
  if (file_error != nullptr) return *file_error;
  if (services_error != nullptr) return *services_error;
  if (services.empty()) return {};
  return Error{
      Error::Kind::unobservable,
      fmt::format("it is not in {}, and what the name service \"{}\" knows cannot be seen", file, services.front()),
      fmt::format("ask the host with `getent`, or add the account to {}", file)};
}

std::optional<Error> about(const std::optional<Error>& why, std::string_view kind, std::uint32_t id) {
  if (!why) return {};
  auto error = *why;
  error.what = fmt::format("{} {}: {}", kind, id, error.what);
  return error;
}

Field name_field(std::optional<std::string_view> name, std::optional<Error> unknown) {
  if (name) return Field{Value{std::string(*name)}};
  if (unknown) return Field{Unreadable{std::move(*unknown)}};
  return Field{Absent{}};
}

}  // namespace

OwnerNames::OwnerNames(const sources::Sources& sources)
    : accounts_(accounts_of(sources)),
      more_users_(
          more(accounts_.passwd_error(), accounts_.services_error(), accounts_.other_user_services, "/etc/passwd")),
      more_groups_(
          more(accounts_.group_error(), accounts_.services_error(), accounts_.other_group_services, "/etc/group")) {}

Field OwnerNames::user(std::uint32_t uid) const {
  return name_field(accounts_.user_name(uid), unknown_user(uid));
}
Field OwnerNames::group(std::uint32_t gid) const {
  return name_field(accounts_.group_name(gid), unknown_group(gid));
}

std::optional<Error> OwnerNames::unknown_user(std::uint32_t uid) const {
  return about(more_users_, "user id", uid);
}
std::optional<Error> OwnerNames::unknown_group(std::uint32_t gid) const {
  return about(more_groups_, "group id", gid);
}

}  // namespace plimsoll::probes
