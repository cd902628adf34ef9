#include "engine/probes/login_shells.hpp"

#include <algorithm>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::probes {

Result<std::vector<std::string>> valid_shells(const sources::Root& root) {
  const auto text = root.read("/etc/shells", sources::max_config_bytes);
  if (!text) {
    // The C library has a list of its own where the file is missing (getusershell(3)).
    if (text.error().kind == Error::Kind::not_found) return std::vector<std::string>{"/bin/sh", "/bin/csh"};
    return std::unexpected(text.error());
  }
  std::vector<std::string> shells;
  formats::Lines lines(*text);
  std::string_view line;
  while (lines.next(line)) {
    const auto shell = trimmed(line.substr(0, line.find('#')));
    if (shell.starts_with('/')) shells.emplace_back(shell);
  }
  return shells;
}

std::string_view effective_shell(std::string_view shell) {
  return shell.empty() ? std::string_view("/bin/sh") : shell;
}

bool is_login_shell(const std::vector<std::string>& valid, std::string_view shell) {
  const auto effective = effective_shell(shell);
  const auto program = base_name(effective);
  return program != "nologin" && program != "false" && std::ranges::find(valid, effective) != valid.end();
}

}  // namespace plimsoll::probes
