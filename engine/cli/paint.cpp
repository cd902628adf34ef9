#include "engine/cli/paint.hpp"

#include <cassert>

namespace plimsoll::cli {
namespace {

std::string_view sequence_of(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return {};
    case Ink::strong:
      return "\x1b[1m";
    case Ink::faint:
      return "\x1b[2m";
    case Ink::red:
      return "\x1b[1;31m";
    case Ink::yellow:
      return "\x1b[33m";
    case Ink::green:
      return "\x1b[32m";
    case Ink::cyan:
      return "\x1b[36m";
  }
  assert(false);
  return {};
}

}  // namespace

std::string painted(std::string_view text, Ink ink, bool colour) {
  const std::string_view sequence = colour ? sequence_of(ink) : std::string_view{};
  if (sequence.empty() || text.empty()) return std::string(text);
  std::string out(sequence);
  out.append(text).append("\x1b[0m");
  return out;
}

Ink ink_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return Ink::green;
    case Verdict::fail:
      return Ink::red;
    case Verdict::manual:
      return Ink::cyan;
    case Verdict::not_applicable:
      return Ink::faint;
    case Verdict::error:
      return Ink::yellow;
  }
  assert(false);
  return Ink::plain;
}

std::string_view label_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::fail:
      return "FAIL";
    case Verdict::manual:
      return "MANUAL";
    case Verdict::not_applicable:
      return "N/A";
    case Verdict::error:
      return "ERROR";
  }
  assert(false);
  return {};
}

std::string_view words_for(Verdict verdict) {
  return verdict == Verdict::not_applicable ? "not applicable" : name_of(verdict);
}

}  // namespace plimsoll::cli
