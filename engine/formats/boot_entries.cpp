#include "engine/formats/boot_entries.hpp"

#include <fmt/core.h>

#include <array>
#include <optional>
#include <utility>

#include "engine/core/text.hpp"
#include "engine/formats/grub_script.hpp"
#include "engine/formats/kernel_command_line.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

constexpr std::size_t npos = std::string_view::npos;

/// Puts variables into a word of an entry's command line and keeps account of what is not certain.
void expand(BootEntry& entry, std::string_view word, const GrubVariables& assigned, const GrubEnvironment& environment,
            bool unset_is_empty) {
  std::string text;
  bool certain = true;
  const bool literal = word.find(grub_variable_begin) == npos;
  while (!word.empty()) {
    const auto begin = word.find(grub_variable_begin);
    text.append(word.substr(0, begin));
    if (begin == npos) break;
    const auto end = word.find(grub_variable_end, begin);
    const auto name = word.substr(begin + 1, end - begin - 1);
    word.remove_prefix(end + 1);
    if (const auto saved = environment.find(name); saved != environment.end()) {
      text += saved->second;
    } else if (const auto set = assigned.find(name); set != assigned.end()) {
      if (set->second.literal && set->second.certain) {
        text += set->second.text;
      } else {
        certain = false;
        if (!set->second.literal) entry.unknown = std::string(name);
        entry.possible.append(" ").append(set->second.text);
      }
    } else if (!unset_is_empty) {
      certain = false;
      entry.unknown = std::string(name);
    }
  }
  if (!text.empty()) {
    if (!entry.command_line.empty()) entry.command_line.push_back(' ');
    // GRUB quotes again what was one word with a blank in it.
    const bool one_word = literal && text.find(' ') != npos && text.find('"') == npos;
    entry.command_line += one_word ? "\"" + text + "\"" : text;
  }
  if (!certain) entry.certain_from = entry.command_line.size();
}

void note_kind(BootEntry& entry) {
  static constexpr std::array<std::string_view, 6> rescue = {
      "recovery", "single", "emergency", "rescue", "systemd.unit=rescue.target", "systemd.unit=emergency.target"};
  const auto& title = entry.title;
  entry.recovery = entry.recovery || title.find("recovery mode") != npos || title.find("rescue") != npos;
  for (const auto& parameter : parse_kernel_command_line(entry.command_line)) {
    const auto word = parameter.value ? parameter.name + "=" + *parameter.value : parameter.name;
    for (const auto candidate : rescue) entry.recovery = entry.recovery || word == candidate;
  }
}

/// The lines between which os-prober's section stands: other systems on the same disk.
std::pair<std::uint32_t, std::uint32_t> prober_lines(std::string_view text) {
  std::pair<std::uint32_t, std::uint32_t> out{0, 0};
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (line.starts_with("### BEGIN /etc/grub.d/") && line.find("os-prober") != npos) out.first = lines.number();
    if (line.starts_with("### END /etc/grub.d/") && line.find("os-prober") != npos) out.second = lines.number();
  }
  return out;
}

void assign(GrubVariables& assigned, const std::vector<std::string>& words, bool conditional) {
  if (words.size() < 2) return;
  const std::string& word = words[1];
  const auto equals = word.find('=');
  if (equals == std::string::npos) return;
  GrubVariable value;
  value.text = word.substr(equals + 1);
  value.literal = value.text.find(grub_variable_begin) == std::string::npos;
  value.certain = !conditional;
  const auto [known, fresh] = assigned.try_emplace(word.substr(0, equals), value);
  if (fresh || (known->second.text == value.text && known->second.certain && value.certain)) return;
  known->second.literal = known->second.literal && value.literal;
  known->second.certain = false;
  known->second.text.append(" ").append(value.text);
}

}  // namespace

GrubEnvironment parse_grubenv(std::string_view text) {
  GrubEnvironment out;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    if (line.starts_with('#')) continue;
    const auto equals = line.find('=');
    if (equals == npos) continue;
    std::string value;
    for (std::size_t at = equals + 1; at < line.size(); ++at) {
      if (line[at] == '\\' && at + 1 < line.size()) ++at;
      value.push_back(line[at]);
    }
    out.insert_or_assign(std::string(line.substr(0, equals)), std::move(value));
  }
  return out;
}

GrubConfiguration parse_grub_cfg(std::string_view text, const GrubEnvironment& environment) {
  struct Found {
    std::string title;
    GrubCommand command;
    std::size_t first_argument;
  };
  GrubConfiguration out;
  GrubVariables& assigned = out.variables;
  std::vector<Found> found;
  std::vector<std::string> titles;  // of the blocks that are open; empty for functions
  std::size_t conditions = 0;
  GrubReader reader(text);
  while (auto command = reader.next()) {
    auto& words = command->words;
    while (!words.empty() && (words[0] == "then" || words[0] == "else" || words[0] == "do")) words.erase(words.begin());
    const std::string name = words.empty() ? "" : words[0];
    if (name == "if" || name == "while" || name == "until" || name == "for") ++conditions;
    if ((name == "fi" || name == "done") && conditions > 0) --conditions;
    if (command->end == GrubCommand::End::block) {
      titles.push_back((name == "menuentry" || name == "submenu") && words.size() > 1 ? words[1] : "");
    }
    if (name == "set") assign(assigned, words, conditions > 0 || !titles.empty());
    if (name == "blscfg") out.reads_bls = true;
    const bool linux = name == "linux" || name == "linuxefi" || name == "linux16";
    const bool module = (name == "module" || name == "module2") && words.size() > 1;
    if ((linux || module) && words.size() > 1) {
      std::size_t kernel = 1;
      while (kernel + 1 < words.size() && words[kernel].starts_with("--")) ++kernel;
      if (linux || base_name(words[kernel]).starts_with("vmlinu")) {
        found.push_back({titles.empty() ? "" : titles.back(), *command, kernel});
      }
    }
    if (command->end == GrubCommand::End::end_of_block && !titles.empty()) titles.pop_back();
  }
  const auto [prober_begin, prober_end] = prober_lines(text);
  for (const auto& [title, command, kernel] : found) {
    BootEntry entry;
    entry.title = title;
    entry.line = command.line;
    entry.foreign = (prober_begin < command.line && command.line < prober_end) ||
                    base_name(command.words[kernel]).starts_with("memtest");
    for (std::size_t at = kernel + 1; at < command.words.size(); ++at) {
      expand(entry, command.words[at], assigned, environment, true);
    }
    note_kind(entry);
    out.entries.push_back(std::move(entry));
  }
  return out;
}

BootEntry parse_bls_entry(std::string_view text, const GrubEnvironment& environment, const GrubConfiguration* reader) {
  static const GrubVariables none;
  BootEntry entry;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    auto rest = trimmed(line);
    const auto key = take_word(rest);
    rest = trimmed(rest);
    if (key == "title") entry.title = std::string(rest);
    if (key == "efi" || key == "linux") entry.foreign = base_name(rest).starts_with("memtest");
    if (key != "options") continue;
    if (entry.line == 0) entry.line = lines.number();
    // Quotes stay for the kernel; only "$name" is GRUB's.
    std::string marked;
    for (std::size_t at = 0; at < rest.size(); ++at) {
      std::size_t end = at + 1;
      const bool braces = end < rest.size() && rest[end] == '{';
      if (braces) ++end;
      const auto begin = end;
      while (end < rest.size() && is_grub_name(rest[end])) ++end;
      if (rest[at] != '$' || end == begin) {
        marked.push_back(rest[at] == grub_variable_begin || rest[at] == grub_variable_end ? '?' : rest[at]);
        continue;
      }
      marked.append(1, grub_variable_begin).append(rest.substr(begin, end - begin)).append(1, grub_variable_end);
      at = braces && end < rest.size() && rest[end] == '}' ? end : end - 1;
    }
    std::string_view words = marked;
    while (true) {
      const auto word = take_word(words);
      if (word.empty()) break;
      expand(entry, word, reader == nullptr ? none : reader->variables, environment, reader != nullptr);
    }
  }
  note_kind(entry);
  return entry;
}

Result<std::vector<std::string>> values_in_entry(const BootEntry& entry, std::string_view parameter) {
  const auto certain = std::string_view(entry.command_line).substr(entry.certain_from);
  if (values_of_parameter(certain, parameter).empty()) {
    if (!entry.unknown.empty()) {
      return std::unexpected(Error{
          Error::Kind::unsupported,
          fmt::format("the boot loader variable ${} may set it, and its value is not known here", entry.unknown)});
    }
    if (!values_of_parameter(entry.possible, parameter).empty()) {
      return std::unexpected(
          Error{Error::Kind::unsupported, "a boot loader script sets it under a condition that is not followed"});
    }
  }
  return values_of_parameter(entry.command_line, parameter);
}

}  // namespace plimsoll::formats
