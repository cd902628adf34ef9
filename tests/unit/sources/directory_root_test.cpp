#include "engine/sources/directory_root.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace plimsoll;
using plimsoll::tests::TemporaryDirectory;
using sources::DirectoryRoot;
using sources::FileType;
using Kind = Error::Kind;

namespace {

void link(const TemporaryDirectory& directory, const char* name, const char* target) {
  REQUIRE(::symlink(target, directory.at(name).c_str()) == 0);
}

std::unique_ptr<DirectoryRoot> root_at(const std::string& path, bool kernel_resolves) {
  sources::Descriptor descriptor(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  REQUIRE(descriptor.open());
  return std::make_unique<DirectoryRoot>(std::move(descriptor), path, false, kernel_resolves);
}

// "ok:" and the content, or the word for the error.
std::string told(const Result<std::string>& result) {
  return result ? "ok:" + *result : std::string(name_of(result.error().kind));
}

}  // namespace

TEST_CASE("no link leads out of the root, whoever resolves it", "[sources]") {
  const bool kernel_resolves = GENERATE(true, false);
  CAPTURE(kernel_resolves);
  const TemporaryDirectory outside;
  outside.write("/secret", "outside");
  outside.write("/image/etc/passwd", "inside");
  outside.write("/image/secret", "image's own");
  const std::string out = outside.path() + "/secret";
  const auto add = [&](const char* name, const std::string& target) {
    REQUIRE(::symlink(target.c_str(), outside.at(std::string("/image") + name).c_str()) == 0);
  };
  add("/absolute", out);
  add("/climbs", "../secret");
  add("/etc/climbs", "../../../../../secret");
  add("/etc/abs_inside", "/etc/passwd");
  add("/directory", "/etc");
  add("/deep", "directory/abs_inside");
  add("/nowhere", "/etc/nothing");
  add("/loop_a", "loop_b");
  add("/loop_b", "/loop_a");
  add("/self", "self/self");
  add("/dot", "./etc/./passwd");
  const auto root = root_at(outside.path() + "/image", kernel_resolves);

  struct Case {
    const char* path;
    const char* outcome;
  };
  const auto c = GENERATE(values<Case>({
      {"/absolute", "not_found"},
      {"/climbs", "ok:image's own"},
      {"/etc/climbs", "ok:image's own"},
      {"/../../secret", "ok:image's own"},
      {"/etc/abs_inside", "ok:inside"},
      {"/directory/passwd", "ok:inside"},
      {"/directory/../secret", "ok:image's own"},
      {"/deep", "ok:inside"},
      {"/dot", "ok:inside"},
      {"etc//passwd", "ok:inside"},
      {"/nowhere", "not_found"},
      {"/loop_a", "failed"},
      {"/self", "failed"},
      {"/etc/passwd/beyond", "not_found"},
      {"/etc", "unsupported"},
      {"/", "unsupported"},
  }));
  CAPTURE(c.path);
  CHECK(told(root->read(c.path, 1000)) == c.outcome);
}

TEST_CASE("what is not a regular file is named, and never waited for", "[sources]") {
  const TemporaryDirectory directory;
  REQUIRE(::mkfifo(directory.at("/fifo").c_str(), 0644) == 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string place = directory.at("/socket");
  REQUIRE(place.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, place.c_str(), place.size());
  REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(socket);
  link(directory, "/to_fifo", "fifo");
  const auto root = root_at(directory.path(), GENERATE(true, false));
  for (const char* path : {"/fifo", "/to_fifo"}) {
    const auto content = root->read(path, 1000);
    REQUIRE_FALSE(content);
    CHECK(content.error().kind == Kind::unsupported);
    CHECK(content.error().what == std::string("cannot read ") + path + ": it is a fifo, not a file");
  }
  CHECK(root->read("/socket", 1000).error().kind == Kind::unsupported);
  CHECK(root->status("/to_fifo")->type == FileType::fifo);
  CHECK(root->link_status("/to_fifo")->type == FileType::symlink);
  CHECK(root->status("/socket")->type == FileType::socket);

  if (::mknod(directory.at("/device").c_str(), S_IFCHR | 0600, ::makedev(1, 5)) == 0) {
    CHECK(root->read("/device", 1000).error().what == "cannot read /device: it is a character_device, not a file");
  } else {
    std::cout << "skipped: a device node as a file (this user may not make one: " << std::strerror(errno) << ")\n";
  }
}

TEST_CASE("the limit of a read is kept without reading", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/four", "1234");
  directory.write("/empty", "");
  const std::string sparse = directory.at("/sparse");
  directory.write("/sparse", "");
  REQUIRE(::truncate(sparse.c_str(), 10'000'000'000) == 0);
  const auto root = root_at(directory.path(), GENERATE(true, false));
  CHECK(told(root->read("/four", 4)) == "ok:1234");
  CHECK(root->read("/four", 3).error().kind == Kind::too_large);
  CHECK(root->read("/four", 3).error().what == "cannot read /four: it holds more than 3 bytes");
  CHECK(told(root->read("/empty", 0)) == "ok:");
  CHECK(root->read("/sparse", sources::max_config_bytes).error().kind == Kind::too_large);
  CHECK(root->status("/sparse")->size == 10'000'000'000U);
}

TEST_CASE("contents come whole, whatever their size and bytes", "[sources]") {
  const TemporaryDirectory directory;
  const auto root = root_at(directory.path(), true);
  for (const std::size_t size : {1UL, 4095UL, 4096UL, 4097UL, 70000UL, 3000000UL}) {
    std::string content(size, '\0');
    for (std::size_t at = 0; at < size; ++at) content[at] = static_cast<char>(at * 31);
    directory.write("/file", content);
    CHECK(*root->read("/file", sources::max_config_bytes) == content);
  }
}

TEST_CASE("a file can be read in parts, by the rules of a read", "[sources]") {
  const TemporaryDirectory directory;
  std::string content(200'000, '\0');
  for (std::size_t at = 0; at < content.size(); ++at) content[at] = static_cast<char>(at * 31 + at / 256);
  directory.write("/file", content);
  directory.write("/empty", "");
  directory.write("/secret", "inside");
  REQUIRE(::mkfifo(directory.at("/fifo").c_str(), 0644) == 0);
  link(directory, "/to_file", "/file");
  link(directory, "/climbs", "../../../secret");
  const auto root = root_at(directory.path(), GENERATE(true, false));
  const auto all_of = [&](const char* path, std::size_t max_bytes) -> Result<std::string> {
    const auto file = root->open(path, max_bytes);
    if (!file) return std::unexpected(file.error());
    std::string all;
    for (;;) {
      const auto part = (*file)->next();
      if (!part) return std::unexpected(part.error());
      if (part->empty()) return all;
      CHECK(part->size() <= sources::Parts::max_part_bytes);
      all += *part;
    }
  };
  CHECK((all_of("/file", 200'000) == content));
  CHECK((all_of("/to_file", 200'000) == content));
  CHECK(all_of("/climbs", 6) == "inside");
  CHECK(all_of("/empty", 0) == "");
  CHECK((*root->open("/file", 200'000))->size() == 200'000);
  for (const char* path : {"/file", "/fifo", "/none", "/"}) {
    CAPTURE(path);
    const auto whole = root->read(path, 199'999);
    REQUIRE_FALSE(whole);
    CHECK(all_of(path, 199'999) == whole);
  }
}

TEST_CASE("what happens to a file that is being read in parts", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/file", "1234");
  const auto root = root_at(directory.path(), true);
  SECTION("it vanishes, and is read as it was") {
    const auto file = *root->open("/file", 4);
    REQUIRE(::unlink(directory.at("/file").c_str()) == 0);
    CHECK(file->next() == "1234");
    CHECK(file->next() == "");
    CHECK(root->open("/file", 4).error().kind == Kind::not_found);
  }
  SECTION("it grows beyond the limit") {
    const auto file = *root->open("/file", 4);
    directory.write("/file", "12345");
    CHECK(file->next().error() == Error{Kind::too_large, "cannot read /file: it holds more than 4 bytes"});
  }
  SECTION("it shrinks, and ends where it ends") {
    const auto file = *root->open("/file", 4);
    REQUIRE(::truncate(directory.at("/file").c_str(), 2) == 0);
    CHECK(file->next() == "12");
    CHECK(file->next() == "");
  }
}

TEST_CASE("a denied file says what would help", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/secret", "x");
  directory.write("/closed/file", "x");
  REQUIRE(::chmod(directory.at("/secret").c_str(), 0) == 0);
  REQUIRE(::chmod(directory.at("/closed").c_str(), 0) == 0);
  const auto root = root_at(directory.path(), GENERATE(true, false));
  if (::geteuid() == 0) {
    std::cout << "skipped: a file that root may not read (these tests run as root)\n";
    CHECK(told(root->read("/secret", 10)) == "ok:x");
  } else {
    const auto content = root->read("/secret", 10);
    REQUIRE_FALSE(content);
    CHECK(content.error().kind == Kind::denied);
    CHECK(content.error().what == "cannot read /secret: permission denied");
    CHECK(content.error().remedy == "run as root, or grant CAP_DAC_READ_SEARCH");
    CHECK(root->read("/closed/file", 10).error().kind == Kind::denied);
    CHECK(root->status("/closed/file").error().kind == Kind::denied);
    CHECK(root->list("/closed").error().kind == Kind::denied);
  }
  REQUIRE(::chmod(directory.at("/closed").c_str(), 0755) == 0);
}

TEST_CASE("a directory is listed by name, with types, and names stay bytes", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/d/b", "");
  directory.write("/d/sub/x", "");
  directory.write("/d/\xff\xfe", "odd");
  link(directory, "/d/a", "/nowhere");
  link(directory, "/to_d", "d");
  const auto root = root_at(directory.path(), GENERATE(true, false));
  const auto entries = root->list("/to_d");
  REQUIRE(entries);
  const std::vector<sources::DirectoryEntry> expected = {{"a", FileType::symlink},
                                                         {"b", FileType::regular},
                                                         {"sub", FileType::directory},
                                                         {"\xff\xfe", FileType::regular}};
  CHECK(*entries == expected);
  CHECK(told(root->read("/d/\xff\xfe", 10)) == "ok:odd");
  CHECK(root->list("/d/b").error().kind == Kind::unsupported);
  CHECK(root->list("/d/b").error().what == "cannot list /d/b: it is a file, not a directory");
  CHECK(root->list("/d/b/c").error().kind == Kind::not_found);
  CHECK(root->list("/none").error().kind == Kind::not_found);
}

TEST_CASE("status says owner, mode, size and time; a link's text is read unresolved", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/file", "12345");
  REQUIRE(::chmod(directory.at("/file").c_str(), 04755) == 0);
  const timespec times[2] = {{1000, 0}, {2000, 5}};
  REQUIRE(::utimensat(AT_FDCWD, directory.at("/file").c_str(), times, 0) == 0);
  link(directory, "/link", "../../etc/x");
  const auto root = root_at(directory.path(), GENERATE(true, false));
  const auto status = root->status("/file");
  REQUIRE(status);
  CHECK(status->type == FileType::regular);
  CHECK(status->mode == 04755);
  CHECK(status->uid == ::geteuid());
  CHECK(status->size == 5);
  CHECK(status->modified == 2000);
  CHECK(*root->read_link("/link") == "../../etc/x");
  CHECK(root->read_link("/file").error().kind == Kind::unsupported);
  CHECK(root->read_link("/none").error().kind == Kind::not_found);
  CHECK(root->status("/link").error().kind == Kind::not_found);
  CHECK(root->status(std::string("/fi\0le", 6)).error().kind == Kind::failed);
  CHECK(root->status("/" + std::string(5000, 'x')).error().kind == Kind::failed);
}

TEST_CASE("extended attributes are read, and their absence is an answer", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/file", "");
  const auto root = root_at(directory.path(), true);
  if (::setxattr(directory.at("/file").c_str(), "user.note", "a\0b", 3, 0) == 0) {
    CHECK(*root->attribute("/file", "user.note") == std::string("a\0b", 3));
  } else {
    std::cout << "skipped: a user attribute (" << directory.path() << ": " << std::strerror(errno) << ")\n";
  }
  CHECK(root->attribute("/file", "user.none").error().kind == Kind::not_found);
  CHECK(root->attribute("/none", "user.none").error().kind == Kind::not_found);
}

TEST_CASE("a root that cannot be one is refused with the reason", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/file", "");
  const auto missing = sources::open_root(directory.path() + "/none");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == Kind::not_found);
  CHECK(missing.error().what == "cannot use " + directory.path() + "/none as the root: it does not exist");
  const auto file = sources::open_root(directory.path() + "/file");
  REQUIRE_FALSE(file);
  CHECK(file.error().kind == Kind::unsupported);
  const auto root = sources::open_root(directory.path());
  REQUIRE(root);
  CHECK_FALSE((*root)->live());
  CHECK((*root)->name() == directory.path());
  CHECK_FALSE(sources::kernel_visible(**root));
}

TEST_CASE("the live root reads the kernel's files and refuses its magic links", "[sources]") {
  const auto opened = sources::open_root("/");
  REQUIRE(opened);
  const auto& root = **opened;
  CHECK(root.live());
  CHECK(root.name() == "/");
  CHECK(sources::kernel_visible(root));
  CHECK(told(root.read("/proc/sys/kernel/ostype", 100)) == "ok:Linux\n");
  CHECK(root.read("/proc/sys/kernel/ostype", 3).error().kind == Kind::too_large);
  const std::string self = "/proc/" + std::to_string(::getpid());
  CHECK(root.read(self + "/status", sources::max_proc_bytes)->find("Name:") == 0);
  CHECK(*root.read("/proc/self/cmdline", sources::max_proc_bytes) ==
        *root.read(self + "/cmdline", sources::max_proc_bytes));
  CHECK(root.read("/proc/4194305/status", 100).error().kind ==
        Kind::not_found);  // beyond the greatest pid there can be
  CHECK(root.read("/proc/self/exe", 1U << 30U).error().kind == Kind::unsupported);
  CHECK(root.read("/proc/self/root/etc/passwd", 1000).error().kind == Kind::unsupported);
  CHECK(root.list("/proc/self/cwd").error().kind == Kind::unsupported);
  CHECK(root.read_link(self + "/exe")->starts_with("/"));
  CHECK(root.read_link(self + "/ns/net")->starts_with("net:["));
  CHECK(root.read_link("/proc/self/root/etc/passwd").error().kind == Kind::unsupported);
  CHECK(root.link_status(self + "/exe")->type == FileType::symlink);
  CHECK(root.read("/proc/self", 100).error().kind == Kind::unsupported);
  CHECK(root.read("/proc/../etc/passwd", sources::max_config_bytes)->find("root:") != std::string::npos);
}

TEST_CASE("the live root opens files at once, and still nothing but files", "[sources]") {
  const TemporaryDirectory directory;
  directory.write("/file", "text");
  REQUIRE(::mkfifo(directory.at("/fifo").c_str(), 0644) == 0);
  link(directory, "/to_file", "file");
  link(directory, "/to_device", "/dev/zero");
  link(directory, "/to_nothing", "nothing");
  const auto root = sources::open_root("/");
  REQUIRE(root);
  const auto read = [&](const char* name) { return (*root)->read(directory.at(name), 100); };
  CHECK(read("/file") == "text");
  CHECK(read("/to_file") == "text");
  CHECK((*root)->read_link(directory.at("/to_file")) == "file");
  for (const char* name : {"/fifo", "/to_device", ""}) {
    CAPTURE(name);
    const auto refused = read(name);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::unsupported);
  }
  for (const char* name : {"/nothing", "/to_nothing"}) {
    CAPTURE(name);
    CHECK(read(name).error().kind == Error::Kind::not_found);
  }
  CHECK((*root)->attribute(directory.at("/file"), "user.none").error().kind == Kind::not_found);
}
