#include "engine/formats/gvariant.hpp"

#include <fmt/core.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "engine/core/ascii.hpp"
#include "engine/core/text.hpp"

namespace plimsoll::formats {
namespace {

struct IntegerType {
  char name;
  std::size_t bytes;
  bool is_signed;
};
constexpr std::array<IntegerType, 8> integer_types = {{{'y', 1, false},
                                                       {'n', 2, true},
                                                       {'q', 2, false},
                                                       {'i', 4, true},
                                                       {'u', 4, false},
                                                       {'x', 8, true},
                                                       {'t', 8, false},
                                                       {'h', 4, true}}};
constexpr std::array<std::pair<std::string_view, char>, 13> keywords = {{{"boolean", 'b'},
                                                                         {"byte", 'y'},
                                                                         {"int16", 'n'},
                                                                         {"uint16", 'q'},
                                                                         {"int32", 'i'},
                                                                         {"handle", 'h'},
                                                                         {"uint32", 'u'},
                                                                         {"int64", 'x'},
                                                                         {"uint64", 't'},
                                                                         {"double", 'd'},
                                                                         {"string", 's'},
                                                                         {"objectpath", 'o'},
                                                                         {"signature", 'g'}}};

std::unexpected<Error> malformed(std::string what) {
  return std::unexpected(Error{Error::Kind::malformed, std::move(what)});
}

const IntegerType* integer_type(char name) {
  for (const auto& type : integer_types) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80U) {
    out += static_cast<char>(point);
    return;
  }
  if (point < 0x800U) {
    out += static_cast<char>(0xc0U | (point >> 6U));
  } else if (point < 0x10000U) {
    out += static_cast<char>(0xe0U | (point >> 12U));
    out += static_cast<char>(0x80U | ((point >> 6U) & 0x3fU));
  } else {
    out += static_cast<char>(0xf0U | (point >> 18U));
    out += static_cast<char>(0x80U | ((point >> 12U) & 0x3fU));
    out += static_cast<char>(0x80U | ((point >> 6U) & 0x3fU));
  }
  out += static_cast<char>(0x80U | (point & 0x3fU));
}

/// The character behind `\u` or `\U`; `at` stands on that letter and is moved to its last digit.
bool take_code_point(std::string_view text, std::size_t& at, std::string& out) {
  const std::size_t digits = text[at] == 'u' ? 4 : 8;
  const auto part = text.substr(at + 1, digits);
  std::uint32_t point = 0;
  const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), point, 16);
  const bool whole = part.size() == digits && problem == std::errc{} && end == part.data() + part.size();
  if (!whole || point == 0 || point > 0x10ffffU || (point >= 0xd800U && point < 0xe000U)) return false;
  append_utf8(out, point);
  at += digits;
  return true;
}

/// What stands between the quotes, or nothing when the text is not one quoted string.
std::optional<std::string> quoted_text(std::string_view text) {
  constexpr std::string_view letters = "abfnrtv";
  constexpr std::string_view meant = "\a\b\f\n\r\t\v";
  std::string out;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const char c = text[at];
    if (c == text.front()) return at + 1 == text.size() ? std::optional(std::move(out)) : std::nullopt;
    if (c != '\\') {
      out += c;
      continue;
    }
    if (++at == text.size()) return {};
    const auto letter = letters.find(text[at]);
    if (letter != std::string_view::npos) {
      out += meant[letter];
    } else if (text[at] == 'u' || text[at] == 'U') {
      if (!take_code_point(text, at, out)) return {};
    } else if (text[at] != '\n') {
      out += text[at];
    }
  }
  return {};
}

bool is_quote(char c) {
  return c == '\'' || c == '"';
}

Result<Variant> integer(std::string_view text, char type) {
  const auto& limits = *integer_type(type);
  auto digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    base = 16;
    digits.remove_prefix(2);
  } else if (digits.size() > 1 && digits.front() == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (problem != std::errc{} || end != digits.data() + digits.size()) {
    return malformed(fmt::format("`{}` is no value", text));
  }
  const auto bits = limits.bytes * 8 - (limits.is_signed ? 1 : 0);
  const auto greatest = bits == 64 ? std::numeric_limits<std::uint64_t>::max() : (std::uint64_t{1} << bits) - 1;
  const bool fits = negative ? (value == 0 || (limits.is_signed && value <= greatest + 1)) : value <= greatest;
  if (!fits) return malformed(fmt::format("`{}` does not fit its type ({})", text, type));
  return Variant{std::string(1, type), fmt::format("{}{}", negative && value != 0 ? "-" : "", value)};
}

Result<Variant> floating(std::string_view text) {
  double value = 0;
  const auto digits = text.starts_with('+') ? text.substr(1) : text;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc{} || end != digits.data() + digits.size()) {
    return malformed(fmt::format("`{}` is no value", text));
  }
  return Variant{"d", std::string(text)};
}

/// A value whose type is written before it, or follows from its form (`type` is then 0).
Result<Variant> typed_value(std::string_view text, char type) {
  if (text.empty()) return malformed("a value is missing");
  if (is_quote(text.front())) {
    if (type != 0 && type != 's' && type != 'o' && type != 'g')
      return malformed("a string where another type is named");
    auto found = quoted_text(text);
    if (!found) return malformed("a string does not end where the line does");
    return Variant{std::string(1, type == 0 ? 's' : type), std::move(*found)};
  }
  if (text == "true" || text == "false") {
    if (type != 0 && type != 'b') return malformed(fmt::format("`{}` where another type is named", text));
    return Variant{"b", std::string(text)};
  }
  const bool number = is_digit(text.front()) || text.front() == '-' || text.front() == '+' || text.front() == '.' ||
                      text == "inf" || text == "nan";
  if (!number || type == 'b' || type == 's' || type == 'o' || type == 'g') {
    return malformed(fmt::format("`{}` is no value", text));
  }
  const bool hexadecimal = text.find_first_of("xX") != std::string_view::npos;
  if (type == 'd' || (type == 0 && !hexadecimal && text.find_first_of(".eEn") != std::string_view::npos)) {
    return floating(text);
  }
  return integer(text, type == 0 ? 'i' : type);
}

bool is_container(std::string_view text) {
  constexpr std::string_view openings = "[({<";
  const bool byte_string = text.size() > 1 && text.front() == 'b' && is_quote(text[1]);
  return openings.contains(text.front()) || byte_string || text.starts_with("just ") || text == "nothing";
}

std::uint64_t number_at(std::string_view bytes, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto index = big_endian ? i : bytes.size() - 1 - i;
    value = (value << 8U) | static_cast<unsigned char>(bytes[index]);
  }
  return value;
}

}  // namespace

Result<Variant> parse_variant_text(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return malformed("a value is missing");
  if (is_container(text)) return Variant{"", std::string(text)};
  const auto blank = text.find_first_of(" \t");
  if (text.front() == '@') {
    const auto type = text.substr(1, blank == std::string_view::npos ? blank : blank - 1);
    const auto value = blank == std::string_view::npos ? std::string_view{} : trimmed(text.substr(blank));
    if (type.size() != 1 || (!value.empty() && is_container(value))) {
      if (value.empty()) return malformed("a value is missing");
      return Variant{std::string(type), std::string(value)};
    }
    constexpr std::string_view known = "bynqiuxthdsog";
    if (!known.contains(type.front())) return malformed(fmt::format("`{}` is no type", type));
    return typed_value(value, type.front());
  }
  if (blank != std::string_view::npos) {
    for (const auto& [keyword, type] : keywords) {
      if (text.substr(0, blank) == keyword) return typed_value(trimmed(text.substr(blank)), type);
    }
  }
  return typed_value(text, 0);
}

Result<Variant> parse_variant_bytes(std::string_view bytes, bool big_endian) {
  const auto separator = bytes.rfind('\0');
  if (separator == std::string_view::npos) return malformed("a stored value has no type");
  const auto type = bytes.substr(separator + 1);
  auto data = bytes.substr(0, separator);
  if (type == "s" || type == "o" || type == "g") {
    if (!data.ends_with('\0')) return malformed("a stored string does not end");
    data.remove_suffix(1);
    if (data.contains('\0')) return malformed("a stored string ends early");
    return Variant{std::string(type), std::string(data)};
  }
  if (type == "b") {
    if (data.size() != 1 || static_cast<unsigned char>(data.front()) > 1) return malformed("a stored truth is none");
    return Variant{"b", data.front() == 1 ? "true" : "false"};
  }
  if (type == "d" && data.size() == sizeof(double)) {
    return Variant{"d", fmt::format("{}", std::bit_cast<double>(number_at(data, big_endian)))};
  }
  const auto* integer = type.size() == 1 ? integer_type(type.front()) : nullptr;
  if (integer == nullptr) {
    if (type.empty() || type == "d") return malformed("a stored value does not fit its type");
    return std::unexpected(Error{Error::Kind::unsupported,
                                 fmt::format("a stored value of type {} is not made out", presentable(type, 40))});
  }
  if (data.size() != integer->bytes) return malformed("a stored number does not fit its type");
  const auto value = number_at(data, big_endian);
  if (!integer->is_signed) return Variant{std::string(type), fmt::format("{}", value)};
  const auto shift = 64 - integer->bytes * 8;
  return Variant{std::string(type), fmt::format("{}", static_cast<std::int64_t>(value << shift) >> shift)};
}

}  // namespace plimsoll::formats
