#include "engine/sources/walk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <mutex>
#include <string>

#include "engine/sources/mounts.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace plimsoll;
using plimsoll::tests::TemporaryDirectory;
using sources::FileType;
using sources::LeftOut;

namespace {

struct Met {
  FileType type;
  std::uint32_t mode;
  bool operator==(const Met&) const = default;
};

struct Walked {
  std::map<std::string, Met> entries;
  bool twice = false;
  Result<sources::WalkOutcome> outcome;
};

sources::Resolver resolver_at(const std::string& path, bool kernel_resolves = true) {
  return sources::Resolver(sources::Descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
                           kernel_resolves);
}

Walked walk(const sources::Resolver& resolver, unsigned threads, std::stop_token stop = {}) {
  Walked walked;
  std::mutex mutex;
  walked.outcome = sources::walk_trees(
      resolver,
      [&](const sources::WalkEntry& entry) {
        const std::lock_guard lock(mutex);
        if (!walked.entries.emplace(entry.path(), Met{entry.type, entry.mode}).second) walked.twice = true;
      },
      threads, std::move(stop));
  return walked;
}

}  // namespace

TEST_CASE("a walk meets every entry once, follows no link, and opens nothing but directories", "[sources]") {
  const unsigned threads = GENERATE(0U, 1U, 2U, 16U);
  const bool kernel_resolves = GENERATE(true, false);
  CAPTURE(threads, kernel_resolves);
  const TemporaryDirectory outside;
  outside.write("/outside/file", "");
  outside.write("/root/a/b/c/set-id", "");
  REQUIRE(::chmod(outside.at("/root/a/b/c/set-id").c_str(), 06755) == 0);
  outside.write("/root/a/\xff", "");
  REQUIRE(::mkfifo(outside.at("/root/a/fifo").c_str(), 0600) == 0);
  REQUIRE(::symlink("../outside", outside.at("/root/out").c_str()) == 0);
  REQUIRE(::symlink(".", outside.at("/root/a/loop").c_str()) == 0);
  REQUIRE(::mkdir(outside.at("/root/tmp").c_str(), 0700) == 0);
  REQUIRE(::chmod(outside.at("/root/tmp").c_str(), 01777) == 0);

  const auto walked = walk(resolver_at(outside.path() + "/root", kernel_resolves), threads);
  REQUIRE(walked.outcome);
  CHECK_FALSE(walked.twice);
  std::vector<std::string> paths;
  for (const auto& [path, met] : walked.entries) paths.push_back(path);
  CHECK(paths == std::vector<std::string>{"/", "/a", "/a/b", "/a/b/c", "/a/b/c/set-id", "/a/fifo", "/a/loop", "/a/\xff",
                                          "/out", "/tmp"});
  CHECK(walked.outcome->entries == paths.size());
  CHECK(walked.entries.at("/a/b/c/set-id") == Met{FileType::regular, 06755});
  CHECK(walked.entries.at("/tmp") == Met{FileType::directory, 01777});
  CHECK(walked.entries.at("/a/fifo").type == FileType::fifo);
  CHECK(walked.entries.at("/out").type == FileType::symlink);
  CHECK(walked.outcome->left_out.empty());
  REQUIRE(walked.outcome->trees.size() == 1);
  CHECK(walked.outcome->trees[0].starts_with("/"));
}

TEST_CASE("a wide and deep tree is walked whole by many threads", "[sources]") {
  const TemporaryDirectory directory;
  std::size_t made = 1;
  for (int wide = 0; wide < 40; ++wide) {
    for (int deep = 0; deep < 10; ++deep) {
      directory.write("/" + std::to_string(wide) + "/" + std::to_string(deep) + "/file", "");
      made += 2;
    }
    ++made;
  }
  const auto walked = walk(resolver_at(directory.path()), 8);
  REQUIRE(walked.outcome);
  CHECK(walked.outcome->entries == made);
  CHECK(walked.entries.size() == made);
}

TEST_CASE("a path longer than PATH_MAX hides nothing", "[sources]") {
  const bool kernel_resolves = GENERATE(true, false);
  const TemporaryDirectory directory;
  const std::string name(200, 'd');
  constexpr int depth = 50;  // 10,050 bytes
  int at = ::open(directory.path().c_str(), O_PATH | O_CLOEXEC);
  for (int level = 0; level < depth; ++level) {
    REQUIRE(::mkdirat(at, name.c_str(), 0755) == 0);
    const int next = ::openat(at, name.c_str(), O_PATH | O_CLOEXEC);
    REQUIRE(next >= 0);
    ::close(at);
    at = next;
  }
  const int file = ::openat(at, "deepest", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  REQUIRE(file >= 0);
  ::close(file);
  ::close(at);
  const auto resolver = resolver_at(directory.path(), kernel_resolves);
  const auto walked = walk(resolver, 1);
  REQUIRE(walked.outcome);
  CHECK(walked.outcome->entries == depth + 2);
  CHECK(walked.outcome->left_out.empty());
  // By its path alone too, as when too many directories are held open.
  std::string path;
  for (int level = 0; level < depth; ++level) path += "/" + name;
  CHECK(resolver.open_directory_unlinked(path).has_value());
}

TEST_CASE("a directory that cannot be opened is told, and the rest is walked", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/closed/hidden", "");
  directory.write("/open/seen", "");
  REQUIRE(::chmod(directory.at("/closed").c_str(), 0) == 0);
  const auto walked = walk(resolver_at(directory.path()), 2);
  REQUIRE(::chmod(directory.at("/closed").c_str(), 0755) == 0);
  REQUIRE(walked.outcome);
  CHECK(walked.entries.contains("/closed"));
  CHECK(walked.entries.contains("/open/seen"));
  if (::geteuid() == 0) {
    std::cout << "skipped: a directory that root may not open (these tests run as root)\n";
    CHECK(walked.entries.contains("/closed/hidden"));
  } else {
    CHECK(walked.outcome->left_out == std::vector<LeftOut>{{"/closed", "permission denied", false}});
  }
}

TEST_CASE("a walk stops when it is told to", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/a/b/c", "");
  std::stop_source stop;
  stop.request_stop();
  const auto walked = walk(resolver_at(directory.path()), 4, stop.get_token());
  REQUIRE_FALSE(walked.outcome);
  CHECK(walked.outcome.error().kind == Error::Kind::timed_out);
}

TEST_CASE("kernel and network file systems are not walked, and nothing local is left out", "[sources]") {
  struct Case {
    const char* type;
    bool walked;
  };
  const auto c = GENERATE(values<Case>({
      {"ext4", true},      {"xfs", true},         {"btrfs", true},    {"zfs", true},      {"tmpfs", true},
      {"overlay", true},   {"vfat", true},        {"fuseblk", true},  {"squashfs", true}, {"devtmpfs", true},
      {"newfs2031", true}, {"proc", false},       {"sysfs", false},   {"cgroup2", false}, {"nfs4", false},
      {"cifs", false},     {"fuse.sshfs", false}, {"fuse", false},    {"9p", false},      {"autofs", false},
      {"ceph", false},     {"bpf", false},        {"tracefs", false}, {"devpts", false},
  }));
  CAPTURE(c.type);
  CHECK(sources::why_not_walked(c.type).empty() == c.walked);
}

TEST_CASE("the plan of a walk enters local mounts only, and each file system once", "[sources]") {
  const TemporaryDirectory directory;
  for (const char* path : {"/proc/x", "/mnt/nfs/x", "/srv/x", "/gone_below/x"}) directory.write(path, "");
  const auto resolver = resolver_at(directory.path());
  const auto mount = [&](std::int64_t id, std::string_view below, const char* fs_root, const char* type) {
    formats::Mount made;
    made.id = id;
    made.root = fs_root;
    made.path = directory.path() + std::string(below);
    made.type = type;
    return made;
  };
  const auto plan = sources::plan_walk(resolver,
                                       {mount(900001, "/proc", "/", "proc"), mount(900002, "/mnt/nfs", "/", "nfs4"),
                                        mount(900003, "/proc/sys/fs/binfmt_misc", "/", "binfmt_misc"),
                                        mount(900004, "/missing", "/", "ext4"), mount(900005, "/srv", "/", "ext4")},
                                       directory.path());
  REQUIRE(plan);
  REQUIRE(plan->trees.size() == 1);  // /srv is in the table, but what stands there is not that mount
  CHECK(plan->trees[0].path.empty());
  const std::vector<LeftOut> expected = {{"/mnt/nfs", "nfs4: network file system", true},
                                         {"/proc", "proc: kernel interface, not a local file system", true}};
  CHECK(plan->left_out == expected);
  CHECK(plan->points.at("") == std::vector<std::string>{"missing", "proc"});
  CHECK(plan->points.at("/mnt") == std::vector<std::string>{"nfs"});

  std::vector<std::string> paths;
  const auto outcome = sources::walk_plan(
      resolver, *plan, [&](const sources::WalkEntry& entry) { paths.push_back(entry.path()); }, 1, {});
  REQUIRE(outcome);
  std::sort(paths.begin(), paths.end());
  CHECK(paths == std::vector<std::string>{"/", "/gone_below", "/gone_below/x", "/mnt", "/srv", "/srv/x"});
}
