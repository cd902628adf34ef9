#include "engine/probes/mount.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::mount_probe;

namespace {

/// What the probe says of one thing in a world written in YAML.
ProbeAnswer about(const std::string& world, const char* path) {
  return ask(mount_probe, FakeRoot(tree_of(world_of(world))), {{"path", Value{std::string(path)}}});
}

/// Where the value of a field stands.
std::string place(const ProbeAnswer& answer, std::string_view field) {
  const auto& record = answer.records.at(0);
  const auto& found = record.fields.at(static_cast<std::size_t>(field_index(*answer.schema, field)));
  return found.source.empty() ? record.source : found.source;
}

const std::string mount_lines =
    "20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "30 20 0:30 / /tmp rw,nosuid - tmpfs tmpfs rw,size=1k\n"
    "31 20 0:31 / /auto rw - autofs systemd-1 rw\n"
    "32 20 8:1 /data /bound rw - ext4 /dev/sda1 rw\n";

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '\n' ? std::string("\\n") : std::string(1, c);
  return out + "\"";
}

}  // namespace

TEST_CASE("what is mounted now is read from the mount table", "[probes]") {
  const FakeRoot root(tree_of(world_of("files: { /proc/self/mountinfo: " + quoted(mount_lines) + " }")));
  const auto answers = ask_all(mount_probe, root,
                               {{{"path", Value{std::string("/tmp")}}},
                                {{"path", Value{std::string("/var")}}},
                                {{"path", Value{std::string("/auto")}}},
                                {{"path", Value{std::string("/bound")}}},
                                {{"path", Value{std::string("/")}}}})
                           .answers;
  const auto field = [&](std::size_t index, const char* name) { return answers[index].text(name); };

  CHECK(field(0, "mounted") == "true");
  CHECK(field(0, "separate") == "true");
  CHECK(field(0, "type") == "tmpfs");
  CHECK(field(0, "source") == "tmpfs");
  CHECK(field(0, "options") == "rw, nosuid, size=1k");
  CHECK(place(answers[0], "mounted") == "/proc/self/mountinfo:2");

  CHECK(field(1, "mounted") == "false");
  CHECK(field(1, "separate") == "false");
  CHECK(field(1, "options") == "(absent)");
  CHECK(field(1, "type") == "(absent)");

  CHECK(field(2, "mounted") == "false");
  CHECK(field(2, "type") == "autofs");
  CHECK(field(2, "options") == "(absent)");

  CHECK(field(3, "mounted") == "true");
  CHECK(field(3, "separate") == "false");
  CHECK(field(4, "mounted") == "true");
}

TEST_CASE("the mount table is that of the audited host, or cannot be seen", "[probes]") {
  struct Case {
    const char* what;
    std::string world;
    const char* mounted;
  };
  const auto c = GENERATE(values<Case>({
      {"an image", "{ live: false, files: { /etc/fstab: \"tmpfs /tmp tmpfs defaults\" } }",
       "(unreadable: unobservable)"},
      {"a host mounted into a pod: that host's first process, not ours",
       "{ live: false, files: { /proc/sys/kernel/panic: '0', /proc/self/mountinfo: \"20 1 8:1 / / rw - ext4 a rw\", "
       "/proc/1/mountinfo: " +
           quoted(mount_lines) + " } }",
       "true"},
      {"refused", "files: { /proc/self/mountinfo: { error: denied } }", "(unreadable: denied)"},
      {"not a mount table", "files: { /proc/self/mountinfo: \"what is this\" }", "(unreadable: malformed)"},
  }));
  CAPTURE(c.what);
  const auto answer = about(c.world, "/tmp");
  CHECK(answer.text("mounted") == c.mounted);
}

TEST_CASE("what the next boot mounts comes from fstab and units as systemd joins them", "[probes]") {
  const std::string unit = "\"[Mount]\\nWhat=tmpfs\\nWhere=/tmp\\nOptions=nodev\\n\"";
  struct Case {
    const char* what;
    std::string files;
    const char* configured;
    const char* options;
    const char* place;  // of the options
  };
  const auto c = GENERATE_COPY(values<Case>({
      {"nothing", "/etc/fstab: \"# none\\n\"", "false", "(absent)", "/etc/fstab"},
      {"no fstab", "/etc/hostname: x", "false", "(absent)", "/etc/fstab"},
      {"fstab", "/etc/fstab: \"#\\ntmpfs /tmp/ tmpfs nosuid,nodev 0 0\\n\"", "true", "nosuid, nodev", "/etc/fstab:2"},
      {"defaults are written out", "/etc/fstab: \"tmpfs /tmp tmpfs defaults,noexec\"", "true",
       "rw, suid, dev, auto, nouser, async, noexec", "/etc/fstab:1"},
      {"a comment", "/etc/fstab: \"#tmpfs /tmp tmpfs nodev\"", "false", "(absent)", nullptr},
      {"the first of two lines counts", "/etc/fstab: \"tmpfs /tmp tmpfs nodev\\ntmpfs /tmp tmpfs dev\"", "true",
       "nodev", "/etc/fstab:1"},
      {"noauto", "/etc/fstab: \"tmpfs /tmp tmpfs noauto,nodev\"", "false", "(absent)", "/etc/fstab:1"},
      {"noauto taken back", "/etc/fstab: \"tmpfs /tmp tmpfs noauto,auto,nodev\"", "true", "auto, nodev", nullptr},
      {"mounted on access", "/etc/fstab: \"tmpfs /tmp tmpfs noauto,x-systemd.automount\"", "true",
       "noauto, x-systemd.automount", nullptr},
      {"a unit that is wanted",
       "/usr/lib/systemd/system/tmp.mount: " + unit +
           ", /usr/lib/systemd/system/local-fs.target.wants/tmp.mount: { target: ../tmp.mount }",
       "true", "nodev", "/usr/lib/systemd/system/tmp.mount:4"},
      {"a unit that is enabled by the administrator",
       "/usr/lib/systemd/system/tmp.mount: " + unit +
           ", /etc/systemd/system/local-fs.target.wants/tmp.mount: { target: /usr/lib/systemd/system/tmp.mount }",
       "true", "nodev", nullptr},
      {"a unit wanted through its automount",
       "/etc/systemd/system/tmp.mount: " + unit +
           ", /etc/systemd/system/local-fs.target.wants/tmp.automount: { target: x }",
       "true", "nodev", nullptr},
      {"a unit that nothing wants", "/usr/lib/systemd/system/tmp.mount: " + unit, "false", "(absent)",
       "/usr/lib/systemd/system/tmp.mount"},
      {"a masked unit",
       "/etc/systemd/system/tmp.mount: { target: /dev/null }, /usr/lib/systemd/system/tmp.mount: " + unit +
           ", /usr/lib/systemd/system/local-fs.target.wants/tmp.mount: { target: ../tmp.mount }",
       "false", "(absent)", "/etc/systemd/system/tmp.mount"},
      {"a mask keeps the fstab line out too",
       "/etc/systemd/system/tmp.mount: { target: /dev/null }, /etc/fstab: \"tmpfs /tmp tmpfs nodev\"", "false",
       "(absent)", "/etc/systemd/system/tmp.mount"},
      {"an empty unit file is a mask", "/etc/systemd/system/tmp.mount: \"\", /etc/fstab: \"tmpfs /tmp tmpfs nodev\"",
       "false", "(absent)", nullptr},
      {"fstab outranks a unit of the vendor",
       "/usr/lib/systemd/system/tmp.mount: " + unit + ", /etc/fstab: \"tmpfs /tmp tmpfs noexec\"", "true", "noexec",
       "/etc/fstab:1"},
      {"a unit in /etc outranks fstab",
       "/etc/systemd/system/tmp.mount: " + unit + ", /etc/fstab: \"tmpfs /tmp tmpfs noexec\"", "true", "nodev",
       "/etc/systemd/system/tmp.mount:4"},
      {"a drop-in replaces a unit's options",
       "/usr/lib/systemd/system/tmp.mount: " + unit +
           ", /usr/lib/systemd/system/local-fs.target.wants/tmp.mount: { target: ../tmp.mount }, "
           "/etc/systemd/system/tmp.mount.d/o.conf: \"[Mount]\\nOptions=nosuid,noexec\\n\"",
       "true", "nosuid, noexec", "/etc/systemd/system/tmp.mount.d/o.conf:2"},
      {"a drop-in replaces fstab's options",
       "/etc/fstab: \"tmpfs /tmp tmpfs nodev\", /etc/systemd/system/tmp.mount.d/o.conf: "
       "\"[Mount]\\nOptions=noexec\\n\"",
       "true", "noexec", "/etc/systemd/system/tmp.mount.d/o.conf:2"},
      {"a drop-in that empties the options",
       "/etc/fstab: \"tmpfs /tmp tmpfs nodev\", /etc/systemd/system/tmp.mount.d/o.conf: \"[Mount]\\nOptions=\\n\"",
       "true", "rw, suid, dev, exec, auto, nouser, async", nullptr},
      {"the same drop-in name in /etc hides the vendor's",
       "/etc/fstab: \"tmpfs /tmp tmpfs nodev\", /etc/systemd/system/tmp.mount.d/o.conf: { target: /dev/null }, "
       "/usr/lib/systemd/system/tmp.mount.d/o.conf: \"[Mount]\\nOptions=exec\\n\"",
       "true", "nodev", nullptr},
      {"a drop-in for all mounts",
       "/etc/fstab: \"tmpfs /tmp tmpfs nodev\", /etc/systemd/system/mount.d/o.conf: \"[Mount]\\nOptions=noexec\\n\"",
       "true", "noexec", nullptr},
      {"a unit whose Where is elsewhere",
       "/etc/systemd/system/tmp.mount: \"[Mount]\\nWhere=/other\\n\", /etc/fstab: \"tmpfs /tmp tmpfs nodev\"", "false",
       "(absent)", nullptr},
      {"fstab cannot be read", "/etc/fstab: { error: denied }", "(unreadable: denied)", "(unreadable: denied)",
       nullptr},
      {"a drop-in cannot be read",
       "/etc/fstab: \"tmpfs /tmp tmpfs nodev\", /etc/systemd/system/tmp.mount.d/o.conf: { error: denied }",
       "(unreadable: denied)", "(unreadable: denied)", nullptr},
  }));
  CAPTURE(c.what);
  const auto answer = about("files: { " + c.files + " }", "/tmp");
  CHECK(answer.text("configured") == c.configured);
  CHECK(answer.text("configured_options") == c.options);
  if (c.place != nullptr) CHECK(place(answer, "configured_options") == c.place);
}

TEST_CASE("a path with several parts finds its unit and the drop-ins of its prefixes", "[probes]") {
  const auto answer = about(
      "files: { /etc/fstab: \"UUID=1 /var/lib/my-app ext4 nodev\", "
      "/etc/systemd/system/var-lib-.mount.d/a.conf: \"[Mount]\\nOptions=noexec\\n\" }",
      "/var/lib/my-app");
  CHECK(answer.text("configured_options") == "noexec");
  CHECK(answer.text("configured_source") == "UUID=1");
  const auto& options = answer.records.at(0).fields[6];
  CHECK(options.overridden == std::vector<Overridden>{{"/etc/fstab:1", "nodev"}});
}

TEST_CASE("systemd mounts /dev/shm itself where nothing else says how", "[probes]") {
  const auto by_systemd = about("files: { /usr/lib/systemd/systemd: x }", "/dev/shm");
  CHECK(by_systemd.text("configured_options") == "rw, nosuid, nodev, strictatime");
  const auto by_fstab =
      about("files: { /usr/lib/systemd/systemd: x, /etc/fstab: \"tmpfs /dev/shm tmpfs noexec\" }", "/dev/shm");
  CHECK(by_fstab.text("configured_options") == "noexec");
  const auto without = about("files: { /sbin/init: x }", "/dev/shm");
  CHECK(without.text("configured") == "false");
}

TEST_CASE("tables and unit directories are read once for all paths", "[probes]") {
  const FakeRoot world(
      tree_of(world_of("files: { /proc/self/mountinfo: " + quoted(mount_lines) +
                       ", /etc/fstab: \"tmpfs /tmp tmpfs nodev\", /etc/systemd/system/x.mount: \"\" }")));
  const CountingRoot root(world);
  CHECK(ask_all(mount_probe, root,
                {{{"path", Value{std::string("/tmp")}}},
                 {{"path", Value{std::string("/var")}}},
                 {{"path", Value{std::string("/home")}}},
                 {{"path", Value{std::string("/var/log")}}}})
            .answers.size() == 4);
  CHECK(root.opens() == 2 + 4);  // the mount_lines, fstab, four unit directories
}
