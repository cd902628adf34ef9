#include "engine/formats/fstab.hpp"

#include "tests/support/catch.hpp"

using namespace plimsoll::formats;

TEST_CASE("fstab lines are cut as getmntent(3) cuts them", "[formats]") {
  const auto entries = parse_fstab(
      "# /etc/fstab\n"
      "\n"
      "UUID=1-2\t/  ext4 errors=remount-ro 0 1\n"
      "  tmpfs /tmp/ tmpfs\n"
      "/dev/sdb1 /my\\040disk xfs defaults,noexec # trailing words are the dump fields\n"
      "alone\n"
      "/swapfile none swap sw 0 0\n");
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].source == "UUID=1-2");
  CHECK(entries[0].path == "/");
  CHECK(entries[0].line == 3);
  CHECK(entries[1].path == "/tmp");
  CHECK(entries[1].options.empty());
  CHECK(entries[2].path == "/my disk");
  CHECK(entries[2].options == std::vector<std::string>{"defaults", "noexec"});
  CHECK(entries[3].path == "none");
}

TEST_CASE("mount options come to what mount(8) makes of them", "[formats]") {
  using List = std::vector<std::string>;
  struct Case {
    const char* what;
    List written;
    List effective;
  };
  const auto c = GENERATE(values<Case>({
      {"none", {}, {"rw", "suid", "dev", "exec", "auto", "nouser", "async"}},
      {"defaults", {"defaults"}, {"rw", "suid", "dev", "exec", "auto", "nouser", "async"}},
      {"restricted", {"defaults", "nodev"}, {"rw", "suid", "exec", "auto", "nouser", "async", "nodev"}},
      {"defaults last takes nodev back",
       {"nodev", "defaults"},
       {"rw", "suid", "dev", "exec", "auto", "nouser", "async"}},
      {"the later of a pair", {"nodev", "dev"}, {"dev"}},
      {"user implies three", {"user"}, {"user", "nosuid", "nodev", "noexec"}},
      {"user, then exec", {"user", "exec"}, {"user", "nosuid", "nodev", "exec"}},
      {"owner implies two", {"owner", "exec"}, {"owner", "nosuid", "nodev", "exec"}},
      {"unknown ones stay", {"size=1G", "nodev"}, {"size=1G", "nodev"}},
  }));
  CAPTURE(c.what);
  CHECK(effective_options(c.written) == c.effective);
}
