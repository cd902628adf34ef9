// How rpm orders versions (rpm-version(7)).
#pragma once

#include <string_view>

namespace plimsoll::formats {

/// A version as rpm writes it, `[epoch:]version[-release]`. Views are into the text.
struct RpmVersion {
  std::string_view epoch;  ///< digits; "0" where none is written
  std::string_view version;
  std::string_view release;  ///< empty where there is none
};

/// "1:2.06-70.el9" → {"1", "2.06", "70.el9"}. What stands before a colon is an epoch only if it has digits alone.
[[nodiscard]] RpmVersion rpm_version(std::string_view text);

/// Of a version or a release alone: negative, zero or positive as `left` is older than, as old as, newer than `right`.
/// Runs of digits compare as numbers of any length and are newer than letters; other signs only part the runs, but for
/// `~`, which is older than the end, and `^`, which is newer than the end and older than anything else.
[[nodiscard]] int compare_rpm_parts(std::string_view left, std::string_view right);

/// Likewise of whole versions: the epoch decides, then the version, then the release.
[[nodiscard]] int compare_rpm_versions(const RpmVersion& left, const RpmVersion& right);

}  // namespace plimsoll::formats
