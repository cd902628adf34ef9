#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"
#include "engine/probes/login_settings.hpp"
#include "engine/probes/shell_session.hpp"

namespace plimsoll::probes {
namespace {

using formats::ShellEffect;

enum FieldIndex : std::size_t { element, absolute, is_directory, mode, uid, certain, field_count };

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "element",
     .type = ValueType::text,
     .meaning = "The element as the shell sees it; empty, which is the working directory, where two colons meet."},
    {.name = "absolute",
     .type = ValueType::boolean,
     .meaning = "Whether it is a path from the root; where not, it depends on the directory that root works in."},
    {.name = "is_directory", .type = ValueType::boolean, .meaning = "Whether it leads to a directory, links followed."},
    {.name = "mode", .type = ValueType::mode, .meaning = "The mode of that directory; absent when there is none."},
    {.name = "uid", .type = ValueType::integer, .meaning = "The user id of its owner; absent when there is none."},
    {.name = "certain",
     .type = ValueType::boolean,
     .meaning = "Whether the element is there in any case; false where a condition decides that files do not tell, and "
                "for what login and sshd are built with."},
}};

constexpr std::array<std::string_view, 6> source_names = {"/etc/profile and what it reads in",
                                                          "root's .bash_profile or .profile, .bashrc",
                                                          "/etc/environment",
                                                          "/etc/login.defs",
                                                          "the directories",
                                                          "/etc/passwd"};

constexpr ProbeSchema schema = {
    .name = "shell.path",
    .summary =
        "The elements of PATH when root has logged in: what the session starts with (/etc/environment, ENV_SUPATH "
        "of /etc/login.defs, or what login and sshd are built with), and what start-up files put in its place or "
        "add. Shell is not run; see shell.setting.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

struct Element {
  std::string text;
  std::string source;
  bool certain = true;
};

void add(std::vector<Element>& elements, std::string_view path, const std::string& source, bool certain) {
  while (true) {
    const auto end = std::min(path.find(':'), path.size());
    const auto part = path.substr(0, end);
    // The mark is the PATH that was there, which has its elements already.
    if (part != std::string_view(&formats::shell_path_before, 1)) {
      const auto same = std::ranges::find(elements, part, &Element::text);
      if (same == elements.end()) {
        elements.push_back({std::string(part), source, certain});
      } else if (certain && !same->certain) {
        *same = {std::string(part), source, certain};
      }
    }
    if (end == path.size()) return;
    path.remove_prefix(end + 1);
  }
}

/// What a session starts with.
Result<std::vector<Element>> starting_path(const sources::Sources& sources) {
  std::vector<Element> elements;
  const auto environment = sources.root.read("/etc/environment", sources::max_config_bytes);
  if (!environment && environment.error().kind != Error::Kind::not_found) return std::unexpected(environment.error());
  if (environment) {
    formats::Lines lines(*environment);
    std::string_view line;
    while (lines.next(line)) {
      auto text = trimmed(line);
      if (text.starts_with("export ")) text = trimmed(text.substr(7));
      if (!text.starts_with("PATH=")) continue;
      text.remove_prefix(5);
      if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
        text = text.substr(1, text.size() - 2);
      }
      elements.clear();
      add(elements, text, fmt::format("/etc/environment:{}", lines.number()), true);
    }
  }
  if (!elements.empty()) return elements;
  const auto& settings = login_defs_of(sources);
  if (!settings && !is_missing(settings.error())) return std::unexpected(settings.error());
  if (settings) {
    if (const auto found = settings->find("ENV_SUPATH"); found != settings->end()) {
      std::string_view path = found->second.value;
      if (path.starts_with("PATH=")) path.remove_prefix(5);
      add(elements, path, fmt::format("{}:{}", login_defs_path, found->second.line), true);
      return elements;
    }
  }
  add(elements, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "default of login and sshd", false);
  return elements;
}

Record record_of(const Element& part, const sources::Root& root) {
  Record record(fields.size());
  record.resource = fmt::format("root's PATH: {}", part.text.empty() ? "(empty)" : part.text);
  record.source = part.source;
  record.set(element, part.text);
  record.set(certain, part.certain);
  const bool from_root = part.text.starts_with('/');
  record.set(absolute, from_root);
  const auto nothing = [&] {
    record.set(is_directory, false);
    record.set_absent(mode);
    record.set_absent(uid);
  };
  if (!from_root) {
    nothing();
    return record;
  }
  const auto status = root.status(part.text);
  if (!status && status.error().kind != Error::Kind::not_found) {
    for (const auto field : {is_directory, mode, uid}) record.set_unreadable(field, status.error());
  } else if (!status || status->type != sources::FileType::directory) {
    nothing();
  } else {
    record.set(is_directory, true);
    record.set(mode, std::int64_t{status->mode});
    record.set(uid, std::int64_t{status->uid});
  }
  return record;
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& login = follow_login(sources, Login::root);
  auto elements = starting_path(sources);
  auto obstacle = login_obstacle(login);
  if (!elements && !obstacle) obstacle = elements.error();
  std::vector<Element> path = elements ? std::move(*elements) : std::vector<Element>{};
  for (const auto& effect : login.effects()) {
    if (effect.name != "PATH" || effect.kind != ShellEffect::Kind::assigned) continue;
    const bool replaces = effect.text.find(formats::shell_path_before) == std::string::npos;
    if (effect.certain && replaces && effect.known) path.clear();
    if (effect.known) {
      add(path, effect.text, effect.source, effect.certain);
    } else if (!obstacle) {
      obstacle =
          Error{Error::Kind::unsupported, fmt::format("{}: PATH is computed ({})", effect.source, effect.why_not)};
    }
  }
  if (obstacle) {
    // What could not be followed may have put another PATH in the place of this one.
    for (auto& part : path) part.certain = false;
  }
  for (std::size_t index = 0; index < requests.size(); ++index) {
    sink.looked_at(index, fmt::format("{} elements", path.size()), "/etc/profile");
    for (const auto& part : path) sink.add(index, record_of(part, sources.root));
    if (obstacle) sink.fail(index, *obstacle);
  }
}

}  // namespace

const Probe shell_path_probe = {&schema, collect};

}  // namespace plimsoll::probes
