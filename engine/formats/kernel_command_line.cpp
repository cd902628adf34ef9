#include "engine/formats/kernel_command_line.hpp"

#include <algorithm>
#include <utility>

#include "engine/core/ascii.hpp"

namespace plimsoll::formats {
std::vector<KernelParameter> parse_kernel_command_line(std::string_view text) {
  std::vector<KernelParameter> out;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && is_white(text[at])) ++at;
    if (at == text.size()) return out;
    const bool quoted = text[at] == '"';
    if (quoted) ++at;
    const auto begin = at;
    bool in_quote = quoted;
    for (; at < text.size() && (in_quote || !is_white(text[at])); ++at) {
      if (text[at] == '"') in_quote = !in_quote;
    }
    auto word = text.substr(begin, at - begin);
    if (word == "--" && !quoted) return out;
    const auto equals = word.find('=');
    KernelParameter found;
    if (equals != std::string_view::npos && equals > 0) {
      auto value = word.substr(equals + 1);
      const bool value_quoted = value.starts_with('"');
      if (value_quoted) value.remove_prefix(1);
      if ((value_quoted || quoted) && value.ends_with('"')) value.remove_suffix(1);
      found.name = std::string(word.substr(0, equals));
      found.value = std::string(value);
    } else {
      if (quoted && word.ends_with('"')) word.remove_suffix(1);
      found.name = std::string(word);
    }
    if (!found.name.empty()) out.push_back(std::move(found));
  }
}

bool same_parameter(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char l, char r) { return (l == '-' ? '_' : l) == (r == '-' ? '_' : r); });
}

std::vector<std::string> values_of_parameter(std::string_view command_line, std::string_view name) {
  std::vector<std::string> out;
  for (auto& parameter : parse_kernel_command_line(command_line)) {
    if (same_parameter(parameter.name, name))
      out.push_back(parameter.value ? std::move(*parameter.value) : std::string());
  }
  return out;
}

}  // namespace plimsoll::formats
