// The stacks of PAM services, with every file that they include put in its place.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/core/record.hpp"
#include "engine/formats/pam_conf.hpp"
#include "engine/formats/pam_stack.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::probes {

/// One module call of a stack.
struct PamStackLine {
  std::string module;  ///< "pam_unix": without directory and ending; empty for a line that names none
  std::string path;    ///< as written: "pam_unix.so", "/lib/security/pam_unix.so"
  std::string control;
  bool silent = false;
  std::vector<std::string> arguments;
  std::string source;                    ///< "/etc/pam.d/common-auth:17"
  std::vector<std::string> included_by;  ///< the lines that led there, the service's own first
  std::string problem;                   ///< why it fails whatever happens
  Field module_exists{Absent{}};
  formats::PamStepOutcome outcome;       ///< its bypassed_by are not filled
  std::vector<std::string> bypassed_by;  ///< modules, each once
};

struct PamStack {
  std::string path;  ///< the file of the service, or of `other`; empty: there is none
  std::vector<PamStackLine> lines;
  bool grants = false;  ///< whether any run of it ends in success
};

/// Whether a service that has no line of a type is answered with the lines that `other` has of it, as libpam does;
/// files that others include are no services.
enum class PamOther : bool { left_out, taken };

/// The stack of one type, never null, from the directories pam.d, or where there is none of them from /etc/pam.conf. A
/// service without a file of its own has an empty one where `other` is left out or is not there. Errors: a file that
/// cannot be read, malformed where libpam refuses the service's file, too_large.
[[nodiscard]] Result<std::shared_ptr<const PamStack>> read_pam_stack(const sources::Sources& sources,
                                                                     std::string_view service, formats::PamType type,
                                                                     PamOther other);

/// Where the file of a module stands, as written in a stack; not_found when it does not. Errors: unobservable when no
/// directory of modules is known, what listing one fails with.
[[nodiscard]] Result<std::string> find_pam_module(const sources::Sources& sources, std::string_view written);

}  // namespace plimsoll::probes
