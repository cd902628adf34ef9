#include "engine/formats/shell_startup.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/formats/shell_run.hpp"

namespace plimsoll::formats {

void ShellRun::file(const std::string& path, ShellTruth truth) {
  if (stopped() || truth == ShellTruth::no) return;
  const auto text = out_.files_.read(path);
  if (!text) {
    // What is no file (/dev/null, say) has no lines.
    const auto kind = text.error().kind;
    if (kind != Error::Kind::not_found && kind != Error::Kind::unsupported) hinder(text.error());
    return;
  }
  out_.followed_.push_back(path);
  auto script = std::make_shared<const ShellScript>(ShellScript{path, shell_tokens(*text)});
  const auto caller = std::exchange(script_, script);
  const auto at = std::exchange(at_, 0);
  body(truth, [&](ShellTruth live) {
    while (at_ < script_->tokens.size() && !stopped()) {
      const auto before = at_;
      (void)list(live);
      if (at_ == before) ++at_;  // a word that closes nothing
    }
  });
  script_ = caller;
  at_ = at;
}

void ShellRun::too_long() {
  steps_ = max_steps;
  hinder({Error::Kind::too_large, fmt::format("{}: a script that is too long to follow", source())});
}

std::string ShellRun::source() const {
  if (script_ == nullptr || script_->tokens.empty()) return {};
  const auto& here = script_->tokens[std::min(at_, script_->tokens.size() - 1)];
  return fmt::format("{}:{}", script_->path, here.line);
}

void ShellRun::effect(ShellEffect::Kind kind, std::string name, ShellText value, ShellTruth truth,
                      const std::string& where) {
  if (truth == ShellTruth::no) return;
  if (kind != ShellEffect::Kind::mask && name != "PATH" && name != "TMOUT") return;
  if (out_.effects_.size() >= max_effects) return too_long();
  out_.effects_.push_back({kind, std::move(name), std::move(value.text), value.known, std::move(value.why_not),
                           truth == ShellTruth::yes, where});
}

ShellStartup::ShellStartup(ShellFiles files, std::string user, std::string home)
    : files_(std::move(files)), user_(std::move(user)), home_(std::move(home)) {}

void ShellStartup::run(const std::vector<std::string>& paths) {
  ShellRun run(*this);
  for (const auto& path : paths) {
    if (std::ranges::find(followed_, path) == followed_.end()) run.file(path, ShellTruth::yes);
  }
}

}  // namespace plimsoll::formats
