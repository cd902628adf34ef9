#include "engine/formats/package_paragraphs.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

/// Names of fields have no case. `name` is in small letters.
bool is_named(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  constexpr auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(line.substr(0, name.size()), name, {}, small);
}

/// Whether a line may hold one of the fields: their first letters, so that the many others cost one look.
bool is_candidate(char first) {
  switch (first) {
    case 'p':
    case 'P':
    case 'v':
    case 'V':
    case 'a':
    case 'A':
    case 's':
    case 'S':
      return true;
    default:
      return false;
  }
}

/// Whether all is known that dpkg's file tells, which is most of the time long before a paragraph ends.
bool is_whole(const PackageParagraph& paragraph) {
  return !paragraph.name.empty() && !paragraph.status.empty() && !paragraph.version.empty() &&
         !paragraph.architecture.empty();
}

bool is_blank(std::string_view line) {
  return std::ranges::all_of(line, is_white);
}

void pass_line(std::string_view& lines) {
  const auto end = lines.find('\n');
  lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
}

constexpr std::size_t step_bytes = 64;

/// How many lines end in the next bytes. Nothing when one of them may begin behind an end and be blank (a control
/// character or a space), or when there are too few bytes. The loop has no branches, so that compilers make a few
/// instructions for vectors of it; a search for each line's end takes twice as long, and one for blank lines would not
/// count the others.
std::optional<std::uint8_t> ends_in_step(std::string_view text) {
  if (text.size() <= step_bytes) return {};
  const char* bytes = text.data();
  std::uint8_t ends = 0;
  std::uint8_t may_be_blank = 0;
  for (std::size_t at = 0; at < step_bytes; ++at) {
    const std::uint8_t is_end = bytes[at] == '\n' ? 1 : 0;
    const std::uint8_t is_low = static_cast<unsigned char>(bytes[at + 1]) <= ' ' ? 1 : 0;
    ends = static_cast<std::uint8_t>(ends + is_end);
    may_be_blank = static_cast<std::uint8_t>(may_be_blank | (is_end & is_low));
  }
  if (may_be_blank != 0) return {};
  return ends;
}

constexpr std::array<std::string_view PackageParagraph::*, 5> fields = {
    &PackageParagraph::name, &PackageParagraph::version, &PackageParagraph::architecture, &PackageParagraph::status,
    &PackageParagraph::phased};

}  // namespace

void PackageParagraphs::feed(std::string_view part) {
  if (!open_line_.empty()) {
    const auto end = part.find('\n');
    open_line_ += part.substr(0, end);
    if (end == std::string_view::npos) return;
    part.remove_prefix(end + 1);
    open_line_ += '\n';
    take_lines(open_line_);
    keep();
    open_line_.clear();
  }
  const auto whole = part.rfind('\n') + 1;
  take_lines(part.substr(0, whole));
  open_line_ = part.substr(whole);
  keep();
}

void PackageParagraphs::end() {
  take_lines(open_line_);
  finish_paragraph();
  open_line_.clear();
}

/// All lines are whole, but for the last one of the text.
void PackageParagraphs::take_lines(std::string_view lines) {
  while (!lines.empty()) {
    if (is_passed_over_) {
      pass_to_blank_line(lines);
      continue;
    }
    ++line_;
    const char first = lines.front();
    if (!is_candidate(first) && !is_white(first)) {  // most lines: it is enough to know where they end
      pass_line(lines);
      continue;
    }
    const auto line = take_line(lines);
    if (is_blank(line)) {
      finish_paragraph();
    } else if (is_candidate(first)) {
      take_candidate(line);
    }
  }
}

void PackageParagraphs::take_candidate(std::string_view line) {
  constexpr std::array<std::string_view, fields.size()> names = {"package", "version", "architecture", "status",
                                                                 "phased-update-percentage"};
  const auto found = std::ranges::find_if(names, [&](std::string_view name) { return is_named(line, name); });
  if (found == names.end()) return;
  const auto index = static_cast<std::size_t>(found - names.begin());
  paragraph_.*fields[index] = trimmed(line.substr(found->size() + 1));
  if (index == 0) {
    paragraph_.line = line_;
    if (wanted_ && !wanted_(paragraph_.name)) {
      paragraph_ = {};
      is_passed_over_ = true;
    }
  }
  if (is_whole(paragraph_)) is_passed_over_ = true;
}

void PackageParagraphs::finish_paragraph() {
  if (!paragraph_.name.empty()) visit_(paragraph_);
  paragraph_ = {};
  is_passed_over_ = false;
}

/// Stops before the blank line, if there is one: of all that a list of packages holds, nearly everything is passed
/// here.
void PackageParagraphs::pass_to_blank_line(std::string_view& lines) {
  while (!lines.empty()) {
    if (is_white(lines.front()) && is_blank(lines.substr(0, lines.find('\n')))) {
      is_passed_over_ = false;
      return;
    }
    while (const auto ends = ends_in_step(lines)) {
      line_ += *ends;
      lines.remove_prefix(step_bytes);
    }
    pass_line(lines);
    ++line_;
  }
}

/// Lets go of the part that the views of the paragraph are of.
void PackageParagraphs::keep() {
  for (std::size_t index = 0; index < fields.size(); ++index) {
    auto& view = paragraph_.*fields[index];
    if (view.empty() || view.data() == kept_[index].data()) continue;
    kept_[index] = view;
    view = kept_[index];
  }
}

std::string_view release_field(std::string_view text, std::string_view name) {
  const auto wanted = lower_case(name);
  bool is_signed = false;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.starts_with("-----BEGIN PGP SIGNED")) is_signed = true;  // its own headers and an empty line follow
    if (trimmed(line).empty()) {
      if (!is_signed) return {};
      is_signed = false;
    } else if (is_named(line, wanted)) {
      return trimmed(line.substr(wanted.size() + 1));
    }
  }
  return {};
}

}  // namespace plimsoll::formats
