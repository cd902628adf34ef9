#include "engine/formats/process_status.hpp"

#include "tests/support/catch.hpp"

using plimsoll::Error;
using plimsoll::formats::kernel_thread_flag;
using plimsoll::formats::parse_process_status;
using plimsoll::formats::ProcessStatus;

TEST_CASE("a status of the kernel is read", "[formats][process_status]") {
  struct Case {
    const char* what;
    std::string text;
    ProcessStatus status;
  };
  const auto c = GENERATE(values<Case>({
      {"a process, by its effective ids",
       "Name:\tsshd\nState:\tS (sleeping)\nPPid:\t1\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n",
       {"sshd", 'S', 1, 2, 6, {}}},
      {"a kernel thread",
       "Name:\tkthreadd\nState:\tS (sleeping)\nPPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nKthread:\t1\n",
       {"kthreadd", 'S', 0, 0, 0, true}},
      {"a process of a kernel that says",
       "Name:\tx\nState:\tR (running)\nPPid:\t4\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nKthread:\t0\n",
       {"x", 'R', 4, 0, 0, false}},
      {"a name with a colon, a newline and a backslash in it",
       "Name:\ta: b\\nUid:\\\\\nState:\tZ (zombie)\nPPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n",
       {"a: b\nUid:\\", 'Z', 1, 0, 0, {}}},
  }));
  CAPTURE(c.what);
  const auto status = parse_process_status(c.text);
  REQUIRE(status);
  CHECK(*status == c.status);
}

TEST_CASE("a status without its lines is an error", "[formats][process_status]") {
  const auto text = GENERATE(as<std::string>{}, "", "noise", "Name:\tx\nState:\tS\nPPid:\t1\nUid:\t0\t0\t0\t0\n",
                             "Name:\tx\nState:\tS\nPPid:\t1\nUid:\t0\tx\t0\t0\nGid:\t0\t0\t0\t0\n",
                             "Name:\tx\nState:\tS\nPPid:\t1\nUid:\t0\nGid:\t0\t0\t0\t0\n",
                             "Name:\tx\nState:\tS\nPPid:\t\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
  CAPTURE(text);
  const auto status = parse_process_status(text);
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == Error::Kind::malformed);
}

TEST_CASE("the flags of a stat line say whether it is a kernel thread", "[formats][process_status]") {
  struct Case {
    const char* line;
    std::optional<bool> flag;
  };
  const auto c = GENERATE(values<Case>({
      {"2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0\n", true},
      {"1 (systemd) S 0 1 1 0 -1 4194560 0 0 0 0\n", false},
      {"9 (a) b) (c) S 0 1 1 0 -1 4194560 0 0\n", false},
      {"9 (short) S 0 1 1 0 -1", {}},
      {"9 (x) S 0 1 1 0 -1 flags 0", {}},
      {"noise", {}},
      {"", {}},
  }));
  CAPTURE(c.line);
  CHECK(kernel_thread_flag(c.line) == c.flag);
}
