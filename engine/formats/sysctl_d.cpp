#include "engine/formats/sysctl_d.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"
#include "engine/formats/glob.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::formats {
namespace {

/// Decimal text of a number as the kernel's strtoul(…, 0) reads it; empty when the word is not one.
std::string decimal(std::string_view word) {
  const bool negative = word.starts_with('-');
  if (negative) word.remove_prefix(1);
  int base = 10;
  if (word.starts_with("0x") || word.starts_with("0X")) {
    base = 16;
    word.remove_prefix(2);
  } else if (word.size() > 1 && word.starts_with('0')) {
    base = 8;
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number, base);
  if (word.empty() || error != std::errc{} || end != word.data() + word.size()) return {};
  return (negative && number != 0 ? "-" : "") + std::to_string(number);
}

bool pattern_matches(std::string_view pattern, std::string_view key) {
  if (pattern.find('{') == std::string_view::npos) return glob_matches(pattern, key, GlobKind::path);
  const auto alternatives = expand_braces(pattern);
  return std::any_of(alternatives.begin(), alternatives.end(),
                     [&](const std::string& one) { return glob_matches(one, key, GlobKind::path); });
}

}  // namespace

std::vector<SysctlLine> parse_sysctl_d(std::string_view text) {
  std::vector<SysctlLine> out;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    const bool dash = line.front() == '-';
    const auto equals = line.find('=');
    if (!dash && equals == std::string_view::npos) continue;
    if (dash) line.remove_prefix(1);
    const auto split = line.find('=');
    SysctlLine found;
    found.line = lines.number();
    found.key = sysctl_key(trimmed(line.substr(0, split)));
    if (split != std::string_view::npos) found.value = std::string(trimmed(line.substr(split + 1)));
    if (!found.key.empty()) out.push_back(std::move(found));
  }
  return out;
}

std::string sysctl_key(std::string_view written) {
  std::string key(written);
  const auto first = key.find_first_of("/.");
  if (first != std::string::npos && key[first] == '.') {
    for (char& c : key) {
      if (c == '.') {
        c = '/';
      } else if (c == '/') {
        c = '.';
      }
    }
  }
  std::string path;  // as systemd's path_simplify: no doubled, leading or trailing slash
  for (const char c : key) {
    if (c == '/' && (path.empty() || path.back() == '/')) continue;
    path.push_back(c);
  }
  if (path.ends_with('/')) path.pop_back();
  return path;
}

std::string single_spaced(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (!is_white(c)) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string sysctl_value(std::string_view written) {
  std::string plain = single_spaced(written);
  std::string numbers;
  std::string_view rest = plain;
  while (true) {
    const auto word = take_word(rest);
    if (word.empty()) return numbers;
    const auto number = decimal(word);
    if (number.empty()) return numbers.empty() ? plain : numbers;
    if (!numbers.empty()) numbers.push_back(' ');
    numbers += number;
  }
}

void SysctlSettings::add(std::size_t file, std::string_view path, std::string_view text) {
  for (auto& line : parse_sysctl_d(text)) {
    const auto index = settings_.size();
    const auto [option, fresh] = options_.try_emplace(line.key, Option{index, rank_});
    if (fresh) {
      ++rank_;
      if (is_glob(line.key)) globs_.push_back(line.key);
    } else {
      // The same value again does not move the option to the end of the writing order; another value does.
      if (settings_[option->second.setting].value != line.value) option->second.written = rank_++;
      option->second.setting = index;
    }
    by_key_[line.key].push_back(index);
    settings_.push_back({std::move(line.key), std::move(line.value), fmt::format("{}:{}", path, line.line), file});
  }
}

SysctlSettings::Outcome SysctlSettings::of(std::string_view key) const {
  const std::string name(key);
  Outcome outcome;
  std::vector<std::size_t> matching;
  if (const auto exact = by_key_.find(name); exact != by_key_.end()) {
    matching = exact->second;
    outcome.setting = &settings_[options_.at(name).setting];
  }
  const Option* last = nullptr;
  for (const auto& pattern : globs_) {
    if (!pattern_matches(pattern, key)) continue;
    const auto& indexes = by_key_.at(pattern);
    matching.insert(matching.end(), indexes.begin(), indexes.end());
    const auto& option = options_.at(pattern);
    if (settings_[option.setting].value && (last == nullptr || last->written < option.written)) last = &option;
  }
  if (outcome.setting == nullptr && last != nullptr) {
    outcome.setting = &settings_[last->setting];
    outcome.by_glob = true;
  }
  std::sort(matching.begin(), matching.end());
  for (const auto index : matching) {
    const auto& other = settings_[index];
    if (&other != outcome.setting && other.value) outcome.overridden.push_back(&other);
  }
  return outcome;
}

}  // namespace plimsoll::formats
