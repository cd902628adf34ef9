#include "engine/probes/files.hpp"

#include <fmt/core.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/probes/file_facts.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_entries = 100'000;  // looked at for one request; whole file systems are the probe `tree`
constexpr std::size_t max_depth = 64;

constexpr std::array<std::string_view, 8> wanted_types = {"file",   "directory",        "link",         "fifo",
                                                          "socket", "character_device", "block_device", "any"};
constexpr std::array<ArgumentSchema, 4> arguments = {{
    {"directory", ValueType::text, true, "Where to look. A link to a directory is followed here, and nowhere below."},
    {"name", ValueType::text, false,
     "A shell pattern for the name, as fnmatch(3) reads it; `*` also matches names with a leading dot.", "*"},
    {"recursive", ValueType::boolean, false, "Whether to look into the directories below, too.", "false"},
    {"type", ValueType::text, false,
     "What to take: by what a link leads to, but `link` takes links themselves, and `any` takes all.", "file",
     wanted_types},
}};
enum class Argument : std::uint8_t { directory, name, recursive, type };

constexpr std::size_t field_count = file_field_count + 2;
enum class ExtraField : std::uint8_t { path = file_field_count, name };

constexpr std::array<FieldSchema, field_count> fields = [] {
  std::array<FieldSchema, field_count> all{};
  std::copy(file_field_schemas.begin(), file_field_schemas.end(), all.begin());
  all[file_field_count] = {"path", ValueType::text, "Where it is."};
  all[file_field_count + 1] = {"name", ValueType::text, "The last part of its path."};
  return all;
}();
constexpr std::array<std::string_view, 3> read_from = {"getdents(2)", "statx(2)",
                                                       "the extended attribute system.posix_acl_access"};

constexpr ProbeSchema schema = {
    "files",
    "The entries of a directory whose name and type match, as the probe `file` sees each. A directory that is not "
    "there has none; one that may not be read is an error.",
    Cardinality::any,
    arguments,
    fields,
    "",
    read_from,
};

struct Query {
  explicit Query(const FactRequest& fact)
      : directory(fact.text(static_cast<std::size_t>(Argument::directory))),
        name(fact.text(static_cast<std::size_t>(Argument::name))),
        recursive(std::get<bool>(*fact.arguments[static_cast<std::size_t>(Argument::recursive)])),
        type(fact.text(static_cast<std::size_t>(Argument::type))) {
    while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  }
  std::string directory;
  std::string name;
  bool recursive;
  std::string type;
};

class Search {
 public:
  Search(const Query& query, const sources::Sources& sources, const OwnerNames& names, std::size_t request,
         RecordSink& sink)
      : query_(query), sources_(sources), names_(names), request_(request), sink_(sink) {}

  void run() {
    look_into(query_.directory, 0);
    while (!pending_.empty() && !failure_) {
      const auto next = std::move(pending_.back());
      pending_.pop_back();
      look_into(next.path, next.depth);
    }
    if (missing_) {
      sink_.looked_at(request_, fmt::format("{} does not exist", query_.directory), query_.directory);
    } else {
      sink_.looked_at(request_, fmt::format("{} entries, {} of them named {}", looked_at_, matched_, query_.name),
                      query_.directory);
    }
    if (failure_) {
      sink_.fail(request_, std::move(*failure_));
    } else if (gap_) {
      sink_.fail(request_, std::move(*gap_));
    }
  }

 private:
  struct Pending {
    std::string path;
    std::size_t depth;
  };

  void look_into(const std::string& directory, std::size_t depth) {
    const auto entries = sources_.root.list(directory);
    if (!entries) {
      const bool top = depth == 0;
      if (entries.error().kind == Error::Kind::not_found) {
        missing_ = missing_ || top;  // one below vanished meanwhile
      } else if (!gap_) {
        gap_ = entries.error();  // the rest is looked at all the same: a break that is seen counts
      }
      return;
    }
    for (const auto& entry : *entries) {
      if (sources_.stop.stop_requested()) {
        failure_ = Error{Error::Kind::timed_out, fmt::format("stopped while looking into {}", directory)};
        return;
      }
      if (++looked_at_ > max_entries) {
        failure_ =
            Error{Error::Kind::too_large, fmt::format("{} holds more than {} entries", query_.directory, max_entries),
                  "name a smaller directory"};
        return;
      }
      auto path = fmt::format("{}/{}", directory == "/" ? "" : directory, entry.name);
      if (::fnmatch(query_.name.c_str(), entry.name.c_str(), 0) == 0 && is_wanted(entry.type, path)) {
        ++matched_;
        Record record(field_count);
        describe_file(record, path, sources_.root, names_);
        record.set(ExtraField::path, path);
        record.set(ExtraField::name, entry.name);
        sink_.add(request_, std::move(record));
      }
      if (query_.recursive && entry.type == sources::FileType::directory) descend(std::move(path), depth + 1);
    }
  }

  void descend(std::string path, std::size_t depth) {
    if (depth <= max_depth) {
      pending_.push_back({std::move(path), depth});
    } else if (!gap_) {
      gap_ = Error{Error::Kind::too_large, fmt::format("{} is more than {} directories deep", path, max_depth)};
    }
  }

  [[nodiscard]] bool is_wanted(sources::FileType own, const std::string& path) const {
    if (query_.type == "any" || query_.type == name_of(own)) return true;
    if (own != sources::FileType::symlink && own != sources::FileType::unknown) return false;
    const auto status = sources_.root.status(path);
    // What cannot be looked at may be one of those that are wanted: its record says so.
    if (!status) return status.error().kind != Error::Kind::not_found;
    return query_.type == name_of(status->type);
  }

  const Query& query_;
  const sources::Sources& sources_;
  const OwnerNames& names_;
  std::size_t request_;
  RecordSink& sink_;
  std::vector<Pending> pending_;
  std::size_t looked_at_ = 0;
  std::size_t matched_ = 0;
  bool missing_ = false;
  std::optional<Error> failure_;
  std::optional<Error> gap_;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  const OwnerNames names(sources);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Query query(*requests[i].fact);
    Search(query, sources, names, i, sink).run();
  }
}

}  // namespace

const Probe files_probe = {&schema, collect};

}  // namespace plimsoll::probes
