#include "engine/probes/selinux.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::selinux_probe;

namespace {

ProbeAnswer about(const std::string& yaml) {
  const auto world = world_of(yaml);
  return ask(selinux_probe, FakeRoot(tree_of(world)));
}

constexpr const char* policy = "/etc/selinux/targeted/policy/policy.33: x, ";
constexpr const char* menu = "/boot/grub2/grub.cfg: \"linux /vmlinuz ro\", ";

}  // namespace

TEST_CASE("SELinux is described as it runs and as the next boot will have it", "[probes]") {
  struct Case {
    const char* what;
    std::string files;
    const char* field;
    const char* value;
  };
  const std::string enforcing = "/etc/selinux/config: \"SELINUX=enforcing\\nSELINUXTYPE=targeted\\n\", ";
  const std::string running =
      "/sys/fs/selinux/enforce: \"1\", /sys/fs/selinux/policyvers: \"33\", /sys/fs/selinux/mls: \"1\"";
  const auto c = GENERATE_COPY(values<Case>({
      {"enforcing now", running, "mode", "enforcing"},
      {"permissive now", "/sys/fs/selinux/enforce: \"0\"", "mode", "permissive"},
      {"the kernel does not know it", "/proc/filesystems: \"nodev\\tproc\\n\"", "mode", "disabled"},
      {"the kernel runs it, but it cannot be seen", "/proc/filesystems: \"nodev\\tselinuxfs\\n\"", "mode",
       "(unreadable: unobservable)"},
      {"it may not be read", "/sys/fs/selinux/enforce: { error: denied }", "mode", "(unreadable: denied)"},
      {"format of policies", running, "policy_version", "33"},
      {"levels", running, "mls", "true"},
      {"no levels where it is off", "/proc/filesystems: \"\"", "mls", "(absent)"},

      {"configured", enforcing, "configured_mode", "enforcing"},
      {"type", enforcing, "configured_type", "targeted"},
      {"no file", "/etc/hostname: x", "configured_mode", "(absent)"},
      {"the file may not be read", "/etc/selinux/config: { error: denied }", "configured_type", "(unreadable: denied)"},
      {"a policy", enforcing + policy, "policy_installed", "true"},
      {"no policy", enforcing, "policy_installed", "false"},

      {"the next boot follows the file", enforcing + policy + menu, "at_boot", "enforcing"},
      {"the file says permissive", std::string("/etc/selinux/config: \"SELINUX=permissive\", ") + policy + menu,
       "at_boot", "permissive"},
      {"the menu switches it off", enforcing + policy + "/boot/grub2/grub.cfg: \"linux /vmlinuz ro selinux=0\"",
       "at_boot", "disabled"},
      {"the menu makes it permissive", enforcing + policy + "/boot/grub2/grub.cfg: \"linux /vmlinuz ro enforcing=0\"",
       "at_boot", "permissive"},
      {"one of two entries does",
       enforcing + policy + "/boot/grub2/grub.cfg: \"linux /vmlinuz ro enforcing=0\\nlinux /vmlinuz ro\"", "at_boot",
       "permissive"},
      {"the menu makes it enforcing",
       std::string("/etc/selinux/config: \"SELINUX=permissive\", ") + policy +
           "/boot/grub2/grub.cfg: \"linux /vmlinuz enforcing=1\"",
       "at_boot", "enforcing"},
      {"nothing turns on what the file turns off",
       std::string("/etc/selinux/config: \"SELINUX=disabled\", ") + policy +
           "/boot/grub2/grub.cfg: \"linux /vmlinuz enforcing=1\"",
       "at_boot", "disabled"},
      {"no policy to load", enforcing + menu, "at_boot", "disabled"},
      {"the menu may not be read", enforcing + policy + "/boot/grub2/grub.cfg: { error: denied }", "at_boot",
       "(unreadable: denied)"},
      {"the file is off and the menu may not be read",
       std::string("/etc/selinux/config: \"SELINUX=disabled\", ") + policy + "/boot/grub2/grub.cfg: { error: denied }",
       "at_boot", "disabled"},
      {"the file may not be read, and the menu switches it off",
       std::string("/etc/selinux/config: { error: denied }, /boot/grub2/grub.cfg: \"linux /vmlinuz selinux=0\""),
       "at_boot", "disabled"},

      {"no permissive domain", enforcing, "permissive_domains", ""},
      {"permissive domains",
       enforcing + "/var/lib/selinux/targeted/active/modules/400/permissive_httpd_t/cil: x, "
                   "/var/lib/selinux/targeted/active/modules/100/apache/cil: x",
       "permissive_domains", "httpd_t"},
      {"one that is disabled again",
       enforcing + "/var/lib/selinux/targeted/active/modules/400/permissive_httpd_t/cil: x, "
                   "/var/lib/selinux/targeted/active/modules/disabled/permissive_httpd_t: \"\"",
       "permissive_domains", ""},
      {"a store that may not be read",
       enforcing + "/var/lib/selinux/targeted/active/modules: { type: directory, error: denied }", "permissive_domains",
       "(unreadable: denied)"},

      {"installed", enforcing, "installed", "true"},
      {"not installed", "/proc/filesystems: \"\"", "installed", "false"},
  }));
  CAPTURE(c.what);
  CHECK(about("files: { " + c.files + " }").text(c.field) == c.value);
}

TEST_CASE("an image has no running SELinux", "[probes]") {
  const auto answer = about("{ live: false, files: { /etc/selinux/config: \"SELINUX=enforcing\" } }");
  CHECK(answer.text("mode") == "(unreadable: unobservable)");
  CHECK(answer.text("configured_mode") == "enforcing");
  CHECK(answer.text("installed") == "true");
}

TEST_CASE("a mode says from where it comes", "[probes]") {
  const auto answer = about(
      "files: { /etc/selinux/config: \"# x\\nSELINUX=permissive\\nSELINUX=enforcing\\n\", "
      "/etc/selinux/targeted/policy/policy.33: x, /boot/grub2/grub.cfg: \"linux /vmlinuz enforcing=0\" }");
  const auto& record = answer.records.at(0);
  CHECK(record.fields[3].source == "/etc/selinux/config:2");
  REQUIRE(record.fields[3].overridden.size() == 1);
  CHECK(record.fields[3].overridden[0].source == "/etc/selinux/config:3");
  CHECK(record.fields[2].source == "/boot/grub2/grub.cfg:1");
}

TEST_CASE("domains that the compiled policy itself makes permissive are named", "[probes]") {
  constexpr std::string_view before_types{"\x8c\xff\x7c\xf9\x08\0\0\0SE Linux\x21\0\0\0\0\0\0\0\x08\0\0\0\x07\0\0\0",
                                          32};
  const std::string empty_set{"\x40\0\0\0\0\0\0\0\0\0\0\0", 12};
  const std::string first{"\x40\0\0\0\x40\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0", 24};
  const std::string empty_table(8, '\0');
  const std::string type{"\x01\0\0\0\x01\0\0\0\x07\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0httpd_t", 31};
  auto tree = tree_of(world_of("files: { /etc/selinux/config: \"SELINUX=enforcing\\n\" }"));
  const auto compiled = [&] { return ask(selinux_probe, FakeRoot(tree)).text("compiled_permissive_domains"); };
  CHECK(compiled() == "(absent)");
  auto& older = tree.files["/etc/selinux/targeted/policy/policy.9"];
  older.content = "x";
  CHECK(compiled() == "(unreadable: malformed)");
  auto& newer = tree.files["/etc/selinux/targeted/policy/policy.33"];
  newer.content = std::string(before_types) + empty_set + empty_set;
  CHECK(compiled().empty());
  newer.content = std::string(before_types) + empty_set + first + empty_table + empty_table + empty_table + type;
  CHECK(compiled() == "httpd_t");
  newer.trouble = FakeFile::Trouble::denied;
  CHECK(compiled() == "(unreadable: denied)");
}
