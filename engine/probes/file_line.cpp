#include "engine/probes/file_line.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/formats/secrets.hpp"

namespace plimsoll::probes {
namespace {

constexpr std::size_t max_lines = 100'000;
constexpr std::size_t max_line_bytes = 16384;

constexpr std::array<ArgumentSchema, 1> arguments = {{
    {"path", ValueType::text, true, "The path of the file on the audited host, from `/`."},
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

void add_lines(std::size_t request, const std::string& path, std::string_view text, RecordSink& sink) {
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
  sink.looked_at(request, fmt::format("{} lines", number), path);
}

void collect(std::span<const Request> requests, const sources::Sources& sources, RecordSink& sink) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto& path = requests[i].fact->text(0);
    const auto text = sources.root.read(path, sources::max_config_bytes);
    if (!text) {
      if (text.error().kind == Error::Kind::not_found) {
        sink.looked_at(i, fmt::format("{} does not exist", path), path);
      } else {
        sink.fail(i, text.error());
      }
      continue;
    }
    if (auto why = refusal(path, *text)) {
      sink.fail(i, std::move(*why));
    } else if (std::count(text->begin(), text->end(), '\n') > static_cast<std::ptrdiff_t>(max_lines)) {
      sink.fail(i, Error{Error::Kind::too_large, fmt::format("{} has more than {} lines", path, max_lines)});
    } else {
      add_lines(i, path, *text, sink);
    }
  }
}

}  // namespace

const Probe file_line_probe = {&schema, collect};

}  // namespace plimsoll::probes
