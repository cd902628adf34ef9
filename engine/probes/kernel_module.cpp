#include "engine/probes/kernel_module.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/glob.hpp"
#include "engine/formats/kernel_command_line.hpp"
#include "engine/formats/modprobe_d.hpp"
#include "engine/probes/boot_configuration.hpp"
#include "engine/probes/conf_files.hpp"
#include "engine/probes/kernel_release.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  loaded,
  built_in,
  available,
  kernels,
  blocked,
  install_command,
  blacklisted,
  loaded_at_boot
};

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {.name = "name",
     .type = ValueType::text,
     .meaning = "The module's name; \"-\" and \"_\" are alike (usb-storage is usb_storage). Not an alias."},
}};

constexpr std::array<FieldSchema, 8> fields = {{
    {.name = "loaded", .type = ValueType::boolean, .meaning = "Whether it is loaded now (/proc/modules)."},
    {.name = "built_in",
     .type = ValueType::boolean,
     .meaning =
         "Whether it is part of the running kernel itself, so that nothing keeps it out; under a root that is not "
         "running, of any kernel that is installed there."},
    {.name = "available",
     .type = ValueType::boolean,
     .meaning = "Whether any installed kernel has it as a loadable module (modules.dep of each kernel)."},
    {.name = "kernels",
     .type = ValueType::list,
     .meaning = "The releases of the installed kernels that have it as a loadable module."},
    {.name = "blocked",
     .type = ValueType::boolean,
     .meaning = "Whether the install line that modprobe obeys runs true or false and nothing else, so that neither a "
                "request by name nor one by alias loads it."},
    {.name = "install_command",
     .type = ValueType::text,
     .meaning = "The command of the first install line for it in modprobe.d, which is the one that counts; absent when "
                "there is none."},
    {.name = "blacklisted",
     .type = ValueType::boolean,
     .meaning =
         "Whether a blacklist line or modprobe.blacklist= names it. That only stops loading by alias (hardware); "
         "modprobe NAME still loads it."},
    {.name = "loaded_at_boot",
     .type = ValueType::boolean,
     .meaning = "Whether modules-load.d asks for it at boot and neither its install command nor a blacklist line stops "
                "that."},
}};

constexpr std::array<std::string_view, 13> read_from = {"/proc/modules",
                                                        "/proc/sys/kernel/osrelease",
                                                        "/proc/cmdline",
                                                        "/lib/modules/*/modules.dep",
                                                        "/lib/modules/*/modules.builtin",
                                                        "/etc/modprobe.d/*.conf",
                                                        "/run/modprobe.d/*.conf",
                                                        "/usr/local/lib/modprobe.d/*.conf",
                                                        "/usr/lib/modprobe.d/*.conf",
                                                        "/etc/modules-load.d/*.conf",
                                                        "/run/modules-load.d/*.conf",
                                                        "/usr/local/lib/modules-load.d/*.conf",
                                                        "/usr/lib/modules-load.d/*.conf"};

constexpr ProbeSchema schema = {
    .name = "kernel.module",
    .summary =
        "One kernel module: whether it is loaded, could be loaded by any installed kernel, and what modprobe's "
        "configuration makes of a request for it.",
    .cardinality = Cardinality::exactly_one,
    .arguments = arguments,
    .fields = fields,
    .presence = "available",
    .sources = read_from,
};

struct Kernel {
  std::string release;
  std::optional<Error> error;
  std::vector<std::string> loadable;
  std::vector<std::string> builtin;
  bool has_builtin_index = false;
};

struct Kernels {
  std::optional<Error> error;  // /lib/modules could not be listed
  std::vector<Kernel> installed;
  std::string running;  // the release of the running kernel; empty where none is visible
  std::optional<Error> running_error;
};

Kernels read_kernels(const sources::Sources& sources, bool visible, const std::vector<std::string>& wanted) {
  const auto& root = sources.root;
  Kernels out;
  if (visible) {
    const auto& release = kernel_release_of(sources);
    if (release) {
      out.running = *release;
    } else {
      out.running_error = release.error();
    }
  }
  const auto entries = root.list("/lib/modules");
  if (!entries) {
    if (entries.error().kind != Error::Kind::not_found) out.error = entries.error();
    return out;
  }
  for (const auto& entry : *entries) {
    if (entry.type == sources::FileType::regular) continue;
    Kernel kernel;
    kernel.release = entry.name;
    const std::string directory = "/lib/modules/" + entry.name;
    const auto loadable = root.read(directory + "/modules.dep", sources::max_config_bytes);
    if (loadable) {
      kernel.loadable = formats::modules_in_index(*loadable, wanted);
    } else if (loadable.error().kind != Error::Kind::not_found) {
      kernel.error = loadable.error();
    }
    const auto builtin = root.read(directory + "/modules.builtin", sources::max_config_bytes);
    if (builtin) {
      kernel.has_builtin_index = true;
      kernel.builtin = formats::modules_in_index(*builtin, wanted);
    } else if (builtin.error().kind != Error::Kind::not_found) {
      kernel.error = builtin.error();
    }
    out.installed.push_back(std::move(kernel));
  }
  return out;
}

bool has(const std::vector<std::string>& sorted, const std::string& name) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

void set_loaded(Record& record, const Result<std::vector<std::string>>& modules, const std::string& name) {
  if (modules) {
    record.set(loaded, std::find(modules->begin(), modules->end(), name) != modules->end(), "/proc/modules");
  } else if (modules.error().kind == Error::Kind::not_found) {
    record.set(loaded, false, "/proc/modules");  // not there: this kernel loads no modules
  } else {
    record.set_unreadable(loaded, modules.error());
  }
}

void set_installed(Record& record, const Kernels& found, bool visible, const std::string& name) {
  TextList with;
  std::optional<Error> why = found.error;
  const Kernel* builtin_in = nullptr;
  const Kernel* running = nullptr;
  for (const auto& kernel : found.installed) {
    if (kernel.error && !why) why = kernel.error;
    if (has(kernel.loadable, name)) with.push_back(kernel.release);
    if (kernel.release == found.running && kernel.has_builtin_index) running = &kernel;
    if (has(kernel.builtin, name)) builtin_in = &kernel;
  }
  const auto place = [](const Kernel& kernel, const char* file) {
    return fmt::format("/lib/modules/{}/{}", kernel.release, file);
  };
  if (!with.empty()) {
    record.set(available, true, "/lib/modules/" + with.front() + "/modules.dep");
  } else if (why) {
    record.set_unreadable(available, *why);
  } else {
    record.set(available, false, "/lib/modules");
  }
  if (why) {
    record.set_unreadable(kernels, *why);
  } else {
    record.set(kernels, std::move(with), "/lib/modules");
  }
  if (!visible) {
    if (builtin_in != nullptr) {
      record.set(built_in, true, place(*builtin_in, "modules.builtin"));
    } else if (why) {
      record.set_unreadable(built_in, *why);
    } else {
      record.set(built_in, false, "/lib/modules");
    }
  } else if (running != nullptr) {
    record.set(built_in, has(running->builtin, name), place(*running, "modules.builtin"));
  } else if (found.running_error) {
    record.set_unreadable(built_in, *found.running_error);
  } else if (why) {
    record.set_unreadable(built_in, *why);
  } else {
    record.set_unreadable(built_in, {Error::Kind::unobservable,
                                     fmt::format("the running kernel {} has no /lib/modules/{}/modules.builtin",
                                                 found.running, found.running),
                                     "mount the host's /lib/modules"});
  }
}

struct Place {
  std::string source;
  std::string value;
};

/// All of modprobe.d and modules-load.d that can bear on any request.
struct Configuration {
  struct Install {
    std::string pattern;
    Place place;
    std::size_t file;
  };
  std::vector<Install> installs;
  std::vector<std::pair<std::string, std::string>> blacklist;  // module → source
  std::vector<std::pair<std::string, std::string>> at_boot;
  std::optional<Error> modprobe_error;
  std::size_t first_unreadable = static_cast<std::size_t>(-1);  // number of the first file that could not be read
  std::optional<Error> at_boot_error;
};

Configuration read_configuration(const sources::Root& root, const Result<std::string>& running) {
  Configuration out;
  auto files = read_conf_files(root, configuration_directories(root, "modprobe.d"), DeadLinks::release);
  if (!files) {
    out.modprobe_error = files.error();
    out.first_unreadable = 0;
  } else {
    for (std::size_t number = 0; number < files->size(); ++number) {
      const auto& file = (*files)[number];
      if (!file.text) {
        if (!out.modprobe_error) out.first_unreadable = number;
        if (!out.modprobe_error) out.modprobe_error = file.text.error();
        continue;
      }
      for (auto& line : formats::parse_modprobe_d(*file.text)) {
        auto source = fmt::format("{}:{}", file.path, line.line);
        if (line.kind == formats::ModprobeLine::Kind::blacklist) {
          out.blacklist.emplace_back(std::move(line.module), std::move(source));
        } else {
          out.installs.push_back({std::move(line.module), {std::move(source), std::move(line.command)}, number});
        }
      }
    }
  }
  if (running) {
    for (const auto& names : formats::values_of_parameter(*running, "modprobe.blacklist")) {
      for (std::size_t begin = 0; begin <= names.size();) {
        const auto end = std::min(names.find(',', begin), names.size());
        out.blacklist.emplace_back(formats::module_name(names.substr(begin, end - begin)), "/proc/cmdline");
        begin = end + 1;
      }
    }
  }
  auto at_boot = read_conf_files(root, configuration_directories(root, "modules-load.d"), DeadLinks::mask);
  if (!at_boot) {
    out.at_boot_error = at_boot.error();
    return out;
  }
  for (const auto& file : *at_boot) {
    if (!file.text) {
      if (!out.at_boot_error) out.at_boot_error = file.text.error();
      continue;
    }
    for (auto& line : formats::parse_modules_load_d(*file.text)) {
      out.at_boot.emplace_back(std::move(line.module), fmt::format("{}:{}", file.path, line.line));
    }
  }
  return out;
}

void set_policy(Record& record, const Configuration& configuration, const std::string& name) {
  const Configuration::Install* first = nullptr;
  std::vector<Overridden> others;
  for (const auto& install : configuration.installs) {
    if (!formats::glob_matches(install.pattern, name, formats::GlobKind::text)) continue;
    if (first == nullptr) {
      first = &install;
    } else {
      others.push_back({install.place.source, install.place.value});
    }
  }
  const auto& why = configuration.modprobe_error;
  bool stops = false;
  bool policy_known = true;
  if (first != nullptr && first->file < configuration.first_unreadable) {
    stops = formats::install_command_blocks(first->place.value);
    record.set(blocked, stops, first->place.source).overridden = others;
    record.set(install_command, first->place.value, first->place.source).overridden = std::move(others);
  } else if (why) {
    policy_known = false;
    record.set_unreadable(blocked, *why);
    record.set_unreadable(install_command, *why);
  } else {
    record.set(blocked, false, "/etc/modprobe.d");
    record.set_absent(install_command, "/etc/modprobe.d");
  }
  const auto named = [&](const auto& entry) { return entry.first == name; };
  const auto black = std::find_if(configuration.blacklist.begin(), configuration.blacklist.end(), named);
  if (black != configuration.blacklist.end()) {
    stops = true;
    record.set(blacklisted, true, black->second);
  } else if (why) {
    policy_known = false;
    record.set_unreadable(blacklisted, *why);
  } else {
    record.set(blacklisted, false, "/etc/modprobe.d");
  }
  const auto asked = std::find_if(configuration.at_boot.begin(), configuration.at_boot.end(), named);
  if (asked != configuration.at_boot.end()) {
    if (stops || policy_known) {
      record.set(loaded_at_boot, !stops, asked->second);
    } else {
      record.set_unreadable(loaded_at_boot, *why);
    }
  } else if (configuration.at_boot_error) {
    record.set_unreadable(loaded_at_boot, *configuration.at_boot_error);
  } else {
    record.set(loaded_at_boot, false, "/etc/modules-load.d");
  }
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const auto& root = sources.root;
  const bool visible = sources::kernel_visible(root);
  std::vector<std::string> names;
  for (const auto& request : requests) names.push_back(formats::module_name(request.fact->text(0)));
  Result<std::vector<std::string>> modules = std::unexpected(sources::kernel_not_visible("/proc/modules"));
  if (visible) {
    const auto text = root.read("/proc/modules", sources::max_proc_bytes);
    if (text) {
      modules = formats::parse_proc_modules(*text);
    } else {
      modules = std::unexpected(text.error());
    }
  }
  const auto kernels_found = read_kernels(sources, visible, names);
  const auto configuration = read_configuration(root, running_command_line(sources).text);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    Record record(fields.size());
    record.resource = "kernel module " + names[index];
    record.source = "/proc/modules";
    set_loaded(record, modules, names[index]);
    set_installed(record, kernels_found, visible, names[index]);
    set_policy(record, configuration, names[index]);
    sink.add(index, std::move(record));
  }
}

}  // namespace

const Probe kernel_module_probe = {&schema, collect};

}  // namespace plimsoll::probes
