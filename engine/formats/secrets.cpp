#include "engine/formats/secrets.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

bool is_word(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '-';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_hash_byte(char c) {
  return is_word(c) || c == '.' || c == '/' || c == '$' || c == '=' || c == ',' || c == '+';
}

/// Names differ in case and in dashes, and mean the same.
std::string folded(std::string_view name) {
  auto out = lower_case(name);
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

/// Whether a key, a variable or a long option is one whose value nobody should print.
bool names_secret(std::string_view key) {
  static constexpr std::array<std::string_view, 9> endings = {"password", "passwd", "passphrase", "secret",    "token",
                                                              "api_key",  "apikey", "access_key", "secret_key"};
  const auto name = folded(key);
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

/// "$y$j9T$salt$hash" → "$y$<masked>"; "grub.pbkdf2.sha512.10000.…" → "grub.pbkdf2.sha512.<masked>".
std::string mask_hashes(std::string_view line) {
  static constexpr std::string_view grub = "grub.pbkdf2.sha512.";
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const auto next = std::min(line.find_first_of("$g", at), line.size());
    out.append(line.substr(at, next - at));
    at = next;
    if (at == line.size()) break;
    const auto rest = line.substr(at);
    std::size_t keep = 0;
    if (rest.starts_with(grub)) {
      keep = grub.size();
    } else if (rest[0] == '$') {
      const auto second = rest.find('$', 1);
      const bool named = second != std::string_view::npos && second > 1 && second <= 10 &&
                         std::all_of(rest.begin() + 1, rest.begin() + static_cast<std::ptrdiff_t>(second), is_word);
      if (named) keep = second + 1;
    }
    std::size_t end = keep;
    while (keep != 0 && end < rest.size() && is_hash_byte(rest[end])) ++end;
    if (keep != 0 && end - keep >= 8) {  // shorter than any salt and hash: "$a$b" is a text with two variables
      out.append(rest.substr(0, keep)).append(masked);
      at += end;
    } else {
      out += rest[0];
      ++at;
    }
  }
  return out;
}

/// The end of a value that starts at `from`: the next white space outside of quotes, since a shell joins what stands
/// side by side ('x y'z is one word), or behind a closing quote what ends a value in JSON.
std::size_t value_end(std::string_view line, std::size_t from) {
  constexpr std::string_view ends_value = ",;)}]";
  while (from < line.size() && !is_blank(line[from])) {
    if (line[from] != '"' && line[from] != '\'') {
      ++from;
      continue;
    }
    const auto close = line.find(line[from], from + 1);
    if (close == std::string_view::npos) return line.size();
    from = close + 1;
    if (from < line.size() && ends_value.find(line[from]) != std::string_view::npos) return from;
  }
  return from;
}

/// Values that nobody has to hide: none at all, and the words of switches.
bool says_nothing(std::string_view value) {
  static constexpr std::array<std::string_view, 8> open = {"", "\"\"", "''", "yes", "no", "true", "false", "none"};
  return std::find(open.begin(), open.end(), folded(value)) != open.end();
}

std::string mask_values(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    if (!is_word(line[at])) {
      out += line[at++];
      continue;
    }
    std::size_t key_end = at;
    while (key_end < line.size() && is_word(line[key_end])) ++key_end;
    const auto key = line.substr(at, key_end - at);
    std::size_t sign = key_end;
    if (sign < line.size() && (line[sign] == '"' || line[sign] == '\'')) ++sign;  // "password": "x" in JSON
    while (sign < line.size() && is_blank(line[sign])) ++sign;
    const bool assigns =
        sign < line.size() && (line[sign] == '=' || (line[sign] == ':' && !folded(key).ends_with("passwd")));
    std::size_t value = sign + 1;
    while (assigns && value < line.size() && is_blank(line[value])) ++value;
    // The end is looked for behind the names of secrets alone: a long line of small assignments would be read once
    // each.
    const bool secret = assigns && names_secret(key);
    const auto end = secret ? value_end(line, value) : value;
    if (!secret || says_nothing(line.substr(std::min(value, line.size()), end - value))) {
      out.append(key);
      at = key_end;
      continue;
    }
    out.append(line.substr(at, value - at)).append(masked);
    at = end;
  }
  return out;
}

/// "https://user:secret@host" → "https://user:<masked>@host".
std::string mask_urls(std::string line) {
  for (std::size_t at = line.find("://"); at != std::string::npos; at = line.find("://", at + 3)) {
    const auto host_end = line.find_first_of("/?# \t\"'", at + 3);
    const auto authority =
        std::string_view(line).substr(at + 3, host_end == std::string::npos ? host_end : host_end - at - 3);
    const auto sign = authority.rfind('@');
    const auto colon = authority.find(':');
    if (sign == std::string_view::npos || colon == std::string_view::npos || colon + 1 >= sign) continue;
    line.replace(at + 3 + colon + 1, sign - colon - 1, masked);
  }
  return line;
}

}  // namespace

std::string mask_secrets(std::string_view line) {
  // Whatever is masked stands behind one of these: `key=`, `key:`, `://`, `$6$`. "grub.pbkdf2." holds none.
  constexpr auto is_mark = [](char c) { return c == '=' || c == ':' || c == '$'; };
  const bool plain = std::ranges::none_of(line, is_mark) && line.find("grub.") == std::string_view::npos;
  if (plain) return std::string(line);
  return mask_urls(mask_values(mask_hashes(line)));
}

std::vector<std::string> mask_arguments(std::vector<std::string> arguments) {
  const auto program = arguments.empty() ? std::string() : std::string(base_name(arguments[0]));
  const bool glued = program.starts_with("mysql") || program.starts_with("mariadb");
  bool secret_follows = false;
  for (auto& argument : arguments) {
    if (secret_follows && !argument.starts_with("-")) {
      argument = masked;
      secret_follows = false;
      continue;
    }
    secret_follows = argument.starts_with("-") && argument.find('=') == std::string::npos && names_secret(argument);
    if (glued && argument.starts_with("-p") && argument.size() > 2) {
      argument = "-p" + std::string(masked);
    } else {
      argument = mask_secrets(argument);
    }
  }
  return arguments;
}

}  // namespace plimsoll::formats
