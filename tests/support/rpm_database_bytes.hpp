// An rpm database for tests of what reads it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/formats/rpm_header.hpp"

namespace plimsoll::tests {

/// "grub2-common-1:2.06-70.el9.noarch"; empty for what is written otherwise.
[[nodiscard]] std::optional<formats::RpmPackage> rpm_package_named(std::string_view text);

/// The bytes of an rpmdb.sqlite with the tables of rpm that are looked at.
[[nodiscard]] std::string rpm_database_bytes(std::span<const formats::RpmPackage> packages);

}  // namespace plimsoll::tests
