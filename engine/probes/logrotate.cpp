#include "engine/probes/logrotate.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "engine/formats/glob.hpp"
#include "engine/formats/logrotate_conf.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::string_view main_path = "/etc/logrotate.conf";
constexpr int max_depth = 10;
constexpr std::size_t max_files = 2000;

enum FieldIndex : std::size_t {
  files,
  frequency,
  size,
  max_size,
  rotate,
  max_age,
  compress,
  creates,
  create_mode,
  create_owner,
  create_group,
  missing_ok
};
constexpr std::array<FieldSchema, 12> fields = {{
    {.name = "files", .type = ValueType::list, .meaning = "Names and patterns of the files, as written."},
    {.name = "frequency",
     .type = ValueType::text,
     .meaning = "hourly, daily, weekly, monthly or yearly; absent when only the size counts."},
    {.name = "size",
     .type = ValueType::text,
     .meaning = "From which size on they are rotated whatever their age, as written; absent when `frequency` counts."},
    {.name = "max_size",
     .type = ValueType::text,
     .meaning = "From which size on they are rotated before their time, as written; absent when not set."},
    {.name = "rotate", .type = ValueType::integer, .meaning = "How many old files are kept; -1: all of them."},
    {.name = "max_age",
     .type = ValueType::integer,
     .meaning = "After how many days old files are removed; absent when not set.",
     .unit = "days"},
    {.name = "compress", .type = ValueType::boolean, .meaning = "Whether old files are compressed."},
    {.name = "creates", .type = ValueType::boolean, .meaning = "Whether an empty file is made in the old one's place."},
    {.name = "create_mode",
     .type = ValueType::mode,
     .meaning = "Its mode; absent when the old file's is kept, or none is made."},
    {.name = "create_owner", .type = ValueType::text, .meaning = "Its owner; absent as `create_mode`."},
    {.name = "create_group", .type = ValueType::text, .meaning = "Its group; absent as `create_mode`."},
    {.name = "missing_ok", .type = ValueType::boolean, .meaning = "Whether it is no error when no such file is there."},
}};
constexpr std::array<std::string_view, 2> source_names = {main_path, "the files of its include lines"};

constexpr ProbeSchema schema = {
    .name = "logrotate.rule",
    .summary =
        "The rules of logrotate, one record for each block of files, with what the lines before it set for all: "
        "logrotate.conf and the files and directories that it includes.",
    .cardinality = Cardinality::any,
    .arguments = {},
    .fields = fields,
    .sources = source_names,
};

/// What holds for a block.
struct Settings {
  std::string frequency;
  std::string size = "1M";  // what logrotate starts from: by size, with nothing kept
  std::string max_size;
  std::optional<std::int64_t> rotate = 0;
  std::optional<std::int64_t> max_age;
  bool compress = false;
  bool creates = false;
  std::vector<std::string> create;  // mode, owner, group
  bool missing_ok = false;
};

constexpr std::array<std::string_view, 5> frequencies = {"hourly", "daily", "weekly", "monthly", "yearly"};

void apply(Settings& settings, const formats::LogrotateDirective& directive) {
  const auto& name = directive.name;
  const std::string first = directive.words.empty() ? std::string() : directive.words.front();
  if (std::ranges::find(frequencies, name) != frequencies.end()) {
    settings.frequency = name;
    settings.size.clear();
  } else if (name == "size" && !first.empty()) {
    settings.size = first;
    settings.frequency.clear();
  } else if (name == "maxsize") {
    settings.max_size = first;
  } else if (name == "rotate") {
    settings.rotate = parse_integer(first);
  } else if (name == "maxage") {
    settings.max_age = parse_integer(first);
  } else if (name == "compress" || name == "nocompress") {
    settings.compress = name == "compress";
  } else if (name == "create" || name == "nocreate") {
    settings.creates = name == "create";
    settings.create = settings.creates ? directive.words : std::vector<std::string>{};
  } else if (name == "copytruncate" || name == "copy") {
    settings.creates = false;
  } else if (name == "missingok" || name == "nomissingok") {
    settings.missing_ok = name == "missingok";
  }
}

/// Endings and patterns of names in an included directory that are passed over.
struct Taboo {
  std::vector<std::string> patterns = {"*,v",        "*.bak",       "*.cfsaved",  "*.disabled", "*.dpkg-bak",
                                       "*.dpkg-del", "*.dpkg-dist", "*.dpkg-new", "*.dpkg-old", "*.rhn-cfg-tmp-*",
                                       "*.rpmnew",   "*.rpmorig",   "*.rpmsave",  "*.swp",      "*.ucf-dist",
                                       "*.ucf-new",  "*.ucf-old",   "*~"};

  void set(const formats::LogrotateDirective& directive) {
    auto words = directive.words;
    const bool adds = !words.empty() && words.front() == "+";
    if (adds) words.erase(words.begin());
    if (!adds) patterns.clear();
    for (const auto& word : words) {
      std::string_view rest = word;
      while (!rest.empty()) {
        const auto part = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (!part.empty())
          patterns.push_back(directive.name == "tabooext" ? fmt::format("*{}", part) : std::string(part));
      }
    }
  }

  [[nodiscard]] bool covers(std::string_view name) const {
    return std::ranges::any_of(
        patterns, [&](const auto& pattern) { return formats::glob_matches(pattern, name, formats::GlobKind::text); });
  }
};

class Reader {
 public:
  Reader(const sources::Root& root, std::vector<Record>& records) : root_(root), records_(records) {}

  void read_file(const std::string& path, int depth) {
    if (depth > max_depth || ++files_ > max_files) {
      return fail({Error::Kind::too_large, fmt::format("{}: too many files are included", path)});
    }
    const auto text = root_.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind != Error::Kind::not_found) fail(text.error());
      return;
    }
    const auto config = formats::parse_logrotate_conf(*text);
    for (const auto& item : config.items) {
      if (item.paths.empty()) {
        global(item.directives.front(), depth);
      } else {
        auto settings = settings_;
        for (const auto& directive : item.directives) plimsoll::probes::apply(settings, directive);
        records_.push_back(record_of(item, settings, fmt::format("{}:{}", path, item.line)));
      }
    }
    if (config.error) {
      auto error = *config.error;
      error.what = fmt::format("{}: {}", path, error.what);
      fail(std::move(error));
    }
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  void global(const formats::LogrotateDirective& directive, int depth) {
    if (directive.name == "tabooext" || directive.name == "taboopat") {
      taboo_.set(directive);
    } else if (directive.name == "include" && !directive.words.empty()) {
      include(directive.words.front(), depth);
    } else {
      plimsoll::probes::apply(settings_, directive);
    }
  }

  void include(const std::string& path, int depth) {
    const auto status = root_.status(path);
    if (!status) {
      if (status.error().kind != Error::Kind::not_found) fail(status.error());
      return;
    }
    if (status->type != sources::FileType::directory) return read_file(path, depth + 1);
    const auto entries = root_.list(path);
    if (!entries) return fail(entries.error());
    for (const auto& entry : *entries) {
      if (entry.type == sources::FileType::directory || taboo_.covers(entry.name)) continue;
      read_file(fmt::format("{}/{}", path, entry.name), depth + 1);
    }
  }

  static void put(Record& record, std::size_t index, const std::string& text) {
    if (text.empty()) {
      record.set_absent(index);
    } else {
      record.set(index, text);
    }
  }

  static Record record_of(const formats::LogrotateItem& item, const Settings& settings, std::string source) {
    Record record(fields.size());
    record.resource = fmt::format("logrotate {}", fmt::join(item.paths, " "));
    record.source = std::move(source);
    record.set(files, item.paths);
    put(record, frequency, settings.frequency);
    put(record, size, settings.size);
    put(record, max_size, settings.max_size);
    if (settings.rotate) {
      record.set(rotate, *settings.rotate);
    } else {
      record.set_unreadable(rotate, {Error::Kind::malformed, fmt::format("{}: rotate is no number", record.source)});
    }
    if (settings.max_age) {
      record.set(max_age, *settings.max_age);
    } else {
      record.set_absent(max_age);
    }
    record.set(compress, settings.compress);
    record.set(creates, settings.creates);
    record.set(missing_ok, settings.missing_ok);
    // "create", "create 0640", "create 0640 root adm" or, without a mode, "create root adm".
    auto words = settings.creates ? settings.create : std::vector<std::string>{};
    const auto mode = words.empty() ? std::nullopt : parse_mode(words.front());
    if (mode) {
      record.set(create_mode, *mode);
      words.erase(words.begin());
    } else {
      record.set_absent(create_mode);
    }
    put(record, create_owner, words.empty() ? "" : words[0]);
    put(record, create_group, words.size() < 2 ? "" : words[1]);
    return record;
  }

  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  const sources::Root& root_;
  std::vector<Record>& records_;
  Settings settings_;
  Taboo taboo_;
  std::optional<Error> error_;
  std::size_t files_ = 0;
};

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  std::vector<Record> records;
  Reader reader(sources.root, records);
  reader.read_file(std::string(main_path), 0);
  for (std::size_t index = 0; index < requests.size(); ++index) {
    for (const auto& record : records) sink.add(index, record);
    sink.looked_at(index, fmt::format("{} rules", records.size()), std::string(main_path));
    if (reader.error()) sink.fail(index, *reader.error());
  }
}

}  // namespace

const Probe logrotate_rule_probe = {&schema, collect};

}  // namespace plimsoll::probes
