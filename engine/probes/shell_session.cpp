#include "engine/probes/shell_session.hpp"

#include <fmt/core.h>

#include "engine/core/text.hpp"
#include "engine/probes/accounts.hpp"
#include "engine/probes/path_glob.hpp"

namespace plimsoll::probes {
namespace {

/// One type for each, as the memo keeps them.
struct RootLogin {
  formats::ShellStartup startup;
};
struct AnybodyLogin {
  formats::ShellStartup startup;
};

formats::ShellStartup follow(const sources::Sources& sources, Login who) {
  const auto& root = sources.root;
  formats::ShellFiles files = {
      .read = [&root](const std::string& path) { return root.read(path, sources::max_config_bytes); },
      .glob = [&root](const std::string& pattern) { return glob_paths(root, pattern); },
      .exists = [&root](const std::string& path) -> std::optional<bool> {
        const auto status = root.status(path);
        if (status) return true;
        if (status.error().kind == Error::Kind::not_found) return false;
        return std::nullopt;
      },
  };
  std::vector<std::string> paths = {"/etc/profile"};
  std::string home;
  if (who == Login::root) {
    home = "/root";
    if (const auto* account = accounts_of(sources).user("root"); account != nullptr && !account->home.empty()) {
      home = account->home;
    }
    // bash reads the first of these that it may read.
    for (const auto* name : {".bash_profile", ".bash_login", ".profile"}) {
      auto path = fmt::format("{}/{}", home, name);
      const auto status = root.status(path);
      if (!status && status.error().kind == Error::Kind::not_found) continue;
      paths.push_back(std::move(path));
      break;
    }
    paths.push_back(home + "/.bashrc");
  }
  // Shells within the session read these, and most people's .bashrc reads the first one in.
  paths.emplace_back("/etc/bashrc");
  paths.emplace_back("/etc/bash.bashrc");
  formats::ShellStartup login(std::move(files), who == Login::root ? "root" : "", home);
  login.run(paths);
  return login;
}

}  // namespace

const formats::ShellStartup& follow_login(const sources::Sources& sources, Login who) {
  if (who == Login::root) {
    return sources.memo.get<RootLogin>([&] { return RootLogin{follow(sources, who)}; }).startup;
  }
  return sources.memo.get<AnybodyLogin>([&] { return AnybodyLogin{follow(sources, who)}; }).startup;
}

std::optional<Error> login_obstacle(const formats::ShellStartup& login) {
  if (login.obstacle()) return login.obstacle();
  if (login.unknown().empty()) return std::nullopt;
  const auto& first = login.unknown().front();
  return Error{Error::Kind::unsupported, fmt::format("{}: {}", first.source, first.what),
               "write the settings out, in a file that is read last"};
}

}  // namespace plimsoll::probes
