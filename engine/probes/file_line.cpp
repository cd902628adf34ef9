#include "engine/probes/file_line.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/formats/glob.hpp"
#include "engine/formats/secrets.hpp"
#include "engine/probes/path_glob.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_lines = 100'000;
constexpr std::size_t max_line_bytes = 16384;

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {"path", ValueType::text, true,
     "The path of the file on the audited host, from `/`; with `*`, `?` or `[` in it, all the files that glob(3) "
     "finds."},
}};
constexpr std::array<FieldSchema, 2> fields = {{
    {"text", ValueType::text,
     "The line without its end. Secrets in it are masked: password hashes, values of keys such as `password = `, "
     "passwords in URLs. Unreadable when it is longer than 16 KiB."},
    {"number", ValueType::integer, "Its number, from 1."},
}};
enum class LineField : std::uint8_t { text, number };
constexpr std::array<std::string_view, 1> read_from = {"the file"};

constexpr ProbeSchema schema = {
    "file.line",
    "The lines of a file, as text: for files that no other probe reads. A file that is not there has no lines (ask the "
    "probe `file` whether it exists); files of password hashes and private keys are refused.",
    Cardinality::any,
    arguments,
    fields,
    "",
    read_from,
};

/// Why the lines of this file must not be shown, if so.
std::optional<Error> refusal(const std::string& path, std::string_view text) {
  static constexpr std::array<std::string_view, 5> hashes = {"/etc/shadow", "/etc/shadow-", "/etc/gshadow",
                                                             "/etc/gshadow-", "/etc/security/opasswd"};
  if (std::find(hashes.begin(), hashes.end(), path) != hashes.end()) {
    return Error{Error::Kind::unsupported, fmt::format("{} holds password hashes, which are not shown", path),
                 "use the probes of accounts"};
  }
  if (text.find("PRIVATE KEY-----") != std::string_view::npos) {
    return Error{Error::Kind::unsupported, fmt::format("{} holds a private key, which is not shown", path),
                 "use the probe `file`"};
  }
  return {};
}

/// The number of lines.
std::size_t add_lines(std::size_t request, const std::string& path, std::string_view text, RecordSink& sink) {
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    Record record(fields.size());
    record.source = fmt::format("{}:{}", path, number);
    record.resource = path;
    record.set(LineField::number, static_cast<std::int64_t>(number));
    if (line.size() > max_line_bytes) {
      record.set_unreadable(LineField::text, Error{Error::Kind::too_large, fmt::format("{}:{} is longer than {} bytes",
                                                                                       path, number, max_line_bytes)});
    } else {
      record.set(LineField::text, formats::mask_secrets(line));
    }
    sink.add(request, std::move(record));
  }
  return number;
}

/// The lines of one file become records; their number, or why there are none. A file that is not there: not_found.
Result<std::size_t> read_lines(std::size_t request, const std::string& path, const sources::Root& root,
                               RecordSink& sink) {
  const auto text = root.read(path, sources::max_config_bytes);
  if (!text) return std::unexpected(text.error());
  if (auto why = refusal(path, *text)) return std::unexpected(std::move(*why));
  if (std::count(text->begin(), text->end(), '\n') > static_cast<std::ptrdiff_t>(max_lines)) {
    return std::unexpected(Error{Error::Kind::too_large, fmt::format("{} has more than {} lines", path, max_lines)});
  }
  return add_lines(request, path, *text, sink);
}

void collect_one(std::size_t request, const std::string& path, const sources::Root& root, RecordSink& sink) {
  const auto lines = read_lines(request, path, root, sink);
  if (lines) {
    sink.looked_at(request, fmt::format("{} lines", *lines), path);
  } else if (lines.error().kind == Error::Kind::not_found) {
    sink.looked_at(request, fmt::format("{} does not exist", path), path);
  } else {
    sink.fail(request, lines.error());
  }
}

/// All files that fit; one that cannot be read leaves the lines of the others standing.
void collect_all(std::size_t request, const std::string& pattern, const sources::Root& root, RecordSink& sink) {
  const auto paths = glob_paths(root, pattern);
  if (!paths) return sink.fail(request, paths.error());
  std::size_t files = 0;
  std::size_t lines = 0;
  std::optional<Error> gap;
  for (const auto& path : *paths) {
    if (lines > max_lines) {
      gap = Error{Error::Kind::too_large,
                  fmt::format("the files that fit {} have more than {} lines", pattern, max_lines)};
      break;
    }
    const auto count = read_lines(request, path, root, sink);
    if (count) {
      ++files;
      lines += *count;
    } else if (count.error().kind != Error::Kind::not_found && !gap) {  // a link may lead nowhere
      gap = count.error();
    }
  }
  sink.looked_at(request, fmt::format("{} lines of {} files that fit {}", lines, files, pattern), pattern);
  if (gap) sink.fail(request, std::move(*gap));
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto& path = requests[i].fact->text(0);
    if (formats::is_glob(path)) {
      collect_all(i, path, sources.root, sink);
    } else {
      collect_one(i, path, sources.root, sink);
    }
  }
}

}  // namespace

const Probe file_line_probe = {&schema, collect};

}  // namespace plimsoll::probes
