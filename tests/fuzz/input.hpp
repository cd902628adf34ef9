// What every fuzz target needs. PLIMSOLL_FUZZ(text) { … } is the body of libFuzzer's entry point; `require` ends the
// program when an invariant does not hold, also where assertions are off.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

inline void require(bool holds) {
  if (!holds) std::abort();
}

// In the replay program, PLIMSOLL_FUZZ_ENTRY gives each target a name of its own.
#ifndef PLIMSOLL_FUZZ_ENTRY
#define PLIMSOLL_FUZZ_ENTRY LLVMFuzzerTestOneInput
#endif

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the name of a function is made here
#define PLIMSOLL_FUZZ(input)                                                       \
  static void fuzz(std::string_view input);                                        \
  extern "C" int PLIMSOLL_FUZZ_ENTRY(const std::uint8_t* data, std::size_t size);  \
  extern "C" int PLIMSOLL_FUZZ_ENTRY(const std::uint8_t* data, std::size_t size) { \
    fuzz({reinterpret_cast<const char*>(data), size});                             \
    return 0;                                                                      \
  }                                                                                \
  static void fuzz(std::string_view input)
