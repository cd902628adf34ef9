#include "engine/probes/file_line.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"

using plimsoll::Error;
using plimsoll::Value;
using plimsoll::probes::file_line_probe;
using plimsoll::sources::FileType;
using namespace plimsoll::tests;

namespace {

ProbeAnswer lines_of(const FakeFile& file, const std::string& path = "/etc/file") {
  FakeTree tree;
  tree.files[path] = file;
  return ask(file_line_probe, FakeRoot(tree), {{"path", Value{path}}});
}

}  // namespace

TEST_CASE("a file is its lines, each with its place", "[probes][file_line]") {
  using Lines = std::vector<std::string>;
  struct Case {
    const char* what;
    std::string content;
    Lines lines;
  };
  const auto c = GENERATE(values<Case>({
      {"two lines", "a b\n\tc\n", {"a b", "\tc"}},
      {"no newline at the end", "a\nb", {"a", "b"}},
      {"empty lines count", "\n\na\n", {"", "", "a"}},
      {"no lines", "", {}},
      {"a secret", "password = hunter2\n", {"password = <masked>"}},
      {"noise", std::string("\0\xff\n", 3), {std::string("\0\xff", 2)}},
  }));
  CAPTURE(c.what);
  const auto answer = lines_of({.content = c.content});
  CHECK(answer.texts("text") == c.lines);
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at == std::to_string(c.lines.size()) + " lines");
  if (!c.lines.empty()) {
    CHECK(answer.records.back().source == "/etc/file:" + std::to_string(c.lines.size()));
    CHECK(answer.texts("number").back() == std::to_string(c.lines.size()));
  }
}

TEST_CASE("a file that is not there has no lines, and says so", "[probes][file_line]") {
  const auto answer = ask(file_line_probe, FakeRoot({}), {{"path", Value{std::string("/etc/file")}}});
  CHECK(answer.records.empty());
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at == "/etc/file does not exist");
}

TEST_CASE("what cannot or must not be read is an error", "[probes][file_line]") {
  struct Case {
    const char* what;
    FakeFile file;
    std::string path;
    Error::Kind kind;
  };
  const auto c = GENERATE(values<Case>({
      {"denied", {.trouble = FakeFile::Trouble::denied}, "/etc/file", Error::Kind::denied},
      {"a FIFO", {.type = FileType::fifo}, "/etc/file", Error::Kind::unsupported},
      {"ten gigabytes", {.size = 10'000'000'000}, "/etc/file", Error::Kind::too_large},
      {"too many lines", {.content = std::string(100'001, '\n')}, "/etc/file", Error::Kind::too_large},
      {"password hashes", {.content = "root:x:1::::::\n"}, "/etc/shadow", Error::Kind::unsupported},
      {"a private key",
       {.content = "a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n"},
       "/etc/key.pem",
       Error::Kind::unsupported},
  }));
  CAPTURE(c.what);
  const auto answer = lines_of(c.file, c.path);
  CHECK(answer.records.empty());
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == c.kind);
}

TEST_CASE("a line beyond the limit is unreadable, the others are not", "[probes][file_line]") {
  const auto answer = lines_of({.content = std::string(20'000, 'x') + "\nb\n"});
  CHECK(answer.texts("text") == std::vector<std::string>{"(unreadable: too_large)", "b"});
}

TEST_CASE("a pattern takes the lines of every file that fits, in order", "[probes][file_line]") {
  FakeTree tree;
  tree.files["/etc/issue.d/20-b.issue"] = {.content = "b\n"};
  tree.files["/etc/issue.d/10-a.issue"] = {.content = "a 1\na 2\n"};
  tree.files["/etc/issue.d/30-gone.issue"] = {.type = FileType::symlink, .target = "/run/nothing"};
  tree.files["/etc/issue.d/.hidden.issue"] = {.content = "hidden\n"};
  tree.files["/etc/issue.d/README"] = {.content = "other\n"};
  const auto answer = ask(file_line_probe, FakeRoot(tree), {{"path", Value{std::string("/etc/issue.d/*.issue")}}});
  CHECK(answer.texts("text") == std::vector<std::string>{"a 1", "a 2", "b"});
  REQUIRE(answer.records.size() == 3);
  CHECK(answer.records[1].source == "/etc/issue.d/10-a.issue:2");
  CHECK(answer.records[2].source == "/etc/issue.d/20-b.issue:1");
  CHECK(answer.looked_at == "3 lines of 2 files that fit /etc/issue.d/*.issue");
  CHECK_FALSE(answer.failure);
}

TEST_CASE("a pattern that nothing fits has no lines", "[probes][file_line]") {
  const auto answer = ask(file_line_probe, FakeRoot({}), {{"path", Value{std::string("/etc/issue.d/*.issue")}}});
  CHECK(answer.records.empty());
  CHECK_FALSE(answer.failure);
}

TEST_CASE("one of many files that cannot be read is an error beside the lines of the others", "[probes][file_line]") {
  FakeTree tree;
  tree.files["/etc/issue.d/10-a.issue"] = {.trouble = FakeFile::Trouble::denied};
  tree.files["/etc/issue.d/20-b.issue"] = {.content = "b\n"};
  const auto answer = ask(file_line_probe, FakeRoot(tree), {{"path", Value{std::string("/etc/issue.d/*.issue")}}});
  CHECK(answer.texts("text") == std::vector<std::string>{"b"});
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::denied);
}

TEST_CASE("the files of one pattern have a limit together", "[probes][file_line]") {
  FakeTree tree;
  for (const char* name : {"/etc/a.d/1", "/etc/a.d/2", "/etc/a.d/3"})
    tree.files[name] = {.content = std::string(60'000, '\n')};
  const auto answer = ask(file_line_probe, FakeRoot(tree), {{"path", Value{std::string("/etc/a.d/*")}}});
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::too_large);
}
