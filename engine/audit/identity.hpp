// Who audits what: the target as its own files name it, and the auditor's own rights.
#pragma once

#include <string>

#include "engine/core/results.hpp"
#include "engine/sources/sources.hpp"

namespace plimsoll::audit {

/// Host name, operating system and kernel of the audited host, from its own files under the root. The id is a UUID made
/// from the machine id, which itself is confidential (machine-id(5)) and not shown; without one from the host name,
/// else the root.
[[nodiscard]] Target read_target(const sources::Sources& sources);

/// "root (uid 0)", "uid 1000" of this process.
[[nodiscard]] std::string auditor();

/// This process's effective capabilities that decide what can be read, "all", or "none" (capabilities(7)).
[[nodiscard]] std::string auditor_capabilities();

/// A random UUID (RFC 9562, version 4).
[[nodiscard]] std::string random_uuid();

}  // namespace plimsoll::audit
