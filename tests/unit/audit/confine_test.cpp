#include "engine/audit/confine.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace plimsoll;
using plimsoll::tests::TemporaryDirectory;

namespace {

// Confinement is for good, so it happens in a child of this test program. What the child found comes back as lines.
std::vector<std::string> in_confined_child(const audit::ConfineRequest& request,
                                           const std::function<std::string(const std::vector<Limit>&)>& body) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto limits = audit::confine(request);
    const std::string told = body(limits);
    const bool sent = ::write(ends[1], told.data(), told.size()) == static_cast<ssize_t>(told.size());
    ::_exit(sent ? 0 : 1);
  }
  ::close(ends[1]);
  std::string told;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    told.append(buffer, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  std::vector<std::string> lines;
  while (!told.empty()) {
    const auto end = told.find('\n');
    lines.push_back(told.substr(0, end));
    told.erase(0, end == std::string::npos ? told.size() : end + 1);
  }
  return lines;
}

// "name: ok" or "name: " and the error.
std::string outcome(const char* name, long result) {
  return std::string(name) + ": " + (result >= 0 ? "ok" : ::strerrorname_np(errno)) + "\n";
}

bool has_landlock(const std::vector<Limit>& limits) {
  for (const auto& limit : limits) {
    if (limit.what == "confinement with Landlock" && limit.why.find("cannot forbid") == std::string::npos) return false;
  }
  return true;
}

bool kernel_has_landlock() {
  return ::syscall(444, nullptr, 0, 1U) >= 1;
}

}  // namespace

TEST_CASE("a confined process runs nothing and changes nothing outside its directories", "[confine]") {
  const TemporaryDirectory inside;
  const TemporaryDirectory outside;
  outside.write("/old", "old");
  const auto lines =
      in_confined_child({.writable_directories = {inside.path()}}, [&](const std::vector<Limit>& limits) {
        std::string told = std::string("landlock: ") + (has_landlock(limits) ? "yes" : "no") + "\n";
        char name[] = "/bin/true";
        char* const arguments[] = {name, nullptr};
        told += outcome("exec", ::execv(name, arguments));
        told += outcome("fork", ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
        told += outcome("unshare", ::unshare(CLONE_NEWNS));
        told += outcome("mount", ::mount("none", inside.path().c_str(), "tmpfs", 0, nullptr));
        told += outcome("ptrace", ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
        told += outcome("module", ::syscall(SYS_init_module, nullptr, 0UL, ""));
        told += outcome("host name", ::sethostname("x", 1));
        char typed = 'x';
        told += outcome("typing", ::ioctl(0, TIOCSTI, &typed));
        const std::string file = inside.path() + "/report";
        const int made = ::open((file + ".new").c_str(), O_CREAT | O_WRONLY | O_EXCL | O_CLOEXEC, 0600);
        told += outcome("write inside", made < 0 ? -1 : ::write(made, "text", 4));
        told += outcome("sync inside", ::fsync(made));
        told += outcome("rename inside", ::rename((file + ".new").c_str(), file.c_str()));
        told += outcome("read", ::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
        told += outcome("list", ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        told += outcome("reopen", ::open("/proc/self/fd/0", O_PATH | O_CLOEXEC));
        int answer = 0;
        std::thread([&] { answer = 42; }).join();
        told += "thread: " + std::to_string(answer) + "\n";
        told +=
            outcome("create outside", ::open((outside.path() + "/new").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        told += outcome("write outside", ::open((outside.path() + "/old").c_str(), O_WRONLY | O_CLOEXEC));
        told += outcome("empty outside", ::truncate((outside.path() + "/old").c_str(), 0));
        told += outcome("remove outside", ::unlink((outside.path() + "/old").c_str()));
        return told;
      });
  const std::vector<std::string> always = {"exec: EPERM",      "fork: EPERM",     "unshare: EPERM",    "mount: EPERM",
                                           "ptrace: EPERM",    "module: EPERM",   "host name: EPERM",  "typing: EPERM",
                                           "write inside: ok", "sync inside: ok", "rename inside: ok", "read: ok",
                                           "list: ok",         "reopen: ok",      "thread: 42"};
  REQUIRE(lines.size() == always.size() + 5);
  CHECK(std::vector<std::string>(lines.begin() + 1, lines.begin() + 1 + static_cast<std::ptrdiff_t>(always.size())) ==
        always);
  CHECK(lines[0] == (kernel_has_landlock() ? "landlock: yes" : "landlock: no"));
  if (kernel_has_landlock()) {
    const std::vector<std::string> last(lines.end() - 4, lines.end());
    CHECK(last[0] == "create outside: EACCES");
    CHECK(last[1] == "write outside: EACCES");
    if (::syscall(444, nullptr, 0, 1U) >= 3) CHECK(last[2] == "empty outside: EACCES");
    CHECK(last[3] == "remove outside: EACCES");
    std::string kept;
    std::getline(std::ifstream(outside.path() + "/old") >> std::ws, kept);
    if (::syscall(444, nullptr, 0, 1U) >= 3) CHECK(kept == "old");
  } else {
    std::cout << "skipped: writing outside (this kernel has no Landlock)\n";
  }
}

TEST_CASE("only the capabilities that reading needs are left", "[confine]") {
  struct Case {
    const char* what;
    bool keep;
    bool processes;
    bool filter;
    std::uint64_t left;
  };
  const std::uint64_t search = 1U << CAP_DAC_READ_SEARCH;
  const std::uint64_t trace = 1U << CAP_SYS_PTRACE;
  const auto c = GENERATE_COPY(values<Case>({
      {"none", false, false, false, 0},
      {"reading", true, false, false, search},
      {"reading, and other processes", true, true, false, search | trace},
      {"other processes without rights", false, true, false, 0},
      {"reading, and the packet filter", true, false, true, search | 1U << CAP_NET_ADMIN},
  }));
  CAPTURE(c.what);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before[2] = {};
  REQUIRE(::syscall(SYS_capget, &header, before) == 0);
  const auto lines = in_confined_child({{}, c.keep, c.processes, c.filter}, [&](const std::vector<Limit>&) {
    __user_cap_data_struct sets[2] = {};
    if (::syscall(SYS_capget, &header, sets) != 0) return std::string("capget failed\n");
    return std::to_string(sets[0].effective) + " " + std::to_string(sets[0].permitted) + " " +
           std::to_string(sets[0].inheritable) + " " + std::to_string(sets[1].effective) + "\n" +
           std::to_string(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)) + "\n";
  });
  const auto left = std::to_string(c.left & before[0].permitted);
  CHECK(lines == std::vector<std::string>{left + " " + left + " 0 0", "1"});
}

TEST_CASE("reading other processes costs Landlock, and that is said", "[confine]") {
  const auto lines = in_confined_child({{}, true, true}, [&](const std::vector<Limit>& limits) {
    std::string told;
    for (const auto& limit : limits) told += limit.what + "\n";
    const std::string link = "/proc/" + std::to_string(::getppid()) + "/exe";
    char text[4096];
    return told + outcome("exe of the parent", ::readlink(link.c_str(), text, sizeof text));
  });
  CHECK(lines == std::vector<std::string>{"confinement with Landlock", "exe of the parent: ok"});
}

TEST_CASE("root can still write where only the owner of the directory may", "[confine]") {
  if (::geteuid() != 0) {
    std::cout << "skipped: a report in another user's directory (these tests do not run as root)\n";
    return;
  }
  const TemporaryDirectory home;
  REQUIRE(::chown(home.path().c_str(), 12345, 12345) == 0);
  REQUIRE(::chmod(home.path().c_str(), 0700) == 0);
  const auto lines = in_confined_child({{home.path()}, true, false}, [&](const std::vector<Limit>&) {
    return outcome("write", ::open((home.path() + "/report").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  });
  CHECK(lines == std::vector<std::string>{"write: ok"});
}

TEST_CASE("a directory that cannot be written to is told", "[confine]") {
  if (!kernel_has_landlock()) {
    std::cout << "skipped: a report directory that is not there (this kernel has no Landlock)\n";
    return;
  }
  const auto lines =
      in_confined_child({.writable_directories = {"/nowhere/at/all"}}, [](const std::vector<Limit>& limits) {
        return limits.empty() ? std::string("nothing\n") : limits[0].why + "\n";
      });
  CHECK(lines == std::vector<std::string>{"/nowhere/at/all will not be writable: no such file or directory"});
}
