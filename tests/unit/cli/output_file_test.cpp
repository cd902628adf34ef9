#include "engine/cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "engine/cli/report_requests.hpp"
#include "engine/cli/signals.hpp"
#include "tests/support/catch.hpp"

using namespace plimsoll;
using namespace plimsoll::cli;
namespace fs = std::filesystem;

namespace {

/// A directory of its own, removed at the end.
struct Scratch {
  Scratch() {
    std::string name = (fs::temp_directory_path() / "plimsoll-output-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { fs::remove_all(path); }
  fs::path path;

  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void put(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

Result<void> write_text(const std::string& path, const std::string& text) {
  auto file = OutputFile::open(path);
  if (!file) return std::unexpected(file.error());
  return file->write([&](std::ostream& out) -> Result<void> {
    out << text;
    return {};
  });
}

unsigned mode_of(const fs::path& path) {
  struct stat status{};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a new report is whole and for its owner only", "[cli]") {
  const Scratch scratch;
  const std::string text(300'000, 'x');  // more than any buffer
  REQUIRE(write_text(scratch.path / "report", text).has_value());
  CHECK(content_of(scratch.path / "report") == text);
  CHECK(mode_of(scratch.path / "report") == 0600);
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a report that is replaced keeps its mode", "[cli]") {
  const Scratch scratch;
  put(scratch.path / "report", "old");
  ::chmod((scratch.path / "report").c_str(), 0644);
  REQUIRE(write_text(scratch.path / "report", "new").has_value());
  CHECK(content_of(scratch.path / "report") == "new");
  CHECK(mode_of(scratch.path / "report") == 0644);
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a symbolic link to a report stays, and what it names is replaced", "[cli]") {
  const Scratch scratch;
  fs::create_directory(scratch.path / "dir");
  put(scratch.path / "dir/real", "old");
  fs::create_symlink("dir/real", scratch.path / "link");
  REQUIRE(write_text(scratch.path / "link", "new").has_value());
  CHECK(fs::is_symlink(scratch.path / "link"));
  CHECK(content_of(scratch.path / "dir/real") == "new");
}

TEST_CASE("when the format fails the old report stays and nothing else does", "[cli]") {
  const Scratch scratch;
  put(scratch.path / "report", "old");
  const auto file = OutputFile::open(scratch.path / "report");
  REQUIRE(file.has_value());
  const auto done = file->write([](std::ostream& out) -> Result<void> {
    out << std::string(200'000, 'h');
    return std::unexpected(Error{Error::Kind::unsupported, "no", {}, {}});
  });
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().what == "no");
  CHECK(content_of(scratch.path / "report") == "old");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a signal in the middle of a report leaves the old one and nothing else", "[cli]") {
  const int number = GENERATE(SIGINT, SIGTERM, SIGHUP);
  const Scratch scratch;
  put(scratch.path / "report", "old");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    install_signal_handlers();
    const auto file = OutputFile::open(scratch.path / "report");
    if (!file) ::_exit(1);
    static_cast<void>(file->write([&](std::ostream& out) -> Result<void> {
      out << std::string(200'000, 'h');
      ::kill(::getpid(), number);
      return {};
    }));
    ::_exit(2);  // not reached
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == number);
  CHECK(content_of(scratch.path / "report") == "old");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("places that cannot be written are told before anything is done", "[cli]") {
  const Scratch scratch;
  fs::create_directory(scratch.path / "dir");
  put(scratch.path / "file", "x");
  struct Case {
    const char* what;
    std::string path;
    Error::Kind kind;
    const char* words;
  };
  const auto c = GENERATE(values<Case>({
      {"no such directory", "missing/report", Error::Kind::not_found, "No such file or directory"},
      {"a directory", "dir", Error::Kind::unsupported, "it is a directory"},
      {"a directory, with a slash", "dir/", Error::Kind::unsupported, "it is a directory"},
      {"below a file", "file/report", Error::Kind::not_found, "Not a directory"},
  }));
  CAPTURE(c.what);
  const auto file = OutputFile::open((scratch.path / c.path).string());
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error().kind == c.kind);
  CHECK(file.error().what.find(c.words) != std::string::npos);
}

TEST_CASE("a full disk is an error that says so", "[cli]") {
  const auto done = write_text("/dev/full", std::string(100'000, 'x'));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().what == "cannot write /dev/full: No space left on device");
  CHECK_FALSE(done.error().remedy.empty());
}

TEST_CASE("what is no regular file is written directly", "[cli]") {
  const Scratch scratch;
  const fs::path fifo = scratch.path / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::string received;
  std::thread reader([&] { received = content_of(fifo); });
  const auto done = write_text(fifo, "through the pipe");
  reader.join();
  CHECK(done.has_value());
  CHECK(received == "through the pipe");
  CHECK(fs::is_fifo(fifo));
  CHECK(write_text("/dev/null", "gone").has_value());
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("report options name a format and a place", "[cli]") {
  constexpr reports::Format formats[] = {{"json", "plimsoll.results.json", "", nullptr},
                                         {"junit", "plimsoll.junit.xml", "", nullptr}};
  const std::string good[] = {"json", "junit=out/a=b.xml", "json=-"};
  const auto requests = parse_reports(good, formats);
  REQUIRE(requests.has_value());
  REQUIRE(requests->size() == 3);
  CHECK((*requests)[0].path == "plimsoll.results.json");
  CHECK((*requests)[1].path == "out/a=b.xml");
  CHECK((*requests)[1].format->name == "junit");
  CHECK((*requests)[2].path == "-");

  struct Case {
    std::vector<std::string> values;
    const char* problem;
  };
  const auto c = GENERATE(values<Case>({
      {{"jsn"}, "--report: `jsn` is no report format, they are json, junit; did you mean `json`?"},
      {{"json="}, "--report: `json=` names no path; `json=-` is standard output"},
      {{"json=-", "junit=-"}, "--report: only one report fits on standard output"},
  }));
  const auto bad = parse_reports(c.values, formats);
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error() == c.problem);
}

TEST_CASE("two reports never share a file", "[cli]") {
  const Scratch scratch;
  fs::create_directory(scratch.path / "dir");
  constexpr reports::Format formats[] = {{"json", "", "", nullptr}, {"junit", "", "", nullptr}};
  const ReportRequest requests[] = {{&formats[0], (scratch.path / "out").string()},
                                    {&formats[1], (scratch.path / "dir/../out").string()}};
  const auto opened = open_reports(requests);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().find("reports json and junit would both be written to") == 0);
}
