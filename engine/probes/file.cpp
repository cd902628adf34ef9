#include "engine/probes/file.hpp"

#include <fmt/core.h>

#include <array>
#include <variant>

#include "engine/probes/file_facts.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {"path", ValueType::text, true, "The path on the audited host, from `/`."},
}};
constexpr std::array<std::string_view, 4> read_from = {"statx(2)", "readlink(2)",
                                                       "the extended attribute system.posix_acl_access",
                                                       "/etc/passwd, /etc/group and /etc/nsswitch.conf for names"};

constexpr ProbeSchema schema = {
    "file",
    "One file, directory or other thing at a path. Links are followed, inside the audited root.",
    Cardinality::exactly_one,
    arguments,
    file_field_schemas,
    "exists",
    read_from,
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const OwnerNames names(sources);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto& path = requests[i].fact->text(0);
    Record record(file_field_count);
    describe_file(record, path, sources.root, names);
    if (const auto* exists = record.fields[static_cast<std::size_t>(FileField::exists)].value()) {
      const bool there = std::get<bool>(*exists);
      sink.looked_at(i, fmt::format("{} {}", path, there ? "exists" : "does not exist"), path);
    }
    sink.add(i, std::move(record));
  }
}

}  // namespace

const Probe file_probe = {&schema, collect};

}  // namespace plimsoll::probes
