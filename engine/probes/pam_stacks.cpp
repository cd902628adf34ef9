#include "engine/probes/pam_stacks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/core/text.hpp"
#include "engine/probes/path_glob.hpp"

namespace plimsoll::probes {
namespace {

using formats::PamReturn;
using formats::PamReturns;
using formats::PamType;
using formats::returns;

constexpr std::array<std::string_view, 2> pam_directories = {"/etc/pam.d", "/usr/lib/pam.d"};
constexpr std::uint32_t max_depth = 16;  // PAM_SUBSTACK_MAX_LEVEL
constexpr std::size_t max_lines = 1000;  // of one stack; files that include each other grow without end

/// A file of pam.d.
struct ParsedFile {
  std::string path;
  formats::PamFile content;
};
using FoundFile = Result<std::shared_ptr<const ParsedFile>>;

/// Files that were read, each parsed once: most stacks include the same few. Few and small ones are kept, as a host may
/// hold many large ones.
class PamFiles {
 public:
  explicit PamFiles(const sources::Root& root) : root_(&root), kept_(std::make_unique<Kept>()) {}

  [[nodiscard]] FoundFile at(const std::string& path) const {
    const std::lock_guard lock(kept_->mutex);
    if (const auto found = kept_->files.find(path); found != kept_->files.end()) return found->second;
    const auto text = root_->read(path, sources::max_config_bytes);
    if (!text) return std::unexpected(text.error());
    auto parsed =
        std::make_shared<const ParsedFile>(ParsedFile{.path = path, .content = formats::parse_pam_file(*text)});
    if (text->size() <= max_bytes && kept_->files.size() < max_files) kept_->files.emplace(path, parsed);
    return parsed;
  }

 private:
  static constexpr std::size_t max_bytes = 65'536;
  static constexpr std::size_t max_files = 256;
  struct Kept {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<const ParsedFile>, std::less<>> files;
  };
  const sources::Root* root_;
  std::unique_ptr<Kept> kept_;
};

const PamFiles& pam_files_of(const sources::Sources& sources) {
  return sources.memo.get<PamFiles>([&] { return PamFiles(sources.root); });
}

/// libpam looks into the one directory it was built with.
struct ModuleDirectories {
  std::map<std::string, std::string, std::less<>> paths;  ///< by file name
  bool any = false;
  std::optional<Error> error;
};

/// Whether two names lead to one directory, as /lib and /usr/lib do where /usr is merged.
bool is_same(const sources::Root& root, std::string_view one, std::string_view other) {
  const auto first = root.status(one);
  const auto second = root.status(other);
  return first && second && first->device == second->device && first->inode == second->inode;
}

ModuleDirectories list_modules(const sources::Root& root) {
  std::vector<std::string_view> patterns = {"/usr/lib/*/security", "/usr/lib64/security", "/usr/lib/security"};
  const bool lib_merged = is_same(root, "/usr/lib", "/lib");
  if (!lib_merged) patterns.push_back("/lib/*/security");
  if (!is_same(root, "/usr/lib64", "/lib64")) patterns.push_back("/lib64/security");
  if (!lib_merged) patterns.push_back("/lib/security");
  ModuleDirectories found;
  for (const auto pattern : patterns) {
    const auto directories = glob_paths(root, pattern);
    if (!directories) {
      found.error = directories.error();
      continue;
    }
    for (const auto& directory : *directories) {
      const auto entries = root.list(directory);
      if (!entries) {
        if (entries.error().kind != Error::Kind::not_found) found.error = entries.error();
        continue;
      }
      found.any = true;
      for (const auto& entry : *entries) found.paths.try_emplace(entry.name, directory + "/" + entry.name);
    }
  }
  return found;
}

/// pam_debug returns what its arguments say, success without any: left behind in a stack, it lets everybody in.
PamReturns returns_of_debug(const PamStackLine& line) {
  PamReturns found = returns(PamReturn::success);
  for (const std::string_view argument : line.arguments) {
    if (!argument.starts_with("auth=")) continue;
    if (const auto value = formats::pam_return_named(argument.substr(5))) found = returns(*value);
  }
  return found;
}

/// What a module may return. Of most nothing is known; of these a stack's outcome depends on what they never do.
PamReturns possible_returns(const PamStackLine& line, PamType type) {
  const auto given = [&](std::string_view argument) {
    return std::ranges::find(line.arguments, argument) != line.arguments.end();
  };
  if (!line.problem.empty()) return returns(PamReturn::perm_denied);
  if (const auto* exists = line.module_exists.value(); exists != nullptr && *exists == Value{false}) {
    return returns(PamReturn::module_unknown);
  }
  if (line.module == "pam_debug" && type == PamType::auth) return returns_of_debug(line);
  if (line.module == "pam_permit") return returns(PamReturn::success);
  if (line.module == "pam_deny") {
    return returns(PamReturn::auth_err) | returns(PamReturn::authtok_err) | returns(PamReturn::session_err);
  }
  if (line.module == "pam_warn" || line.module == "pam_faildelay") return returns(PamReturn::ignore);
  if (line.module == "pam_rootok") return returns(PamReturn::success) | returns(PamReturn::auth_err);
  if (line.module == "pam_wheel" && !given("trust")) {
    return returns(PamReturn::ignore) | returns(PamReturn::perm_denied) | returns(PamReturn::auth_err) |
           returns(PamReturn::service_err) | returns(PamReturn::user_unknown);
  }
  return formats::any_return;
}

PamReturns denials_of(PamType type) {
  switch (type) {
    case PamType::auth:
      return returns(PamReturn::perm_denied) | returns(PamReturn::auth_err) | returns(PamReturn::maxtries);
    case PamType::account:
      return returns(PamReturn::perm_denied) | returns(PamReturn::auth_err) | returns(PamReturn::acct_expired);
    case PamType::password:
      return returns(PamReturn::perm_denied) | returns(PamReturn::authtok_err) | returns(PamReturn::maxtries);
    case PamType::session:
      return returns(PamReturn::perm_denied) | returns(PamReturn::session_err);
  }
  return 0;
}

std::string module_name(std::string_view written) {
  auto name = base_name(written);
  return std::string(name.substr(0, name.rfind('.')));
}

/// Puts one stack together.
class Assembly {
 public:
  Assembly(const sources::Sources& sources, PamType type)
      : sources_(sources), files_(pam_files_of(sources)), type_(type) {}

  Result<PamStack> of(std::string_view service, PamOther other) {
    PamStack stack;
    if (auto error = read(service, stack)) return std::unexpected(std::move(*error));
    if (entries_.empty() && other == PamOther::taken) {
      if (auto error = read("other", stack)) return std::unexpected(std::move(*error));
    }
    judge(stack);
    for (auto& entry : entries_) {
      if (!entry.mark) stack.lines.push_back(std::move(entry.line));
    }
    return stack;
  }

 private:
  /// Adds the lines of a service, if it has a file.
  std::optional<Error> read(std::string_view service, PamStack& stack) {
    const auto file = uses_directories() ? open(service) : in_pam_conf(service);
    if (!file) return file.error();
    if (!*file) return std::nullopt;
    stack.path = (*file)->path;
    const auto& parsed = (*file)->content;
    if (!parsed.problem.empty()) {
      return Error{Error::Kind::malformed, fmt::format("libpam refuses {}: {}", stack.path, parsed.problem),
                   "mend the file; until then the service lets nobody in"};
    }
    add_lines(parsed, {stack.path, std::nullopt, 0, 0, {}});
    return std::move(error_);
  }

  /// libpam looks at /etc/pam.conf only where there is none of its directories.
  [[nodiscard]] bool uses_directories() const {
    for (const std::string_view directory : pam_directories) {
      const auto status = sources_.root.status(directory);
      if (status ? status->type == sources::FileType::directory : !is_missing(status.error())) return true;
    }
    return false;
  }

  [[nodiscard]] FoundFile in_pam_conf(std::string_view service) const {
    constexpr std::string_view path = "/etc/pam.conf";
    const auto text = sources_.root.read(path, sources::max_config_bytes);
    if (!text && is_missing(text.error())) return nullptr;
    if (!text) return std::unexpected(text.error());
    auto content = formats::parse_pam_conf(*text, service);
    if (content.lines.empty() && content.problem.empty()) return nullptr;
    return std::make_shared<const ParsedFile>(ParsedFile{.path = std::string(path), .content = std::move(content)});
  }

  struct Entry {
    PamStackLine line;
    formats::PamStep step;
    bool mark = false;  ///< a substack begins
  };
  struct Place {
    std::string path;
    std::optional<PamType> only;  ///< the type that the including line asks for
    std::uint32_t depth = 0;
    std::uint32_t level = 0;
    std::vector<std::string> included_by;
  };

  /// In /etc before /usr/lib. An absolute name is a path. Null: there is no such file.
  FoundFile open(std::string_view name) const {
    std::vector<std::string> candidates;
    if (name.starts_with('/')) {
      candidates.emplace_back(name);
    } else {
      for (const std::string_view directory : pam_directories) {
        candidates.push_back(fmt::format("{}/{}", directory, name));
      }
    }
    for (const auto& path : candidates) {
      auto file = files_.at(path);
      if (file || !is_missing(file.error())) return file;
    }
    return nullptr;
  }

  void add_lines(const formats::PamFile& file, const Place& place) {
    for (const auto& line : file.lines) {
      if (error_) return;
      if (entries_.size() >= max_lines) {
        error_ =
            Error{Error::Kind::too_large, fmt::format("{}: the stack has more than {} lines", place.path, max_lines)};
        return;
      }
      add_line(line, place);
    }
  }

  void add_line(const formats::PamLine& line, const Place& place) {
    using Kind = formats::PamLine::Kind;
    if (line.kind == Kind::whole_include) return add_file(line, place, place.only);
    const auto type = line.type.value_or(place.only.value_or(PamType::auth));  // where libpam puts what it cannot read
    if (type != type_ || (place.only && *place.only != type)) return;
    if (line.kind == Kind::module) return add_module(line, place, line.problem);
    if (line.kind == Kind::substack) {
      Entry mark;
      mark.mark = true;
      mark.step.possible = 0;
      mark.step.level = place.level;
      entries_.push_back(std::move(mark));
    }
    add_file(line, place, type);
  }

  void add_file(const formats::PamLine& line, const Place& place, std::optional<PamType> only) {
    const auto failing = [&](std::string why) {
      if (!only) {  // `@include` in a file of all types: libpam gives the service up
        error_ = Error{Error::Kind::malformed, fmt::format("libpam refuses {}:{}: {}", place.path, line.line, why),
                       "mend the file; until then the service lets nobody in"};
        return;
      }
      auto broken = line;
      broken.actions = {};  // whatever the line returns is a failure
      broken.arguments.clear();
      add_module(broken, place, std::move(why));
    };
    if (place.depth + 1 >= max_depth) return failing(fmt::format("files include each other {} deep", max_depth));
    if (line.target.empty()) return failing("it names no file");
    const auto file = open(line.target);
    if (!file) {
      error_ = file.error();
      return;
    }
    if (!*file) return failing(fmt::format("there is no file {} to include", line.target));
    Place inner{(*file)->path, only, place.depth + 1, place.level, place.included_by};
    if (line.kind == formats::PamLine::Kind::substack) ++inner.level;
    inner.included_by.push_back(fmt::format("{}:{}", place.path, line.line));
    const auto& parsed = (*file)->content;
    add_lines(parsed, inner);
    if (!parsed.problem.empty()) failing(fmt::format("libpam refuses {}: {}", inner.path, parsed.problem));
  }

  void add_module(const formats::PamLine& line, const Place& place, std::string problem) {
    Entry entry;
    entry.line.path = line.target;
    entry.line.control = line.control;
    entry.line.silent = line.silent;
    entry.line.arguments = line.arguments;
    entry.line.source = fmt::format("{}:{}", place.path, line.line);
    entry.line.included_by = place.included_by;
    entry.line.problem = std::move(problem);
    if (line.kind == formats::PamLine::Kind::module) {
      entry.line.module = module_name(line.target);
      const auto file = find_pam_module(sources_, line.target);
      if (file) {
        entry.line.module_exists = Field{Value{true}, *file, {}};
      } else if (file.error().kind == Error::Kind::not_found) {
        entry.line.module_exists = Field{Value{false}, {}, {}};
      } else {
        entry.line.module_exists = Field{Unreadable{file.error()}, {}, {}};
      }
    }
    entry.step = {line.actions, possible_returns(entry.line, type_), place.level};
    entries_.push_back(std::move(entry));
  }

  void judge(PamStack& stack) {
    std::vector<formats::PamStep> steps;
    steps.reserve(entries_.size());
    for (const auto& entry : entries_) steps.push_back(entry.step);
    const auto analysis = formats::analyse_pam_stack(steps, denials_of(type_));
    const auto& outcomes = analysis.steps;
    stack.grants = analysis.grants;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      auto& line = entries_[i].line;
      for (const auto around : outcomes[i].bypassed_by) {
        const auto& module = entries_[around].line.module;
        if (std::ranges::find(line.bypassed_by, module) == line.bypassed_by.end()) line.bypassed_by.push_back(module);
      }
      line.outcome = {outcomes[i].reached, outcomes[i].enforced, {}};
    }
  }

  const sources::Sources& sources_;
  const PamFiles& files_;
  PamType type_;
  std::vector<Entry> entries_;
  std::optional<Error> error_;
};

/// Stacks that were put together: one check asks for a module's line, the next for another's arguments. Few and short
/// ones are kept.
class PamStacks {
 public:
  PamStacks() : kept_(std::make_unique<Kept>()) {}

  [[nodiscard]] Result<std::shared_ptr<const PamStack>> of(const sources::Sources& sources, std::string_view service,
                                                           PamType type, PamOther other) const {
    const std::lock_guard lock(kept_->mutex);
    const Key key{std::string(service), type, other};
    if (const auto found = kept_->stacks.find(key); found != kept_->stacks.end()) return found->second;
    auto stack = Assembly(sources, type).of(service, other);
    if (!stack) return std::unexpected(std::move(stack.error()));
    auto shared = std::make_shared<const PamStack>(*std::move(stack));
    if (shared->lines.size() <= max_kept_lines && kept_->stacks.size() < max_kept) kept_->stacks.emplace(key, shared);
    return shared;
  }

 private:
  static constexpr std::size_t max_kept_lines = 64;
  static constexpr std::size_t max_kept = 128;
  using Key = std::tuple<std::string, PamType, PamOther>;
  struct Kept {
    std::mutex mutex;
    std::map<Key, std::shared_ptr<const PamStack>> stacks;
  };
  std::unique_ptr<Kept> kept_;
};

}  // namespace

Result<std::shared_ptr<const PamStack>> read_pam_stack(const sources::Sources& sources, std::string_view service,
                                                       PamType type, PamOther other) {
  return sources.memo.get<PamStacks>([] { return PamStacks(); }).of(sources, service, type, other);
}

Result<std::string> find_pam_module(const sources::Sources& sources, std::string_view written) {
  const auto missing = [&] {
    return std::unexpected(Error{Error::Kind::not_found, fmt::format("there is no module {}", written)});
  };
  if (written.empty()) return missing();
  if (written.starts_with('/') && written.find("$ISA") == std::string_view::npos) {
    const auto status = sources.root.status(written);
    if (status) return std::string(written);
    if (status.error().kind == Error::Kind::not_found) return missing();
    return std::unexpected(status.error());
  }
  const auto& modules = sources.memo.get<ModuleDirectories>([&] { return list_modules(sources.root); });
  const auto found = modules.paths.find(base_name(written));
  if (found != modules.paths.end()) return found->second;
  if (modules.error) return std::unexpected(*modules.error);
  if (modules.any) return missing();
  return std::unexpected(Error{Error::Kind::unobservable,
                               "no directory of PAM modules was found (/usr/lib/*/security, /usr/lib64/security)"});
}

}  // namespace plimsoll::probes
