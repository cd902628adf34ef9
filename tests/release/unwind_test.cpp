// Exceptions find their handlers through our own _dl_find_object (cmake/portable/glibc_2_34.cpp): in this program,
// through libc's frames, in threads, and with many at once.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

[[noreturn]] void throw_from(int depth) {
  if (depth == 0) throw std::runtime_error("thrown");
  const std::string has_a_destructor(64, 'x');
  throw_from(depth - 1);
}

bool caught() {
  try {
    throw_from(20);
  } catch (const std::exception& error) {
    return std::string("thrown") == error.what();
  }
}

int compare_and_throw(const void*, const void*) {
  throw std::runtime_error("from a callback");
}

bool caught_through_libc() {
  int numbers[] = {2, 1};
  try {
    std::qsort(numbers, 2, sizeof numbers[0], compare_and_throw);
  } catch (const std::exception& error) {
    return std::string("from a callback") == error.what();
  }
  return false;
}

}  // namespace

int main() {
  int wrong = 0;
  const auto expect = [&wrong](bool holds, const char* what) {
    if (holds) return;
    std::printf("FAIL: %s\n", what);
    ++wrong;
  };
  expect(caught(), "an exception is caught twenty frames up");
  expect(caught_through_libc(), "an exception passes through libc's frames");

  std::vector<int> times(4, 0);
  std::vector<std::thread> threads;
  for (int& count : times) {
    threads.emplace_back([&count] {
      for (int i = 0; i < 1000; ++i) count += caught() ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : times) expect(count == 1000, "exceptions of four threads do not disturb each other");

  std::random_device device;
  const auto first = device();
  bool differs = false;
  for (int i = 0; i < 8; ++i) differs = differs || device() != first;
  expect(differs, "std::random_device gives different numbers");

  expect(std::stol("-42") == -42 && std::stoull("0x2a", nullptr, 16) == 42, "numbers are parsed");
  return wrong == 0 ? 0 : 1;
}
