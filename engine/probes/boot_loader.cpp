#include "engine/probes/boot_loader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/grub_access.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::probes {
namespace {

enum FieldIndex : std::size_t {
  path,
  restricted,
  superusers,
  superusers_with_password,
  submenus_restricted,
  password_algorithms,
  lowest_iterations,
  plain_password_users,
  unrestricted_entries,
  kept_by_generator,
  field_count,
};

constexpr std::array<FieldSchema, field_count> fields = {{
    {.name = "path", .type = ValueType::text, .meaning = "The configuration: /boot/grub/grub.cfg."},
    {.name = "restricted",
     .type = ValueType::boolean,
     .meaning =
         "Whether the variable superusers is set, so that nobody else edits entries or gets GRUB's command line."},
    {.name = "superusers", .type = ValueType::list, .meaning = "Who may; empty when nobody may or everybody."},
    {.name = "superusers_with_password",
     .type = ValueType::list,
     .meaning = "Those of them who have a password that GRUB accepts; without one nobody gets in."},
    {.name = "submenus_restricted",
     .type = ValueType::boolean,
     .meaning = "Whether superusers is exported, too, which keeps it in force inside submenus."},
    {.name = "password_algorithms",
     .type = ValueType::list,
     .meaning = "How the passwords of superusers are kept: \"pbkdf2-sha512\", \"plain\"; each once."},
    {.name = "lowest_iterations",
     .type = ValueType::integer,
     .meaning = "The fewest rounds of PBKDF2 among these; absent when there is no such password."},
    {.name = "plain_password_users",
     .type = ValueType::list,
     .meaning = "All users, superusers or not, whose password stands in the file as it is."},
    {.name = "unrestricted_entries",
     .type = ValueType::list,
     .meaning =
         "Titles of the entries of this file that boot without a password all the same (--unrestricted); entries "
         "of loader/entries are not among them."},
    {.name = "kept_by_generator",
     .type = ValueType::boolean,
     .meaning = "Whether an executable script in /etc/grub.d writes superusers, so that the next update of the "
                "configuration keeps it; absent without such a directory or when superusers is not set."},
}};

constexpr std::array<std::string_view, 7> read_from = {
    "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/efi/EFI/*/grub.cfg",
    "user.cfg beside it",  "custom.cfg beside it", "grubenv beside it",
    "/etc/grub.d"};

constexpr ProbeSchema schema = {
    .name = "boot_loader",
    .summary =
        "The configurations that GRUB reads, one record each, and who may change or use the menu. A file that only "
        "loads another one is left out. Neither passwords nor their hashes are shown.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = read_from,
};

/// What the scripts that write the next configuration say of superusers.
struct Generator {
  bool there = false;
  std::string writes;    ///< the script line that sets superusers
  std::string includes;  ///< the script that has custom.cfg read
  std::optional<Error> error;
};

/// Names that grub-mkconfig passes over.
bool is_left_over(std::string_view name) {
  return name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) || name.find(".rpm") != name.npos ||
         name.find(".dpkg-") != name.npos;
}

Generator read_generator(const sources::Root& root) {
  constexpr std::string_view directory = "/etc/grub.d";
  constexpr std::uint32_t executable = 0111;
  Generator out;
  const auto entries = root.list(directory);
  if (!entries) {
    if (entries.error().kind != Error::Kind::not_found) out.error = entries.error();
    return out;
  }
  out.there = true;
  for (const auto& entry : *entries) {
    const auto script = fmt::format("{}/{}", directory, entry.name);
    const auto status = root.status(script);
    if (!status || status->type != sources::FileType::regular || (status->mode & executable) == 0) continue;
    if (is_left_over(entry.name)) continue;
    const auto text = root.read(script, sources::max_config_bytes);
    if (!text) {
      if (!out.error) out.error = text.error();
      continue;
    }
    formats::Lines lines(*text);
    std::string_view line;
    while (lines.next(line)) {
      line = trimmed(line);
      if (line.starts_with('#')) continue;
      if (out.writes.empty() && line.find("superusers=") != line.npos) {
        out.writes = fmt::format("{}:{}", script, lines.number());
      }
      if (out.includes.empty() && line.find("custom.cfg") != line.npos) {
        out.includes = fmt::format("{}:{}", script, lines.number());
      }
    }
  }
  return out;
}

class Collector {
 public:
  explicit Collector(const sources::Root& root) : root_(root), generator_(read_generator(root)) {}

  void collect() {
    for (const std::string directory : {"/boot/grub", "/boot/grub2"}) read(directory);
    const auto vendors = root_.list("/boot/efi/EFI");
    if (vendors) {
      for (const auto& vendor : *vendors) read("/boot/efi/EFI/" + vendor.name);
    } else if (vendors.error().kind != Error::Kind::not_found && !error) {
      error = vendors.error();
    }
  }

  std::vector<Record> records;
  std::optional<Error> error;

 private:
  void read(const std::string& directory) {
    const auto file = directory + "/grub.cfg";
    const auto text = root_.read(file, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found && !error) error = text.error();
      return;
    }
    formats::GrubEnvironment environment;
    if (const auto block = root_.read(directory + "/grubenv", sources::max_config_bytes)) {
      environment = formats::parse_grubenv(*block);
    }
    const auto access = formats::read_grub_access(file, *text, environment,
                                                  [&](const std::string& other) -> Result<std::optional<std::string>> {
                                                    auto content = root_.read(other, sources::max_config_bytes);
                                                    if (content) return std::move(*content);
                                                    if (content.error().kind == Error::Kind::not_found)
                                                      return std::nullopt;
                                                    return std::unexpected(content.error());
                                                  });
    if (access.only_loads_another) return;
    records.push_back(describe(file, access));
  }

  [[nodiscard]] Record describe(const std::string& file, const formats::GrubAccess& access) const {
    Record record(fields.size());
    record.resource = file;
    record.source = file;
    record.set(path, file);
    TextList open;
    for (const auto& item : access.items) {
      if (item.unrestricted) open.push_back(item.title);
    }
    record.set(unrestricted_entries, std::move(open));
    set_access(record, access);
    set_kept(record, file, access);
    return record;
  }

  static void set_access(Record& record, const formats::GrubAccess& access) {
    TextList plain;
    for (const auto& password : access.passwords) {
      if (password.algorithm == "plain") plain.push_back(password.user);
    }
    if (access.unknown) {
      for (const auto field : {restricted, superusers, superusers_with_password, submenus_restricted,
                               password_algorithms, lowest_iterations}) {
        record.set_unreadable(field, *access.unknown);
      }
      // A password in the clear that was seen is one, whatever else there is.
      if (plain.empty()) {
        record.set_unreadable(plain_password_users, *access.unknown);
      } else {
        record.set(plain_password_users, std::move(plain));
      }
      return;
    }
    record.set(restricted, access.restricted, access.source).overridden = access.overridden;
    record.set(superusers, access.superusers, access.source);
    record.set(submenus_restricted, access.restricted && access.exported, access.source);
    record.set(plain_password_users, std::move(plain));
    TextList with_password;
    TextList algorithms;
    std::optional<std::int64_t> lowest;
    std::string source = access.source;
    for (const auto& user : access.superusers) {
      // Of two passwords of one user the later one counts.
      const auto found = std::find_if(access.passwords.rbegin(), access.passwords.rend(),
                                      [&](const auto& password) { return password.user == user; });
      if (found == access.passwords.rend() || found->algorithm.empty()) continue;
      with_password.push_back(user);
      source = found->source;
      if (std::find(algorithms.begin(), algorithms.end(), found->algorithm) == algorithms.end()) {
        algorithms.push_back(found->algorithm);
      }
      if (found->iterations > 0) lowest = std::min(lowest.value_or(found->iterations), found->iterations);
    }
    record.set(superusers_with_password, std::move(with_password), source);
    record.set(password_algorithms, std::move(algorithms), source);
    if (lowest) {
      record.set(lowest_iterations, *lowest, source);
    } else {
      record.set_absent(lowest_iterations);
    }
  }

  void set_kept(Record& record, const std::string& file, const formats::GrubAccess& access) const {
    const bool in_custom_file = access.source.find("/custom.cfg:") != std::string::npos;
    const auto& kept_by = in_custom_file ? generator_.includes : generator_.writes;
    if (!access.unknown && !access.restricted) {
      record.set_absent(kept_by_generator, file);
    } else if (!kept_by.empty()) {
      record.set(kept_by_generator, true, kept_by);
    } else if (generator_.error) {
      record.set_unreadable(kept_by_generator, *generator_.error);
    } else if (generator_.there) {
      record.set(kept_by_generator, false, "/etc/grub.d");
    } else {
      record.set_absent(kept_by_generator, "/etc/grub.d");
    }
  }

  const sources::Root& root_;
  Generator generator_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  Collector collector(sources.root);
  collector.collect();
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : collector.records) sink.add(index, record);
    sink.looked_at(index, fmt::format("{} configurations of GRUB", collector.records.size()), "/boot");
    if (collector.error) sink.fail(index, *collector.error);
  }
}

}  // namespace

const Probe boot_loader_probe = {&schema, collect};

}  // namespace plimsoll::probes
