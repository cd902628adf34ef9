// Start-up files of a login shell, which name the same file again and again.
#include "engine/formats/shell_startup.hpp"
#include "tests/fuzz/input.hpp"

using namespace plimsoll;
using namespace plimsoll::formats;

PLIMSOLL_FUZZ(text) {
  const std::string script(text);
  const ShellFiles files = {
      .read = [&](const std::string&) -> Result<std::string> { return script; },
      .glob = [](const std::string&) -> Result<std::vector<std::string>> {
        return std::vector<std::string>{"/a", "/b"};
      },
      .exists = [](const std::string& path) -> std::optional<bool> { return path.size() > 4; },
  };
  ShellStartup startup(files, script.starts_with('r') ? "root" : "", "/root");
  startup.run({"/etc/profile"});
}
