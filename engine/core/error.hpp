// What can go wrong, and where: the only error types that cross a folder.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace plimsoll {

/// A place in a YAML file of ours (a check, a profile, a scenario). Lines and columns are 1-based; 0 means unknown.
struct SourceSpan {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  bool operator==(const SourceSpan&) const = default;
};

/// Why something could not be read or decided. Callers branch on `kind` and print `what`; nobody searches text.
struct Error {
  enum class Kind : std::uint8_t {
    not_found,     ///< we looked, and it is not there (probes turn this into Absent where absence is an answer)
    denied,        ///< the kernel or an API refused us
    malformed,     ///< it was read, but it is not what its format allows
    too_large,     ///< larger than the limit of whoever reads it; nothing is returned then
    timed_out,     ///< the time limit of the fact passed
    unsupported,   ///< a kind of thing we do not read (a FIFO where a file should be, an unknown database format)
    unobservable,  ///< cannot be seen from here: a kernel fact of a root that is not running, say
    failed,        ///< the operating system reported another error (EIO and its like)
  };

  Kind kind = Kind::failed;
  std::string what;  ///< one clause for a person: "cannot read /etc/shadow: permission denied"
  std::string remedy =
      {};                 ///< what would help, empty when nothing is known: "run as root, or grant CAP_DAC_READ_SEARCH"
  SourceSpan where = {};  ///< the place in *our* YAML; empty for errors met on the audited host

  bool operator==(const Error&) const = default;
};

/// Whether we looked, and it is not there: what most callers treat apart from all other errors.
[[nodiscard]] inline bool is_missing(const Error& error) {
  return error.kind == Error::Kind::not_found;
}

template <class T>
using Result = std::expected<T, Error>;

/// The word that reports and results.json use for a kind: "denied", "timed_out", …
[[nodiscard]] const char* name_of(Error::Kind kind);

}  // namespace plimsoll
