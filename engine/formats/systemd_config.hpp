// Configuration files of systemd's own daemons (journald.conf, timesyncd.conf, …): which lines count, and what a value
// means to the daemon that reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/unit_file.hpp"

namespace plimsoll::formats {

struct SystemdConfig {
  std::vector<UnitAssignment> assignments;  ///< in file order, those outside any section left out
  std::uint32_t bad_header = 0;  ///< line of a section header without its "]", where the daemon gives up; 0: none
};

/// The syntax of systemd.syntax(7). What stands behind a bad header is left out: releases differ in what they do with
/// it.
[[nodiscard]] SystemdConfig parse_systemd_config(std::string_view text);

enum class SystemdValue : std::uint8_t {
  boolean,   ///< "yes" or "no", from the words of parse_boolean() in systemd
  compress,  ///< a boolean, or the size from which on entries are compressed: "yes" or "no"
  size,      ///< bytes, from suffixes to base 1024; "infinity"
  seconds,   ///< seconds, from a time span of systemd.time(7); "infinity"
  count,     ///< a whole number
  word,      ///< one of a set of words
  level,     ///< a level of syslog(3): its word, also where a number from 0 to 7 is written
  text,      ///< as written; an empty assignment takes back what was set
  words,     ///< several, at blanks; lines add up, and an empty assignment drops all before it
};

/// What the daemon makes of a value that is not empty. Nothing: it passes the line over, with a warning, and what was
/// set before stands. `allowed` are the words of kind `word`.
[[nodiscard]] std::optional<std::string> systemd_value(SystemdValue kind, std::string_view text,
                                                       std::span<const std::string_view> allowed = {});

}  // namespace plimsoll::formats
