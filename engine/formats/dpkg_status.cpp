#include "engine/formats/dpkg_status.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace plimsoll::formats {
namespace {

/// memmem(3) over views: glibc's is several times faster than std::string_view::find on a file of megabytes.
std::size_t find_from(std::string_view text, std::string_view needle, std::size_t from) {
  if (from >= text.size()) return std::string_view::npos;
  const void* hit = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  if (hit == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
}

std::string_view line_at(std::string_view text, std::size_t start) {
  const auto end = text.find('\n', start);
  return {text.data() + start, (end == std::string_view::npos ? text.size() : end) - start};
}

/// Counts lines up to growing positions, so that a whole scan counts each line once.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}
  std::uint32_t line_of(std::size_t position) {
    if (position < counted_to_) {
      counted_to_ = 0;
      lines_ = 0;
    }
    const auto* begin = text_.data() + counted_to_;
    lines_ += static_cast<std::uint32_t>(std::count(begin, text_.data() + position, '\n'));
    counted_to_ = position;
    return lines_ + 1;
  }

 private:
  std::string_view text_;
  std::size_t counted_to_ = 0;
  std::uint32_t lines_ = 0;
};

/// Where the paragraph around `position` starts: behind the blank line before it.
std::size_t paragraph_start(std::string_view text, std::size_t position) {
  const auto blank = text.substr(0, position).rfind("\n\n");
  return blank == std::string_view::npos ? 0 : blank + 2;
}

template <class Handle>
void for_each_line(std::string_view paragraph, const Handle& handle) {
  for (std::size_t at = 0; at < paragraph.size();) {
    const auto line = line_at(paragraph, at);
    handle(line);
    at += line.size() + 1;
  }
}

/// Calls `handle(value of the line, its position)` for each line that starts with `key`.
template <class Handle>
void for_each_key_line(std::string_view text, std::string_view key, const Handle& handle) {
  const std::string needle = "\n" + std::string(key);
  std::size_t at = 0;
  if (!text.starts_with(key)) {
    at = find_from(text, needle, 0);
    if (at != std::string_view::npos) ++at;
  }
  while (at != std::string_view::npos) {
    const auto line = line_at(text, at);
    handle(line.substr(key.size()), at);
    at = find_from(text, needle, at + line.size());
    if (at != std::string_view::npos) ++at;
  }
}

bool wanted(std::span<const std::string_view> names, std::string_view name) {
  return std::binary_search(names.begin(), names.end(), name);
}

std::string_view paragraph_at(std::string_view text, std::size_t position) {
  const auto start = paragraph_start(text, position);
  const auto end = find_from(text, "\n\n", position);
  return text.substr(start, end == std::string_view::npos ? std::string_view::npos : end - start);
}

}  // namespace

DpkgStatusReader::DpkgStatusReader()
    : paragraphs_([this](const PackageParagraph& paragraph) {
        packages_.push_back({.name = std::string(paragraph.name),
                             .status = std::string(paragraph.status),
                             .version = std::string(paragraph.version),
                             .architecture = std::string(paragraph.architecture),
                             .line = paragraph.line});
      }) {
  packages_.reserve(1024);  // more than most hosts have; what is not used is not touched
}

void DpkgStatusReader::feed(std::string_view part) {
  if (part.empty()) return;
  holds_nul_ = holds_nul_ || std::memchr(part.data(), '\0', part.size()) != nullptr;
  ends_within_line_ = part.back() != '\n';
  paragraphs_.feed(part);
}

std::vector<DpkgPackage> DpkgStatusReader::end() {
  paragraphs_.end();
  return std::move(packages_);
}

std::string_view DpkgStatusReader::damage() const {
  if (holds_nul_) return "it holds NUL bytes";
  return ends_within_line_ ? "it ends within a line" : "";
}

DpkgScan scan_dpkg_status(std::string_view text, std::span<const std::string_view> names) {
  DpkgStatusReader reader;
  reader.feed(text);
  DpkgScan scan;
  scan.damage = reader.damage();
  scan.found = reader.end();
  scan.any_package = !scan.found.empty();
  std::erase_if(scan.found, [&](const DpkgPackage& package) { return !wanted(names, package.name); });
  return scan;
}

DpkgState dpkg_state(std::string_view status) {
  if (status == "install ok installed") return DpkgState::installed;  // nearly all
  std::string_view words[3];
  std::size_t count = 0;
  for (std::size_t at = 0; at < status.size();) {
    const auto start = status.find_first_not_of(" \t", at);
    if (start == std::string_view::npos) break;
    const auto end = std::min(status.find_first_of(" \t", start), status.size());
    if (count == 3) return DpkgState::broken;
    words[count++] = status.substr(start, end - start);
    at = end;
  }
  if (count != 3) return DpkgState::broken;
  for (const auto* present : {"installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending"}) {
    if (words[2] == present) return DpkgState::installed;
  }
  if (words[2] == "not-installed" || words[2] == "config-files") return DpkgState::not_installed;
  return DpkgState::broken;
}

ApkScan scan_apk_installed(std::string_view text, std::span<const std::string_view> names) {
  ApkScan scan;
  LineCounter lines(text);
  for_each_key_line(text, "P:", [&](std::string_view name, std::size_t position) {
    scan.any_package = true;
    if (!wanted(names, name)) return;
    ApkPackage package;
    package.name = name;
    package.line = lines.line_of(position);
    for_each_line(paragraph_at(text, position), [&](std::string_view line) {
      if (line.starts_with("V:")) package.version = line.substr(2);
      if (line.starts_with("A:")) package.architecture = line.substr(2);
    });
    scan.found.push_back(std::move(package));
  });
  return scan;
}

}  // namespace plimsoll::formats
