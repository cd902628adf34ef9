// Text from the audited host is hostile. It becomes valid, bounded UTF-8 here, once, before it enters the results.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace plimsoll {

/// Longest observed or expected text that results keep, in bytes.
inline constexpr std::size_t max_evidence_bytes = 2000;

/// Replaces each invalid UTF-8 sequence (Unicode 15, section 3.9, maximal subparts) and NUL by U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view bytes);

/// valid_utf8, cut at a character boundary to at most `max_bytes`, with "… (N bytes more)" when it was cut.
[[nodiscard]] std::string presentable(std::string_view bytes, std::size_t max_bytes = max_evidence_bytes);
/// The same of a text that nobody needs any more: nearly always it can stay as it is.
[[nodiscard]] std::string presentable(std::string&& text, std::size_t max_bytes = max_evidence_bytes);

/// The candidate nearest to `name`, or empty when none is near enough to be meant. What counts is how many characters
/// were forgotten, added or mistaken, or stand in each other's place.
[[nodiscard]] std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

[[nodiscard]] std::string_view trimmed(std::string_view text);    ///< without ASCII white space at both ends
[[nodiscard]] std::string lower_case(std::string_view text);      ///< ASCII letters only
[[nodiscard]] std::string_view base_name(std::string_view path);  ///< behind the last slash; all of it without one

/// Cuts the first line off `rest`. The line is without its "\n", which is cut off too.
[[nodiscard]] std::string_view take_line(std::string_view& rest);

/// RFC 3339 in UTC: "2026-11-23T19:45:12Z"; with milliseconds: "2026-11-23T19:45:12.345Z".
[[nodiscard]] std::string utc_seconds(long long seconds_since_epoch);
[[nodiscard]] std::string utc_milliseconds(long long milliseconds_since_epoch);

}  // namespace plimsoll
