#include <unistd.h>

#include <algorithm>

#include "engine/cli/commands.hpp"
#include "engine/cli/listing.hpp"
#include "engine/cli/open_catalog.hpp"
#include "engine/cli/terminal.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

ExitStatus list_profile(const CommandLine& line, const catalog::Catalog& catalog, string_view kind, std::size_t width) {
  if (!kind.empty() && kind != "checks") return misused(line, "--profile goes with `plimsoll list checks`");
  std::vector<string_view> ids;
  ids.reserve(catalog.profile_count());
  for (std::size_t index = 0; index < catalog.profile_count(); ++index) ids.push_back(catalog.profile(index).id);
  const string_view role = line.value("role");
  string out;
  for (const string& id : line.values("profile")) {
    const auto profile = catalog.find_profile(id);
    if (!profile) return misused(line, "no profile is named `" + printable(id) + "`" + did_you_mean(id, ids));
    const std::vector<string_view> roles = catalog.profile(*profile).roles;
    if (!role.empty() && std::find(roles.begin(), roles.end(), role) == roles.end()) {
      return misused(line, "profile " + id + " has no role `" + printable(role) + "`" + did_you_mean(role, roles));
    }
    out += line.has("ids") ? check_ids_of(catalog, *profile, role) : row_list(catalog, *profile, role, width);
  }
  return printed(out);
}

}  // namespace

ExitStatus run_list(const CommandLine& line) {
  const string_view kind = line.operands.empty() ? string_view{} : string_view(line.operands.front());
  const std::size_t width = terminal_of(STDOUT_FILENO).width;
  const auto catalog = open_catalog(line.values("catalog"));
  if (!catalog) return exit_usage;
  if (line.has("profile")) return list_profile(line, *catalog, kind, width);
  if (line.has("role")) return misused(line, "--role goes with --profile");

  const bool bare = line.has("ids");
  const auto section = [&](string_view name, const string& heading, const string& body) {
    if (kind == name) return body;
    if (!kind.empty()) return string();
    return bare ? body : heading + body;
  };
  string out = section("profiles", "Profiles:\n", bare ? profile_ids(*catalog) : profile_list(*catalog, width));
  out += section("checks", "\nChecks:\n", bare ? check_ids(*catalog) : check_list(*catalog, width));
  if (kind == "formats" && bare) {
    for (const reports::Format& format : reports::all()) out.append(format.name).push_back('\n');
  } else if (!bare) {
    out += section("formats", "\nReport formats:\n", format_list(reports::all(), width));
  }
  return printed(out);
}

}  // namespace plimsoll::cli
